"""What happened to customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.events.outbox import Event


@dataclass(frozen=True)
class CustomerCreated(Event):
    """Somebody typed in a new customer."""

    title: ClassVar = _("Customer created")
    customer_id: int


@dataclass(frozen=True)
class CustomersEdited(Event):
    """Fields of customers changed; a bulk action names its batch and, beyond 1,000, no single ids."""

    title: ClassVar = _("Customers changed")
    customer_ids: tuple[int, ...]
    fields: tuple[str, ...]
    batch: str = ""


@dataclass(frozen=True)
class CustomersDeleted(Event):
    """Customers went into the bin."""

    title: ClassVar = _("Customers put into the bin")
    customer_ids: tuple[int, ...]
    batch: str = ""


@dataclass(frozen=True)
class CustomersRestored(Event):
    """Customers came back from the bin."""

    title: ClassVar = _("Customers taken out of the bin")
    customer_ids: tuple[int, ...]
    batch: str = ""


@dataclass(frozen=True)
class CustomersPurged(Event):
    """Customers were deleted for ever: whoever holds anything of them erases it too."""

    title: ClassVar = _("Customers deleted for ever")
    customer_ids: tuple[int, ...]
    batch: str = ""


@dataclass(frozen=True)
class CustomersMerged(Event):
    """Records gave way to another one; `main_id` names the living customer."""

    title: ClassVar = _("Customers merged")
    main_id: int
    merged_ids: tuple[int, ...]


@dataclass(frozen=True)
class CustomersUnmerged(Event):
    """A merge was taken back: each of these lives for itself again."""

    title: ClassVar = _("Merge of customers taken back")
    main_id: int
    restored_ids: tuple[int, ...]


@dataclass(frozen=True)
class OwnerChanged(Event):
    """Customers were handed to another owner, or to nobody."""

    title: ClassVar = _("Owner changed")
    customer_ids: tuple[int, ...]
    owner_id: int | None
    batch: str = ""


@dataclass(frozen=True)
class InteractionLogged(Event):
    """A call, visit, mail, note or meeting was kept."""

    title: ClassVar = _("Follow-up kept")
    customer_id: int
    interaction_id: int


@dataclass(frozen=True)
class PurchaseRecorded(Event):
    """A purchase was written down."""

    title: ClassVar = _("Purchase recorded")
    purchase_id: int
    customer_id: int


@dataclass(frozen=True)
class PurchaseReversed(Event):
    """A purchase was taken back by the counter-entry `purchase_id`."""

    title: ClassVar = _("Purchase taken back")
    purchase_id: int
    customer_id: int


@dataclass(frozen=True)
class TaskGiven(Event):
    """A next step was made for somebody, or handed to them; `by` is who did so."""

    title: ClassVar = _("Next step given to somebody")
    task_id: int
    assignee_id: int | None
    by: int | None


@dataclass(frozen=True)
class TaskClosed(Event):
    """A next step was done or dropped (`state`)."""

    title: ClassVar = _("Next step done or dropped")
    task_id: int
    state: str
