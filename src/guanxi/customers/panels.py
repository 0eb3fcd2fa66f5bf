"""What customers put into the frame: their menu entry, the search box, a first-run door, their bulk actions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.commands.assign_many import AssignCustomers
from guanxi.customers.commands.delete_many import DeleteCustomers, RestoreCustomers
from guanxi.customers.commands.edit_many import EditCustomers
from guanxi.customers.commands.hand_over import HandOver
from guanxi.customers.commands.purge import PurgeCustomers
from guanxi.customers.commands.tag_many import TagCustomers, UntagCustomers
from guanxi.customers.models import Customer
from guanxi.customers.news import KINDS as NEWS
from guanxi.customers.own_columns import list_own_columns
from guanxi.customers.queries.hits import find_customers
from guanxi.customers.queries.names import names_of_customers
from guanxi.customers.queries.timeline import (
    load_changes,
    load_files,
    load_follow_ups,
    load_owners,
    load_steps,
)
from guanxi.customers.web.hand_over import load_hand_over
from guanxi.customers.web.many_forms import FORMS
from guanxi.kernel.batches.registry import Subject, add_action, add_subject, get_action
from guanxi.kernel.fields.registry import Holder, add_holder
from guanxi.kernel.lists.actions import Action, add_list_action
from guanxi.kernel.lists.export import ListExport
from guanxi.kernel.lists.spec import add_fields
from guanxi.kernel.notifications.registry import add_news_kind
from guanxi.kernel.palette.registry import Creation, Finder, RecordAction, add_creation, add_finder, add_record_action
from guanxi.kernel.timeline import Source, add_source
from guanxi.kernel.ui.registry import (
    Door,
    MenuEntry,
    Panel,
    SearchBox,
    add_door,
    add_menu_entry,
    add_panel,
    set_search_box,
)

add_menu_entry(
    MenuEntry(
        key="my-day", title=pgettext_lazy("menu", "My day"), url_name="my-day", icon="sunrise",
        permission="customers.edit", order=10, home=15, jump="d",
        children=(
            MenuEntry(
                key="calendar", title=pgettext_lazy("menu", "Calendar"), url_name="calendar",
                permission="customers.edit",
            ),
        ),
    )
)  # fmt: skip
add_menu_entry(
    MenuEntry(
        key="customers", title=pgettext_lazy("menu", "Customers"), url_name="customers", icon="users",
        permission="customers.view", order=20, home=50, jump="c",
        children=(MenuEntry(key="bin", title=_("Bin"), url_name="customers-bin", permission="customers.delete"),),
    )
)  # fmt: skip
set_search_box(SearchBox("customers", _("Search by name, phone or e-mail"), "customers.view"))
add_door(
    Door(
        key="typing", title=_("Start typing"), text=_("Look at the empty customer list and begin with it."),
        icon="keyboard", order=3, url_name="customers",
    )
)  # fmt: skip
add_holder(Holder("customers", pgettext_lazy("menu", "Customers"), Customer))
add_panel(
    "leaver",
    Panel(
        key="customers", title=pgettext_lazy("menu", "Customers"), template="customers/_hand_over.html",
        load=load_hand_over, permission="customers.assign",
    ),
)  # fmt: skip
add_fields("customers", list_own_columns)
add_subject(Subject("customers", "customer", names_of_customers))
for change in (
    AssignCustomers(), TagCustomers(), UntagCustomers(), EditCustomers(), DeleteCustomers(), RestoreCustomers(),
    PurgeCustomers(), HandOver(),
):  # fmt: skip
    add_action(change)
for order, (name, form) in enumerate(FORMS.items(), 20):
    action = get_action(form.kind)
    add_list_action(
        form.spec.key,
        Action(
            key=name, label=action.title, icon=form.icon, permission=action.permission,
            url_name=f"customers-{name}", order=order, opens="dialog",
        ),
    )  # fmt: skip
add_action(ListExport("customers", "customers.export"))
add_list_action(
    "customers",
    Action(
        key="export", label=pgettext_lazy("verb", "Export"), icon="download", permission="customers.export",
        url_name="customers-export", order=29, opens="dialog",
    ),
)  # fmt: skip
add_list_action(
    "customers",
    Action(
        key="merge", label=pgettext_lazy("verb", "Merge"), icon="users-group", permission="customers.edit",
        url_name="customers-merge", order=24,
    ),
)  # fmt: skip
for source in (
    Source("talk", pgettext_lazy("timeline", "Follow-ups"), "message", "customers.view", load_follow_ups, order=10),
    Source("step", _("Next steps"), "list-check", "customers.view", load_steps, order=30),
    Source("owner", _("Owner"), "user-circle", "customers.view", load_owners, order=40),
    Source("file", pgettext_lazy("timeline", "Files"), "paperclip", "customers.view", load_files, order=50),
    Source("change", _("Changes"), "pencil", "customers.view", load_changes, order=60, is_quiet=True),
):
    add_source("customer", source)
add_finder(
    Finder(key="customers", title=pgettext_lazy("menu", "Customers"), permission="customers.view", find=find_customers)
)
add_creation(Creation("customer", _("New customer"), "user-plus", "customers.edit", "customer-new", order=10))
add_record_action(
    RecordAction("customer", "edit", _("Edit this customer"), "pencil", "customers.edit", "customer-edit")
)
add_record_action(
    RecordAction(
        "customer", "twins", _("Look whether this customer is here twice"), "users", "customers.edit", "customer-twins"
    )
)
for kind in NEWS:
    add_news_kind(kind)
