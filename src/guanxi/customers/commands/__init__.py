"""Changing customers: what runs publish, and what people do."""

from guanxi.customers.commands.edit import Edit, create_customer, delete_customer, edit_customer, restore_customer
from guanxi.customers.commands.owners import assign_owner, follow_owners
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
    retire_customers,
)
from guanxi.customers.commands.purchases import record_purchase, reverse_purchase

__all__ = [
    "GOLDEN_FIELDS",
    "RECORD_FIELDS",
    "STANDING_FIELDS",
    "Edit",
    "assign_owner",
    "create_customer",
    "delete_customer",
    "drop_old_standings",
    "drop_records",
    "edit_customer",
    "follow_owners",
    "make_standings_current",
    "mint_customers",
    "orphan_customers",
    "publish_customers",
    "publish_records",
    "publish_standings",
    "record_purchase",
    "restore_customer",
    "retire_customers",
    "reverse_purchase",
]
