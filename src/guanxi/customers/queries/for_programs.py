"""Reading customers, contacts and tasks as plain rows, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.http import QueryDict

from guanxi.customers.errors import EntryUnknown
from guanxi.customers.models import Interaction, Preference, Task, seen_by
from guanxi.customers.own_fields import HOLDER
from guanxi.customers.queries.access import find_main_id
from guanxi.customers.rules import mask_email, mask_phone
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.fields.queries import list_definitions
from guanxi.kernel.fields.values import FieldDefinition, told_values
from guanxi.kernel.lists.fields import Field, Kind
from guanxi.kernel.lists.reading import ListPage, read_list
from guanxi.kernel.lists.spec import get_list
from guanxi.kernel.lists.state import ListState

PERMISSION: Final = "customers.view"
OWN: Final = ("kind", "name", "region_code", "city", "phone", "email", "owner_id", "source_records", "last_contact_at",
              "satisfaction")  # fmt: skip
STANDING: Final = {
    "tier": "tier", "stage": "stage", "status": "status", "orders": "frequency", "spend_12m": "spend_12m",
    "expected_12m": "expected_12m", "last_purchase_on": "last_purchase_on",
}  # fmt: skip
CLASSES: Final = ("tier", "stage", "status")
ALL: Final = Field("item", "", Kind.TEXT, needs=(*OWN, "custom", *(f"now__{path}" for path in STANDING.values())))
SIZES: Final = (1, 200)


def list_items(actor: Actor, address: str, size: int) -> tuple[list[dict[str, Any]], ListPage]:
    """One page of the customers that the list's query string asks for, phones and mails masked.

    Raises
    ------
    PermissionDenied, FilterUnknown, FilterUnreadable
        The actor may see no customers; or the address is none of the list's.
    """
    spec = get_list("customers")
    ground = spec.stand(actor)
    state = ListState.from_address(spec, QueryDict(address), ground.fields)
    page = read_list(actor, spec, state, [ALL], _sized(size), ground=ground)
    own = list_definitions(HOLDER)
    return [_item(row) | {"custom": told_values(own, row["custom"])} for row in page.rows], page


def list_own_fields(actor: Actor) -> list[FieldDefinition]:
    """The fields a company added to its customers, in their order.

    Raises
    ------
    PermissionDenied
        The actor may see no customers.
    """
    _refuse_unless_allowed(actor)
    return list_definitions(HOLDER)


def list_interactions(actor: Actor, customer_id: int, *, before: int | None, size: int) -> Sequence[Interaction]:
    """The contacts with a customer and the records merged into it, latest first, behind the one numbered `before`.

    Raises
    ------
    PermissionDenied, CustomerUnknown
        The actor may not look.
    EntryUnknown
        There is none numbered `before` any more, or not where the actor may see it: where it stood nobody knows.
    """
    rows = Interaction.objects.filter(customer__main_id=_main(actor, customer_id), deleted_at=None)
    if before is not None:
        at = (
            Interaction.objects.filter(seen_by(actor, "customer__main__"), pk=before)
            .values_list("at", flat=True)
            .first()
        )
        if at is None:
            raise EntryUnknown(place="before")
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=before))
    return list(rows.order_by("-at", "-pk")[: _sized(size)])


def list_preferences(actor: Actor, customer_id: int) -> Sequence[Preference]:
    """What is known of a customer's likes and taboos.

    Raises
    ------
    PermissionDenied, CustomerUnknown
        The actor may not look.
    """
    return list(Preference.objects.filter(customer__main_id=_main(actor, customer_id)).order_by("pk"))


def list_tasks(
    actor: Actor, *, customer_id: int | None = None, is_mine: bool = False, is_open: bool = False, after: int = 0,
    size: int = 50,
) -> Sequence[Task]:  # fmt: skip
    """Tasks by number, behind `after`: of customers the actor may see, and the actor's own.

    Raises
    ------
    PermissionDenied, CustomerUnknown
        The actor may not look.
    """
    _refuse_unless_allowed(actor)
    rows: QuerySet[Task] = Task.objects.filter(
        Q(assignee_id=actor.pk, assignee_id__isnull=False)
        | (seen_by(actor, "customer__main__") & Q(customer__isnull=False))
    )
    if customer_id is not None:
        rows = rows.filter(customer__main_id=find_main_id(actor, customer_id))
    if is_mine:
        rows = rows.filter(assignee_id=actor.pk)
    if is_open:
        rows = rows.filter(state=Task.State.OPEN)
    return list(rows.filter(pk__gt=after).order_by("pk")[: _sized(size)])


def _main(actor: Actor, customer_id: int) -> int:
    _refuse_unless_allowed(actor)
    return find_main_id(actor, customer_id)


def _refuse_unless_allowed(actor: Actor) -> None:
    if not actor.may(PERMISSION):
        raise PermissionDenied(permission=PERMISSION)


def _sized(size: int) -> int:
    smallest, largest = SIZES
    return min(max(size, smallest), largest)


def _item(row: Any) -> dict[str, Any]:
    item = {"id": row["pk"]} | {name: row[name] for name in OWN}
    item |= {name: row[f"now__{path}"] for name, path in STANDING.items()}
    item |= {name: item[name] or "" for name in CLASSES}
    return item | {"phone": mask_phone(item["phone"]), "email": mask_email(item["email"])}
