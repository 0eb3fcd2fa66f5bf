"""Setting up webhooks, trying them, sending again."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from guanxi.kernel.commands import Work, command
from guanxi.kernel.errors import as_record
from guanxi.kernel.vault import seal, unseal
from guanxi.kernel.webhooks.errors import (
    AddressPrivate,
    AddressWrong,
    DeliveryUnknown,
    DeliveryWaiting,
    EndpointGivenUp,
    EndpointNameMissing,
    EndpointUnknown,
    EventsMissing,
)
from guanxi.kernel.webhooks.models import Delivery, Endpoint
from guanxi.kernel.webhooks.outlet import TEST, ask_for_delivery, ask_for_try, choosable_events
from guanxi.kernel.webhooks.rules import GIVE_UP_AFTER, is_local_name, split_address

CHUNK = 5_000


@command("settings.manage")
def create_endpoint(work: Work, *, name: str, url: str, events: Sequence[str]) -> Endpoint:
    """Let an address outside be told of events from now on; its secret is made here.

    Raises
    ------
    EndpointNameMissing, AddressWrong, AddressPrivate, EventsMissing
        It cannot be made so.
    """
    endpoint = Endpoint(created_at=work.at, created_by=work.actor.pk, secret=seal(_new_secret()))
    _fill(endpoint, name, url, events)
    endpoint.save()
    work.record(endpoint, {"name": [None, endpoint.name], "events": [[], endpoint.events]})
    return endpoint


@command("settings.manage")
def change_endpoint(
    work: Work, endpoint_id: int, *, name: str, url: str, events: Sequence[str], is_active: bool
) -> None:
    """Change who is told, where and of what; switching it on again forgets its failures.

    Raises
    ------
    EndpointUnknown, EndpointNameMissing, AddressWrong, AddressPrivate, EventsMissing
        It cannot be changed so.
    """
    endpoint = _locked(endpoint_id)
    before = (endpoint.name, endpoint.url, endpoint.events, endpoint.is_active)
    _fill(endpoint, name, url, events)
    if is_active and not endpoint.is_active:
        endpoint.failing_since = endpoint.switched_off = None
    endpoint.is_active = is_active
    after = (endpoint.name, endpoint.url, endpoint.events, endpoint.is_active)
    if after == before:
        work.nothing_changed()
        return
    endpoint.save()
    told = {"name": (before[0], after[0]), "events": (before[2], after[2]), "is_active": (before[3], after[3])}
    changes: dict[str, object] = {field: list(pair) for field, pair in told.items() if pair[0] != pair[1]}
    if before[1] != after[1]:
        changes["url"] = True  # it may hold a token
    work.record(endpoint, changes)


@command("settings.manage")
def delete_endpoint(work: Work, endpoint_id: int) -> None:
    """Tell an address nothing more; its deliveries go with it.

    Raises
    ------
    EndpointUnknown
        There is none.
    """
    endpoint = _locked(endpoint_id)
    work.record(endpoint, {"name": [endpoint.name, None]})
    endpoint.delete()


@command("settings.manage")
def reveal_secret(work: Work, endpoint_id: int) -> str:
    """The secret of an endpoint, to be put into the receiver; that somebody looked at it is kept.

    Raises
    ------
    EndpointUnknown, VaultKeyLost
        There is none, or it cannot be read.
    """
    endpoint = _locked(endpoint_id)
    secret = unseal(endpoint.secret)
    work.record(endpoint, {"secret_revealed": True})
    return secret


@command("settings.manage")
def renew_secret(work: Work, endpoint_id: int) -> str:
    """Make a new secret; what is sent from now on is signed with it.

    Raises
    ------
    EndpointUnknown
        There is none.
    """
    endpoint = _locked(endpoint_id)
    secret = _new_secret()
    endpoint.secret = seal(secret)
    endpoint.save(update_fields=["secret"])
    work.record(endpoint, {"secret_renewed": True})
    return secret


@command("settings.manage")
def ping_endpoint(work: Work, endpoint_id: int) -> Delivery:
    """Send a test, also to an endpoint that is switched off.

    Raises
    ------
    EndpointUnknown
        There is none.
    """
    endpoint = _locked(endpoint_id)
    delivery = ask_for_delivery(endpoint, TEST, {}, work.at)
    work.record(endpoint, {"test": str(delivery.number)})
    return delivery


@command("settings.manage")
def resend_delivery(work: Work, delivery_id: int) -> None:
    """Send a delivery again, under its old number.

    Raises
    ------
    DeliveryUnknown, DeliveryWaiting
        There is none, or it will be sent anyhow.
    """
    delivery = Delivery.objects.select_for_update().filter(pk=delivery_id).first()
    if delivery is None:
        raise DeliveryUnknown(delivery=delivery_id)
    if delivery.state == Delivery.State.WAITING:
        raise DeliveryWaiting
    work.record(delivery, {"state": [delivery.state, Delivery.State.WAITING.value]})
    delivery.state, delivery.attempts, delivery.next_try_at = Delivery.State.WAITING, 0, None
    delivery.save(update_fields=["state", "attempts", "next_try_at"])
    ask_for_try(delivery)


@command("settings.manage")
def give_up_endpoint(work: Work, endpoint_id: int) -> None:
    """Switch off an endpoint that takes nothing, and keep why.

    Raises
    ------
    EndpointUnknown
        There is none.
    """
    endpoint = _locked(endpoint_id)
    endpoint.is_active = False
    endpoint.switched_off = as_record(EndpointGivenUp(days=GIVE_UP_AFTER.days))
    endpoint.save(update_fields=["is_active", "switched_off"])
    work.record(endpoint, {"is_active": [True, False], "error": EndpointGivenUp.code})


@command("settings.manage")
def expire_deliveries(work: Work, *, before: datetime, limit: int = CHUNK) -> int:
    """Remove at most `limit` deliveries of what happened before that time and is over; returns how many."""
    over = Delivery.objects.filter(at__lt=before).exclude(state=Delivery.State.WAITING)
    old = list(over.order_by("pk").values_list("pk", flat=True)[:limit])
    Delivery.objects.filter(pk__in=old).delete()
    if old:
        work.record("deliveries", {"expired": len(old)})
    else:
        work.nothing_changed()
    return len(old)


def _locked(endpoint_id: int) -> Endpoint:
    endpoint = Endpoint.objects.select_for_update().filter(pk=endpoint_id).first()
    if endpoint is None:
        raise EndpointUnknown(endpoint=endpoint_id)
    return endpoint


def _fill(endpoint: Endpoint, name: str, url: str, events: Sequence[str]) -> None:
    name, url = name.strip()[:80], url.strip()
    if not name:
        raise EndpointNameMissing
    parts = split_address(url, private_allowed=settings.WEBHOOKS_PRIVATE)
    if parts is None or parts.hostname is None:
        raise AddressWrong(url=url[:200])
    if not settings.WEBHOOKS_PRIVATE and is_local_name(parts.hostname):
        raise AddressPrivate(host=parts.hostname)
    chosen = sorted(set(events) & set(choosable_events()))
    if not chosen:
        raise EventsMissing
    endpoint.name, endpoint.url, endpoint.events = name, url, chosen


def _new_secret() -> str:
    return f"gxs_{secrets.token_urlsafe(32)}"
