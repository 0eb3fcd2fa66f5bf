from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from guanxi.kernel.access.commands import create_user
from guanxi.kernel.access.models import Branch, Role, User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.audit.models import AuditEntry
from guanxi.kernel.batches.commands import (
    cancel_batch,
    do_next_chunk,
    expire_batches,
    forget_rows,
    resume_batch,
    start_batch,
    undo_batch,
)
from guanxi.kernel.batches.errors import (
    ActionUnknown,
    BatchOver,
    BatchStillOpen,
    BatchUnknown,
    NothingChosen,
    NothingToUndo,
)
from guanxi.kernel.batches.models import Batch, BatchChunk
from guanxi.kernel.batches.queries import (
    changed_ids,
    get_batch,
    iterate_report,
    list_batches,
    list_open_batches,
)
from guanxi.kernel.batches.tests.toy import make_branches
from guanxi.kernel.errors import GuanxiError, PermissionDenied
from guanxi.kernel.events.models import EventRecord
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.worker import Worker
from guanxi.kernel.tests.actors import Holding

pytestmark = pytest.mark.django_db
NAMER = Holding(frozenset({"toy.name"}), pk=99)


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guanxi.kernel.batches.commands.CHUNK", 3)


@pytest.fixture
def namer() -> User:
    user = create_user(SYSTEM, "liu", "correct horse battery", display_name="刘总")
    user.roles.add(Role.objects.create(name="namer", permissions=["toy.name"], visibility="all"))
    return user


def work_all() -> None:
    worker = Worker(threading.Event())
    while worker.run_one():
        pass


def names() -> list[str]:
    return list(Branch.objects.order_by("pk").values_list("name", flat=True))


def events() -> list[dict[str, Any]]:
    return list(EventRecord.objects.order_by("pk").values_list("payload", flat=True))


def everything() -> list[Any]:
    models = (Batch, BatchChunk, Job, Branch, AuditEntry, EventRecord)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def test_a_batch_changes_its_rows_by_chunks_and_tells_once(namer: User) -> None:
    ids = make_branches(7)
    Branch.objects.filter(pk=ids[1]).update(name="locked vault")
    Branch.objects.filter(pk=ids[4]).update(name=f"red {ids[4]}")
    batch = start_batch(namer, kind="toy.name", options={"word": "red"}, ids=[*reversed(ids), ids[0], 777])
    Branch.objects.create(name="newcomer")  # what comes later is no part of it
    assert names()[0] == "branch 1"
    assert [line.state for line in list_open_batches(namer)] == ["waiting"]
    work_all()
    assert names() == [
        f"red {ids[0]}", "locked vault", *(f"red {key}" for key in ids[2:]), "newcomer",
    ]  # fmt: skip
    line = get_batch(namer, batch.pk)
    assert (line.state, line.total, line.done, line.changed, line.refused, line.unchanged) == ("done", 8, 8, 5, 2, 1)
    assert (line.sentence, line.can_undo, line.can_cancel, line.asked_by) == (
        "Name 8 branches red", True, False, "刘总",
    )  # fmt: skip
    assert [(row.id, row.name, row.reason) for row in iterate_report(namer, batch.pk)] == [
        (ids[1], "locked vault", "is locked"),
        (777, "", "is not there any more, or not yours to see"),
    ]
    changed = [ids[0], ids[2], ids[3], ids[5], ids[6]]
    assert events() == [{"branch_ids": changed, "batch": batch.name, "undone": False}]
    assert list(changed_ids(batch.name)) == changed
    trail = AuditEntry.objects.filter(target_kind="batches.Batch").order_by("pk").values_list("actor_id", "changes")
    assert list(trail) == [
        (namer.pk, {"kind": "toy.name", "rows": 8, "letters": 3}),
        (namer.pk, {"part": 1, "changed": 2, "refused": 1}),
        (namer.pk, {"part": 2, "changed": 2, "refused": 0}),
        (namer.pk, {"part": 3, "changed": 1, "refused": 1}),
        (namer.pk, {"state": ["open", "done"], "changed": 5}),
    ]
    job = Job.objects.get(name="batches.run")
    assert (job.state, job.done, job.total, job.asked_by) == ("done", 8, 8, namer.pk)


def test_undo_gives_back_what_was_and_leaves_what_was_changed_since(namer: User) -> None:
    ids = make_branches(5)
    batch = start_batch(namer, kind="toy.name", options={"word": "red"}, ids=ids)
    work_all()
    Branch.objects.filter(pk=ids[3]).update(name="somebody's")
    undoing = undo_batch(namer, batch_id=batch.pk)
    assert get_batch(namer, batch.pk).can_undo is False
    work_all()
    assert names() == ["branch 1", "branch 2", "branch 3", "somebody's", "branch 5"]
    line = get_batch(namer, undoing.pk)
    assert (line.state, line.changed, line.refused, line.is_undo, line.can_undo) == ("done", 4, 1, True, False)
    assert [(row.id, row.reason) for row in iterate_report(namer, undoing.pk)] == [
        (ids[3], "was changed by somebody since; left as it is")
    ]
    former = get_batch(namer, batch.pk)
    assert (former.is_undone, former.can_undo) == (True, False)
    assert events()[1] == {
        "branch_ids": [ids[0], ids[1], ids[2], ids[4]], "batch": undoing.name, "undone": True,
    }  # fmt: skip
    before = everything()
    for batch_id in (batch.pk, undoing.pk):
        with pytest.raises(NothingToUndo):
            undo_batch(namer, batch_id=batch_id)
    assert everything() == before


