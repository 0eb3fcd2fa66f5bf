"""Teams and branches: where in the company somebody works."""

from __future__ import annotations

from django.db import models

from guanxi.kernel.access.commands.administrators import wait_for_others
from guanxi.kernel.access.errors import (
    BranchInItself,
    BranchNotFound,
    PlaceInUse,
    PlaceNameMissing,
    PlaceNameTaken,
    TeamNotFound,
)
from guanxi.kernel.access.models import Branch, Team
from guanxi.kernel.commands import Work, command


@command("settings.manage")
def create_team(work: Work, name: str, *, branch_id: int | None = None) -> Team:
    """Make a team, in a branch or in none.

    Raises
    ------
    PlaceNameMissing, PlaceNameTaken, BranchNotFound
        It cannot be made so.
    """
    wait_for_others()
    team = Team(name=_free_name(Team, name), branch_id=_known_branch(branch_id))
    team.save()
    work.record(team, {"name": [None, team.name], "branch_id": [None, branch_id]})
    return team


@command("settings.manage")
def edit_team(work: Work, team_id: int, *, name: str, branch_id: int | None) -> Team:
    """Rename a team or move it to another branch.

    Raises
    ------
    TeamNotFound, PlaceNameMissing, PlaceNameTaken, BranchNotFound
        It cannot be changed so.
    """
    wait_for_others()
    team = Team.objects.select_for_update().filter(pk=team_id).first()
    if team is None:
        raise TeamNotFound
    _change(work, team, name=_free_name(Team, name, team.pk), branch_id=_known_branch(branch_id))
    return team


@command("settings.manage")
def delete_team(work: Work, team_id: int) -> None:
    """Take away a team without members.

    Raises
    ------
    TeamNotFound, PlaceInUse
        It stays.
    """
    wait_for_others()
    team = Team.objects.select_for_update().filter(pk=team_id).first()
    if team is None:
        raise TeamNotFound
    _delete(work, team, team.members.count())


@command("settings.manage")
def create_branch(work: Work, name: str, *, parent_id: int | None = None) -> Branch:
    """Make a branch, below another one or at the top.

    Raises
    ------
    PlaceNameMissing, PlaceNameTaken, BranchNotFound
        It cannot be made so.
    """
    wait_for_others()
    branch = Branch(name=_free_name(Branch, name), parent_id=_known_branch(parent_id))
    branch.save()
    work.record(branch, {"name": [None, branch.name], "parent_id": [None, parent_id]})
    return branch


@command("settings.manage")
def edit_branch(work: Work, branch_id: int, *, name: str, parent_id: int | None) -> Branch:
    """Rename a branch or put it, with all below it, below another one.

    Raises
    ------
    BranchNotFound, PlaceNameMissing, PlaceNameTaken, BranchInItself
        It cannot be changed so.
    """
    wait_for_others()
    parents = dict(Branch.objects.select_for_update().values_list("pk", "parent_id"))
    if branch_id not in parents:
        raise BranchNotFound
    above = _known_branch(parent_id)
    while above is not None:
        if above == branch_id:
            raise BranchInItself
        above = parents[above]
    branch = Branch.objects.get(pk=branch_id)
    _change(work, branch, name=_free_name(Branch, name, branch_id), parent_id=parent_id)
    return branch


@command("settings.manage")
def delete_branch(work: Work, branch_id: int) -> None:
    """Take away a branch with nobody and nothing in it.

    Raises
    ------
    BranchNotFound, PlaceInUse
        It stays.
    """
    wait_for_others()
    branch = Branch.objects.select_for_update().filter(pk=branch_id).first()
    if branch is None:
        raise BranchNotFound
    _delete(work, branch, branch.members.count() + branch.teams.count() + branch.children.count())


def _change(work: Work, place: models.Model, **wanted: object) -> None:
    changed = {name: [getattr(place, name), value] for name, value in wanted.items() if getattr(place, name) != value}
    if not changed:
        work.nothing_changed()
        return
    work.record(place, changed)
    for name, (_before, value) in changed.items():
        setattr(place, name, value)
    place.save()


def _delete(work: Work, place: Team | Branch, inside: int) -> None:
    if inside:
        raise PlaceInUse(name=place.name, inside=inside)
    work.record(place, {"name": [place.name, None]})
    place.delete()


def _free_name(kind: type[Team | Branch], name: str, own_id: int | None = None) -> str:
    name = " ".join(name.split())[:80]
    if not name:
        raise PlaceNameMissing
    same = kind.objects.filter(name=name)
    if (same if own_id is None else same.exclude(pk=own_id)).exists():
        raise PlaceNameTaken(name=name)
    return name


def _known_branch(branch_id: int | None) -> int | None:
    if branch_id is not None and not Branch.objects.filter(pk=branch_id).exists():
        raise BranchNotFound
    return branch_id
