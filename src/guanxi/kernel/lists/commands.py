"""Keeping views of lists. The trail holds which view was changed how, never its filters: they may name people."""

from __future__ import annotations

from typing import Final

from django.http import QueryDict

from guanxi.kernel.access.models import Role
from guanxi.kernel.commands import Actor, Work, command
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.lists.errors import (
    RoleNotHere,
    ViewNameMissing,
    ViewNameTaken,
    ViewNotShared,
    ViewNotYours,
    ViewUnknown,
)
from guanxi.kernel.lists.models import DefaultView, PinnedView, SavedView
from guanxi.kernel.lists.spec import get_list
from guanxi.kernel.lists.state import ListState
from guanxi.kernel.turns import wait_for_turn

SHARE: Final = "views.share"
LONGEST: Final = 80


@command("views.save")
def save_view(work: Work, *, list_key: str, name: str, query: str, is_shared: bool = False) -> SavedView:
    """Keep a list as it is set up, under a name; its maker has it as a tab from now on.

    Raises
    ------
    ViewNameMissing, ViewNameTaken, FilterUnknown, FilterUnreadable, PermissionDenied
        It cannot be kept so; nothing is.
    """
    if is_shared:
        _refuse_unless_sharing(work.actor)
    view = SavedView(
        list_key=list_key, name=_named(name), owner_id=_person(work), is_shared=is_shared,
        query=plain_query(list_key, query), changed_at=work.at,
    )  # fmt: skip
    _refuse_taken(view)
    view.save()
    PinnedView.objects.create(view=view, user_id=_person(work))
    work.record(view, {"shared": [None, is_shared]})
    return view


@command("views.save")
def change_view(work: Work, *, view_id: int, query: str) -> SavedView:
    """Keep the list as it is set up now under the view's name.

    Raises
    ------
    ViewUnknown, ViewNotYours, FilterUnknown, FilterUnreadable
        It is not changed.
    """
    view = _lock(work.actor, view_id)
    query = plain_query(view.list_key, query)
    if query == view.query:
        work.nothing_changed()
        return view
    view.query, view.changed_at = query, work.at
    view.save(update_fields=["query", "changed_at"])
    work.record(view, {"query": "changed"})
    return view


@command("views.save")
def rename_view(work: Work, *, view_id: int, name: str) -> SavedView:
    """Call a view something else.

    Raises
    ------
    ViewUnknown, ViewNotYours, ViewNameMissing, ViewNameTaken
        It keeps its name.
    """
    view = _lock(work.actor, view_id)
    view.name = _named(name)
    _refuse_taken(view)
    view.save(update_fields=["name"])
    work.record(view, {"name": "changed"})
    return view


@command(SHARE)
def share_view(work: Work, *, view_id: int, is_shared: bool) -> SavedView:
    """Let everybody who sees the list see the view, or its owner only again.

    Raises
    ------
    ViewUnknown, ViewNotYours
        It stays as it is.
    """
    view = _lock(work.actor, view_id)
    if view.is_shared == is_shared:
        work.nothing_changed()
        return view
    work.record(view, {"shared": [view.is_shared, is_shared]})
    view.is_shared = is_shared
    view.save(update_fields=["is_shared"])
    if not is_shared:
        PinnedView.objects.filter(view=view).exclude(user_id=view.owner_id).delete()
        DefaultView.objects.filter(view=view, role__isnull=False).delete()
        DefaultView.objects.filter(view=view).exclude(user_id=view.owner_id).delete()
    return view


@command("views.save")
def delete_view(work: Work, *, view_id: int) -> SavedView:
    """Take a view away; `restore_view` brings it back with its tabs and defaults.

    Raises
    ------
    ViewUnknown, ViewNotYours
        It stays.
    """
    view = _lock(work.actor, view_id)
    view.deleted_at = work.at
    view.save(update_fields=["deleted_at"])
    work.record(view, {"deleted": [False, True]})
    return view


@command("views.save")
def restore_view(work: Work, *, view_id: int) -> SavedView:
    """Bring a deleted view back.

    Raises
    ------
    ViewUnknown, ViewNotYours, ViewNameTaken
        It stays away.
    """
    view = SavedView.objects.select_for_update().filter(pk=view_id, deleted_at__isnull=False).first()
    if view is None or (view.owner_id != work.actor.pk and not view.is_shared):
        raise ViewUnknown
    _refuse_unless_in_charge(work.actor, view)
    _refuse_taken(view)
    view.deleted_at = None
    view.save(update_fields=["deleted_at"])
    work.record(view, {"deleted": [True, False]})
    return view


