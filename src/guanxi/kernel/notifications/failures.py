"""Telling that background work was given up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.access.queries import list_who_may
from guanxi.kernel.commands import Actor
from guanxi.kernel.events.outbox import listens_to
from guanxi.kernel.jobs.events import JobFailed
from guanxi.kernel.jobs.models import Job
from guanxi.kernel.jobs.queries import may_watch
from guanxi.kernel.notifications.registry import Facts, NewsKind, add_news_kind
from guanxi.kernel.notifications.tell import tell

KIND: Final = "job_failed"


def _words(actor: Actor, pieces: Sequence[Facts]) -> list[str | None]:
    rows = {row.pk: row for row in Job.objects.filter(pk__in=[piece["job_id"] for piece in pieces])}
    seen = {pk: row for pk, row in rows.items() if may_watch(actor, row)}
    return [
        gettext("It did not work: %(error)s") % {"error": seen[piece["job_id"]].error.partition("\n")[0]}
        if piece["job_id"] in seen
        else None
        for piece in pieces
    ]


@listens_to(JobFailed)
def tell_of_failure(event: JobFailed) -> None:
    """Tell whoever asked for the work, or, where nobody did, those who run data updates."""
    row = Job.objects.filter(pk=event.job_id).first()
    if row is None or row.name.endswith(tell_of_failure.__name__):  # its own failure would go round for ever
        return
    asked = [row.asked_by] if row.asked_by else list_who_may("updates.run")
    tell(asked, KIND, {"job_id": row.pk}, url=reverse("home"), key=f"{KIND}-{row.pk}")


add_news_kind(NewsKind(KIND, _("Something in the background failed"), "alert-triangle", _words))
