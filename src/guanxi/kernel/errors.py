"""Errors are sentences: a code, what happened, the place, and the cure."""

from __future__ import annotations

from typing import Any, ClassVar

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


class PermissionDenied(GuanxiError):
    """The actor lacks the permission a command or query asks for."""

    code = "permission_denied"
    sentence = _("You may not do this: it needs the permission “{permission}”.")
    cure = _("Ask an administrator to add it to one of your roles.")
