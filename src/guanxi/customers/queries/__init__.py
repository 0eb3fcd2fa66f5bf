"""Reading customers for screens."""

from guanxi.customers.queries.customer_page import (
    Contact,
    CustomerPage,
    Lineage,
    StandingCard,
    get_customer_page,
)

__all__ = [
    "Contact",
    "CustomerPage",
    "Lineage",
    "StandingCard",
    "get_customer_page",
]
