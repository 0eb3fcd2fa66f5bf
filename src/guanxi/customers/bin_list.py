"""The bin as the kernel's list engine reads it: deleted customers, by whom and since when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.customers import list_cells as cells
from guanxi.customers.lists import FIELDS
from guanxi.customers.models import Customer, seen_by
from guanxi.customers.queries.bin import goes_on, purge_after_days
from guanxi.kernel.access.models import User
from guanxi.kernel.commands import Actor
from guanxi.kernel.lists.fields import Field, Ground, Kind, Option
from guanxi.kernel.lists.spec import ListSpec, add_list, numbered
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.parts import Cell

PERMISSION: Final = "customers.delete"
SHARED: Final = frozenset({"q", "name", "kind", "region", "city", "owner", "id"})
DELETED_BY: Final = ("deleted_by__display_name", "deleted_by__username")


def _people() -> Mapping[str, Option]:
    return {str(user.pk): Option(str(user)) for user in User.objects.order_by("display_name", "username")}


def _deleted_by(row: Mapping[str, Any], _ground: Ground) -> Cell:
    return Cell(row[DELETED_BY[0]] or row[DELETED_BY[1]] or "")


def _load_ends(keys: Sequence[int], _ground: Ground) -> dict[int, date | None]:
    """When each is deleted for ever."""
    days = purge_after_days()
    rows = Customer.objects.filter(pk__in=keys, deleted_at__isnull=False).values_list("pk", "deleted_at")
    return {pk: goes_on(at, days) for pk, at in rows if at is not None}


def _ends(row: Mapping[str, Any], _ground: Ground) -> Cell:
    return Cell(formats.day(row["goes_on"]) if row["goes_on"] else _("never by itself"))


def _ground(actor: Actor) -> Ground:
    return Ground(actor, timezone.localdate())


def _scope(actor: Actor, prefix: str) -> Q:
    binned = Q(
        **{f"{prefix}main__itself": True, f"{prefix}deleted_at__isnull": False, f"{prefix}purged_at__isnull": True}
    )
    return binned & seen_by(actor, prefix)


BIN: Final = add_list(
    ListSpec(
        key="customers-bin", title=_("Bin"), model=Customer, permission=PERMISSION, url_name="customers-bin",
        scope=_scope, ground=_ground, default_sort="deleted",
        fields=(
            *(field for field in FIELDS if field.key in SHARED),
            Field(
                "deleted", _("Deleted"), Kind.MOMENT, "deleted_at", order=("deleted_at",), falls=True,
                needs=("deleted_at",), show=cells.moment_cell("deleted_at"), is_default=True, may_be_empty=False,
            ),
            Field(
                "deleted_by", _("Deleted by"), Kind.CHOICE, "deleted_by_id", options=_people, needs=DELETED_BY,
                show=_deleted_by, is_default=True,
            ),
            Field(
                "goes_on", _("Deleted for ever on"), Kind.DATE, load=_load_ends, show=_ends, is_default=True,
                is_filter=False, is_asked=False,
            ),
        ),
        row_url=numbered("customer"),
        row_name=lambda row: row["name"] or gettext("No name"), nothing=_("Nothing in the bin matches."),
        needs=("name", "kind"),
    )
)  # fmt: skip
