"""Customers for programs: the same commands and queries as the pages, as JSON."""

from guanxi.customers.api.routes import customers, interactions, purchases, tasks
from guanxi.kernel.api.build import add_router

add_router("customers", customers, tag="Customers")
add_router("interactions", interactions, tag="Contacts")
add_router("purchases", purchases, tag="Purchases")
add_router("tasks", tasks, tag="Tasks")
