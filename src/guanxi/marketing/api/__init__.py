"""Groups and follow-ups for programs."""

from guanxi.kernel.api.build import add_router
from guanxi.marketing.api.routes import follow_ups, groups

add_router("groups", groups, tag="Customer groups")
add_router("follow-ups", follow_ups, tag="Follow-ups")
