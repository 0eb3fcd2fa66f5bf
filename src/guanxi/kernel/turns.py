"""What only one transaction does at a time, whichever rows it turns out to need."""

from __future__ import annotations

import hashlib

from django.db import connection


def wait_for_turn(deed: str) -> None:
    """Wait until no other transaction is at `deed`, and hold it until this one ends.

    On SQLite the transaction itself holds the one right to write.
    """
    if connection.vendor == "postgresql":
        key = int.from_bytes(hashlib.sha256(deed.encode()).digest()[:8], signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
