"""Fill a home as a company has it: `python -m benchmarks.programs.fill HOME CUSTOMERS LINES`.

The customers, their standings and their purchases come by the whole road, `guanxi refresh` over made-up sources; what
people do at their desks (two contacts for each customer, owners, tags, tasks) is written in bulk beside, as uneven as
in a company. The same for the same numbers. The database is the home's own, or that of GUANXI_DATABASE_URL.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.clock import guanxi, run
from benchmarks.road import write_sources
from guanxi.config.cli.entry import enter

PASSWORD: Final = "correct horse battery"  # noqa: S105  # of a home that lives for minutes
SELLERS: Final = 200
NAMESAKES: Final = 57
NAMESAKE: Final = "王伟"
FAMILY: Final = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林郑罗梁谢宋唐许韩冯邓曹汪"
GIVEN: Final = "芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红玲芬燕辉鹏飞凯浩宇轩然欣怡雪梅兰竹"
PLACES: Final = [
    "浙江省",
    "浙江省",
    "浙江省",
    "江苏",
    "江苏",
    "广东",
    "广东",
    "Shanghai",
    "北京市",
    "四川",
    "湖北",
    "陕西",
    "山东",
    "福建",
    "河南",
    "西藏",
]
TAGS: Final = 40
Rows = Iterator[tuple[Any, ...]]


def person(customers: int) -> str:
    """The columns of a customer in the source files: a usual name; 57 of them spread out are the planted namesake."""
    step = max(1, customers // NAMESAKES)

    def one_of(signs: str, number: str) -> str:
        return f"substr('{signs}', 1 + (({number}) % {len(signs)})::integer, 1)"

    last = one_of(f"伟{GIVEN}", "n * 15485863 // 11")
    places = ", ".join(f"'{place}'" for place in PLACES)
    return f"""
        case when n % {step} = 0 and n // {step} < {NAMESAKES} then '{NAMESAKE}' else
            {one_of(FAMILY, "n * 7919")} || {one_of(GIVEN, "n * 104729 // 7")}
            || case when n % 5 = 0 then '' else {last} end || case when n % 1009 = 0 then ' David' else '' end
        end as name,
        '154' || lpad((n % 100000000)::varchar, 8, '0') as phone,
        case when n % 10 < 3 then 'c' || n || '@example.com' end as email,
        [{places}][(n * 31 % {len(PLACES)} + 1)::integer] as province
    """


def care(ids: np.ndarray, now: datetime, sellers: list[int]) -> Rows:
    """Who looks after each customer, and when they last spoke; the last twenty sellers are nobody."""
    chance = np.random.default_rng(7)
    seller = chance.integers(0, SELLERS + 20, ids.size)
    minutes = np.where(chance.random(ids.size) < 0.6, chance.integers(0, 500 * 1440, ids.size), -1)
    told, known = chance.integers(1, 6, ids.size), chance.integers(0, 1500, ids.size)
    for pk, owner, ago, score, days in zip(*(x.tolist() for x in (ids, seller, minutes, told, known)), strict=True):
        spoke = ago >= 0
        yield (
            pk, sellers[owner] if owner < SELLERS else None, now - timedelta(minutes=ago) if spoke else None,
            score if spoke else None, now - timedelta(days=days),
        )  # fmt: skip


def interactions(ids: np.ndarray, now: datetime, sellers: list[int]) -> Rows:
    """Two for each customer on average."""
    chance = np.random.default_rng(17)
    whose = ids[chance.integers(0, ids.size, ids.size * 2)]
    minutes = chance.integers(0, 700 * 1440, ids.size * 2)
    kinds = ("call", "visit", "mail", "meeting", "note")
    for at, (pk, ago) in enumerate(zip(whose.tolist(), minutes.tolist(), strict=True)):
        when = now - timedelta(minutes=ago)
        yield (
            pk, kinds[at % 5], "out" if at % 2 else "in", when, "", "谈到续约,下周再联系", at % 3 > 0,
            sellers[at % SELLERS], when, False,
        )  # fmt: skip


def tags_on(ids: np.ndarray) -> Rows:
    """Tags on a third of the customers; the last ones are rare."""
    chance = np.random.default_rng(19)
    tagged = ids[::3]
    for pk, number in zip(tagged.tolist(), (chance.random(tagged.size) ** 3 * TAGS).astype(int).tolist(), strict=True):
        yield pk, number + 1, ""


def tasks(ids: np.ndarray, now: datetime, sellers: list[int]) -> Rows:
    """A task for a fifth of the customers, half of them open, due around today."""
    today: date = now.date()
    for at, pk in enumerate(ids[::5].tolist()):
        yield (
            pk, "回访", "", sellers[at % SELLERS], today + timedelta(days=at % 60 - 20),
            "open" if at % 2 else "done", "", "", now,
        )  # fmt: skip


def fill(home: Path, customers: int, lines: int) -> None:
    """Make the home and fill it."""
    database = {key: value for key, value in os.environ.items() if key == "GUANXI_DATABASE_URL"}
    with tempfile.TemporaryDirectory(dir=home.parent) as folder:
        contracts = write_sources(Path(folder) / "sources", customers, lines, person(customers), has_email=True)
        words = [word for path in contracts for word in ("--source", path)]
        run(guanxi("refresh", "--home", home, *words), database)
    enter(home)
    from django.utils import timezone

    from guanxi.customers import models
    from guanxi.kernel.bulk import in_chunks, refresh_statistics, update_rows, write_rows

    sellers, now = people(), timezone.now()
    ids = np.fromiter(models.Customer.objects.living().order_by("pk").values_list("pk", flat=True), dtype=np.int64)

    def write(model: type[Any], columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
        _in_transactions(rows, lambda chunk: write_rows(model, columns, chunk), in_chunks)

    columns: tuple[str, ...] = ("owner_id", "last_contact_at", "satisfaction", "created_at")
    cared = care(ids, now, sellers)
    _in_transactions(cared, lambda chunk: update_rows(models.Customer, ("id",), columns, chunk), in_chunks)
    columns = (
        "customer_id", "kind", "direction", "at", "subject", "body", "reached", "author_id", "created_at", "is_pinned",
    )  # fmt: skip
    write(models.Interaction, columns, interactions(ids, now, sellers))
    models.Tag.objects.bulk_create(models.Tag(pk=number + 1, name=f"标签{number + 1}") for number in range(TAGS))
    write(models.CustomerTag, ("customer_id", "tag_id", "batch"), tags_on(ids))
    columns = ("customer_id", "title", "reason", "assignee_id", "due_on", "state", "outcome", "batch", "created_at")
    write(models.Task, columns, tasks(ids, now, sellers))
    refresh_statistics(models.Customer, models.Interaction, models.CustomerTag, models.Task)


def _in_transactions(
    rows: Iterable[tuple[Any, ...]], write: Callable[[Any], Any], in_chunks: Callable[..., Iterator[Any]]
) -> None:
    from django.db import transaction

    for chunk in in_chunks(rows, 20_000):
        with transaction.atomic():
            write(chunk)


def people() -> list[int]:
    """Sellers in teams and branches, a leader and a manager; returns the sellers' ids."""
    from guanxi.kernel.access.commands import create_user, set_company
    from guanxi.kernel.access.models import Branch, Team, User
    from guanxi.kernel.access.system import SYSTEM

    set_company(SYSTEM, "T公司")
    branches = [Branch.objects.create(name=f"分公司{number}") for number in range(5)]
    teams = [Team.objects.create(name=f"{number}组", branch=branches[number % 5]) for number in range(20)]
    for name, role, team in (("manager", "manager", None), ("leader", "team_leader", teams[0])):
        user = create_user(SYSTEM, name, PASSWORD, roles=[role], display_name=name)
        User.objects.filter(pk=user.pk).update(team=team)
    seller = create_user(SYSTEM, "seller000", PASSWORD, roles=["seller"], display_name="销售000", employee_no="S000")
    found = [seller.pk]
    for number in range(1, SELLERS):
        user = User.objects.create(
            username=f"seller{number:03}", display_name=f"销售{number:03}", employee_no=f"S{number:03}"
        )
        found.append(user.pk)
    for number, pk in enumerate(found):
        User.objects.filter(pk=pk).update(team=teams[number % 20])
    return found


if __name__ == "__main__":
    fill(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
