"""The bulk actions this installation knows. An app declares its own in its `panels.py`; the kernel names no app.

class TagCustomers(BulkChange):
    kind, subject, permission, icon = "customers.tag", "customers", "customers.edit", "tag"
    title = _("Tag")
    ...

add_action(TagCustomers())
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, ClassVar, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.batches.errors import ActionUnknown
from guanxi.kernel.batches.sheets import SheetColumn
from guanxi.kernel.commands import Actor, Work

Text = str | Promise
Options = Mapping[str, Any]
NEVER: Final = datetime.min.replace(tzinfo=UTC)

# Why a row was left alone, in words; actions add their own.
NOT_SEEN: Final = "not_seen"
CHANGED_SINCE: Final = "changed_since"
_REASONS: Final[dict[str, Text]] = {
    NOT_SEEN: _("is not there any more, or not yours to see"),
    CHANGED_SINCE: _("was changed by somebody since; left as it is"),
}


@dataclass(frozen=True)
class Subject:
    """What rows of a kind are called: `names` of those the actor may see, `url_name` the page of one."""

    key: str
    url_name: str
    names: Callable[[Actor, Sequence[int]], Mapping[int, str]]


@dataclass(frozen=True)
class Part:
    """Some rows of a batch, to be changed in one transaction.

    Attributes
    ----------
    batch
        The name that rows, periods and events carry.
    before
        When undoing: what each row held before; `undoes` is the name of the batch that is taken back, and `done_at` is
        when it changed these rows. A row that holds what the batch gave it may have been changed twice since: whether
        it was, its marks and the trail tell, not its value.
    """

    batch: str
    options: Options
    ids: Sequence[int]
    undoes: str = ""
    before: Mapping[int, Any] = field(default_factory=dict)
    done_at: datetime = NEVER


@dataclass(frozen=True)
class Outcome:
    """What became of a part: the changed rows with what they held before, as JSON, and the refused with a reason.

    Rows in neither were already as asked.
    """

    before: Mapping[int, Any] = field(default_factory=dict)
    refused: Mapping[int, str] = field(default_factory=dict)


class BulkAction(ABC):
    """What can be done with many rows at once, by those who hold `permission`; menus and the log call it `title`."""

    kind: str
    title: Text
    subject: str
    permission: str
    icon: str
    is_final: ClassVar[bool] = False  # it leaves nothing that could be taken back

    def read(self, actor: Actor, options: Options) -> dict[str, Any]:
        """The options as they are kept, as JSON; what does not fit is refused with a `GuanxiError`."""
        del actor
        return dict(options)

    @abstractmethod
    def sentence(self, options: Options, count: int) -> str:
        """What is done, in the reader's language: "Tag 1,200 customers “Golf”"."""

    def told(self, options: Options) -> dict[str, Any]:
        """What the audit trail keeps of the options: ids, no personal values."""
        del options
        return {}


class BulkChange(BulkAction):
    """A bulk action that changes rows and can be undone. Its methods run inside a command's transaction."""

    reasons: ClassVar[Mapping[str, Text]] = {}

    @abstractmethod
    def apply(self, work: Work, part: Part) -> Outcome:
        """Change the rows of `part` that the actor may see and the rule allows, set-based, rows locked by id."""

    @abstractmethod
    def undo(self, work: Work, part: Part) -> Outcome:
        """Give the rows back what they held, but for those somebody changed since.

        What the actor changed he may take back, also where he sees the row no more because of the change.
        """

    @abstractmethod
    def tell(self, work: Work, batch: str, ids: tuple[int, ...], options: Options, *, undone: bool) -> None:
        """Emit the one event of the batch; `ids` is empty for more rows than an event should hold."""


class BulkExport(BulkAction):
    """A bulk action that writes rows into a file for who asked."""

    is_final = True

    @abstractmethod
    def file_label(self, options: Options) -> str:
        """What the file is called when it is downloaded, without its ending."""

    @abstractmethod
    def columns(self, actor: Actor, options: Options) -> Sequence[SheetColumn]:
        """The columns the actor asked for and may see, with headings in the language that is active."""

    @abstractmethod
    def rows(self, actor: Actor, options: Options, ids: Sequence[int]) -> Iterable[Sequence[Any]]:
        """The values of these rows in the order of the ids; rows the actor may not see are left out."""


_actions: dict[str, BulkAction] = {}
_subjects: dict[str, Subject] = {}


def add_subject(subject: Subject) -> None:
    """Say what rows of a kind are called."""
    _subjects[subject.key] = subject


def find_subject(key: str) -> Subject | None:
    """How rows of this kind are called, if an app told."""
    return _subjects.get(key)


def add_action(action: BulkAction) -> None:
    """Make a bulk action known; the same kind replaces, so loading twice is safe."""
    _actions[action.kind] = action


def get_action(kind: str) -> BulkAction:
    """The bulk action of that kind.

    Raises
    ------
    ActionUnknown
        No code here does it.
    """
    try:
        return _actions[kind]
    except KeyError:
        raise ActionUnknown(kind=kind) from None


def titles_of(kinds: Iterable[str]) -> dict[str, Text]:
    """What each of these is called; one that no app knows any more is left out."""
    return {kind: _actions[kind].title for kind in kinds if kind in _actions}


def get_change(kind: str) -> BulkChange:
    """The bulk action of that kind, which changes rows.

    Raises
    ------
    ActionUnknown
        No code here does it.
    """
    action = get_action(kind)
    if not isinstance(action, BulkChange):
        raise ActionUnknown(kind=kind)
    return action


def reason_words(kind: str, reason: str) -> str:
    """Why a row was left alone, in the reader's language."""
    action = _actions.get(kind)
    own = action.reasons if isinstance(action, BulkChange) else {}
    return str(own.get(reason) or _REASONS.get(reason) or reason)
