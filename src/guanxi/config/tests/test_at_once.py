"""Two people do the same at the same moment: the second waits for the first, and is told what he would be told later.

The first has done its part and not committed when the second begins: only a lock can make the second see it in time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Final

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from guanxi.customers.commands import (
    Edit,
    add_relation,
    assign_owner,
    create_customer,
    edit_customer,
    merge_customers,
    remove_relation,
)
from guanxi.customers.models import Customer, Relation, Standing, Task
from guanxi.customers.tests.factories import make_standings
from guanxi.intelligence.commands.start_refresh import start_refresh
from guanxi.intelligence.models import Source
from guanxi.kernel.access.commands import (
    create_branch,
    create_role,
    create_team,
    create_user,
    delete_branch,
    delete_role,
    edit_role,
    edit_team,
    edit_user,
    ensure_roles,
    set_company,
)
from guanxi.kernel.access.first_run import move_in
from guanxi.kernel.access.models import Company, User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.batches.commands import expire_batches, start_batch, undo_batch
from guanxi.kernel.batches.models import Batch
from guanxi.kernel.errors import GuanxiError
from guanxi.kernel.fields.commands import Looks, archive_field, change_field, define_field, restore_field
from guanxi.kernel.jobs.worker import Worker
from guanxi.kernel.lists.commands import delete_view, pin_view, rename_view, restore_view, save_view
from guanxi.kernel.notifications.commands import choose_news

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PASSWORD: Final = "correct horse battery"
Deed = Callable[[], object]


def told_to_the_second(first: Deed, second: Deed, *, then: Deed = tuple) -> str:
    """What `second` is told that begins after `first` and before `then` and the commit: the code of its refusal."""
    told: list[str] = []

    def run() -> None:
        try:
            second()
            told.append("")
        except GuanxiError as refused:
            told.append(refused.code)
        except DatabaseError as broken:
            told.append(type(broken).__name__)
        finally:
            connection.close()

    other = threading.Thread(target=run)
    with transaction.atomic():
        first()
        other.start()
        while other.is_alive() and not _waits_for_us():
            time.sleep(0.01)
        then()
    other.join()
    return told[0]


def _waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return bool(cursor.fetchone()[0])


def _admin(name: str) -> User:
    ensure_roles(SYSTEM)
    return create_user(SYSTEM, name, PASSWORD, roles=["administrator"])


def _view(admin: User, name: str) -> int:
    return save_view(admin, list_key="customers", name=name, query="").pk


def _field(admin: User, name: str, key: str = "") -> str:
    return define_field(admin, subject="customers", kind="text", key=key, looks=Looks(label_en=name)).key


def saving_views(admin: User) -> list[Deed]:
    return [lambda: _view(admin, "Best")] * 2


def renaming_views(admin: User) -> list[Deed]:
    kept = [_view(admin, "Good"), _view(admin, "Bad")]
    return [partial(rename_view, admin, view_id=pk, name="Best") for pk in kept]


def restoring_a_view(admin: User) -> list[Deed]:
    gone = _view(admin, "Best")
    delete_view(admin, view_id=gone)
    return [lambda: _view(admin, "Best"), lambda: restore_view(admin, view_id=gone)]


def pinning_a_view(admin: User) -> list[Deed]:
    kept = _view(admin, "Best")
    pin_view(admin, view_id=kept, is_pinned=False)
    return [lambda: pin_view(admin, view_id=kept, is_pinned=True)] * 2


def muting_news(admin: User) -> list[Deed]:
    return [lambda: choose_news(SYSTEM, user_id=admin.pk, wanted=())] * 2


def defining_fields(admin: User) -> list[Deed]:
    return [lambda: _field(admin, "Colour", "colour"), lambda: _field(admin, "Paint", "colour")]


def defining_fields_without_keys(admin: User) -> list[Deed]:
    return [lambda: _field(admin, "Size!"), lambda: _field(admin, "Size?")]


def naming_fields(admin: User) -> list[Deed]:
    made = [_field(admin, name) for name in ("Feel", "Touch")]
    return [partial(change_field, admin, subject="customers", key=key, looks=Looks(label_en="Grip")) for key in made]


def restoring_a_field(admin: User) -> list[Deed]:
    gone = _field(admin, "Taste")
    archive_field(admin, subject="customers", key=gone)
    return [lambda: _field(admin, "Taste"), lambda: restore_field(admin, subject="customers", key=gone)]


def making_users(admin: User) -> list[Deed]:
    return [lambda: create_user(admin, "wen", PASSWORD)] * 2


def renaming_users(admin: User) -> list[Deed]:
    made = [create_user(admin, name, PASSWORD).pk for name in ("shen", "fang")]
    return [partial(edit_user, admin, pk, username="liu", roles=[]) for pk in made]


def numbering_users(admin: User) -> list[Deed]:
    return [partial(create_user, admin, name, employee_no="E7") for name in ("zhou", "zheng")]


def making_roles(admin: User) -> list[Deed]:
    return [lambda: create_role(admin, "Cashier", permissions=[], visibility="own")] * 2


def renaming_roles(admin: User) -> list[Deed]:
    made = [create_role(admin, name, permissions=[], visibility="own").pk for name in ("Till", "Desk")]
    return [partial(edit_role, admin, pk, name="Counter", permissions=[], visibility="own") for pk in made]


def giving_a_role_that_goes(admin: User) -> list[Deed]:
    role = create_role(admin, "Porter", permissions=[], visibility="own")
    return [lambda: delete_role(admin, role.pk), lambda: create_user(admin, "xu", roles=["Porter"])]


def making_teams(admin: User) -> list[Deed]:
    return [lambda: create_team(admin, "East")] * 2


def renaming_teams(admin: User) -> list[Deed]:
    made = [create_team(admin, name).pk for name in ("West", "South")]
    return [partial(edit_team, admin, pk, name="North", branch_id=None) for pk in made]


def making_branches(admin: User) -> list[Deed]:
    return [lambda: create_branch(admin, "Coast")] * 2


def filling_a_branch_that_goes(admin: User) -> list[Deed]:
    branch = create_branch(admin, "Hills")
    return [lambda: delete_branch(admin, branch.pk), lambda: create_team(admin, "Shop", branch_id=branch.pk)]


def naming_the_company(admin: User) -> list[Deed]:
    return [lambda: set_company(admin, "天元茶业")] * 2


def asking_for_a_data_update(admin: User) -> list[Deed]:
    Source.objects.create(name="till", contract_path="till.toml", priority=1, currency="CNY", added_at=timezone.now())
    return [lambda: start_refresh(admin)] * 2


def relating_customers(admin: User) -> list[Deed]:
    east, west = (create_customer(admin, values={"name": name}).pk for name in ("东", "西"))
    return [
        partial(add_relation, admin, customer_id=pk, values={"kind": "family", "other_id": other})
        for pk, other in ((east, west), (west, east))
    ]


def parting_customers(admin: User) -> list[Deed]:
    relating_customers(admin)[0]()
    relation = Relation.objects.latest("pk")
    return [lambda: remove_relation(admin, relation_id=relation.pk)] * 2


TOLD: Final[dict[Callable[[User], list[Deed]], str]] = {
    saving_views: "view_name_taken",
    renaming_views: "view_name_taken",
    restoring_a_view: "view_name_taken",
    pinning_a_view: "",
    muting_news: "",
    defining_fields: "custom_field_exists",
    defining_fields_without_keys: "",
    naming_fields: "custom_field_exists",
    restoring_a_field: "custom_field_exists",
    making_users: "user_exists",
    renaming_users: "user_exists",
    numbering_users: "employee_number_taken",
    making_roles: "role_exists",
    renaming_roles: "role_exists",
    giving_a_role_that_goes: "role_unknown",
    making_teams: "place_name_taken",
    renaming_teams: "place_name_taken",
    making_branches: "place_name_taken",
    filling_a_branch_that_goes: "branch_not_found",
    naming_the_company: "",
    asking_for_a_data_update: "update_already_asked",
    relating_customers: "already_there",
    parting_customers: "entry_unknown",
}


def test_the_second_is_told_what_he_would_be_told_later() -> None:
    told = {prepare: told_to_the_second(*prepare(_admin(prepare.__name__))) for prepare in TOLD}
    assert told == TOLD


def test_only_one_moves_into_an_empty_home() -> None:
    def move(name: str) -> User:
        return move_in(SYSTEM, company=name, username=name, password=PASSWORD, language="en")

    assert told_to_the_second(lambda: move("east"), lambda: move("west")) == "home_taken"
    assert [user.username for user in User.objects.all()] == ["east"]
    assert Company.objects.get().name == "east"


def test_two_who_relate_the_same_customers_from_either_side_do_not_wait_in_a_ring() -> None:
    forth, back = relating_customers(_admin("liu"))
    east = Customer.objects.select_for_update().filter(name="东")
    assert told_to_the_second(east.get, back, then=forth) == "already_there"


def test_what_is_written_on_a_record_while_it_gives_way_reaches_the_survivor() -> None:
    admin = _admin("liu")
    stays, goes = (create_customer(admin, values={"name": name}).pk for name in ("王伟", "王 伟"))
    write = partial(edit_customer, admin, customer_id=goes, edits={"city": Edit("杭州")})
    assert told_to_the_second(partial(merge_customers, admin, main_id=stays, others=[goes]), write) == ""
    assert dict(Customer.objects.values_list("pk", "city")) == {stays: "杭州", goes: ""}


def test_a_region_typed_in_while_standings_are_written_is_theirs() -> None:
    admin = _admin("liu")
    tea = create_customer(admin, values={"name": "茶"}).pk
    move = partial(edit_customer, admin, customer_id=tea, edits={"region_code": Edit("CN-ZJ")})
    assert told_to_the_second(move, lambda: make_standings([{"customer_id": tea}])) == ""
    assert list(Standing.objects.values_list("region_code", flat=True)) == ["CN-ZJ"]
    back = partial(edit_customer, admin, customer_id=tea, edits={"region_code": Edit("CN-GD")})
    assert told_to_the_second(lambda: make_standings([{"customer_id": tea}], run_id=8), back) == ""
    assert set(Standing.objects.values_list("region_code", flat=True)) == {"CN-GD"}


def test_a_task_written_while_its_customer_changes_hands_is_the_new_owners() -> None:
    admin = _admin("liu")
    tea = create_customer(admin, values={"name": "茶"}).pk
    hand = partial(assign_owner, admin, customer_id=tea, owner_id=admin.pk)
    task = {"customer_id": tea, "title": "回访", "due_on": "2026-12-01", "created_at": "2026-01-01T00:00Z"}
    assert told_to_the_second(hand, lambda: Task.objects.create(**task)) == ""
    assert list(Task.objects.values_list("customer_owner_id", flat=True)) == [admin.pk]
    take = partial(assign_owner, admin, customer_id=tea, owner_id=None)
    assert told_to_the_second(lambda: Task.objects.create(**task), take) == ""
    assert set(Task.objects.values_list("customer_owner_id", flat=True)) == {None}


def test_a_bulk_action_taken_back_at_this_moment_is_not_forgotten() -> None:
    admin = _admin("liu")
    tea = create_customer(admin, values={"name": "茶"}).pk
    options = {"field": "city", "value": "杭州"}
    batch = start_batch(admin, kind="customers.edit", options=options, ids=[tea])
    while Worker(threading.Event()).run_one():
        pass
    soon = timezone.now() + timedelta(days=1)
    forget = partial(expire_batches, SYSTEM, before=soon)
    assert told_to_the_second(partial(undo_batch, admin, batch_id=batch.pk), forget) == ""
    assert Batch.objects.filter(pk=batch.pk).exists()
