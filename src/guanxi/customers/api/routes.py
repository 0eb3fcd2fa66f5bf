"""The routes of customers, contacts and tasks: parse, call, answer."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.http import urlencode
from ninja import Query, Router

from guanxi.customers import commands
from guanxi.customers.api.shapes import (
    CreatedOut,
    CustomerChange,
    CustomerIn,
    CustomerItems,
    CustomerOut,
    DoneOut,
    InteractionIn,
    InteractionOut,
    MergeIn,
    OutcomeIn,
    OwnerIn,
    OwnFieldOption,
    OwnFieldOut,
    PeriodOut,
    PreferenceOut,
    PurchaseIn,
    PurchaseOut,
    TagIn,
    TaskIn,
    TaskOut,
    ValuesIn,
    shape,
)
from guanxi.customers.commands import Edit
from guanxi.customers.models import Purchase
from guanxi.customers.own_fields import HEAD
from guanxi.customers.queries import get_customer_page
from guanxi.customers.queries.for_programs import (
    list_interactions,
    list_items,
    list_own_fields,
    list_preferences,
    list_tasks,
)
from guanxi.customers.queries.owners import get_periods
from guanxi.customers.queries.purchases import list_purchases
from guanxi.customers.rules import Line
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.api.answers import ERRORS, LARGEST, Id, Number
from guanxi.kernel.api.idempotency import idempotent

Size = Annotated[int, Query(ge=1, le=200)]  # of a page
After = Annotated[int, Query(ge=0, le=LARGEST)]  # the last number one has

customers = Router()
tasks = Router()
interactions = Router()
purchases = Router()
DONE = {"done": True}


@customers.get("", response={200: CustomerItems, **ERRORS}, summary="List customers")
def find(
    request: HttpRequest, q: str = "", where: str = "", sort: str = "", cursor: str = "",
    size: Size = 50,
) -> Any:  # fmt: skip
    """The customers you may see. `where` is the filter of the list's address: `tier:is:vip,last:within:90d`."""
    address = urlencode({"q": q, "where": where, "sort": sort, "cursor": cursor})
    items, page = list_items(reader_of(request), address, size)
    return {
        "items": items, "next": page.next_cursor, "previous": page.previous_cursor, "count": page.count,
        "as_of": page.ground.as_of, "currency": page.ground.currency,
    }  # fmt: skip


@customers.post("", response={201: CreatedOut, **ERRORS}, summary="Make a customer")
@idempotent(201)
def make(request: HttpRequest, body: CustomerIn) -> Any:
    """A new customer that you own."""
    return {"id": commands.create_customer(reader_of(request), values=body.values).pk}


@customers.get("/fields", response={200: list[OwnFieldOut], **ERRORS}, summary="Fields of your own")
def own_fields(request: HttpRequest) -> Any:
    """What the company added to its customers; the values stand in `custom` of every customer, by key."""
    return [
        OwnFieldOut(
            name=f"{HEAD}{own.key}", key=own.key, kind=own.kind, label=own.label, is_required=own.is_required,
            options=[OwnFieldOption(key=one.key, label=one.label) for one in own.options if not one.is_archived],
            filter=f"custom_{own.key}" if own.is_filter else "",
        )
        for own in list_own_fields(reader_of(request))
    ]  # fmt: skip


@customers.get("/{int:customer_id}", response={200: CustomerOut, **ERRORS}, summary="One customer")
def show(request: HttpRequest, customer_id: Number) -> Any:
    """Who the customer is, where they stand, and which records they were put together from."""
    return get_customer_page(reader_of(request), customer_id)


@customers.patch("/{int:customer_id}", response={200: DoneOut, **ERRORS}, summary="Change a customer")
@idempotent(200)
def change(request: HttpRequest, customer_id: Number, body: CustomerChange) -> Any:
    """Changes fields; a data update leaves them alone from then on."""
    edits = {
        name: Edit(value, before=body.before.get(name), checks_before=name in body.before)
        for name, value in body.values.items()
    }
    commands.edit_customer(reader_of(request), customer_id=customer_id, edits=edits)
    return DONE


@customers.delete("/{int:customer_id}", response={200: DoneOut, **ERRORS}, summary="Put a customer into the bin")
def throw_away(request: HttpRequest, customer_id: Number) -> Any:
    """Everything attached stays and comes back with it."""
    commands.delete_customer(reader_of(request), customer_id=customer_id)
    return DONE


