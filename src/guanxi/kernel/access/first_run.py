"""Moving into an empty home: the company, its roles and its first administrator, in one step."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.access.commands import create_user, ensure_roles, set_company
from guanxi.kernel.access.commands.administrators import wait_for_others
from guanxi.kernel.access.models import User
from guanxi.kernel.access.queries import has_users
from guanxi.kernel.commands import Work, command
from guanxi.kernel.errors import GuanxiError
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.queue import enqueue


class HomeTaken(GuanxiError):
    """Somebody has moved in already; a second first administrator would be a burglar."""

    code = "home_taken"
    sentence = _("A company has already been set up here.")
    cure = _("Log in, or ask an administrator for a user.")


@command("settings.manage")
def move_in(work: Work, *, company: str, username: str, password: str, language: str) -> User:
    """Set up the company and its administrator; only an empty home takes them.

    Raises
    ------
    HomeTaken
        There is a user already.
    UserNameMissing, PasswordTooWeak, LanguageUnknown
        The administrator cannot be made so; nothing is kept.
    """
    wait_for_others()
    if has_users():
        raise HomeTaken
    ensure_roles(work.actor)
    set_company(work.actor, company, language)
    user = create_user(work.actor, username, password, roles=["administrator"], language=language)
    work.record(user, {"first_administrator": True})
    return user


@command("updates.run")
def start_door_job(work: Work, *, job: str, key: str) -> Job:
    """Ask for the job behind a first-run door; while it is waiting or running, asking again changes nothing."""
    asked = enqueue(job, {}, key=key, asked_by=work.actor, priority=Job.Priority.BATCH)
    work.record(asked, {"job": [None, job]})
    return asked
