"""What commands on customers are called in a record's history and in the operation log."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.attached_words import INTERACTION_KINDS, RELATIONS, TASK_STATES
from guanxi.customers.details import WORDS, kind_of
from guanxi.customers.fields import FIELDS, GENDERS
from guanxi.customers.models import Tag
from guanxi.customers.place_words import place_of
from guanxi.customers.words import KINDS
from guanxi.kernel.access.trail_words import names_of_users
from guanxi.kernel.audit.words import Fact, describe_commands, describe_facts, describe_rows, words_of
from guanxi.kernel.places import is_place


def _names_of_tags(numbers: Collection[Any]) -> Mapping[Any, str]:
    return dict(Tag.objects.filter(pk__in=numbers).values_list("pk", "name"))


def _names_of_places(codes: Collection[Any]) -> Mapping[Any, str]:
    return {code: place_of(code, "") for code in codes if is_place(str(code))}


def _numbers(numbers: Collection[Any]) -> Mapping[Any, str]:
    return {number: f"#{number}" for number in numbers}


def _names_of_fields(names: Collection[Any]) -> Mapping[Any, str | Promise]:
    return {name: FIELDS[name].label if name in FIELDS else PARTS.get(name, name) for name in names}


def _words_for_details(names: Collection[Any]) -> Mapping[Any, str | Promise]:
    return {name: WORDS[kind_of(name)] for name in names}


PARTS: Mapping[str, str | Promise] = {
    "value": _("value"), "label": _("label"), "line": _("address line"), "postcode": _("postcode"),
    "post": _("post"), "role": _("part in the purchase"), "is_key_decision_maker": _("key decision maker"),
    "left_on": _("left the firm"), "attitude": _("attitude"), "said_by": _("who said so"), "said_on": _("said on"),
    "at": _("time"), "subject": _("subject"), "body": _("text"), "direction": _("direction"),
    "reached": _("reached"), "satisfaction": _("satisfaction"), "contact_id": _("contact"), "title": _("title"),
    "reason": _("reason"), "due_on": _("due date"), "due_time": _("due time"), "outcome": _("outcome"),
    "assignee_id": _("assignee"), "valid_until_on": _("valid until"), "number": _("number"),
}  # fmt: skip

_C = "customers.commands"
describe_commands({
    f"{_C}.edit.create_customer": _("Created the customer"),
    f"{_C}.edit.edit_customer": _("Changed the customer"),
    f"{_C}.edit.delete_customer": _("Put the customer into the bin"),
    f"{_C}.edit.restore_customer": _("Took the customer out of the bin"),
    f"{_C}.purge.purge_customers": _("Deleted customers for ever"),
    f"{_C}.owners.assign_owner": _("Handed the customer to another owner"),
    f"{_C}.merge.merge_customers": _("Merged customers"),
    f"{_C}.merge.unmerge_customers": _("Took a merge back"),
    f"{_C}.reveal.reveal": _("Looked at a hidden detail"),
    f"{_C}.contact_points.add_contact_point": _("Added contact details"),
    f"{_C}.contact_points.edit_contact_point": _("Changed contact details"),
    f"{_C}.contact_points.remove_contact_point": _("Removed contact details"),
    f"{_C}.addresses.add_address": _("Added an address"),
    f"{_C}.addresses.edit_address": _("Changed an address"),
    f"{_C}.addresses.remove_address": _("Removed an address"),
    f"{_C}.certificates.add_certificate": _("Added a certificate"),
    f"{_C}.certificates.remove_certificate": _("Removed a certificate"),
    f"{_C}.contacts.add_contact": _("Added a contact"),
    f"{_C}.contacts.edit_contact": _("Changed a contact"),
    f"{_C}.contacts.remove_contact": _("Removed a contact"),
    f"{_C}.preferences.add_preference": _("Added a preference"),
    f"{_C}.preferences.edit_preference": _("Changed a preference"),
    f"{_C}.preferences.remove_preference": _("Removed a preference"),
    f"{_C}.tags.put_tag": _("Put on a tag"),
    f"{_C}.tags.take_tag": _("Took off a tag"),
    f"{_C}.relations.add_relation": _("Added a relation"),
    f"{_C}.relations.remove_relation": _("Removed a relation"),
    f"{_C}.attachments.add_attachment": _("Added a file"),
    f"{_C}.attachments.delete_attachment": _("Deleted a file"),
    f"{_C}.attachments.restore_attachment": _("Brought a file back"),
    f"{_C}.interactions.log_interaction": _("Logged a contact with the customer"),
    f"{_C}.interactions.edit_interaction": _("Changed a logged contact"),
    f"{_C}.interactions.pin_interaction": _("Pinned or unpinned a logged contact"),
    f"{_C}.interactions.remove_interaction": _("Removed a logged contact"),
    f"{_C}.interactions.restore_interaction": _("Brought a logged contact back"),
    f"{_C}.tasks.create_task": _("Created a task"),
    f"{_C}.tasks.edit_task": _("Changed a task"),
    f"{_C}.tasks.finish_task": _("Finished a task"),
    f"{_C}.tasks.drop_task": _("Dropped a task"),
    f"{_C}.tasks.reopen_task": _("Opened a task again"),
    f"{_C}.purchases.record_purchase": _("Wrote down a purchase"),
    f"{_C}.purchases.reverse_purchase": _("Took back a purchase"),
    f"{_C}.publish.mint_customers": _("Gave out customer numbers"),
    f"{_C}.publish.publish_customers": _("Data update: customers"),
    f"{_C}.publish.publish_records": _("Data update: source records"),
    f"{_C}.publish.publish_standings": _("Data update: values and stages"),
    f"{_C}.publish.replace_standings": _("Values of touched customers made anew"),
    f"{_C}.publish.retire_customers": _("Data update: numbers that gave way"),
    f"{_C}.publish.orphan_customers": _("Data update: customers without a source"),
    f"{_C}.publish.drop_records": _("Data update: records no source delivers any more"),
    f"{_C}.publish.make_standings_current": _("Data update: new values show"),
    f"{_C}.publish.drop_old_standings": _("Data update: old values removed"),
})  # fmt: skip
describe_rows("customers.Customer", _("customer"), url_name="customer")
describe_rows("customers.CustomerNumber", _("customer numbers"))
describe_rows("customers.Task", _("task"))
describe_rows("customers.Interaction", _("logged contact"))
describe_rows("customers.Purchase", _("purchase"))
describe_facts("customers.Customer", {
    **{name: Fact(field.label) for name, field in FIELDS.items()},
    "kind": Fact(_("Kind"), words_of({**KINDS, **INTERACTION_KINDS})),
    "gender": Fact(_("Gender"), words_of(GENDERS)),
    "region_code": Fact(_("Region"), _names_of_places),
    "owner_id": Fact(_("Owner"), names_of_users),
    "created": Fact(_("Typed in")),
    "fields": Fact(_("Fields"), _names_of_fields),
    "deleted": Fact(_("In the bin")),
    "merged": Fact(_("Gave way to this one"), _numbers),
    "merged_into": Fact(_("Gave way to"), _numbers),
    "unmerged": Fact(_("Live for themselves again"), _numbers),
    "taken_out_of": Fact(_("Taken out of"), _numbers),
    "first_seen_on": Fact(_("Known since")),
    "revealed": Fact(_("Hidden detail"), _words_for_details),
    "tag": Fact(pgettext_lazy("on a customer", "Tag"), _names_of_tags),
    "contact_point": Fact(_("Contact details"), is_thing=True),
    "address": Fact(_("Address"), is_thing=True),
    "certificate": Fact(_("Certificate"), is_thing=True),
    "contact": Fact(pgettext_lazy("of an organisation", "Contact"), is_thing=True),
    "preference": Fact(_("Preference"), is_thing=True),
    "relation": Fact(_("Relation"), is_thing=True),
    "relation_kind": Fact(_("Kind of relation"), words_of(RELATIONS)),
    "attachment": Fact(_("File"), is_thing=True),
})  # fmt: skip
describe_facts("customers.Interaction", {
    "logged": Fact(_("Kept")), "kind": Fact(_("Kind"), words_of(INTERACTION_KINDS)),
    "fields": Fact(_("Fields"), _names_of_fields), "is_pinned": Fact(_("Pinned")),
})  # fmt: skip
describe_facts("customers.Task", {
    "created": Fact(_("Typed in")), "title": Fact(_("Task")), "reason": Fact(_("reason")),
    "due_time": Fact(_("due time")), "state": Fact(_("State"), words_of(TASK_STATES)),
    "due_on": Fact(_("Due date")), "assignee_id": Fact(_("Assignee"), names_of_users),
})  # fmt: skip
describe_facts("customers.Purchase", {
    "customer": Fact(_("Customer"), _numbers), "total": Fact(_("Amount")), "reverses": Fact(_("Takes back"), _numbers),
})  # fmt: skip
describe_facts("customers.CustomerNumber", {"next_id": Fact(_("Next number"))})
describe_facts("batches.Batch", {
    "tag_id": Fact(_("Tag"), _names_of_tags), "owner_id": Fact(_("Owner"), names_of_users),
    "field": Fact(_("Field"), _names_of_fields),
})  # fmt: skip
describe_facts("", {
    "customers": Fact(pgettext_lazy("count", "Customers")), "records": Fact(_("Source records")),
    "standings": Fact(_("Values")), "gone": Fact(_("Values removed")),
    "retired": Fact(_("Gave way")), "dropped": Fact(_("Dropped")),
    "purged": Fact(_("Deleted for ever"), _numbers),
    "orphaned": Fact(_("Without a source")), "current_run": Fact(_("Data update")),
})  # fmt: skip
