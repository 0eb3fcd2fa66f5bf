"""What can go wrong with customers."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import GuanxiError, NotFound


class CustomerUnknown(NotFound):
    """No customer has, or ever had, this number."""

    code = "customer_unknown"
    sentence = _("There is no customer {customer_id}.")
    cure = _("Search by name, phone or e-mail.")


class OwnerUnknown(GuanxiError):
    """Customers can be handed to active users only."""

    code = "owner_unknown"
    sentence = _("There is no active user {owner_id} to hand the customer to.")
    cure = _("Choose somebody who works here.")


class FieldUnknown(GuanxiError):
    """A customer has no such field, or nobody may edit it."""

    code = "field_unknown"
    sentence = _("“{field}” is not a field of customers that can be edited.")
    cure = _("Choose one of: {fields}.")


class FieldInvalid(GuanxiError):
    """A value does not fit its field."""

    code = "field_invalid"
    sentence = _("“{value}” does not fit the field “{field}”: {reason}")
    cure = _("Correct the value and save again.")


class FieldMissing(GuanxiError):
    """A field that must hold something was left empty."""

    code = "field_missing"
    sentence = _("“{field}” is missing.")
    cure = _("Fill it in and save again.")


class EntryUnknown(NotFound):
    """What hangs on a customer is gone, or the customer is none the reader may know of."""

    code = "entry_unknown"
    sentence = _("This entry is not there any more.")
    cure = _("Load the page again.")


class AlreadyThere(GuanxiError):
    """The customer has the very same already."""

    code = "already_there"
    sentence = _("This customer has it already: {what}.")
    cure = _("Change the one that is there, or type another.")


class NoOrganisation(GuanxiError):
    """Only organisations have people who speak for them."""

    code = "no_organisation"
    sentence = _("Only an organisation has contacts.")
    cure = _("For a person, add a relation instead.")


class RelatedToItself(GuanxiError):
    """A customer is not related to itself."""

    code = "related_to_itself"
    sentence = _("A customer cannot be related to itself.")
    cure = _("Choose another customer.")


class FileRefused(GuanxiError):
    """A file that is not kept here."""

    code = "file_refused"
    sentence = _("The file “{name}” was not kept: {reason}.")
    cure = _("Kept are files of up to {limit} MB of these kinds: {kinds}.")


class NotYourEntry(GuanxiError):
    """What somebody said is corrected by who said it, on the same day."""

    code = "not_your_entry"
    sentence = _("Only its author can change a follow-up, within a day.")
    cure = _("Log what is right as a new one.")


class TaskIsOver(GuanxiError):
    """A next step that was done or dropped does not move any more."""

    code = "task_is_over"
    sentence = _("“{title}” is over already.")
    cure = _("Open it again first, or make a new one.")


class CannotSeeCustomer(GuanxiError):
    """A next step is of no use to somebody who may not see its customer."""

    code = "cannot_see_customer"
    sentence = _("{name} may not see this customer.")
    cure = _("Hand over the customer, or choose somebody who may.")


class EditConflict(GuanxiError):
    """Somebody else changed the same field in the meantime; nothing was overwritten."""

    code = "edit_conflict"
    sentence = _("Somebody changed “{field}” while you were editing: it is “{current}” now.")
    cure = _("Compare the two, then save yours over it or keep theirs.")


class NameMissing(GuanxiError):
    """A customer nobody can call by a name or reach is nobody."""

    code = "name_missing"
    sentence = _("A customer needs a name.")
    cure = _("Give the customer a name; a phone or e-mail helps to recognise them.")


class PurchaseUnknown(NotFound):
    """No purchase has this number, or not one the actor may know of."""

    code = "purchase_unknown"
    sentence = _("There is no purchase {purchase_id}.")
    cure = _("Choose one from the customer's page.")


class PurchaseInvalid(GuanxiError):
    """Something about a purchase cannot be."""

    code = "purchase_invalid"
    sentence = _("This purchase cannot be written down: {reason}")
    cure = _("Correct it and save again.")


class PurchaseCurrencyDiffers(GuanxiError):
    """Amounts of two currencies cannot be added up."""

    code = "purchase_currency_differs"
    sentence = _("This purchase is in {currency}, but the company counts in {company}.")
    cure = _("Write it down in {company}.")


class PurchaseOrderKnown(GuanxiError):
    """The customer has a purchase of this order number already."""

    code = "purchase_order_known"
    sentence = _("Order {order_no} of this customer is written down already.")
    cure = _("If that one is wrong, take it back first.")


class PurchaseKeyUsed(GuanxiError):
    """The key that makes a repeated request harmless was used for something else."""

    code = "purchase_key_used"
    sentence = _("The key “{key}” was used for another purchase already.")
    cure = _("Give every purchase a key of its own.")


class PurchaseAlreadyReversed(GuanxiError):
    """A purchase is taken back once."""

    code = "purchase_already_reversed"
    sentence = _("Purchase {purchase_id} was taken back already.")
    cure = _("If it did take place, write it down anew.")


class CounterEntryStays(GuanxiError):
    """What takes a purchase back is not taken back itself."""

    code = "counter_entry_stays"
    sentence = _("Number {purchase_id} takes a purchase back and cannot be taken back itself.")
    cure = _("If the purchase did take place, write it down anew.")


class TagUnknown(GuanxiError):
    """Nobody uses a tag of this number."""

    code = "tag_unknown"
    sentence = _("There is no tag {tag_id}.")
    cure = _("Choose one of the tags in use.")


class DetailUnknown(NotFound):
    """The customer has no such phone, mail address or certificate any more."""

    code = "detail_unknown"
    sentence = _("This is not there any more.")
    cure = _("Load the page again.")


class NotThatMany(GuanxiError):
    """A merge takes a handful of customers that somebody has looked at side by side."""

    code = "not_that_many"
    sentence = _("Merge 2 to {most} different customers at a time.")
    cure = _("Choose those that are the same, and look at them side by side.")


class AlreadyMerged(GuanxiError):
    """A record that gave way to another one is no customer of its own."""

    code = "already_merged"
    sentence = _("Customer {customer_id} was merged into customer {main_id} already.")
    cure = _("Merge with that one instead, or take that merge back first.")


class KindsDiffer(GuanxiError):
    """A person is no organisation."""

    code = "kinds_differ"
    sentence = _("A person and an organisation cannot be one customer.")
    cure = _(
        "If the kind of one is wrong, correct it first. Somebody who works there is a contact of the organisation."
    )


class MergeUnknown(NotFound):
    """There was no such merge, or the customer is none the reader may know of."""

    code = "merge_unknown"
    sentence = _("There is no merge {merge_id}.")
    cure = _("Choose one from the customer's page.")


class MergeTakenBack(GuanxiError):
    """A merge is taken back once."""

    code = "merge_taken_back"
    sentence = _("This merge was taken back already.")
    cure = _("Load the page again.")


class MergeBuiltUpon(GuanxiError):
    """The survivor of a merge has given way to another customer since."""

    code = "merge_built_upon"
    sentence = _("The customer of this merge was merged into customer {main_id} since.")
    cure = _("Take that later merge back first.")


class LooksUsedUp(GuanxiError):
    """Nobody reads the whole customer file phone by phone."""

    code = "looks_used_up"
    sentence = _("You have looked at {limit} hidden details within an hour; that is the most.")
    cure = _("Go on a little later, or ask an administrator to raise the limit.")
