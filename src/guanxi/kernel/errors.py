"""Errors are sentences: a code, what happened, the place, and the cure."""

from __future__ import annotations

import errno
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, ClassVar

from django.db.utils import OperationalError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class GuanxiError(Exception):
    """A mistake the reader can mend.

    A subclass names one mistake. `sentence` and `cure` are translated templates filled with the
    keyword arguments; `place` says where (a file and line, a field, a step).
    """

    code: ClassVar[str] = "error"
    sentence: ClassVar[str | Promise] = _("Something went wrong.")
    cure: ClassVar[str | Promise] = ""
    is_passing: ClassVar[bool] = False  # may go away by itself, so a job is worth trying again
    by_code: ClassVar[dict[str, type[GuanxiError]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "code" in cls.__dict__:
            GuanxiError.by_code[cls.code] = cls

    def __init__(self, *, place: str = "", **facts: Any) -> None:
        super().__init__(self.code, place, facts)
        self.place = place
        self.facts = facts

    @property
    def message(self) -> str:
        """What happened, in the reader's language."""
        return str(self.sentence).format(**self.facts)

    @property
    def remedy(self) -> str:
        """What to do about it, in the reader's language."""
        return str(self.cure).format(**self.facts)

    def __str__(self) -> str:
        parts = [self.message, self.place and f"({self.place})", self.remedy]
        return " ".join(part for part in parts if part)


class Unexpected(GuanxiError):
    """Something nobody foresaw: a mistake in the program, or the machine."""

    code = "unexpected"
    sentence = _("Something unexpected happened: {error}")
    cure = _("Try again; if it comes back, report it with this text.")
    is_passing = True


class DatabaseBusy(GuanxiError):
    """Another process has been writing for longer than anybody waits."""

    code = "database_busy"
    sentence = _("The database is busy: another process has been writing to it for too long.")
    cure = _("Wait until it is done, or end it (a second data update, a backup, a database browser), then try again.")
    is_passing = True


class DatabaseUnavailable(GuanxiError):
    """The database does not answer, or cannot write."""

    code = "database_unavailable"
    sentence = _("The database does not answer: {error}")
    cure = _("See that it runs, that its address is right and that its disk has room, then try again.")
    is_passing = True


class DiskFull(GuanxiError):
    """The disk filled up while something was written."""

    code = "disk_full"
    sentence = _("The disk is full: {error}")
    cure = _("Make room on the disk, then start again: a data update goes on where it stopped.")


class Interrupted(GuanxiError):
    """The process was told to end (Ctrl-C, or the system shutting down)."""

    code = "interrupted"
    sentence = _("It was interrupted.")
    cure = _("Resume it when you like: it goes on where it stopped.")


class PermissionDenied(GuanxiError):
    """The actor lacks the permission a command or query asks for."""

    code = "permission_denied"
    sentence = _("You may not do this: it needs the permission “{permission}”.")
    cure = _("Ask an administrator to add it to one of your roles.")
    words: ClassVar[Mapping[str, str | Promise]] = {}  # what each permission allows, as `access` tells it

    @property
    def message(self) -> str:
        """Which permission is missing, in the words of the settings."""
        permission = self.facts["permission"]
        return str(self.sentence).format(permission=self.words.get(permission, permission))


class NotFound(GuanxiError):
    """Base of what does not exist, or what the actor may not know of: both are told alike."""


def as_record(error: BaseException) -> dict[str, Any]:
    """The error as JSON, to be kept with the work it ended; `words_of` reads it back."""
    told = as_sentence(error)
    record = {"code": told.code, "message": told.message, "place": told.place, "cure": told.remedy}
    return {name: _storable(value) for name, value in {**record, "facts": _plain(told.facts)}.items()}


def as_sentence(error: BaseException) -> GuanxiError:
    """Any error as one to read: itself, or what stands for it."""
    if isinstance(error, GuanxiError):
        return error
    if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
        return Interrupted()
    text = f"{type(error).__name__}: {error}".strip().removesuffix(":")[:2000]
    if isinstance(error, OperationalError):
        if "locked" in text or "lock timeout" in text:
            return DatabaseBusy(place=_innermost(error))
        return DatabaseUnavailable(place=_innermost(error), error=text)
    if is_disk_full(error):
        return DiskFull(place=_innermost(error), error=text)
    return Unexpected(place=_innermost(error), error=text)


def is_disk_full(error: BaseException) -> bool:
    """Whether it says that a disk is full, or a user's share of it; also in the words of DuckDB."""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return True
    return "No space left on device" in str(error)


def words_of(record: Mapping[str, Any]) -> ErrorWords:
    """The words of a kept error in the language of the reader, or as they were written where nothing else is known."""
    kind, facts = GuanxiError.by_code.get(record["code"]), record.get("facts")
    if kind is not None and facts is not None:
        try:
            error = kind(place=record["place"], **facts)
            return ErrorWords(error.code, error.message, error.place, error.remedy)
        except (TypeError, LookupError, ValueError, AttributeError):
            pass  # the error's own shape has changed since it was kept
    return ErrorWords(record["code"], record["message"], record["place"], record["cure"])


@dataclass(frozen=True)
class ErrorWords:
    """An error to read: what happened, where, and the cure."""

    code: str
    message: str
    place: str
    cure: str


def _plain(facts: Mapping[str, Any]) -> dict[str, Any] | None:
    """The facts if they survive JSON; None says that the error can only be quoted."""
    plain = {name: str(fact) if isinstance(fact, Promise | PurePath) else fact for name, fact in facts.items()}
    if all(isinstance(fact, str | int | float | None) for fact in plain.values()):
        return plain
    return None


def _storable(value: Any) -> Any:
    """PostgreSQL keeps no NUL in text or JSON; raw rows quoted by an error may hold one."""
    if isinstance(value, str):
        return value.replace("\x00", "\N{SYMBOL FOR NULL}")
    if isinstance(value, dict):
        return {key: _storable(inner) for key, inner in value.items()}
    return value


def _innermost(error: BaseException) -> str:
    """The innermost place in our own code, as module and line."""
    place = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        module = frame.f_globals.get("__name__", "")
        if module.startswith("guanxi."):
            place = f"{module}:{line}"
    return place
