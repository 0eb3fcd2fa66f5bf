"""Reading customers for screens."""

from guanxi.customers.queries.customer_list import (
    COUNT_LIMIT,
    CustomerList,
    CustomerRow,
    count_customers,
    find_way_out,
    list_customers,
)
from guanxi.customers.queries.customer_page import (
    Contact,
    CustomerPage,
    Lineage,
    StandingCard,
    get_customer_page,
)

__all__ = [
    "COUNT_LIMIT",
    "Contact",
    "CustomerList",
    "CustomerPage",
    "CustomerRow",
    "Lineage",
    "StandingCard",
    "count_customers",
    "find_way_out",
    "get_customer_page",
    "list_customers",
]
