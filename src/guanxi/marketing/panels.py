"""What marketing puts into the frame."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.lists.actions import Action, add_list_action
from guanxi.kernel.lists.spec import add_fields
from guanxi.kernel.ui.registry import MenuEntry, add_menu_entry
from guanxi.marketing.choice import LIST, group_fields

add_menu_entry(
    MenuEntry(
        key="marketing", title=_("Marketing"), url_name="groups", icon="users-group", permission="groups.view",
        order=40, home=20, jump="m",
        children=(
            MenuEntry(key="groups", title=_("Customer groups"), url_name="groups", permission="groups.view"),
            MenuEntry(key="follow-ups", title=_("Follow-ups"), url_name="follow_ups", permission="groups.view"),
        ),
    )
)  # fmt: skip
add_fields(LIST, group_fields)
add_list_action(
    LIST,
    Action(
        key="follow_up", label=_("Follow up"), icon="player-play", permission="groups.manage", url_name="follow_up_new",
        order=10,
    ),
)  # fmt: skip
