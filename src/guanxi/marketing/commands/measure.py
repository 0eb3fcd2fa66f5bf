"""Measuring what a follow-up brought."""

from __future__ import annotations

from django.db.models import F

from guanxi.intelligence.queries.experiments import measure_uplift
from guanxi.kernel.commands import Work, command
from guanxi.marketing.errors import FollowUpUnknown
from guanxi.marketing.events import FollowUpMeasured
from guanxi.marketing.models import FollowUp, FollowUpMember
from guanxi.marketing.queries.reached import reached_since
from guanxi.marketing.result import Result
from guanxi.marketing.rules import is_settled


@command("groups.manage")
def measure_follow_up(work: Work, *, follow_up_id: int) -> Result:
    """Count who was reached and compare what both arms bought, as far as the last data update knows.

    Everybody counts in the arm they were drawn into, whether reached or not. Once the window lies long
    behind, the result stays as it is; of a follow-up that was cancelled nothing is counted any more.

    Raises
    ------
    FollowUpUnknown
        There is none.
    """
    follow_up = FollowUp.objects.select_for_update().filter(pk=follow_up_id).first()
    if follow_up is None:
        raise FollowUpUnknown(follow_up_id=follow_up_id)
    kept = Result.from_json(follow_up.result)
    settled = kept is not None and is_settled(follow_up.started_on, follow_up.measured_days, kept.known_until)
    if kept is not None and (settled or follow_up.state == FollowUp.State.CANCELLED):
        work.nothing_changed()
        return kept
    members = follow_up.members.annotate(main=F("customer__main")).order_by("customer_id")
    arms = list(members.values_list("main", "arm"))
    measured = measure_uplift(arms, since=follow_up.started_on, days=follow_up.measured_days)
    treated = follow_up.members.filter(arm=FollowUpMember.Arm.TREATED)
    reached = reached_since(treated.values("customer__main"), follow_up.started_on)
    result = Result.of(
        measured.uplift, known_until=measured.known_until, is_final=measured.is_final, currency=measured.currency,
        reached=reached.values("customer__main").distinct().count(),
    )  # fmt: skip
    if result.to_json() == follow_up.result:
        work.nothing_changed()
        return result
    follow_up.result = result.to_json()
    follow_up.save(update_fields=["result"])
    work.record(follow_up, {"measured_to": result.known_until.isoformat() if result.known_until else None})
    work.emit(FollowUpMeasured(follow_up.pk))
    return result
