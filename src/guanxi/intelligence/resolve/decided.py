"""People's decisions as inputs of resolve: merges, and customers they typed in."""

from __future__ import annotations

import pyarrow as pa
from django.db.models import Exists, F, OuterRef, Q

from guanxi.customers.models import Customer, Purchase
from guanxi.insight.engines import Engine, Table
from guanxi.intelligence.resolve.step import GOLDEN, Decided

TYPED = {  # column of the best known values -> field of the customer
    "customer_id": "pk", "kind": "kind", "name": "name", "gender": "gender", "birth_on": "birth_on",
    "company": "company", "phone": "phone", "email": "email", "region_code": "region_code", "city": "city",
    "owner_code": "owner__employee_no", "first_seen_on": "first_seen_on",
}  # fmt: skip
CHUNK = 50_000


def read_decided(engine: Engine) -> Decided:
    """What people decided until now.

    Typed in are customers with a maker's date; one that a source knew and delivers no more counts as well, if
    somebody wrote a purchase down for it.
    """
    bought = Exists(Purchase.objects.filter(customer__main_id=OuterRef("pk")))
    living = Customer.objects.filter(Q(created_at__isnull=False) | Q(bought), main_id=F("pk")).order_by("pk")
    rows = [
        {column: value if value != "" else None for column, value in zip(TYPED, row, strict=True)}
        | {"sources": 0, "records": 0}
        for row in living.values_list(*TYPED.values()).iterator(chunk_size=CHUNK)
    ]
    return Decided(
        merged=read_merged(engine),
        typed=engine.arrow(pa.Table.from_pylist(rows, schema=GOLDEN)),
        purged=read_purged(engine),
    )


def read_purged(engine: Engine) -> Table:
    """The customers (`customer_id`) who were deleted for ever."""
    ids = list(Customer.objects.purged().order_by("pk").values_list("pk", flat=True))
    return engine.arrow(pa.table({"customer_id": pa.array(ids, pa.int64())}))


def read_merged(engine: Engine) -> Table:
    """The customers (`customer_id`) that are part of another today (`main_id`)."""
    merged = Customer.objects.exclude(main_id=F("pk")).order_by("pk").values_list("pk", "main_id")
    pairs = list(merged.iterator(chunk_size=CHUNK))
    return engine.arrow(
        pa.table({
            "customer_id": pa.array([customer_id for customer_id, _main_id in pairs], pa.int64()),
            "main_id": pa.array([main_id for _customer_id, main_id in pairs], pa.int64()),
        })
    )  # fmt: skip
