"""Running jobs whose worker is gone: told by watching, never by the clock."""

from __future__ import annotations

import time
from datetime import datetime

from django.db.models import Q

from guanxi.kernel.heartbeat import LeaseTimes
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.process import is_dead

Lease = tuple[str, datetime | None]  # token, lease_until


class SilenceWatch:
    """Watches the leases of running jobs.

    A clock that jumps would take a job from a living worker, or leave it to a dead one for days. So a worker on another
    machine counts as gone when its lease was watched, and not renewed, for as long as a lease lasts; a dead process of
    this machine at once.
    """

    def __init__(self, times: LeaseTimes) -> None:
        self._times = times
        self._seen: dict[int, tuple[Lease, float]] = {}  # job -> its lease, and since when it looks so

    def gone(self) -> Q:
        """The jobs whose workers are gone; what is renewed or taken meanwhile is none of them."""
        now, seen, found = time.monotonic(), dict[int, tuple[Lease, float]](), Q(pk__in=[])
        running = Job.objects.filter(state=Job.State.RUNNING)
        for pk, token, until, holder in running.values_list("pk", "lease_token", "lease_until", "lease_holder"):
            lease = (token, until)
            before, since = self._seen.get(pk, (lease, now))
            seen[pk] = (lease, since if before == lease else now)
            if is_dead(holder) or now - seen[pk][1] >= self._times.lease:
                found |= Q(pk=pk, state=Job.State.RUNNING, lease_token=token, lease_until=until)
        self._seen = seen
        return found
