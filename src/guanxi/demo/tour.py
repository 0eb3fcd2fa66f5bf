"""The ten-minute tour of the sample company: from records to customers, to a deed, to what it brought."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Count
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer, SourceRecord
from guanxi.demo.planted import NAMESAKE, SOURCES
from guanxi.kernel.commands import Actor
from guanxi.kernel.tour.registry import Address, Stop, Tour, set_tour
from guanxi.marketing.models import FollowUp

GONE_QUIET = urlencode({"quiet": "1"})


def _page(url_name: str, anchor: str = "", query: str = "", *, permission: str) -> Address:
    def address(actor: Actor) -> str | None:
        if not actor.may(permission):
            return None
        return reverse(url_name) + (f"?{query}" if query else "") + (f"#{anchor}" if anchor else "")

    return address


def known_to_all(actor: Actor) -> str | None:
    """The customer whom all four systems know, if the actor may see one."""
    if not actor.may("customers.view"):
        return None
    counted = SourceRecord.objects.filter(customer__in=Customer.objects.living().visible_to(actor))
    known = counted.values("customer").annotate(systems=Count("source", distinct=True)).filter(systems=len(SOURCES))
    first = known.order_by("customer").values_list("customer", flat=True).first()
    return reverse("customer", args=[first]) if first else None


def last_result(actor: Actor) -> str | None:
    """The latest follow-up, or the list of them."""
    if not actor.may("groups.view"):
        return None
    latest = FollowUp.objects.order_by("-pk").values_list("pk", flat=True).first()
    return reverse("follow_up", args=[latest]) if latest else reverse("follow_ups")


STOPS = (
    Stop(
        "records", _("80,000 records, how many customers?"),
        _("Four systems hold 80,000 records. The headline and the steps below it say how many customers these are,"
          " and how many of them still buy."),
        _page("insight-who", permission="insight.view"),
    ),
    Stop(
        "where", _("Where they are"),
        _("A square for each province: how many customers, and what they spend. Click one to see who they are."),
        _page("insight-who", "chart-provinces", permission="insight.view"),
    ),
    Stop(
        "money", _("Who brings the money"),
        _("One per cent of the buyers bring about a third of the revenue. Every class has its rule in words."),
        _page("insight-value", permission="insight.view"),
    ),
    Stop(
        "one", _("One customer from four systems"),
        _("The web shop, the stores, the call centre and a trade fair each knew this firm. Here it is once, with the"
          " records it was put together from."),
        known_to_all,
    ),
    Stop(
        "quiet", _("Gone quiet"),
        _("They bought within a year, but have been away much longer than their own rhythm."),
        _page("customers", query=GONE_QUIET, permission="customers.view"),
    ),
    Stop(
        "follow", _("Follow them up"),
        _("Hand them to their owners as tasks with a reason in words. One in ten is left alone by chance: only so it"
          " shows afterwards whether it helped."),
        _page("follow_up_new", query=urlencode({"all": "1", "state": GONE_QUIET}), permission="groups.manage"),
    ),
    Stop(
        "day", _("The seller's day"),
        _("What is due, whom to call and why. Log in as shen to see it with a seller's customers."),
        _page("my-day", permission="customers.edit"),
    ),
    Stop(
        "result", _("What it brought"),
        _("Those followed up beside those left alone, with the likely range of the difference in words."),
        last_result,
    ),
    Stop(
        "namesakes", _("Three people, one name"),
        _("There is more than one 王伟. They share a name, not a phone: nobody was glued together wrongly."
          " Had two been one, you would choose both here and merge them side by side."),
        _page("customers", query=urlencode({"q": NAMESAKE}), permission="customers.view"),
    ),
)  # fmt: skip


def is_sample_company() -> bool:
    """Whether the sample company lives in this home: its source files lie in it."""
    return (settings.GUANXI_HOME / "demo").is_dir()


set_tour(Tour(STOPS, is_here=is_sample_company))
