"""Branches as a tree, and the teams in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from guanxi.kernel.access.models import Branch, Team
from guanxi.kernel.access.queries.gate import refuse_unless_manager
from guanxi.kernel.commands import Actor


@dataclass(frozen=True)
class BranchLine:
    """A branch; `depth` 0 is at the top; `members` are the active users placed in it without a team."""

    id: int
    name: str
    parent_id: int | None
    depth: int
    members: int
    is_empty: bool


@dataclass(frozen=True)
class TeamLine:
    """A team, with the number of its active members."""

    id: int
    name: str
    branch_id: int | None
    branch: str
    members: int
    is_empty: bool


@dataclass(frozen=True)
class Places:
    """All branches, each behind the one it belongs to, and all teams by name."""

    branches: list[BranchLine]
    teams: list[TeamLine]


def list_places(actor: Actor) -> Places:
    """All branches and teams."""
    refuse_unless_manager(actor)
    active = Count("members", filter=Q(members__is_active=True), distinct=True)
    teams = list(Team.objects.select_related("branch").annotate(active=active, all=Count("members", distinct=True)))
    branches = list(Branch.objects.annotate(active=active, all=Count("members", distinct=True)).order_by("name"))
    occupied = {team.branch_id for team in teams} | {branch.parent_id for branch in branches}
    return Places(
        branches=[
            BranchLine(
                branch.pk, branch.name, branch.parent_id, depth, branch.active,
                is_empty=branch.all == 0 and branch.pk not in occupied,
            )
            for depth, branch in _walk(branches)
        ],
        teams=[
            TeamLine(
                team.pk, team.name, team.branch_id, team.branch.name if team.branch else "", team.active,
                is_empty=team.all == 0,
            )
            for team in sorted(teams, key=lambda team: team.name)
        ],
    )  # fmt: skip


def _walk(branches: Sequence[Any]) -> Iterator[tuple[int, Any]]:
    below: defaultdict[int | None, list[Any]] = defaultdict(list)
    for branch in branches:
        below[branch.parent_id].append(branch)
    waiting = [(0, branch) for branch in reversed(below[None])]
    while waiting:
        depth, branch = waiting.pop()
        yield depth, branch
        waiting += [(depth + 1, child) for child in reversed(below[branch.pk])]
