"""Changing customers: what runs publish, and what people do."""

from guanxi.customers.commands.addresses import add_address, edit_address, remove_address
from guanxi.customers.commands.attachments import add_attachment, delete_attachment, restore_attachment
from guanxi.customers.commands.certificates import add_certificate, remove_certificate
from guanxi.customers.commands.contact_points import add_contact_point, edit_contact_point, remove_contact_point
from guanxi.customers.commands.contacts import add_contact, edit_contact, remove_contact
from guanxi.customers.commands.edit import Edit, create_customer, delete_customer, edit_customer, restore_customer
from guanxi.customers.commands.interactions import (
    edit_interaction,
    log_interaction,
    pin_interaction,
    remove_interaction,
    restore_interaction,
)
from guanxi.customers.commands.merge import merge_customers, unmerge_customers
from guanxi.customers.commands.owners import assign_owner, follow_owners
from guanxi.customers.commands.preferences import add_preference, edit_preference, remove_preference
from guanxi.customers.commands.publish import (
    GOLDEN_FIELDS,
    RECORD_FIELDS,
    STANDING_FIELDS,
    drop_old_standings,
    drop_records,
    make_standings_current,
    mint_customers,
    orphan_customers,
    publish_customers,
    publish_records,
    publish_standings,
    replace_standings,
    retire_customers,
)
from guanxi.customers.commands.purchases import record_purchase, reverse_purchase
from guanxi.customers.commands.purge import purge_customers
from guanxi.customers.commands.relations import add_relation, remove_relation
from guanxi.customers.commands.tags import put_tag, take_tag
from guanxi.customers.commands.tasks import create_task, drop_task, edit_task, finish_task, reopen_task

__all__ = [
    "GOLDEN_FIELDS",
    "RECORD_FIELDS",
    "STANDING_FIELDS",
    "Edit",
    "add_address",
    "add_attachment",
    "add_certificate",
    "add_contact",
    "add_contact_point",
    "add_preference",
    "add_relation",
    "assign_owner",
    "create_customer",
    "create_task",
    "delete_attachment",
    "delete_customer",
    "drop_old_standings",
    "drop_records",
    "drop_task",
    "edit_address",
    "edit_contact",
    "edit_contact_point",
    "edit_customer",
    "edit_interaction",
    "edit_preference",
    "edit_task",
    "finish_task",
    "follow_owners",
    "log_interaction",
    "make_standings_current",
    "merge_customers",
    "mint_customers",
    "orphan_customers",
    "pin_interaction",
    "publish_customers",
    "publish_records",
    "publish_standings",
    "purge_customers",
    "put_tag",
    "record_purchase",
    "remove_address",
    "remove_certificate",
    "remove_contact",
    "remove_contact_point",
    "remove_interaction",
    "remove_preference",
    "remove_relation",
    "reopen_task",
    "replace_standings",
    "restore_attachment",
    "restore_customer",
    "restore_interaction",
    "retire_customers",
    "reverse_purchase",
    "take_tag",
    "unmerge_customers",
]
