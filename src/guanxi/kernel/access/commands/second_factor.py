"""The second factor: turned on, off and renewed by its owner, reset by an administrator, asked for at every log-in."""

from __future__ import annotations

from typing import Literal

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import decrypt

from guanxi.kernel.access.commands.users import lock_user
from guanxi.kernel.access.errors import (
    PasswordWrong,
    SecondFactorCodeWrong,
    SecondFactorNeeded,
    SecondFactorOff,
    SecondFactorOn,
)
from guanxi.kernel.access.events import SecondFactorReset
from guanxi.kernel.access.models import User
from guanxi.kernel.access.second_factor import (
    APP,
    MOST_WRONG,
    RECOVERY,
    counter_of,
    is_second_factor_required,
    list_recovery_codes,
    plain,
    resting_until,
)
from guanxi.kernel.commands import Work, command
from guanxi.kernel.errors import PermissionDenied

Answer = Literal["app", "recovery", "wrong", "resting"]


@command(None)
def turn_on_second_factor(work: Work, *, secret: str, code: str, session_key: str | None = None) -> list[str]:
    """Ask for a code at one's log-ins from now on; `code` shows that the app has the `secret`.

    Ends one's sessions on all devices but `session_key`: they were opened by the password alone. Returns the recovery
    codes.

    Raises
    ------
    SecondFactorOn
        It is on already.
    SecondFactorCodeWrong
        The code is not of this secret, or not of now.
    """
    user = _oneself(work)
    if _kept(user, APP) is not None:
        raise SecondFactorOn
    counter = counter_of(secret, code)
    if counter is None:
        raise SecondFactorCodeWrong
    kept = TOTP.activate(user, secret).instance
    kept.data["counter"] = counter
    kept.save()
    user.sign_ins.exclude(session_key=session_key).delete()
    work.record(user, {"second_factor": [False, True]})
    return _new_recovery_codes(user)


@command(None)
def renew_recovery_codes(work: Work, *, password: str) -> list[str]:
    """Make ten new recovery codes; the old ones end.

    Raises
    ------
    PasswordWrong, SecondFactorOff
        The old ones stay.
    """
    user = _oneself(work)
    if not user.check_password(password):
        raise PasswordWrong
    if _kept(user, APP) is None:
        raise SecondFactorOff
    work.record(user, {"recovery_codes_renewed": True})
    return _new_recovery_codes(user)


@command(None)
def turn_off_second_factor(work: Work, *, password: str) -> None:
    """Ask for no code any more at one's log-ins.

    Raises
    ------
    PasswordWrong, SecondFactorOff, SecondFactorNeeded
        It stays; the last where the company asks everybody for one.
    """
    user = _oneself(work)
    if not user.check_password(password):
        raise PasswordWrong
    if _kept(user, APP) is None:
        raise SecondFactorOff
    if is_second_factor_required():
        raise SecondFactorNeeded
    Authenticator.objects.filter(user=user).delete()
    work.record(user, {"second_factor": [True, False]})


@command(None)
def pass_second_factor(work: Work, *, code: str) -> Answer:
    """Take a code at the log-in of the acting user, who has typed the right password; every answer is kept.

    A code is good once, and so are all of the app before it. After `MOST_WRONG` wrong ones in a row, from wherever they
    come, none is taken for a while.

    Raises
    ------
    SecondFactorOff
        No code is asked for.
    """
    user = _oneself(work)
    kept = _kept(user, APP)
    if kept is None:
        raise SecondFactorOff
    if resting_until([user.pk]):
        work.record(user, {"second_factor_refused": "resting"})
        return "resting"
    counter = counter_of(decrypt(kept.data["secret"]), code)
    if counter is not None and counter > kept.data["counter"]:
        kept.data["counter"] = counter
        return _passed(work, user, kept, "app")
    spare = _kept(user, RECOVERY)
    if spare is not None and RecoveryCodes(spare).validate_code(plain(code)):
        return _passed(work, user, kept, "recovery")
    wrong = kept.data.get("wrong", 0)
    kept.data["wrong"] = 1 if wrong >= MOST_WRONG else wrong + 1
    kept.data["wrong_at"] = work.at.isoformat()
    kept.save()
    work.record(user, {"second_factor_refused": "wrong"})
    return "wrong"


@command("settings.manage")
def reset_second_factor(work: Work, user_id: int) -> User:
    """Take the second factor from a user who lost phone and recovery codes; ends the sessions and tells the user.

    Raises
    ------
    UserNotFound
        There is none.
    """
    user = lock_user(user_id)
    if not Authenticator.objects.filter(user=user).delete()[0]:
        work.nothing_changed()
        return user
    user.sign_ins.all().delete()
    work.record(user, {"second_factor_reset": True})
    work.emit(SecondFactorReset(user.pk, work.at))
    return user


def _oneself(work: Work) -> User:
    if work.actor.pk is None:
        raise PermissionDenied(permission="")
    return lock_user(work.actor.pk)


def _kept(user: User, kind: str) -> Authenticator | None:
    return Authenticator.objects.select_for_update().filter(user=user, type=kind).first()


def _new_recovery_codes(user: User) -> list[str]:
    Authenticator.objects.filter(user=user, type=RECOVERY).delete()
    return list_recovery_codes(RecoveryCodes.activate(user).instance)


def _passed(work: Work, user: User, kept: Authenticator, by: Answer) -> Answer:
    kept.data.pop("wrong", None)
    kept.last_used_at = work.at
    kept.save()
    work.record(user, {"second_factor_passed": by})
    return by