def test_cancel_stops_between_chunks_and_what_was_done_can_be_undone(namer: User) -> None:
    ids = make_branches(7)
    batch = start_batch(namer, kind="toy.name", options={"word": "red"}, ids=ids)
    assert do_next_chunk(namer, batch_id=batch.pk) == 3
    cancel_batch(namer, batch_id=batch.pk)
    assert [line.state for line in list_open_batches(namer)] == ["cancelling"]
    with pytest.raises(BatchStillOpen):
        undo_batch(namer, batch_id=batch.pk)
    work_all()
    line = get_batch(namer, batch.pk)
    assert (line.state, line.done, line.changed, line.can_undo) == ("cancelled", 3, 3, True)
    assert names()[2:4] == [f"red {ids[2]}", "branch 4"]
    assert [event["branch_ids"] for event in events()] == [ids[:3]]
    with pytest.raises(BatchOver):
        cancel_batch(namer, batch_id=batch.pk)
    undo_batch(namer, batch_id=batch.pk)
    work_all()
    assert names() == [f"branch {number}" for number in range(1, 8)]


def test_a_cancelled_undo_is_gone_on_with_by_another_undo(namer: User) -> None:
    ids = make_branches(7)
    batch = start_batch(namer, kind="toy.name", options={"word": "red"}, ids=ids)
    work_all()
    undoing = undo_batch(namer, batch_id=batch.pk)
    do_next_chunk(namer, batch_id=undoing.pk)
    cancel_batch(namer, batch_id=undoing.pk)
    work_all()
    assert get_batch(namer, batch.pk).can_undo is True
    second = undo_batch(namer, batch_id=batch.pk)
    work_all()
    assert (get_batch(namer, second.pk).total, get_batch(namer, second.pk).changed) == (4, 4)
    assert names() == [f"branch {number}" for number in range(1, 8)]


def test_who_may_no_more_changes_no_more(namer: User) -> None:
    ids = make_branches(4)
    batch = start_batch(namer, kind="toy.name", options={"word": "red"}, ids=ids)
    do_next_chunk(namer, batch_id=batch.pk)
    User.objects.filter(pk=namer.pk).update(is_active=False)
    work_all()
    line = get_batch(SYSTEM, batch.pk)
    assert (line.state, line.done, names()[3]) == ("failed", 3, "branch 4")
    assert line.error is not None
    assert line.error.code == "permission_denied"
    assert [event["branch_ids"] for event in events()] == [ids[:3]]


def test_a_user_who_is_gone_does_not_become_the_system() -> None:
    ids = make_branches(2)
    batch = start_batch(NAMER, kind="toy.name", options={"word": "red"}, ids=ids)
    work_all()
    assert get_batch(SYSTEM, batch.pk).state == "failed"
    assert names() == ["branch 1", "branch 2"]


def test_a_mistake_in_the_program_is_tried_again_and_can_be_gone_on_with(namer: User) -> None:
    ids = make_branches(5)
    Branch.objects.filter(pk=ids[4]).update(name="falls")
    batch = start_batch(namer, kind="toy.name", options={"word": "red"}, ids=ids)
    for _ in range(5):
        Job.objects.update(run_at=timezone.now())
        work_all()
    line = get_batch(namer, batch.pk)
    assert (line.state, line.done, line.can_resume, line.can_undo, line.can_cancel) == ("stopped", 3, True, True, True)
    assert line.trouble.startswith("Something unexpected happened: RuntimeError: a mistake in the program")
    Branch.objects.filter(pk=ids[4]).update(name="mended")
    resume_batch(namer, batch_id=batch.pk)
    work_all()
    assert (get_batch(namer, batch.pk).state, names()) == ("done", [f"red {key}" for key in ids])
    parts = AuditEntry.objects.filter(changes__has_key="part").values_list("changes__part", flat=True)
    assert sorted(parts) == [1, 2]
    with pytest.raises(BatchOver):
        resume_batch(namer, batch_id=batch.pk)


def test_a_stopped_batch_can_be_given_up(namer: User) -> None:
    ids = make_branches(5)
    batch = start_batch(namer, kind="toy.name", options={"word": "red"}, ids=ids)
    do_next_chunk(namer, batch_id=batch.pk)
    Job.objects.update(state="failed")
    cancel_batch(namer, batch_id=batch.pk)
    assert get_batch(namer, batch.pk).state == "cancelled"
    assert [event["branch_ids"] for event in events()] == [ids[:3]]


