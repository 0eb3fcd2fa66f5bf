"""Why can('t) somebody see this customer? What one may not know of is answered as what does not exist."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from guanxi.customers.models import Customer, seen_by
from guanxi.kernel.access.models import User
from guanxi.kernel.access.queries import Reach, explain_reach, find_askable
from guanxi.kernel.commands import Actor


class Because(Enum):
    """The one reason that decides."""

    UNKNOWN = "unknown"  # to the asker: it does not exist, or the asker may not know of it
    NO_PERMISSION = "no_permission"
    SWITCHED_OFF = "switched_off"
    ALL = "all"
    OWN = "own"
    TEAM = "team"
    BRANCH = "branch"
    NO_OWNER = "no_owner"
    OUT_OF_REACH = "out_of_reach"


SEES = frozenset({Because.ALL, Because.OWN, Because.TEAM, Because.BRANCH})


@dataclass(frozen=True)
class CustomerReason:
    """Whether a user sees a customer, why, and how far the user's reach goes.

    Attributes
    ----------
    owner
        Who looks after the customer, in words; empty for nobody, and for what the asker may not know of.
    is_in_bin
        It was deleted: whoever sees it finds it in the bin only.
    """

    customer_id: int
    because: Because
    reach: Reach
    owner: str = ""
    owner_place: str = ""
    is_in_bin: bool = False

    @property
    def sees(self) -> bool:
        """Whether the user sees the customer."""
        return self.because in SEES


def explain_customer(actor: Actor, customer_id: int, user_id: int | None = None) -> CustomerReason:
    """Why the actor, or a user whom the actor may ask about, can or cannot see a customer.

    Raises
    ------
    UserNotFound
        There is no such user, or none the actor may ask about.
    """
    user, reach = find_askable(actor, user_id), explain_reach(actor, user_id)
    customer = None
    if actor.may("customers.view"):
        seen = Customer.objects.select_related("main__owner__team", "main__owner__branch")
        customer = seen.filter(seen_by(actor, "main__"), pk=customer_id, purged_at=None).first()
    if customer is None:
        return CustomerReason(customer_id, Because.UNKNOWN, reach)
    main = customer.main
    place = main.owner and (main.owner.team or main.owner.branch)
    return CustomerReason(
        customer_id, _decide(user, main), reach, owner=str(main.owner or ""), owner_place=str(place or ""),
        is_in_bin=main.deleted_at is not None,
    )  # fmt: skip


def _decide(user: User, customer: Customer) -> Because:
    """The reason, in the order in which access is decided."""
    if not user.is_active:
        return Because.SWITCHED_OFF
    if not user.may("customers.view"):
        return Because.NO_PERMISSION
    owners = user.seen_owners()
    if owners is None:
        return Because.ALL
    if customer.owner_id is None:
        return Because.NO_OWNER
    if customer.owner_id == user.pk:
        return Because.OWN
    if customer.owner_id in owners:
        return Because(user.visibility.value)
    return Because.OUT_OF_REACH
