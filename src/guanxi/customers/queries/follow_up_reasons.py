"""Why to contact a customer, in a few words of its own."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext, ngettext

from guanxi.customers.models import CurrentStanding, Standing
from guanxi.customers.words import STAGES, TIERS
from guanxi.kernel.ui import formats


def reasons_to_follow_up(customer_ids: Sequence[int]) -> dict[int, str]:
    """For each customer with a standing: tier, stage, last purchase and orders, in the language that is active.

    The caller has asked for permission: this is a reading aid, not a query.
    """
    current = CurrentStanding.objects.filter(pk=1).first()
    if current is None:
        return {}
    rows = Standing.objects.filter(run_id=current.run_id, customer__in=customer_ids)
    return {row.customer_id: _in_words(row) for row in rows}


def _in_words(row: Standing) -> str:
    said = [str(TIERS[row.tier].label)] if row.tier else []
    if row.stage:
        said.append(str(STAGES[row.stage].label))
    if row.last_purchase_on is None:
        return formats.listed([*said, gettext("has not bought yet")])
    last = formats.age(row.last_purchase_on, row.as_of)
    said.append(gettext("last purchase %(when)s") % {"when": last})
    said.append(
        ngettext("%(count)s order", "%(count)s orders", row.frequency) % {"count": formats.number(row.frequency)}
    )
    return formats.listed(said)
