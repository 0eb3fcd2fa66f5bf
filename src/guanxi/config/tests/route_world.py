"""A small company for the contract of the routes: six roles, and a record of the seller's own beside another's.

`VALUES` says what stands in an address; a route with a parameter that nobody described fails the contract.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from guanxi.customers.commands import (
    add_attachment,
    add_certificate,
    add_contact,
    add_contact_point,
    assign_owner,
    create_task,
    log_interaction,
    merge_customers,
    mint_customers,
    put_tag,
    record_purchase,
)
from guanxi.customers.models import Customer, Tag
from guanxi.customers.rules import Line
from guanxi.customers.tests.factories import make_customers, make_records
from guanxi.kernel.access.commands import create_branch, create_team, create_user, ensure_roles, set_company
from guanxi.kernel.access.models import Role, User
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.api.models import ApiToken
from guanxi.kernel.batches.models import Batch
from guanxi.kernel.fields.commands import Looks, define_field
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.schedule import note_worker
from guanxi.kernel.lists.commands import save_view
from guanxi.kernel.runs.models import Run
from guanxi.kernel.webhooks.models import Delivery, Endpoint
from guanxi.marketing.models import CustomerGroup, FollowUp

PASSWORD: Final = "correct horse battery"
ROLES: Final = ("administrator", "manager", "seller", "service", "marketer", "operator")
MARK: Final = "ANOTHER-TEAM"  # stands in every text of the other seller's records
PHONES: Final = ("+8613812345678", "+8613912345679")
MAILS: Final = ("wang.wei@example.com", "li.lei@example.org")
NUMBERS: Final = ("110101199003074477", "11010519491231002X")
PERSONAL: Final = tuple(part for value in (*PHONES, *MAILS, *NUMBERS) for part in (value, value.removeprefix("+86")))

AT: Final = "2026-11-22T10:00:00+08:00"
# What is sent, where an empty body would be refused before it is asked who may: by method and address.
BODIES: Final[Mapping[str, Mapping[str, Any]]] = {
    "POST /api/v1/customers": {"values": {"name": "New"}},
    "PATCH /api/v1/customers/<customer_id>": {"values": {"city": "杭州"}},
    "PUT /api/v1/customers/<customer_id>/owner": {"owner_id": None},
    "POST /api/v1/customers/<customer_id>/interactions": {"values": {"kind": "note", "at": AT, "subject": "x"}},
    "POST /api/v1/customers/<customer_id>/preferences": {
        "values": {"kind": "drink", "attitude": "like", "value": "x", "said_on": "2026-11-22"}
    },
    "POST /api/v1/customers/<customer_id>/contact-points": {"values": {"kind": "phone", "value": "13712345678"}},
    "POST /api/v1/customers/<customer_id>/tags": {"name": "Golf"},
    "POST /api/v1/customers/<customer_id>/purchases": {
        "key": "k", "bought_at": AT, "lines": [{"product_name": "tea", "unit_price": "1"}]
    },
    "POST /api/v1/customers/<customer_id>/merges": {"others": [3]},
    "POST /api/v1/follow-ups": {"name": "f", "reason": "r", "due_on": "2099-01-01", "ids": [1, 2]},
    "POST /api/v1/groups": {"name": "g", "ids": [1, 2]},
    "PATCH /api/v1/interactions/<interaction_id>": {"values": {"subject": "x"}},
    "POST /api/v1/tasks": {"values": {"title": "t", "due_on": "2099-01-01"}},
    "PATCH /api/v1/tasks/<task_id>": {"values": {"due_on": "2099-01-01"}},
    "POST /customers/cells/<customer_id>/<name>/": {"city": "杭州", "before-city": ""},
    "POST /customers/<customer_id>/parts/<key>/": {"kind": "phone", "value": "13712345678"},
    "POST /customers/<customer_id>/parts/<key>/<row_id>/": {"value": "another"},
    "POST /customers/<customer_id>/owner/": {"owner_id": "0"},
    "POST /customers/<customer_id>/log/": {"kind": "note", "at": "2026-11-22T10:00", "subject": "x"},
    "POST /customers/<customer_id>/edit/": {"city": "杭州", "before-city": ""},
    "POST /customers/merge/": {"ids": "1,3"},
    "POST /settings/users/new/": {"display_name": "x", "username": "x"},
    "POST /settings/roles/new/": {"name": "x", "visibility": "own"},
    "POST /settings/company/": {"name": "x", "language": "en"},
}  # fmt: skip
# What is asked for in the address, where it would otherwise ask for nothing.
QUERIES: Final[Mapping[str, str]] = {
    "/customers/find/": "?q=name", "/customers/merge/": "?ids=1,3",
    "/customers/": "?q=name", "/palette/": "?q=name", "/marketing/new/": "?ids=1,2",
    "/customers/new/check/": "?name=name", "/customers/why/": "?customer=2", "/account/rights/": "",
    **{f"/customers/many/{what}/": "?ids=1,2" for what in ("export", "assign", "tag", "untag", "edit", "delete")},
}  # fmt: skip

Pair = tuple[object, object]  # for the seller's own record, and for another team's


@dataclass(frozen=True)
class World:
    """Who there is, and what stands in addresses."""

    users: Mapping[str, User]
    values: Mapping[str, Pair]


def make_world() -> World:
    """The company; its other seller works in another team of another branch."""
    ensure_roles(SYSTEM)
    set_company(SYSTEM, "T公司")
    east, west = create_branch(SYSTEM, "浙江省分行"), create_branch(SYSTEM, "江苏省分行")
    tea, ware = create_team(SYSTEM, "茶叶组", branch_id=east.pk), create_team(SYSTEM, "瓷器组", branch_id=west.pk)
    users = {
        role: create_user(SYSTEM, role, PASSWORD, roles=[role], display_name=role, language="en",
                          team_id=tea.pk if role == "seller" else None)
        for role in ROLES
    }  # fmt: skip
    users["other"] = create_user(SYSTEM, "other", PASSWORD, roles=["seller"], team_id=ware.pk, language="en")
    own = Role.objects.create(name="茶艺师", permissions=["customers.view"])
    mint_customers(SYSTEM, count=5)
    owned = [_records(users[name], number) for number, name in ((1, "seller"), (2, "other"))]
    make_customers({"id": pk, "kind": "organisation", "owner_id": users["seller"].pk} for pk in (3, 4, 5))
    for main_id, gone in ((1, 4), (2, 5)):
        owned[main_id - 1]["merge_id"] = merge_customers(SYSTEM, main_id=main_id, others=[gone]).pk
    values: dict[str, Pair] = {name: (owned[0][name], owned[1][name]) for name in owned[0]}
    note_worker()  # for /health/
    return World(users, values | _of_users(users) | _of_company(users, own))


def _records(user: User, number: int) -> dict[str, object]:
    """One customer with everything that hangs on it; all of the other's says so."""
    mark = MARK if number == 2 else "own"
    make_customers([{
        "id": number, "name": f"{mark} name", "phone": PHONES[number - 1], "email": MAILS[number - 1],
        "region_code": "CN-ZJ",
    }])  # fmt: skip
    make_records([{
        "source": "shop", "source_key": f"{mark}-key", "customer_id": number, "name": f"{mark} name",
        "phone": PHONES[number - 1], "email": MAILS[number - 1], "is_main": True,
    }])  # fmt: skip
    assign_owner(SYSTEM, customer_id=number, owner_id=user.pk)
    values = {"kind": "call", "at": timezone.now().isoformat(), "subject": f"{mark} subject", "body": f"{mark} body"}
    interaction = log_interaction(user, customer_id=number, values=values)
    task = create_task(user, customer_id=number, values={"title": f"{mark} task", "due_on": date(2099, 1, 1)})
    file = add_attachment(user, customer_id=number, name=f"{mark}.txt", chunks=[f"{mark} file".encode()])
    point = add_contact_point(user, customer_id=number, values={"kind": "wechat", "value": f"{mark}_wechat"})
    kind = {"kind": "id_card", "number": NUMBERS[number - 1]}
    add_certificate(user, customer_id=number, values=kind)
    Customer.objects.filter(pk=number).update(kind="organisation")
    add_contact(user, customer_id=number, values={"name": f"{mark} contact", "phone": PHONES[number - 1]})
    put_tag(user, customer_id=number, name=f"tag {number}")  # tags are words that all share
    purchase = record_purchase(
        user, customer_id=number, lines=[Line(f"{mark} tea", "", Decimal(1), Decimal(10))],
        bought_at=timezone.now(), key=f"{mark}-1",
    )  # fmt: skip
    return {
        "customer_id": number, "interaction_id": interaction.pk, "task_id": task.pk, "attachment_id": file.pk,
        "purchase_id": purchase.pk, "row_id": point.pk, "tag_id": Tag.objects.get(name=f"tag {number}").pk,
    }  # fmt: skip


