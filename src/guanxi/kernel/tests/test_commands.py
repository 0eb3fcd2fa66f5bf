"""The promises of `@command`, tried on commands of the test's own."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from guanxi.kernel.access.models import Role
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.commands import NothingRecorded, Work, command
from guanxi.kernel.errors import GuanxiError, PermissionDenied
from guanxi.kernel.events.models import EventRecord
from guanxi.kernel.events.outbox import Event
from guanxi.kernel.tests.actors import NOBODY, holding

pytestmark = pytest.mark.django_db
MANAGER = holding("settings.manage")


class RoleTaken(GuanxiError):
    code = "test_role_taken"
    sentence = "There is a role {name}."


@dataclass(frozen=True)
class RoleMade(Event):
    role_id: int


@command("settings.manage")
def make_role(work: Work, name: str, *, fail: bool = False, forget: bool = False) -> Role:
    role = Role.objects.create(name=name)
    if not forget:
        work.record(role, {"name": [None, name]})
    work.emit(RoleMade(role.pk))
    if fail:
        raise RoleTaken(name=name)
    return role


@command("settings.manage")
def look(work: Work) -> int:
    work.nothing_changed()
    return Role.objects.count()


def left_behind() -> tuple[int, int, int]:
    return Role.objects.count(), AuditEntry.objects.count(), EventRecord.objects.count()


def test_a_command_leaves_the_change_its_audit_row_and_its_event() -> None:
    role = make_role(MANAGER, "tea")
    entry, event = AuditEntry.objects.get(), EventRecord.objects.get()
    assert (entry.actor_id, entry.command) == (99, "kernel.tests.test_commands.make_role")
    assert (entry.target_kind, entry.target_key, entry.changes) == (
        "access.Role",
        str(role.pk),
        {"name": [None, "tea"]},
    )
    assert (event.name, event.payload) == ("kernel.tests.test_commands.RoleMade", {"role_id": role.pk})
    assert event.at == entry.at


def test_without_the_permission_nothing_happens() -> None:
    with pytest.raises(PermissionDenied) as caught:
        make_role(NOBODY, "tea")
    assert caught.value.facts == {"permission": "settings.manage"}
    assert left_behind() == (0, 0, 0)


def test_a_refusal_undoes_everything() -> None:
    with pytest.raises(RoleTaken):
        make_role(MANAGER, "tea", fail=True)
    assert left_behind() == (0, 0, 0)


def test_a_change_without_an_audit_row_is_not_kept() -> None:
    with pytest.raises(NothingRecorded, match=r"kernel\.tests\.test_commands\.make_role changed state"):
        make_role(MANAGER, "tea", forget=True)
    assert left_behind() == (0, 0, 0)


def test_a_command_may_say_that_nothing_changed() -> None:
    assert look(MANAGER) == 0
    assert left_behind() == (0, 0, 0)
