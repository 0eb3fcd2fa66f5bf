"""Logging in as whom an OpenID Connect provider vouches for."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.socialaccount.models import SocialAccount
from django.conf import settings

from guanxi.kernel.access.commands.administrators import wait_for_others
from guanxi.kernel.access.commands.users import create_user, lock_user
from guanxi.kernel.access.errors import OidcEmailUnproved, OidcUnknown, OidcUserOff
from guanxi.kernel.access.events import OidcUnlinked
from guanxi.kernel.access.models import User
from guanxi.kernel.commands import Work, command

LONGEST_NAME = 80
LONGEST_USERNAME = 140  # leaves room for a number


@dataclass(frozen=True)
class Identity:
    """Who somebody is at a provider: `uid` never changes there, all else may."""

    provider: str
    uid: str
    email: str = ""
    is_email_verified: bool = False
    name: str = ""
    username: str = ""


@command("settings.manage")
def sign_in_by_oidc(work: Work, *, identity: Identity) -> User:
    """The user whom a provider has vouched for. Run by the system: nobody is signed in yet.

    By the link of an earlier log-in, else by the verified e-mail address, which makes the link. Whom nobody here is, is
    made a user only where `GUANXI_OIDC_ROLE` names the role.

    Raises
    ------
    OidcUserOff, OidcEmailUnproved, OidcUnknown
        Nobody is found, and nothing is changed.
    """
    wait_for_others()
    link = SocialAccount.objects.select_for_update().filter(provider=identity.provider, uid=identity.uid).first()
    user = User.objects.get(pk=link.user_id) if link is not None else _by_email(identity)
    if user is None and settings.OIDC_ROLE:
        user = _made(work, identity)
    if user is None:
        raise OidcUnknown(label=settings.OIDC_LABEL)
    if not user.is_active:
        raise OidcUserOff
    if link is None:
        SocialAccount.objects.create(user=user, provider=identity.provider, uid=identity.uid)
        work.record(user, {"oidc_linked": True, "logged_in": True})
    else:
        link.save(update_fields=["last_login"])
        work.record(user, {"logged_in": True})
    return user


@command("settings.manage")
def unlink_oidc(work: Work, user_id: int) -> User:
    """Undo the link of a user to the provider; ends the sessions and tells the user.

    The next log-in by the provider finds its user by the verified e-mail address, as the first did.

    Raises
    ------
    UserNotFound
        There is none.
    """
    user = lock_user(user_id)
    if not SocialAccount.objects.filter(user=user).delete()[0]:
        work.nothing_changed()
        return user
    user.sign_ins.all().delete()
    work.record(user, {"oidc_linked": [True, False]})
    work.emit(OidcUnlinked(user.pk, work.at))
    return user


def _by_email(identity: Identity) -> User | None:
    if not identity.email or not identity.is_email_verified:
        raise OidcEmailUnproved(label=settings.OIDC_LABEL)
    found = list(User.objects.filter(email__iexact=identity.email)[:2])
    if len(found) > 1:  # written by hand into an older home; who of the two it is, is not for us to guess
        raise OidcUnknown(label=settings.OIDC_LABEL)
    return found[0] if found else None


def _made(work: Work, identity: Identity) -> User:
    wanted = (identity.username or identity.email.partition("@")[0])[:LONGEST_USERNAME]
    username, number = wanted, 1
    while User.objects.filter(username=username).exists():
        number += 1
        username = f"{wanted}-{number}"
    return create_user(
        work.actor, username, roles=[settings.OIDC_ROLE], display_name=identity.name[:LONGEST_NAME],
        email=identity.email,
    )  # fmt: skip
