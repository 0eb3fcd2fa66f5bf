"""Merging customers side by side, taking it back, and looking for those that are here twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanxi.customers.commands import merge_customers, unmerge_customers
from guanxi.customers.lists import CUSTOMERS
from guanxi.customers.queries.merges import compare_customers, find_twins
from guanxi.customers.rules import MOST_MERGED
from guanxi.kernel.access.models import User
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.lists.actions import Selection
from guanxi.kernel.row_numbers import read_row_number
from guanxi.kernel.ui.toasts import leave_toast

FIELD: Final = "field-"
PERMISSION: Final = "customers.edit"


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest) -> HttpResponse:
    """The chosen customers side by side, the first of them to live on; POST merges them."""
    reader = reader_of(request)
    if not reader.may(PERMISSION):
        raise PermissionDenied(permission=PERMISSION)
    if request.method != "POST":
        found = compare_customers(reader, _chosen(request, reader))
        return render(request, "customers/merge.html", {
            "found": found,
            "orders": [_first(side.id, [one.id for one in found.sides]) for side in found.sides],
            "ids": ",".join(str(side.id) for side in found.sides),
        })  # fmt: skip
    # Only who was seen side by side is merged, never all that match.
    main_id, *others = Selection.from_request(CUSTOMERS, {"ids": request.POST.get("ids", "")}).ids
    chosen = {
        name.removeprefix(FIELD): number
        for name, value in request.POST.items()
        if name.startswith(FIELD) and (number := read_row_number(str(value))) is not None
    }
    made = merge_customers(reader, main_id=main_id, others=others, chosen=chosen)
    told = (
        _("Merged. Customers %(ids)s lead here now.")
        if len(others) > 1
        else _("Merged. Customer %(ids)s leads here now.")
    )
    leave_toast(request, told % {"ids": ", ".join(map(str, others))}, reverse("customer-merge-back", args=[made.pk]))
    return redirect("customer", main_id)


@require_POST
def take_back(request: HttpRequest, merge_id: int) -> HttpResponse:
    """Take a merge back: each lives for itself again."""
    made = unmerge_customers(reader_of(request), merge_id=merge_id)
    leave_toast(request, _("Taken back: each of them lives for itself again."))
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        response.headers["HX-Refresh"] = "true"
        return response
    return redirect("customer", made.main_id)


@require_safe
def show_twins(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Who else might be this customer."""
    twins = find_twins(reader_of(request), customer_id)
    return render(request, "customers/twins.html", {"twins": twins})


def _chosen(request: HttpRequest, reader: User) -> Sequence[int]:
    """The numbers in the order of the address; of all that match a list, one more than can be merged at most."""
    chosen = Selection.from_request(CUSTOMERS, request.GET)
    if chosen.state is None:
        return chosen.ids
    return list(chosen.rows(reader, CUSTOMERS).order_by("pk").values_list("pk", flat=True)[: MOST_MERGED + 1])


def _first(one: int, ids: Sequence[int]) -> str:
    return ",".join(map(str, [one, *(pk for pk in ids if pk != one)]))
