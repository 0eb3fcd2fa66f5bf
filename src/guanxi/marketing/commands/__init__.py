"""Saving groups, and following them up."""

from guanxi.marketing.commands.follow_up import (
    Terms,
    cancel_follow_up,
    draw_arms,
    follow_up_chosen,
    hand_out_tasks,
    start_follow_up,
)
from guanxi.marketing.commands.group import fill_group, save_group
from guanxi.marketing.commands.measure import measure_follow_up

__all__ = [
    "Terms",
    "cancel_follow_up",
    "draw_arms",
    "fill_group",
    "follow_up_chosen",
    "hand_out_tasks",
    "measure_follow_up",
    "save_group",
    "start_follow_up",
]
