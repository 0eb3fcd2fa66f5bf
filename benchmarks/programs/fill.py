"""Fill a home's database with made-up customers: `python -m benchmarks.programs.fill HOME CUSTOMERS`.

Written in bulk, as a data update writes, without walking the road: two interactions for each customer, standings,
source records, owners, tags and tasks, as uneven as those of a company. The same for the same number.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np

from guanxi.config.cli.entry import enter

AS_OF: Final = date(2026, 11, 22)
NOW: Final = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RUN: Final = 7
PASSWORD: Final = "correct horse battery"  # noqa: S105  # of a home that lives for minutes
SELLERS: Final = 200
NAMESAKES: Final = 57
FAMILY: Final = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林郑罗梁谢宋唐许韩冯邓曹"
GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红玲芬燕辉鹏飞凯浩宇轩然欣怡雪梅兰竹"
CITIES: Final = ("杭州", "宁波", "温州", "上海", "南京", "苏州", "广州", "深圳", "北京", "成都", "武汉", "西安", "")
TAGS: Final = 40
Rows = Iterator[tuple[Any, ...]]


class Company:
    """The made-up company, a column an array."""

    def __init__(self, customers: int) -> None:
        self.count = customers
        self.ids = np.arange(1, customers + 1)
        chance = self.chance = np.random.default_rng(7)
        self.has_bought = chance.random(customers) < 0.7
        self.spend = np.where(self.has_bought, np.round(chance.pareto(1.2, customers) * 300 + 10, 2), 0)
        self.days_ago = np.where(self.has_bought, (chance.random(customers) ** 2 * 900).astype(int), -1)
        self.spend_12m = np.where((self.days_ago >= 0) & (self.days_ago < 365), self.spend, 0)
        self.orders = np.where(self.has_bought, 1 + chance.poisson(3, customers), 0)
        self.seller = chance.integers(0, SELLERS + 20, customers)  # the last twenty are nobody or have left
        self.seller[: SELLERS * 5] = np.arange(SELLERS * 5) % SELLERS
        self.contacted = np.where(chance.random(customers) < 0.6, chance.integers(0, 500 * 1440, customers), -1)

    def names(self) -> list[str]:
        """A name each; every 17,000th or so is the planted namesake."""
        chance = np.random.default_rng(11)
        family, first, second = (chance.integers(0, len(pool), self.count) for pool in (FAMILY, GIVEN, GIVEN))
        single = chance.random(self.count) < 0.2
        names = [
            FAMILY[a] + GIVEN[b] + ("" if short else GIVEN[c])
            for a, b, c, short in zip(family, first, second, single, strict=True)
        ]
        names = [name if name != "王伟" and not name.startswith("王伟") else f"汪{name[1:]}" for name in names]
        for number in range(min(NAMESAKES, self.count)):
            names[number * (self.count // NAMESAKES or 1) % self.count] = "王伟"
        return names

    def tiers(self) -> list[str]:
        """The pyramid: 1, 5 and 20 of a hundred buyers by what they spent lately."""
        order = np.argsort(-self.spend_12m, kind="stable")
        buyers = int((self.spend_12m > 0).sum())
        tiers = np.full(self.count, "", dtype=object)
        edges = ((0.01, "vip"), (0.05, "major"), (0.2, "regular"), (1.0, "small"))
        start = 0
        for share, tier in edges:
            end = round(buyers * share)
            tiers[order[start:end]] = tier
            start = end
        return list(tiers)


def customers(company: Company, sellers: list[int]) -> Rows:
    """Rows of the customer table."""
    from guanxi.kernel.places import PROVINCES

    chance = np.random.default_rng(13)
    provinces = list(PROVINCES)
    weights = 1 / np.arange(1, len(provinces) + 1)
    places = [*provinces, "GB", "US", "SG", ""]
    share = np.append(weights / weights.sum() * 0.92, [0.03, 0.01, 0.01, 0.03])
    region = chance.choice(len(places), company.count, p=share)
    city = chance.integers(0, len(CITIES), company.count)
    firm, mail, records, told = (chance.random(company.count) for _column in range(4))
    seen = chance.integers(0, 1500, company.count)
    for at, name in enumerate(company.names()):
        pk, owner = at + 1, int(company.seller[at])
        kind = "organisation" if firm[at] < 0.05 else "person"
        minutes = int(company.contacted[at])
        yield (
            pk, pk if at % 100 != 99 else pk - 1, kind, f"{name}商贸有限公司" if kind == "organisation" else name,
            places[region[at]], CITIES[city[at]], f"+86154{at % 100_000_000:08}",
            f"c{pk}@example.com" if mail[at] < 0.3 else "",
            sellers[owner] if owner < SELLERS else None,
            f"S{owner:03}" if owner < SELLERS + 10 else "",
            AS_OF - timedelta(days=int(seen[at])), 2 if records[at] < 0.002 else 1,
            NOW - timedelta(days=int(seen[at])), NOW if at % 250 == 0 else None,
            NOW - timedelta(minutes=minutes) if minutes >= 0 else None,
            1 + int(told[at] * 5) if minutes >= 0 and told[at] < 0.99 else None, {}, f"p{pk}",
        )  # fmt: skip


CUSTOMER_COLUMNS: Final = (
    "id", "main_id", "kind", "name", "region_code", "city", "phone", "email", "owner_id", "owner_code",
    "first_seen_on", "source_records", "created_at", "deleted_at", "last_contact_at", "satisfaction", "edited",
    "published",
)  # fmt: skip


def standings(company: Company) -> Rows:
    """Rows of the standings; the last customers are not known to the run."""
    stages = ("stable", "build_up", "exploration", "decline")
    for at, tier in enumerate(company.tiers()[: company.count - company.count // 100]):
        bought, ago = bool(company.has_bought[at]), int(company.days_ago[at])
        orders, spend = int(company.orders[at]), round(company.spend[at] * 10_000)
        stage = "" if not bought else stages[3] if ago > 270 else stages[min(2, at % 3)]
        status = (
            "prospect" if not bought else "lost" if ago >= 365 else "first_time" if orders == 1
            else "loyal" if orders > 5 else "repeat"
        )  # fmt: skip
        scores = (max(1, 5 - ago // 180), min(5, orders), min(5, 1 + spend // 5_000_000)) if bought else (None,) * 3
        group = "".join("H" if (score or 0) > 3 else "L" for score in scores) if bought else ""
        recent = round(company.spend_12m[at] * 10_000)
        yield (
            RUN, AS_OF, at + 1, tier, stage, status, group, *scores, "" if not bought else "A" if at % 7 == 0 else "C",
            ago if bought else None, orders, spend, recent,
            AS_OF - timedelta(days=min(ago + 30 * orders, 1500)) if bought else None,
            AS_OF - timedelta(days=ago) if bought else None,
            recent * 9 // 10 if orders > 1 else None, 0 if orders > 1 else None,
            recent * 2 if orders > 1 else None,
        )  # fmt: skip


def records(company: Company) -> Rows:
    """Rows of the source records: nearly all of one shop, a few hundred of a system hardly anybody uses."""
    for pk in range(1, company.count + 1):
        source = "fair" if pk % 5_000 == 7 else "shop" if pk % 3 else "store"
        yield source, f"K{pk}", pk, True, "", "", "", "", "x"


def interactions(company: Company, sellers: list[int]) -> Rows:
    """Two for each customer on average."""
    chance = np.random.default_rng(17)
    whose = chance.integers(1, company.count + 1, company.count * 2)
    minutes = chance.integers(0, 700 * 1440, company.count * 2)
    kinds = ("call", "visit", "mail", "meeting", "note")
    for at, (pk, ago) in enumerate(zip(whose.tolist(), minutes.tolist(), strict=True)):
        when = NOW - timedelta(minutes=ago)
        yield (
            pk, kinds[at % 5], "out" if at % 2 else "in", when, "", "谈到续约,下周再联系", at % 3 > 0,
            sellers[at % SELLERS], when, False,
        )  # fmt: skip


def tags_on(company: Company) -> Rows:
    """Tags on a third of the customers; the last ones are rare."""
    chance = np.random.default_rng(19)
    tag = (chance.random(company.count // 3) ** 3 * TAGS).astype(int)
    for at, number in enumerate(tag.tolist()):
        yield at * 3 + 1, number + 1, ""


def tasks(company: Company, sellers: list[int]) -> Rows:
    """A task for a fifth of the customers, half of them open, due around today."""
    for at in range(company.count // 5):
        yield (
            at * 5 + 1, "回访", "", sellers[at % SELLERS], AS_OF + timedelta(days=at % 60 - 20),
            "open" if at % 2 else "done", "", "", NOW,
        )  # fmt: skip


def fill(home: Path, count: int) -> None:
    """Make the home and fill it."""
    enter(home, create=True)
    from guanxi.customers import models
    from guanxi.customers.search import index_rows
    from guanxi.kernel.bulk import in_chunks, write_rows

    company, sellers = Company(count), people()

    def write(model: type[Any], columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
        _in_transactions(rows, lambda chunk: write_rows(model, columns, chunk), in_chunks)

    write(models.Customer, CUSTOMER_COLUMNS, customers(company, sellers))
    from guanxi.customers.commands import RECORD_FIELDS, STANDING_FIELDS

    write(models.Standing, ("run_id", "as_of", *STANDING_FIELDS), standings(company))
    write(models.SourceRecord, RECORD_FIELDS, records(company))
    columns: tuple[str, ...] = (
        "customer_id", "kind", "direction", "at", "subject", "body", "reached", "author_id", "created_at", "is_pinned",
    )  # fmt: skip
    write(models.Interaction, columns, interactions(company, sellers))
    models.Tag.objects.bulk_create(models.Tag(pk=number + 1, name=f"标签{number + 1}") for number in range(TAGS))
    write(models.CustomerTag, ("customer_id", "tag_id", "batch"), tags_on(company))
    columns = ("customer_id", "title", "reason", "assignee_id", "due_on", "state", "outcome", "batch", "created_at")
    write(models.Task, columns, tasks(company, sellers))
    texts = ((row[0], f"{row[3]} {row[6]} {row[7]}") for row in customers(company, sellers))
    _in_transactions(texts, index_rows, in_chunks)
    models.CurrentStanding.objects.update_or_create(
        pk=1, defaults={"run_id": RUN, "as_of": AS_OF, "currency": "CNY", "published_at": NOW}
    )


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
    fill(Path(sys.argv[1]), int(sys.argv[2]))
