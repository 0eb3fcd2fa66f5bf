"""Rules for passwords, told in words that exist in both languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext

if TYPE_CHECKING:
    from guanxi.kernel.access.models import User

SHORTEST: Final = 8
REMEMBERED: Final = 3  # that many of the latest passwords are not taken again, the present one among them

# What people here make passwords of: love in homophones (520, 1314), "I love you" in pinyin, rows of keys, birthdays.
PIECES: Final = re.compile(
    r"""
    (?:\+?86)?1[3-9]\d{9}
    | (?:19|20)\d{2}[-./]?(?:0[1-9]|1[0-2])[-./]?(?:0[1-9]|[12]\d|3[01])
    | woaini | woaiwo | iloveyou | aini | nihao | mima | zhongguo | china | beijing | shanghai | guanxi | zhike
    | admin | passw[o0]rd | huawei | alibaba | taobao | baidu | weixin | wechat
    | 5201314 | 1314520 | 521 | 520 | 1314 | 147258369? | 258369 | 159357 | 888 | 666 | 168 | 518
    | 123456789?0? | 12345678? | 123456? | 1234? | 987654321 | 654321 | 321
    | 1qaz | 2wsx | 3edc | 4rfv | qaz | wsx | qwerty?u?i?o?p? | qweasd(?:zxc)? | qwer? | asdfg?h?j?k?l? | asd
    | zxcvb?n?m? | zxc | abcde?f?g? | abc | (.)\1{2,}
    """,
    re.VERBOSE,
)
ENOUGH: Final = 5  # characters that are left without such pieces
REPEATED: Final = re.compile(r"(.{1,4})\1+")


class LongEnough:
    """Refuses short passwords; Django's own rule has no Chinese words."""

    def __init__(self, shortest: int = SHORTEST) -> None:
        self.shortest = shortest

    def validate(self, password: str, user: User | None = None) -> None:  # noqa: ARG002  # Django's signature
        """Raise if the password is too short."""
        if len(password) < self.shortest:
            raise ValidationError(self.get_help_text(), code="password_too_short")

    def get_help_text(self) -> str:
        """The rule in words."""
        return ngettext(
            "It needs at least %(count)d character.", "It needs at least %(count)d characters.", self.shortest
        ) % {"count": self.shortest}


class NotTriedFirst:
    """Refuses what is tried first where Chinese is spoken: birthdays, phone numbers, 5201314, woaini, rows of keys."""

    def validate(self, password: str, user: User | None = None) -> None:  # noqa: ARG002  # Django's signature
        """Raise if hardly anything of the password is the user's own."""
        plain = password.strip().lower()
        if len(PIECES.sub("", plain)) < ENOUGH or REPEATED.fullmatch(plain):
            raise ValidationError(self.get_help_text(), code="password_tried_first")

    def get_help_text(self) -> str:
        """The rule in words."""
        return gettext("It must not be a birthday, a phone number, or one that many people use.")


class NotOneOfTheLast:
    """Refuses the present password and those just before it."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise if the user had this password lately."""
        if user is None or user.pk is None:
            return
        former = user.former_passwords.order_by("-pk").values_list("password", flat=True)[: REMEMBERED - 1]
        if any(check_password(password, kept) for kept in [user.password, *former]):
            raise ValidationError(self.get_help_text(), code="password_used_lately")

    def get_help_text(self) -> str:
        """The rule in words."""
        return ngettext(
            "It must not be the last %(count)d password.", "It must not be one of your last %(count)d passwords.",
            REMEMBERED,
        ) % {"count": REMEMBERED}  # fmt: skip
