"""Why somebody can or cannot see a customer, as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.customers.queries.why import Because, CustomerReason

# Of oneself, and of another user.
SENTENCES: Final[Mapping[Because, tuple[str | Promise, str | Promise]]] = {
    Because.UNKNOWN: (
        _("There is no customer {id} that you may know of: it does not exist, or it lies outside what you see."),
        _("There is no customer {id} that you may know of: it does not exist, or it lies outside what you see."),
    ),
    Because.NO_PERMISSION: (
        _("You cannot see it: none of your roles may see customers."),
        _("{name} cannot see it: none of the roles may see customers."),
    ),
    Because.SWITCHED_OFF: (_("You are switched off."), _("{name} cannot see it: this user is switched off.")),
    Because.ALL: (_("You can see it: you see all customers."), _("{name} can see it: a role reaches all customers.")),
    Because.OWN: (_("You can see it: it is yours."), _("{name} can see it, being its owner.")),
    Because.TEAM: (
        _("You can see it: its owner {owner} is in your team."),
        _("{name} can see it: its owner {owner} is in the same team."),
    ),
    Because.BRANCH: (
        _("You can see it: its owner {owner} works in your branch or one below it."),
        _("{name} can see it: its owner {owner} works in the same branch or one below it."),
    ),
    Because.NO_OWNER: (
        _("You cannot see it: it has no owner, and only who sees all customers sees those."),
        _("{name} cannot see it: it has no owner, and only who sees all customers sees those."),
    ),
    Because.OUT_OF_REACH: (
        _("You cannot see it: its owner {owner} is outside your reach."),
        _("{name} cannot see it: its owner {owner} is outside the reach."),
    ),
}


def tell_reason(reason: CustomerReason) -> str:
    """The sentence, in the reader's language."""
    own, others = SENTENCES[reason.because]
    sentence = str(own if reason.reach.is_self else others)
    return sentence.format(id=reason.customer_id, name=reason.reach.name, owner=reason.owner)
