"""The views of a list as a reader finds them, and the state an address opens it in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Exists, F, OuterRef, Q
from django.http import QueryDict

from guanxi.kernel.access.models import User
from guanxi.kernel.commands import Actor
from guanxi.kernel.lists.fields import Field
from guanxi.kernel.lists.models import DefaultView, PinnedView, SavedView
from guanxi.kernel.lists.spec import ListSpec
from guanxi.kernel.lists.state import ListState

MOST_VIEWS = 100


@dataclass(frozen=True)
class ViewLine:
    """A view as a reader sees it."""

    id: int
    name: str
    query: str
    owner: str
    is_mine: bool
    is_shared: bool
    is_pinned: bool
    is_default: bool


@dataclass(frozen=True)
class Opened:
    """A list as it is opened: its state, the view it began from, and whether the two differ."""

    state: ListState
    view: ViewLine | None
    views: Sequence[ViewLine]
    is_changed: bool = False


def views_of(actor: Actor, list_key: str) -> list[ViewLine]:
    """The reader's own views and those that are shared, pinned ones first, by name."""
    if actor.pk is None:
        return []
    pins = PinnedView.objects.filter(view=OuterRef("pk"), user=actor.pk)
    mine = DefaultView.objects.filter(view=OuterRef("pk"), user=actor.pk)
    rows = (
        SavedView.objects.visible_to(actor)
        .filter(list_key=list_key)
        .annotate(pinned=Exists(pins), default=Exists(mine))
        .order_by(F("pinned").desc(), "name", "pk")
        .values("pk", "name", "query", "owner_id", "owner__display_name", "is_shared", "pinned", "default")[:MOST_VIEWS]
    )
    return [
        ViewLine(
            id=row["pk"], name=row["name"], query=row["query"], owner=row["owner__display_name"],
            is_mine=row["owner_id"] == actor.pk, is_shared=row["is_shared"], is_pinned=row["pinned"],
            is_default=row["default"],
        )
        for row in rows
    ]  # fmt: skip


def roles_opening(list_key: str) -> dict[int, list[str]]:
    """View -> the names of the roles the list opens in it for."""
    chosen = DefaultView.objects.filter(list_key=list_key, role__isnull=False, view__deleted_at__isnull=True)
    found: dict[int, list[str]] = {}
    for view_id, role in chosen.order_by("role__name").values_list("view_id", "role__name"):
        found.setdefault(view_id, []).append(role)
    return found


def default_view_id(actor: Actor, list_key: str) -> int | None:
    """The view the list opens in: the reader's own choice, else that of a role."""
    if not isinstance(actor, User):
        return None
    chosen = DefaultView.objects.filter(
        Q(user=actor.pk) | Q(role__users=actor.pk), list_key=list_key, view__deleted_at__isnull=True
    )
    return chosen.order_by(F("user").asc(nulls_last=True), "role__name").values_list("view_id", flat=True).first()


def open_list(actor: Actor, spec: ListSpec, given: QueryDict, fields: Mapping[str, Field]) -> Opened:
    """The state an address asks for.

    A bare address opens the default view; `view=12` the view as it is kept; with anything else beside it, that is
    the view changed. A view that is gone is left out.

    Raises
    ------
    FilterUnknown, FilterUnreadable
        A filter is none.
    """
    views = views_of(actor, spec.key)
    asked = given.get("view", "")
    if not given:
        default = default_view_id(actor, spec.key)
        asked = "" if default is None else str(default)
    view = next((view for view in views if str(view.id) == asked), None)
    state = ListState.from_address(spec, given, fields)
    if view is None:
        return Opened(replace(state, view=""), None, views)
    state = replace(state, view=str(view.id))
    kept = ListState.from_address(spec, QueryDict(view.query), fields)
    if set(given) <= {"view", "cursor"}:
        return Opened(replace(kept, view=state.view, cursor=state.cursor), view, views)
    return Opened(state, view, views, is_changed=state.changed(view="") != kept)
