"""Whose records a user sees."""

from __future__ import annotations

import pytest

from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.models import Branch, Team, User
from guanxi.kernel.access.system import SYSTEM

pytestmark = pytest.mark.django_db


def make(name: str, *roles: str, team: Team | None = None, branch: Branch | None = None) -> User:
    user = create_user(SYSTEM, name, "correct horse battery", roles=roles)
    user.team, user.branch = team, branch
    user.save()
    return user


def test_own_team_branch_and_all() -> None:
    ensure_roles(SYSTEM)
    province = Branch.objects.create(name="浙江省分行")
    city = Branch.objects.create(name="杭州市分行", parent=province)
    other = Branch.objects.create(name="江苏省分行")
    tea, ware = Team.objects.create(name="茶叶组", branch=city), Team.objects.create(name="瓷器组", branch=other)
    seller, mate = make("seller", "seller", team=tea), make("mate", "seller", team=tea)
    clerk, stranger = make("clerk", "seller", branch=province), make("stranger", "seller", team=ware)
    leader, boss = make("leader", "team_leader", team=tea), make("boss", "branch_manager", branch=province)
    assert seller.seen_owners() == frozenset({seller.pk})
    assert leader.seen_owners() == frozenset({leader.pk, seller.pk, mate.pk})
    assert boss.seen_owners() == frozenset({boss.pk, clerk.pk, seller.pk, mate.pk, leader.pk})
    assert stranger.pk not in (boss.seen_owners() or ())
    assert make("liu", "seller", "manager").seen_owners() is None
    assert SYSTEM.seen_owners() is None


def test_a_reach_without_a_place_is_ones_own() -> None:
    ensure_roles(SYSTEM)
    for role in ("team_leader", "branch_manager"):
        lost = make(role, role)
        assert lost.seen_owners() == frozenset({lost.pk})
    nobody = create_user(SYSTEM, "nobody", "correct horse battery")
    assert nobody.seen_owners() == frozenset({nobody.pk})
