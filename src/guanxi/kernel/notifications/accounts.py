"""Telling users what an administrator did to their own log-in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.access.events import OidcUnlinked, SecondFactorReset
from guanxi.kernel.commands import Actor
from guanxi.kernel.events.outbox import listens_to
from guanxi.kernel.notifications.registry import Facts, NewsKind, add_news_kind
from guanxi.kernel.notifications.tell import tell

KIND: Final = "log_in_changed"


def _words(_actor: Actor, pieces: Sequence[Facts]) -> list[str | None]:
    reset = gettext(
        "An administrator reset your two-step log-in. Set it up again; if you did not ask for it, tell them."
    )
    unlinked = gettext(
        "An administrator undid the link of your user to {label}. Your next log-in by it makes it again."
    ).format(label=settings.OIDC_LABEL)
    return [unlinked if piece.get("oidc_unlinked") else reset for piece in pieces]


@listens_to(SecondFactorReset)
def tell_of_reset(event: SecondFactorReset) -> None:
    """Tell the user, who finds it after the next log-in."""
    tell([event.user_id], KIND, {}, url=reverse("second-factor"), key=f"{KIND}-{event.at.timestamp()}")


@listens_to(OidcUnlinked)
def tell_of_unlinked(event: OidcUnlinked) -> None:
    """Tell the user, who finds it after the next log-in."""
    tell([event.user_id], KIND, {"oidc_unlinked": True}, url=reverse("account"), key=f"{KIND}-{event.at.timestamp()}")


add_news_kind(NewsKind(KIND, _("My log-in was changed by an administrator"), "shield-lock", _words))
