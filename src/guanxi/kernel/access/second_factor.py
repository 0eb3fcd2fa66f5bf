"""The second factor of a log-in: a code of an authenticator app (TOTP, RFC 6238), or one of ten recovery codes.

django-allauth makes and reads the codes and keeps them in its table; what it keeps is sealed. The house remembers the
last code in the database rather than in a cache as allauth does: with several processes a code would be good in each.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, Final

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from guanxi.kernel.access.models import Company, User
from guanxi.kernel.vault import seal, unseal

DUE: Final = "second_factor_due"  # in the session: the company asks for a second factor, and this user has none yet
MOST_WRONG: Final = 20  # wrong codes from anywhere, after the right password; then codes rest as a log-in does
APP, RECOVERY = Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES


class SealingAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Seals what allauth keeps, and names the company in the authenticator app (`MFA_ADAPTER`)."""

    def encrypt(self, text: str) -> str:
        """What stands in the database for `text`."""
        return seal(text).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        """The text behind it."""
        return unseal(encrypted_text.encode("ascii"))

    def get_totp_label(self, user: User) -> str:
        """The account, as the app shows it."""
        return user.get_username()

    def get_totp_issuer(self) -> str:
        """The company, as the app shows it."""
        company = Company.objects.filter(pk=1).first()
        return f"Guanxi {company.name}" if company else "Guanxi"


def has_second_factor(user_id: int | None) -> bool:
    """Whether this user's log-in asks for a code."""
    return bool(Authenticator.objects.filter(user=user_id, type=APP).exists())


def is_second_factor_required() -> bool:
    """Whether the company asks everybody for a second factor."""
    return Company.objects.filter(pk=1, requires_second_factor=True).exists()


def note_second_factor_due(*, request: HttpRequest, user: User, **_: Any) -> None:
    """Remember with a new session that a second factor is to be set up before anything else."""
    if is_second_factor_required() and not has_second_factor(user.pk):
        request.session[DUE] = True
    else:
        request.session.pop(DUE, None)


def counter_of(secret: str, code: str) -> int | None:
    """Which time step a code of the app belongs to: the present one, the one before or the one after; None for none."""
    for counter in yield_hotp_counters_from_time():
        if compare_user_code(actual=plain(code), expected=format_hotp_value(hotp_value(secret, counter))):
            return int(counter)
    return None


def plain(code: str) -> str:
    """A code as typed: digits of a Chinese input method count as digits, spaces for nothing."""
    return "".join(unicodedata.normalize("NFKC", code).split())


def list_recovery_codes(kept: Authenticator) -> list[str]:
    """The recovery codes that have not been used."""
    return [str(code) for code in RecoveryCodes(kept).get_unused_codes()]


def resting_until(user_ids: Collection[int]) -> dict[int, datetime]:
    """Until when the codes of each of these users rest after too many wrong ones; who may try is left out."""
    lasting: timedelta = settings.AXES_COOLOFF_TIME
    resting: dict[int, datetime] = {}
    for user_id, data in Authenticator.objects.filter(user__in=user_ids, type=APP).values_list("user_id", "data"):
        if data.get("wrong", 0) >= MOST_WRONG:
            until = datetime.fromisoformat(data["wrong_at"]) + lasting
            if until > timezone.now():
                resting[user_id] = until
    return resting


def forget_wrong_codes(user_id: int) -> bool:
    """Let a user try codes again at once; whether there was anything to forget. Only within a command."""
    kept = Authenticator.objects.select_for_update().filter(user=user_id, type=APP).first()
    if kept is None or not kept.data.pop("wrong", 0):
        return False
    kept.save()
    return True


def app_address(user: User, secret: str) -> str:
    """What the QR code says: `otpauth://totp/...`."""
    return str(SealingAdapter().build_totp_url(user, secret))


def draw_qr(text: str) -> str:
    """A QR code as SVG to stand in a page; dark squares as one path, the ground is the page's."""
    import qrcode
    from qrcode.image.svg import SvgPathImage

    image = qrcode.make(text, image_factory=SvgPathImage, border=0)
    into = BytesIO()
    image.save(into)
    return into.getvalue().decode().partition("?>")[2].strip()
