"""Why a customer stands where they stand: one sentence a class, from their own purchases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from guanxi.customers.queries import StandingCard
from guanxi.customers.words import RFM_GROUPS, STAGES, STATUSES, TIERS, Word
from guanxi.kernel.ui import formats


@dataclass(frozen=True)
class Reason:
    """One line of "what we know": the question, the answer and why."""

    title: str
    word: Word
    why: str
    is_badge: bool = False


def reasons(card: StandingCard) -> Iterator[Reason]:
    """Tier, stage, status and RFM group, each with the numbers it follows from."""
    spent = gettext("Spent %(amount)s in the 12 months to %(day)s.") % {
        "amount": formats.money_whole(card.spend_12m, card.currency), "day": formats.day(card.as_of),
    }  # fmt: skip
    if card.tier:
        yield Reason(gettext("Tier"), TIERS[card.tier], spent, is_badge=True)
    if card.stage:
        yield Reason(gettext("Stage"), STAGES[card.stage], _rhythm(card), is_badge=True)
    yield Reason(gettext("Status"), STATUSES[card.status], gettext("%(rule)s.") % {"rule": STATUSES[card.status].rule})
    if card.rfm_group:
        scores = gettext("Recency %(r)s, frequency %(f)s, spend %(m)s, each of 5") % {
            "r": card.r, "f": card.f, "m": card.m,
        }  # fmt: skip
        word = RFM_GROUPS[card.rfm_group]
        yield Reason(
            gettext("RFM group"), word, gettext("%(scores)s: %(rule)s.") % {"scores": scores, "rule": word.rule}
        )


def _rhythm(card: StandingCard) -> str:
    """How often and how long ago: the two facts every stage is decided by."""
    if not card.frequency or card.first_purchase_on is None or card.last_purchase_on is None:
        return gettext("%(rule)s.") % {"rule": STAGES[card.stage].rule}
    facts = {
        "count": formats.number(card.frequency),
        "first": formats.day(card.first_purchase_on),
        "last": formats.age(card.last_purchase_on, card.as_of),
    }
    told = ngettext(
        "%(count)s order, %(last)s.", "%(count)s orders since %(first)s, the last one %(last)s.", card.frequency
    )
    return gettext("%(rule)s: %(facts)s") % {"rule": STAGES[card.stage].rule, "facts": told % facts}
