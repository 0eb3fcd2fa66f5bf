"""The hand-over of a leaver's customers, offered beside the user in the settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from guanxi.customers.commands.hand_over import hand_over
from guanxi.customers.models import Customer
from guanxi.kernel.access.models import User
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.commands import Actor


def load_hand_over(actor: Actor, user_id: int) -> Mapping[str, Any] | None:
    """How many customers the user looks after, and who could take them over; nothing where there are none."""
    count = Customer.objects.living().visible_to(actor).filter(owner=user_id).count()
    if not count:
        return None
    people = User.objects.filter(is_active=True).exclude(pk=user_id)
    return {"user_id": user_id, "count": count, "people": sorted(((p.pk, str(p)) for p in people), key=lambda p: p[1])}


@require_POST
def hand_over_all(request: HttpRequest, user_id: int) -> HttpResponse:
    """Begin the hand-over; how far it is shows above every page."""
    to = request.POST.get("to", "")
    hand_over(reader_of(request), from_id=user_id, to_id=int(to) if to.isdecimal() and len(to) < 19 else 0)
    messages.success(request, gettext("The hand-over has begun. It can be taken back under “My bulk actions”."))
    return redirect("settings-person", user_id)