def _of_users(users: Mapping[str, User]) -> dict[str, Pair]:
    """What belongs to a user rather than to a customer: long work, jobs, views, tokens."""
    now = timezone.now()
    pairs: dict[str, list[object]] = {"batch_id": [], "job_id": [], "view_id": [], "token_id": []}
    for name in ("seller", "other"):
        user, mark = users[name], MARK if name == "other" else "own"
        batch = Batch.objects.create(
            kind="customers.tag", subject="customers", options={"tag_id": 1, "tag": mark}, asked_by=user.pk,
            created_at=now, total=1, state=Batch.State.DONE, finished_at=now,
        )  # fmt: skip
        pairs["batch_id"].append(batch.pk)
        pairs["job_id"].append(Job.objects.create(name="customers.x", created_at=now, run_at=now, asked_by=user.pk).pk)
        pairs["view_id"].append(save_view(user, list_key="customers", name=f"{mark} view", query="").pk)
        pairs["token_id"].append(
            ApiToken.objects.create(user=user, name=f"{mark} token", digest=name, created_at=now).pk
        )
    pairs["user_id"] = [users["seller"].pk, users["other"].pk]
    return {name: (first, second) for name, (first, second) in pairs.items()}


def _of_company(users: Mapping[str, User], own: Role) -> dict[str, Pair]:
    """What belongs to nobody in particular."""
    now = timezone.now()
    run = Run.objects.create(job="refresh", started_at=now, state=Run.State.DONE, business_date=date(2026, 11, 22))
    endpoint = Endpoint.objects.create(name="hook", url="https://example.com/", secret=b"x", created_at=now)
    delivery = Delivery.objects.create(endpoint=endpoint, event="customers.CustomerCreated", at=now)
    group = CustomerGroup.objects.create(name="group", created_by=users["marketer"], created_at=now, is_complete=True)
    follow_up = FollowUp.objects.create(
        group=group, title="follow-up", reason="why", control_percent=10, started_on=date(2026, 11, 1),
        due_on=date(2099, 1, 1), measured_days=30, started_by=users["marketer"], started_at=now - timedelta(days=1),
    )  # fmt: skip
    field = define_field(SYSTEM, subject="customers", kind="text", looks=Looks(label_en="Cups", label_zh="杯"))
    alike: dict[str, object] = {
        "run_id": run.pk, "endpoint_id": endpoint.pk, "delivery_id": delivery.pk, "group_id": group.pk,
        "follow_up_id": follow_up.pk, "role_id": own.pk, "list_key": "customers", "subject": "customers",
        "team_id": users["seller"].team_id, "branch_id": getattr(users["seller"].team, "branch_id", None),
        "number": 1, "link": "1-no-link", "way": "unlock", "deed": "archive", "token": "none", "_rest": "nothing",
        "settings-field:key": field.key, "settings-field-deed:key": field.key, "open_door:key": "sample",
        "design-part:key": "table", "door_job:key": "sample", "customer_panel:key": "purchases",
        "customer-part:key": "contact_point",
        "customer-part-new:key": "contact_point", "customer-part-row:key": "contact_point",
        "customer-part-remove:key": "contact_point", "customer-cell:name": "city", "customer-detail:name": "phone",
        "source-check:name": "shop", "account-end-one:number": "0123456789abcdef",
    }  # fmt: skip
    return {name: (value, value) for name, value in alike.items()}