@customers.post(
    "/{int:customer_id}/restore", response={200: DoneOut, **ERRORS}, summary="Take a customer out of the bin"
)
@idempotent(200)
def restore(request: HttpRequest, customer_id: Number) -> Any:
    """Out of the bin again."""
    commands.restore_customer(reader_of(request), customer_id=customer_id)
    return DONE


@customers.put("/{int:customer_id}/owner", response={200: DoneOut, **ERRORS}, summary="Hand a customer over")
def hand_over(request: HttpRequest, customer_id: Number, body: OwnerIn) -> Any:
    """Another owner, or nobody; whose customer it was is told."""
    commands.assign_owner(
        reader_of(request), customer_id=customer_id, owner_id=body.owner_id, because=body.because
    )  # fmt: skip
    return DONE


@customers.get("/{int:customer_id}/owners", response={200: list[PeriodOut], **ERRORS}, summary="Who looked after them")
def owners_of(request: HttpRequest, customer_id: Number) -> Any:
    """The periods of the owners, the latest first."""
    return [shape(row, PeriodOut) for row in get_periods(reader_of(request), customer_id)]


@customers.post("/{int:customer_id}/merges", response={201: CreatedOut, **ERRORS}, summary="Merge customers")
@idempotent(201)
def merge(request: HttpRequest, customer_id: Number, body: MergeIn) -> Any:
    """Others give way to this customer; their numbers lead here, and nothing attached moves. Gives the merge's id."""
    made = commands.merge_customers(
        reader_of(request), main_id=customer_id, others=body.others, chosen=body.chosen
    )  # fmt: skip
    return {"id": made.pk}


@customers.post("/merges/{int:merge_id}/back", response={200: DoneOut, **ERRORS}, summary="Take a merge back")
@idempotent(200)
def take_back(request: HttpRequest, merge_id: Number) -> Any:
    """Everybody lives for themselves again; what was edited or attached since stays with the survivor."""
    commands.unmerge_customers(reader_of(request), merge_id=merge_id)
    return DONE


@customers.get("/{int:customer_id}/interactions", response={200: list[InteractionOut], **ERRORS}, summary="Contacts")
def contacts_with(request: HttpRequest, customer_id: Number, before: Id | None = None, size: Size = 50) -> Any:
    """Latest first; `before` is the number of the last one you have. If it is gone, that answers 404: begin anew."""
    found = list_interactions(reader_of(request), customer_id, before=before, size=size)
    return [shape(row, InteractionOut) for row in found]


@customers.post("/{int:customer_id}/interactions", response={201: CreatedOut, **ERRORS}, summary="Log a contact")
@idempotent(201)
def log(request: HttpRequest, customer_id: Number, body: InteractionIn) -> Any:
    """A call, visit, mail, note or meeting that took place."""
    made = commands.log_interaction(
        reader_of(request), customer_id=customer_id, values=body.values, task_id=body.task_id, next_step=body.next_step
    )
    return {"id": made.pk}


@customers.get(
    "/{int:customer_id}/preferences", response={200: list[PreferenceOut], **ERRORS}, summary="Likes and taboos"
)
def preferences(request: HttpRequest, customer_id: Number) -> Any:
    """What the customer likes, dislikes or must never meet."""
    return [shape(row, PreferenceOut) for row in list_preferences(reader_of(request), customer_id)]


@customers.post(
    "/{int:customer_id}/preferences", response={201: CreatedOut, **ERRORS}, summary="Note a like or a taboo"
)
@idempotent(201)
def note_preference(request: HttpRequest, customer_id: Number, body: ValuesIn) -> Any:
    """Fields: attitude (like, dislike, never), kind, value, said_by, said_on."""
    return {"id": commands.add_preference(reader_of(request), customer_id=customer_id, values=body.values).pk}


@customers.post(
    "/{int:customer_id}/contact-points", response={201: CreatedOut, **ERRORS}, summary="Add a contact detail"
)
@idempotent(201)
def add_contact_point(request: HttpRequest, customer_id: Number, body: ValuesIn) -> Any:
    """Fields: kind (phone, email, wechat, other), value, label."""
    return {"id": commands.add_contact_point(reader_of(request), customer_id=customer_id, values=body.values).pk}


@customers.post("/{int:customer_id}/tags", response={201: CreatedOut, **ERRORS}, summary="Put a tag on a customer")
@idempotent(201)
def put_tag(request: HttpRequest, customer_id: Number, body: TagIn) -> Any:
    """Makes the tag if it is new."""
    return {"id": commands.put_tag(reader_of(request), customer_id=customer_id, name=body.name).pk}


