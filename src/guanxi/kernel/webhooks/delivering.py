"""One attempt at one delivery, and what follows from it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from guanxi import __version__
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.errors import GuanxiError, as_record
from guanxi.kernel.vault import unseal
from guanxi.kernel.webhooks.commands import give_up_endpoint
from guanxi.kernel.webhooks.errors import EndpointOff, ReceiverRefused
from guanxi.kernel.webhooks.models import Delivery, Endpoint
from guanxi.kernel.webhooks.outlet import TEST, ask_for_try, body_of
from guanxi.kernel.webhooks.rules import decide_next_try, is_to_be_given_up, sign
from guanxi.kernel.webhooks.sending import post


def try_delivery(delivery_id: int, attempt: int) -> None:
    """Send a delivery, if attempt number `attempt` was not noted yet.

    A worker that dies between sending and noting is followed by another that sends again: at least once, and the
    receiver knows it by its number.
    """
    delivery = Delivery.objects.select_related("endpoint").filter(pk=delivery_id).first()
    if delivery is None or delivery.state != Delivery.State.WAITING or delivery.attempts != attempt:
        return
    status: int | None = None
    error: GuanxiError | None = None
    if not delivery.endpoint.is_active and delivery.event != TEST:
        error = EndpointOff()
    else:
        try:
            status = _send(delivery)
        except GuanxiError as refused:
            error = refused
    if status is not None and not 200 <= status < 300:
        error = ReceiverRefused(host=delivery.endpoint.name, status=status)
    _note(delivery.pk, attempt, status, error, timezone.now())


def _send(delivery: Delivery) -> int:
    body = body_of(delivery)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"Guanxi/{__version__}",
        "Guanxi-Delivery": str(delivery.number),
        "Guanxi-Event": delivery.event,
        "Guanxi-Signature": sign(unseal(delivery.endpoint.secret), int(timezone.now().timestamp()), body),
    }
    return post(delivery.endpoint.url, body, headers, private_allowed=settings.WEBHOOKS_PRIVATE)


def _note(delivery_id: int, attempt: int, status: int | None, error: GuanxiError | None, now: datetime) -> None:
    """Keep what became of the attempt, and ask for the next one if there is to be one: both or neither."""
    with transaction.atomic():
        endpoint = Endpoint.objects.select_for_update().filter(deliveries=delivery_id).first()
        delivery = Delivery.objects.select_for_update().filter(pk=delivery_id, attempts=attempt).first()
        if endpoint is None or delivery is None or delivery.state != Delivery.State.WAITING:
            return
        delivery.attempts, delivery.tried_at, delivery.next_try_at = attempt + 1, now, None
        delivery.status, delivery.error = status, None if error is None else as_record(error)
        if error is None:
            delivery.state = Delivery.State.DELIVERED
            endpoint.delivered_at, endpoint.failing_since = now, None
        else:
            is_over = not endpoint.is_active or delivery.event == TEST
            wait = None if is_over else decide_next_try(delivery.attempts)
            delivery.state = Delivery.State.FAILED if wait is None else Delivery.State.WAITING
            delivery.next_try_at = None if wait is None else now + wait
            endpoint.failing_since = endpoint.failing_since or now
        delivery.save()
        endpoint.save(update_fields=["delivered_at", "failing_since"])
        if delivery.state == Delivery.State.WAITING:
            ask_for_try(delivery)
        if endpoint.is_active and is_to_be_given_up(endpoint.failing_since, now):
            give_up_endpoint(SYSTEM, endpoint.pk)
