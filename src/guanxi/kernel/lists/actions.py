"""What can be done with chosen rows of a list: the buttons of the bulk bar, put there by any app.

The page of an action is asked by GET and gets what is chosen as parameters: either `ids` (numbers
with commas between them) or `all=1` with the whole state of the list in `state`. `Selection.from_request` reads both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.db.models import QuerySet
from django.http import QueryDict

from guanxi.kernel.commands import Actor
from guanxi.kernel.lists.errors import NothingChosen
from guanxi.kernel.lists.matching import matching
from guanxi.kernel.lists.spec import ListSpec
from guanxi.kernel.lists.state import ListState
from guanxi.kernel.row_numbers import read_row_number
from guanxi.kernel.ui.registry import Text

MOST_IDS: Final = 1_000  # more than a page holds; beyond that one chooses all that match


@dataclass(frozen=True)
class Action:
    """A button of the bulk bar, for those who hold `permission`; `url_name` is the page that asks the details.

    It opens as a page, or its fragment in the side panel or in a dialog.
    """

    key: str
    label: Text
    icon: str
    permission: str
    url_name: str
    order: int = 50
    opens: Literal["page", "panel", "dialog"] = "page"


_actions: dict[str, dict[str, Action]] = {}


def add_list_action(list_key: str, action: Action) -> None:
    """Put `action` on the bulk bar of a list; the same key replaces."""
    _actions.setdefault(list_key, {})[action.key] = action


def actions_for(list_key: str, actor: Actor) -> list[Action]:
    """What `actor` may do with rows of the list, in order."""
    held = (action for action in _actions.get(list_key, {}).values() if actor.may(action.permission))
    return sorted(held, key=lambda action: (action.order, action.key))


@dataclass(frozen=True)
class Selection:
    """What was chosen: some rows by their keys, or all that a state of the list matches."""

    ids: tuple[int, ...] = ()
    state: ListState | None = None

    @classmethod
    def from_request(cls, spec: ListSpec, given: Mapping[str, Any]) -> Selection:
        """What the bulk bar sent.

        Raises
        ------
        NothingChosen
            Neither keys nor all.
        FilterUnknown, FilterUnreadable
            The state is none.
        """
        if given.get("all") == "1":
            return cls(state=ListState.from_address(spec, QueryDict(str(given.get("state", "")))))
        read = map(read_row_number, str(given.get("ids", "")).split(","))
        ids = tuple(dict.fromkeys(number for number in read if number is not None))
        if not ids or len(ids) > MOST_IDS:
            raise NothingChosen
        return cls(ids=ids)

    def parameters(self) -> dict[str, str]:
        """The same as parameters, for hidden fields of the page that asks the details."""
        if self.state is not None:
            return {"all": "1", "state": self.state.query()}
        return {"ids": ",".join(map(str, self.ids))}

    def rows(self, actor: Actor, spec: ListSpec) -> QuerySet[Any]:
        """The chosen rows that the actor may see, in no order."""
        if self.state is not None:
            return matching(actor, spec, self.state)
        return matching(actor, spec, ListState()).filter(pk__in=self.ids)