@customers.delete("/{int:customer_id}/tags/{int:tag_id}", response={200: DoneOut, **ERRORS}, summary="Take a tag off")
def take_tag(request: HttpRequest, customer_id: Number, tag_id: Number) -> Any:
    """The tag itself stays."""
    commands.take_tag(reader_of(request), customer_id=customer_id, tag_id=tag_id)
    return DONE


@customers.get(
    "/{int:customer_id}/purchases", response={200: list[PurchaseOut], **ERRORS}, summary="Purchases written here"
)
def bought(request: HttpRequest, customer_id: Number) -> Any:
    """What was written down here; purchases of source systems count in the standing."""
    return [shape(row, PurchaseOut) for row in list_purchases(reader_of(request), customer_id)]


@customers.post("/{int:customer_id}/purchases", response={201: CreatedOut, **ERRORS}, summary="Write a purchase down")
@idempotent(201)
def buy(request: HttpRequest, customer_id: Number, body: PurchaseIn) -> Any:
    """Shows at once; the value follows within a minute."""
    made = commands.record_purchase(
        reader_of(request), customer_id=customer_id, lines=[Line(**line.dict()) for line in body.lines],
        bought_at=body.bought_at, key=body.key, order_no=body.order_no, currency=body.currency,
        channel=Purchase.Channel.API,
    )  # fmt: skip
    return {"id": made.pk}


@purchases.post("/{int:purchase_id}/reverse", response={201: CreatedOut, **ERRORS}, summary="Reverse a purchase")
@idempotent(201)
def reverse(request: HttpRequest, purchase_id: Number) -> Any:
    """By a counter-entry; nothing is ever changed or removed."""
    return {"id": commands.reverse_purchase(reader_of(request), purchase_id=purchase_id).pk}


@interactions.patch("/{int:interaction_id}", response={200: DoneOut, **ERRORS}, summary="Correct a contact")
@idempotent(200)
def correct(request: HttpRequest, interaction_id: Number, body: ValuesIn) -> Any:
    """Your own, within a day."""
    commands.edit_interaction(reader_of(request), interaction_id=interaction_id, values=body.values)
    return DONE


@interactions.delete("/{int:interaction_id}", response={200: DoneOut, **ERRORS}, summary="Remove a contact")
def remove(request: HttpRequest, interaction_id: Number) -> Any:
    """It can be put back on the page."""
    commands.remove_interaction(reader_of(request), interaction_id=interaction_id)
    return DONE


@tasks.get("", response={200: list[TaskOut], **ERRORS}, summary="Tasks")
def to_do(
    request: HttpRequest, customer_id: Id | None = None, mine: bool = False, open: bool = False, after: After = 0,  # noqa: A002, FBT001
    size: Size = 50,
) -> Any:  # fmt: skip
    """By number; `after` is the last one you have."""
    found = list_tasks(
        reader_of(request), customer_id=customer_id, is_mine=mine, is_open=open, after=after, size=size
    )  # fmt: skip
    return [shape(row, TaskOut) for row in found]


@tasks.post("", response={201: CreatedOut, **ERRORS}, summary="Make a task")
@idempotent(201)
def ask(request: HttpRequest, body: TaskIn) -> Any:
    """Fields: title, reason, due_on, due_time, assignee_id."""
    return {"id": commands.create_task(reader_of(request), customer_id=body.customer_id, values=body.values).pk}


@tasks.patch("/{int:task_id}", response={200: DoneOut, **ERRORS}, summary="Change a task")
@idempotent(200)
def move(request: HttpRequest, task_id: Number, body: ValuesIn) -> Any:
    """Another day, another person, another text."""
    commands.edit_task(reader_of(request), task_id=task_id, values=body.values)
    return DONE


@tasks.post("/{int:task_id}/done", response={200: DoneOut, **ERRORS}, summary="Finish a task")
@idempotent(200)
def finish(request: HttpRequest, task_id: Number, body: OutcomeIn) -> Any:
    """With how it ended, in words."""
    commands.finish_task(reader_of(request), task_id=task_id, outcome=body.outcome)
    return DONE


@tasks.post("/{int:task_id}/drop", response={200: DoneOut, **ERRORS}, summary="Drop a task")
@idempotent(200)
def drop(request: HttpRequest, task_id: Number, body: OutcomeIn) -> Any:
    """It will not be done."""
    commands.drop_task(reader_of(request), task_id=task_id, outcome=body.outcome)
    return DONE
