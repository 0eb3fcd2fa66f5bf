"""What the routes of customers take and give."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import Field, Schema
from pydantic import BaseModel

from guanxi.kernel.api.answers import Id

Values = dict[str, str | int | float | bool | None]
CustomerValues = dict[str, str | int | float | bool | list[str] | None]
OwnValues = dict[str, str | int | float | bool | list[str] | None]


class OwnFieldOption(Schema):
    """An option of a field, by the key that values hold."""

    key: str
    label: str


class OwnFieldOut(Schema):
    """A field the company added. `name` is what `values` call it, `filter` what `where` and `sort` call it, if at all.

    A number is a number, a date YYYY-MM-DD, money text in the company's currency, a choice the key of an option, and
    choices are a list of such keys.
    """

    name: str
    key: str
    kind: str
    label: str
    is_required: bool
    options: list[OwnFieldOption]
    filter: str


class CustomerItem(BaseModel):  # ninja's `Schema` asks for each value by a call; a page has a thousand
    """A customer in a list; phone and e-mail are masked, classes and money are of the last data update."""

    id: int
    kind: str
    name: str
    region_code: str
    city: str
    phone: str
    email: str
    owner_id: int | None
    source_records: int
    last_contact_at: datetime | None
    satisfaction: int | None
    tier: str
    stage: str
    status: str
    orders: int | None
    spend_12m: Decimal | None
    expected_12m: Decimal | None
    last_purchase_on: date | None
    custom: OwnValues


class CustomerItems(BaseModel):
    """One page; `next` and `previous` are cursors, `count` stops one above 10,000."""

    items: list[CustomerItem]
    next: str
    previous: str
    count: int
    as_of: date | None
    currency: str


class ContactOut(Schema):
    """One way to reach the customer, masked, with the sources that know it."""

    kind: str
    masked: str
    sources: str
    is_best: bool


class LineageOut(Schema):
    """A record of a source system that is part of the customer."""

    source: str
    key: str
    name: str
    is_main: bool


class StandingOut(Schema):
    """Where the customer stands, as of a day."""

    as_of: date
    currency: str
    tier: str
    stage: str
    status: str
    rfm_group: str
    r: int | None
    f: int | None
    m: int | None
    abc: str
    recency_days: int | None
    frequency: int
    monetary: Decimal
    spend_12m: Decimal
    first_purchase_on: date | None
    last_purchase_on: date | None
    expected_12m: Decimal | None
    expected_low: Decimal | None
    expected_high: Decimal | None


class CustomerOut(Schema):
    """One customer; a number that was merged answers with the living one."""

    id: int
    kind: str
    name: str
    place: str
    owner: str
    left_owner: str
    first_seen_on: date | None
    contacts: list[ContactOut]
    records: list[LineageOut]
    record_count: int
    merged_ids: list[int]
    standing: StandingOut | None
    custom: OwnValues


class MergeIn(Schema):
    """Who gives way; and, where it matters, whose value the survivor takes: field -> customer."""

    others: list[Id] = Field(..., min_length=1, max_length=4)
    chosen: dict[str, Id] = Field(default_factory=dict, examples=[{"name": 12}])


class CustomerIn(Schema):
    """A new customer: fields by name, as they would be typed; those of the company's own as `custom.KEY`."""

    values: CustomerValues = Field(..., examples=[{"name": "王伟", "phone": "13800138000"}])


class CustomerChange(Schema):
    """Changed fields. With `before` (what you read) nobody's newer value is overwritten: that answers 409."""

    values: CustomerValues
    before: CustomerValues = Field(default_factory=dict)


class OwnerIn(Schema):
    """Who looks after the customer from now on; null for nobody. `because` is the reason in words, if there is one."""

    owner_id: Id | None
    because: str = ""


class PeriodOut(Schema):
    """A time during which somebody looked after the customer; that of the present owner has no `until`."""

    owner: str
    since: datetime
    until: datetime | None
    got: str
    got_because: str
    lost: str
    lost_because: str
    last_follow_up_at: datetime | None


class CreatedOut(Schema):
    """The number of what was made."""

    id: int


class DoneOut(Schema):
    """It is done."""

    done: bool = True


class ValuesIn(Schema):
    """Fields by name, as they would be typed."""

    values: Values


class InteractionIn(ValuesIn):
    """A contact that took place; it may end the task that asked for it and name the next step."""

    task_id: Id | None = None
    next_step: Values | None = None


class InteractionOut(Schema):
    """A call, visit, mail, note or meeting."""

    id: int
    customer_id: int
    kind: str
    direction: str
    at: datetime
    subject: str
    body: str
    reached: bool | None
    satisfaction: int | None
    author_id: int | None
    is_pinned: bool


class TaskOut(Schema):
    """Something to be done."""

    id: int
    customer_id: int | None
    title: str
    reason: str
    assignee_id: int | None
    due_on: date
    state: str
    outcome: str
    done_at: datetime | None


class TaskIn(ValuesIn):
    """A new task."""

    customer_id: Id | None = None


class OutcomeIn(Schema):
    """How it ended, in words."""

    outcome: str = ""


class PreferenceOut(Schema):
    """What the customer likes, dislikes or must never meet."""

    id: int
    kind: str
    value: str
    attitude: str
    said_by: str
    said_on: date


class LineIn(Schema):
    """One line of a purchase; without an amount it is quantity times unit price."""

    product_name: str = ""
    product_id: str = ""
    quantity: Decimal = Decimal(1)
    unit_price: Decimal = Decimal(0)
    amount: Decimal | None = None


class PurchaseIn(Schema):
    """A purchase to write down; the same `key` again keeps it once."""

    key: str
    bought_at: datetime
    lines: list[LineIn]
    order_no: str = ""
    currency: str = ""


class PurchaseOut(Schema):
    """A purchase written down here, or with `reverses` the counter-entry of one."""

    id: int
    order_no: str
    bought_at: datetime
    total: Decimal
    currency: str
    lines: int
    reverses: int | None
    is_reversed: bool


class TagIn(Schema):
    """A tag by its name."""

    name: str


def shape(row: Any, kind: type[Schema]) -> dict[str, Any]:
    """The row's attributes that `kind` names."""
    return {name: getattr(row, name) for name in kind.model_fields}
