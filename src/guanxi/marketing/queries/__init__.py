"""Reading groups and follow-ups for screens."""

from guanxi.marketing.queries.follow_ups import FollowUpLine, FollowUpPage, OwnerLine, get_follow_up, list_follow_ups
from guanxi.marketing.queries.groups import GroupLine, get_group, list_groups
from guanxi.marketing.queries.plan import Plan, get_plan

__all__ = [
    "FollowUpLine",
    "FollowUpPage",
    "GroupLine",
    "OwnerLine",
    "Plan",
    "get_follow_up",
    "get_group",
    "get_plan",
    "list_follow_ups",
    "list_groups",
]
