"""The bin as the kernel's list engine reads it: deleted customers, by whom and since when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.customers import list_cells as cells
from guanxi.customers.lists import FIELDS
from guanxi.customers.models import Customer, seen_by
from guanxi.kernel.access.models import User
from guanxi.kernel.commands import Actor
from guanxi.kernel.lists.fields import Field, Ground, Kind, Option
from guanxi.kernel.lists.spec import ListSpec, add_list
from guanxi.kernel.ui.parts import Cell

PERMISSION: Final = "customers.delete"
SHARED: Final = frozenset({"q", "name", "kind", "region", "city", "owner", "id"})
DELETED_BY: Final = ("deleted_by__display_name", "deleted_by__username")


def _people() -> Mapping[str, Option]:
    return {str(user.pk): Option(str(user)) for user in User.objects.order_by("display_name", "username")}


def _deleted_by(row: Mapping[str, Any], _ground: Ground) -> Cell:
    return Cell(row[DELETED_BY[0]] or row[DELETED_BY[1]] or "")


def _ground(actor: Actor) -> Ground:
    return Ground(actor, timezone.localdate())


def _scope(actor: Actor, prefix: str) -> Q:
    binned = Q(**{f"{prefix}main__itself": True, f"{prefix}deleted_at__isnull": False})
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
        ),
        row_url=lambda pk: reverse("customer", args=[pk]),
        row_name=lambda row: row["name"] or gettext("No name"), nothing=_("Nothing in the bin matches."),
        needs=("name", "kind"),
    )
)  # fmt: skip
