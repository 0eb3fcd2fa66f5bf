"""What the page template shows, from one customer."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from guanxi.customers.queries import CustomerPage
from guanxi.customers.queries.attached import list_tag_names
from guanxi.customers.queries.timeline import load_pinned
from guanxi.customers.standing_words import reasons
from guanxi.customers.web.composer import draw_composer
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.ui.registry import panels_for
from guanxi.kernel.ui.timeline import TimelineView, timeline_view


def page_context(page: CustomerPage) -> dict[str, Any]:
    """What the page and each of its parts show."""
    return {
        "page": page,
        "may_edit": page.may_edit,
        "today": timezone.localdate(),
        "reasons": list(reasons(page.standing)) if page.standing else [],
        "tag_names": list_tag_names() if page.may_edit else [],
    }


def whole_page_context(request: HttpRequest, page: CustomerPage) -> dict[str, Any]:
    """The context of `customers/page.html`."""
    did = did_context(request, page)
    asks_did = bool(did["composer"].kind or request.GET.get("only"))
    reader = reader_of(request)
    return page_context(page) | did | {
        "panels": panels_for("customer", reader), "column": "did" if asks_did else "who",
        "may_delete": reader.may("customers.delete"), "may_assign": reader.may("customers.assign"),
    }  # fmt: skip


def did_context(request: HttpRequest, page: CustomerPage) -> dict[str, Any]:
    """What the middle shows: the composer, and the timeline under the filters of the address."""
    return {"composer": draw_composer(page, request.GET), "timeline": timeline_of(request, page)}


def timeline_of(request: HttpRequest, page: CustomerPage, cursor: str = "") -> TimelineView:
    """A stretch of the customer's timeline; a part of a page is filtered as the page around it."""
    only = request.GET.getlist("only")
    if not only and (around := request.headers.get("HX-Current-URL")):
        only = parse_qs(urlsplit(around).query).get("only", [])
    reader, ids = reader_of(request), page.ids
    return timeline_view(
        "customer", reader, ids, today=timezone.localdate(), only=only, cursor=cursor,
        page_url=reverse("customer", args=[ids[0]]), more_url=reverse("customer-timeline", args=[ids[0]]),
        pinned=lambda: load_pinned(reader, ids),
    )  # fmt: skip