@command("views.save")
def pin_view(work: Work, *, view_id: int, is_pinned: bool) -> None:
    """Have a view as a tab, or no longer.

    Raises
    ------
    ViewUnknown
        There is none the actor sees.
    """
    view = _see(work.actor, view_id)
    if is_pinned:
        _pin, has_changed = PinnedView.objects.get_or_create(view=view, user_id=_person(work))
    else:
        has_changed = bool(PinnedView.objects.filter(view=view, user_id=_person(work)).delete()[0])
    if has_changed:
        work.record(view, {"pinned": [not is_pinned, is_pinned]})
    else:
        work.nothing_changed()


@command("views.save")
def choose_default(work: Work, *, list_key: str, view_id: int | None) -> None:
    """Open a list in this view from now on; in none, as it is for everybody.

    Raises
    ------
    ViewUnknown
        There is none the actor sees.
    """
    if view_id is None:
        gone, _each = DefaultView.objects.filter(list_key=list_key, user_id=_person(work)).delete()
        if gone:
            work.record(f"default of {list_key}", {"user": work.actor.pk, "view": None})
        else:
            work.nothing_changed()
        return
    view = _see(work.actor, view_id)
    DefaultView.objects.update_or_create(list_key=view.list_key, user_id=_person(work), defaults={"view": view})
    work.record(f"default of {view.list_key}", {"user": work.actor.pk, "view": view.pk})


@command("settings.manage")
def choose_role_default(work: Work, *, list_key: str, role: str, view_id: int | None) -> None:
    """Let a list open in this view for all of a role who have chosen none themselves.

    Raises
    ------
    RoleNotHere, ViewUnknown, ViewNotShared
        Nothing is chosen.
    """
    found = Role.objects.filter(name=role).first()
    if found is None:
        raise RoleNotHere(role=role)
    work.record(f"default of {list_key}", {"role": role, "view": view_id})
    if view_id is None:
        DefaultView.objects.filter(list_key=list_key, role=found).delete()
        return
    view = _see(work.actor, view_id)
    if not view.is_shared:
        raise ViewNotShared(name=view.name)
    DefaultView.objects.update_or_create(list_key=view.list_key, role=found, defaults={"view": view})


def plain_query(list_key: str, query: str) -> str:
    """What a view keeps of an address: everything but the view itself and the place in it."""
    state = ListState.from_address(get_list(list_key), QueryDict(query))
    return state.changed(view="").query()


def _person(work: Work) -> int:
    """Who has the view; the system has none."""
    if work.actor.pk is None:
        raise PermissionDenied(permission="views.save")
    return work.actor.pk


def _see(actor: Actor, view_id: int) -> SavedView:
    view = SavedView.objects.visible_to(actor).filter(pk=view_id).first()
    if view is None:
        raise ViewUnknown
    return view


def _lock(actor: Actor, view_id: int) -> SavedView:
    """The view, locked, if the actor may change it."""
    view = SavedView.objects.visible_to(actor).select_for_update().filter(pk=view_id).first()
    if view is None:
        raise ViewUnknown
    _refuse_unless_in_charge(actor, view)
    return view


def _refuse_unless_in_charge(actor: Actor, view: SavedView) -> None:
    if view.owner_id != actor.pk and not actor.may(SHARE):
        raise ViewNotYours(name=view.name, owner=str(view.owner))


def _refuse_unless_sharing(actor: Actor) -> None:
    if not actor.may(SHARE):
        raise PermissionDenied(permission=SHARE)


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST:
        raise ViewNameMissing(place="name")
    return name


def _refuse_taken(view: SavedView) -> None:
    wait_for_turn(f"name a view of {view.owner_id}")
    others = SavedView.objects.filter(
        list_key=view.list_key, owner_id=view.owner_id, name=view.name, deleted_at__isnull=True
    )
    if others.exclude(pk=view.pk).exists():
        raise ViewNameTaken(place="name", name=view.name)
