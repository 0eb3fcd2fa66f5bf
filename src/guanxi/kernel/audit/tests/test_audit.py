from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from guanxi.kernel.access.models import Role, User
from guanxi.kernel.audit.errors import AuditIsAppendOnly
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.audit.queries import HistoryLine, history_of

pytestmark = pytest.mark.django_db
AT = datetime(2011, 12, 9, 12, 50, tzinfo=UTC)


def entry(number: int = 1, **facts: object) -> AuditEntry:
    given = {"at": AT, "command": "test", "target_key": "batch 1", "changes": {"n": [number - 1, number]}, **facts}
    return AuditEntry.objects.create(**given)


@pytest.mark.parametrize(
    "change",
    [
        lambda kept: kept.save(),
        lambda kept: kept.delete(),
        lambda kept: AuditEntry.objects.all().delete(),
        lambda kept: AuditEntry.objects.filter(pk=kept.pk)._raw_delete("default"),
        lambda kept: AuditEntry.objects.update(command="other"),
        lambda kept: AuditEntry.objects.filter(pk=kept.pk).update(command="other"),
        lambda kept: AuditEntry.objects.bulk_update([kept], ["command"]),
        lambda kept: AuditEntry.objects.update_or_create(pk=kept.pk, defaults={"command": "other"}),
        lambda kept: AuditEntry.objects.bulk_create(
            [kept], update_conflicts=True, unique_fields=["id"], update_fields=["command"]
        ),
    ],
)
def test_the_trail_is_never_changed(change: Callable[[AuditEntry], object]) -> None:
    kept = entry()
    before = list(AuditEntry.objects.values())
    kept.command = "other"
    with pytest.raises(AuditIsAppendOnly):
        change(kept)
    assert list(AuditEntry.objects.values()) == before


def test_an_entry_with_the_number_of_another_does_not_replace_it() -> None:
    kept = entry()
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditEntry(pk=kept.pk, at=AT, command="other", target_key="x").save()
    assert AuditEntry.objects.get().command == "test"


def test_entries_are_added_one_by_one_or_many_at_once() -> None:
    entry()
    AuditEntry.objects.bulk_create([AuditEntry(at=AT, command="test", target_key="batch 2")])
    assert AuditEntry.objects.count() == 2


def test_a_user_goes_and_the_trail_stays() -> None:
    user = User.objects.create(username="li")
    entry(actor_id=user.pk)
    number = user.pk
    user.delete()
    assert [(line.actor_id, line.actor) for line in history_of("batch 1")] == [(number, "")]


def test_the_history_of_a_row_or_a_name() -> None:
    role, other = Role.objects.create(name="tea"), Role.objects.create(name="coffee")
    user = User.objects.create(username="li", display_name="李雷")
    row = {"target_kind": "access.Role", "target_key": str(role.pk)}
    first = entry(1, **row, actor_id=user.pk)
    second = entry(2, **row)
    entry(3, target_kind="access.Role", target_key=str(other.pk))
    named = entry(4)
    assert history_of(role) == [
        HistoryLine(second.pk, AT, None, "", "test", {"n": [1, 2]}),
        HistoryLine(first.pk, AT, user.pk, "李雷", "test", {"n": [0, 1]}),
    ]
    assert [line.id for line in history_of(role, limit=1)] == [second.pk]
    assert [line.id for line in history_of("batch 1")] == [named.pk]
    assert history_of("batch 2") == []
