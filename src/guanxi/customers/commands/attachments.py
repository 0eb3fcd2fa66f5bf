"""Files kept with a customer; a deleted one lies in the bin."""

from __future__ import annotations

from collections.abc import Iterable

from guanxi.customers.commands.attached import attach, lock_attached
from guanxi.customers.events import CustomersEdited
from guanxi.customers.files import keep_file
from guanxi.customers.models import Attachment
from guanxi.customers.queries.access import lock_customer
from guanxi.kernel.commands import Work, command


@command("customers.edit")
def add_attachment(work: Work, *, customer_id: int, name: str, chunks: Iterable[bytes]) -> Attachment:
    """Keep a file with a customer. `chunks` is its content, read once.

    Raises
    ------
    CustomerUnknown, FileRefused
        Nothing is kept.
    """
    customer = lock_customer(work.actor, customer_id)
    kept = keep_file(name, chunks)
    attachment = Attachment(
        customer_id=customer.pk, name=kept.name, size=kept.size, content_type=kept.content_type, digest=kept.digest,
        added_by_id=work.actor.pk, added_at=work.at,
    )  # fmt: skip
    attach(work, customer, attachment)
    return attachment


@command("customers.edit")
def delete_attachment(work: Work, *, attachment_id: int) -> None:
    """Put a file into the bin.

    Raises
    ------
    EntryUnknown
        It is gone, or the actor may not see its customer.
    """
    _set_deleted(work, attachment_id, is_deleted=True)


@command("customers.edit")
def restore_attachment(work: Work, *, attachment_id: int) -> None:
    """Take a file out of the bin.

    Raises
    ------
    EntryUnknown
        It is gone, or the actor may not see its customer.
    """
    _set_deleted(work, attachment_id, is_deleted=False)


def _set_deleted(work: Work, attachment_id: int, *, is_deleted: bool) -> None:
    customer, attachment = lock_attached(work.actor, Attachment, attachment_id)
    if (attachment.deleted_at is not None) == is_deleted:
        work.nothing_changed()
        return
    attachment.deleted_at = work.at if is_deleted else None
    attachment.save(update_fields=["deleted_at"])
    work.record(customer, {"attachment": attachment.pk, "deleted": [not is_deleted, is_deleted]})
    work.emit(CustomersEdited((customer.pk,), ("attachment",)))