@pytest.mark.parametrize(
    ("actor", "kind", "options", "ids", "error"),
    [
        (Holding(), "toy.name", {"word": "red"}, [1], PermissionDenied),
        (NAMER, "toy.name", {"word": "red"}, [], NothingChosen),
        (NAMER, "toy.name", {"word": ""}, [1], NothingChosen),
        (NAMER, "toy.nothing", {}, [1], ActionUnknown),
    ],
)
def test_what_cannot_begin_leaves_nothing(
    actor: Holding, kind: str, options: dict[str, Any], ids: list[int], error: type[GuanxiError]
) -> None:
    make_branches(1)
    before = everything()
    with pytest.raises(error):
        start_batch(actor, kind=kind, options=options, ids=ids)
    assert everything() == before


def test_nobody_sees_or_touches_anothers_batch_but_an_administrator(namer: User) -> None:
    batch = start_batch(namer, kind="toy.name", options={"word": "red"}, ids=make_branches(1))
    work_all()
    other, administrator = Holding(frozenset({"toy.name"})), Holding(frozenset({"toy.name", "settings.manage"}))
    before = everything()
    for command in (cancel_batch, undo_batch, resume_batch):
        with pytest.raises(BatchUnknown):
            command(other, batch_id=batch.pk)
    with pytest.raises(BatchUnknown):
        get_batch(other, batch.pk)
    with pytest.raises(BatchUnknown):
        list(iterate_report(other, batch.pk))
    assert (list_batches(other), everything()) == ([], before)
    assert [line.asked_by for line in list_batches(administrator)] == ["刘总"]
    undo_batch(administrator, batch_id=batch.pk)


def test_undo_needs_the_permission_still(namer: User) -> None:
    batch = start_batch(namer, kind="toy.name", options={"word": "red"}, ids=make_branches(1))
    work_all()
    before = everything()
    with pytest.raises(PermissionDenied):
        undo_batch(Holding(pk=namer.pk), batch_id=batch.pk)
    assert everything() == before


def test_an_event_of_very_many_rows_names_none(namer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guanxi.kernel.batches.commands.EVENT_IDS", 4)
    ids = make_branches(5)
    batch = start_batch(namer, kind="toy.name", options={"word": "red"}, ids=ids)
    work_all()
    assert events() == [{"branch_ids": [], "batch": batch.name, "undone": False}]
    assert list(changed_ids(batch.name)) == ids


def test_batches_forget_rows_that_are_removed_for_good(namer: User) -> None:
    ids = make_branches(5)
    batch = start_batch(namer, kind="toy.name", options={"word": "red"}, ids=ids)
    work_all()
    forget_rows("branches", [ids[0], ids[4], 777])
    held = [chunk.before for chunk in BatchChunk.objects.order_by("number")]
    assert held == [{str(ids[1]): "branch 2", str(ids[2]): "branch 3"}, {str(ids[3]): "branch 4"}]
    forget_rows("others", ids)
    assert [chunk.before for chunk in BatchChunk.objects.order_by("number")] == held
    undo_batch(namer, batch_id=batch.pk)
    work_all()
    assert names() == [f"red {ids[0]}", "branch 2", "branch 3", "branch 4", f"red {ids[4]}"]


def test_batches_of_long_ago_are_forgotten_with_what_their_rows_held(namer: User) -> None:
    ids = make_branches(2)
    old, recent = (start_batch(namer, kind="toy.name", options={"word": word}, ids=ids) for word in ("red", "blue"))
    work_all()
    undo_batch(namer, batch_id=old.pk)
    work_all()
    now = timezone.now()
    Batch.objects.exclude(pk=recent.pk).update(finished_at=now - timedelta(days=40))
    removed = []
    while count := expire_batches(SYSTEM, before=now - timedelta(days=30)):
        removed.append(count)
    assert (removed, list(Batch.objects.values_list("pk", flat=True))) == ([1, 1], [recent.pk])
    assert set(BatchChunk.objects.values_list("batch", flat=True)) == {recent.pk}


def test_of_batches_left_open_those_that_no_job_goes_on_with_are_forgotten(namer: User) -> None:
    left, waiting = (
        start_batch(namer, kind="toy.name", options={"word": word}, ids=make_branches_once())
        for word in ("red", "blue")
    )
    Job.objects.filter(pk=left.job_id or 0).update(state=Job.State.FAILED)
    now = timezone.now()
    assert expire_batches(SYSTEM, before=now - timedelta(days=30)) == 0
    Batch.objects.update(created_at=now - timedelta(days=40))
    assert expire_batches(SYSTEM, before=now - timedelta(days=30)) == 1
    assert list(Batch.objects.values_list("pk", flat=True)) == [waiting.pk]


def test_a_list_of_batches_takes_a_fixed_number_of_queries(
    namer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for word in ("red", "blue", "green"):
        start_batch(namer, kind="toy.name", options={"word": word}, ids=make_branches_once())
    namer = User.objects.get(pk=namer.pk)
    namer.may("anything")
    with django_assert_num_queries(4):
        assert [line.state for line in list_batches(namer)] == ["waiting"] * 3


def make_branches_once() -> list[int]:
    return list(Branch.objects.values_list("pk", flat=True)) or make_branches(2)
