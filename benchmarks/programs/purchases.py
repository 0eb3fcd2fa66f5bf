"""Purchases written down in a home whose worker runs, and how long until they show in what customers are worth."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from statistics import median

PATIENCE = 300.0
LOOK_EVERY = 0.05
ONE_BY_ONE = 9
AT_ONCE = 1_000


def main(home: str) -> None:
    """Print the seconds as JSON: `shown` and `valued` of one purchase (medians), `recorded` and `all` of many."""
    os.environ["GUANXI_HOME"] = home
    os.environ["DJANGO_SETTINGS_MODULE"] = "guanxi.config.settings"
    import django

    django.setup()
    from decimal import Decimal

    from django.utils import timezone

    from guanxi.customers.commands import record_purchase
    from guanxi.customers.models import Standing
    from guanxi.customers.rules import Line
    from guanxi.intelligence.queries.purchases import get_purchases
    from guanxi.kernel.access.system import SYSTEM

    def orders(ids: list[int]) -> dict[int, int]:
        return dict(Standing.objects.filter(customer__in=ids).values_list("customer", "frequency"))

    def record(customer_id: int) -> None:
        record_purchase(
            SYSTEM, customer_id=customer_id, lines=[Line("岩茶", "P1", Decimal(2), Decimal("88.00"))],
            bought_at=timezone.now(), key=f"bench-{time.perf_counter_ns()}",
        )  # fmt: skip

    buyers = Standing.objects.filter(frequency__gt=0).order_by("customer").values_list("customer", flat=True)
    last = buyers.last() or 0
    spread = [buyers.filter(customer__gte=last * place // (AT_ONCE + 10)).first() or last for place in range(AT_ONCE)]
    ids = sorted(set(spread))
    shown, valued = [], []
    for customer_id in ids[:: max(1, len(ids) // ONE_BY_ONE)][:ONE_BY_ONE]:
        before = orders([customer_id])[customer_id]
        begun = time.perf_counter()
        record(customer_id)
        found = get_purchases(SYSTEM, customer_id)
        if found is None or found.recent[0].purchase_id is None:
            raise AssertionError("the purchase does not show")
        shown.append(time.perf_counter() - begun)
        valued.append(wait(lambda: orders([customer_id])[customer_id] > before, begun))  # noqa: B023  # at once
    before_all = orders(ids)
    begun = time.perf_counter()
    for customer_id in ids:
        record(customer_id)
    recorded = time.perf_counter() - begun
    wanted = {one: count + 1 for one, count in before_all.items()}
    everybody = wait(lambda: orders(ids) == wanted, begun)
    print(
        json.dumps(
            {"shown": median(shown), "valued": median(valued), "slowest": max(valued), "many": len(ids),
             "recorded": recorded, "all": everybody}
        )
    )  # fmt: skip


def wait(is_done: Callable[[], bool], begun: float) -> float:
    """Seconds since `begun` until it is done."""
    while not is_done():
        if time.perf_counter() - begun > PATIENCE:
            raise AssertionError("it never came about")
        time.sleep(LOOK_EVERY)
    return time.perf_counter() - begun


if __name__ == "__main__":
    main(sys.argv[1])
