"""What has to be written down although the database is just being restarted."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connection

log = logging.getLogger(__name__)
PATIENCE = 30.0  # seconds; a database that crashed reads its log first
PAUSE = 0.5


def persistently(deed: Callable[[], object], *, patience: float = PATIENCE) -> None:
    """Do a deed that is safe to try again, over new connections, until the database takes it or patience ends.

    A SQLite file is not restarted: there an error is raised at once.

    Raises
    ------
    OperationalError, InterfaceError
        It did not within `patience` seconds, or within the transaction of a caller, who has to begin anew.
    """
    end = time.monotonic() + patience
    while True:
        try:
            deed()
        except (OperationalError, InterfaceError) as error:
            if connection.vendor == "sqlite" or connection.in_atomic_block or time.monotonic() >= end:
                raise
            log.warning("The database did not answer, trying again: %s", error)
            connection.close()
            time.sleep(PAUSE)
        else:
            return