@dataclass(frozen=True)
class Route:
    """One address of the house: its pattern without types, and the name its view is known by."""

    name: str
    pattern: str

    @property
    def parameters(self) -> list[str]:
        """What stands in the address."""
        return re.findall(r"<(\w+)>", self.pattern)

    def address(self, values: Mapping[str, Pair], which: int) -> str:
        """The address for the seller's own record (0) or another team's (1)."""
        address = self.pattern
        for name in self.parameters:
            pair = values.get(f"{self.name}:{name}") or values.get(name)
            if pair is None:
                raise LookupError(f"nobody described <{name}> of {self.pattern}; add it to route_world.py")
            address = address.replace(f"<{name}>", str(pair[which]))
        return address

    def differs(self, values: Mapping[str, Pair]) -> bool:
        """Whether own and other are two records."""
        return self.address(values, 0) != self.address(values, 1)


def all_routes() -> Iterator[Route]:
    """Every address of the project, in its order; the same address of several names once."""
    seen: set[str] = set()
    for name, pattern in _walk(get_resolver().url_patterns, "/"):
        plain = re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", pattern)
        if plain not in seen:
            seen.add(plain)
            yield Route(name, plain)


def _walk(patterns: list[Any], before: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, before + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield pattern.name or "", before + str(pattern.pattern)
