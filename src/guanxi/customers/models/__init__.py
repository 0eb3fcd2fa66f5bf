"""The tables of customers: who they are, how they are reached, what is known, said and done, where they stand."""

from guanxi.customers.models.activity import Interaction, Task
from guanxi.customers.models.contacts import Address, Certificate, Contact, ContactPoint
from guanxi.customers.models.knowledge import Attachment, CustomerTag, Ownership, Preference, Relation, Tag
from guanxi.customers.models.merges import Merge
from guanxi.customers.models.purchases import Purchase, PurchaseItem, PurchaseNumber
from guanxi.customers.models.records import Customer, CustomerNumber, CustomerRows, SourceRecord, seen_by
from guanxi.customers.models.standing import STANDING_COPIES, CurrentStanding, Standing

__all__ = [
    "STANDING_COPIES",
    "Address",
    "Attachment",
    "Certificate",
    "Contact",
    "ContactPoint",
    "CurrentStanding",
    "Customer",
    "CustomerNumber",
    "CustomerRows",
    "CustomerTag",
    "Interaction",
    "Merge",
    "Ownership",
    "Preference",
    "Purchase",
    "PurchaseItem",
    "PurchaseNumber",
    "Relation",
    "SourceRecord",
    "Standing",
    "Tag",
    "Task",
    "seen_by",
]
