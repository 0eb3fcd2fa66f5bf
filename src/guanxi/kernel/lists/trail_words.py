"""What commands on views of lists are called in the operation log."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.audit.words import Fact, describe_commands, describe_facts, describe_rows
from guanxi.kernel.lists.spec import lists
from guanxi.kernel.ui.registry import Text


def _names_of_columns(keys: Collection[Any]) -> Mapping[Any, Text]:
    fields = (field for spec in lists().values() for field in spec.all_fields().values())
    return {field.key: field.label for field in fields if field.key in keys}


_L = "kernel.lists.commands"
describe_commands({
    f"{_L}.save_view": _("Saved a view of a list"),
    f"{_L}.change_view": _("Changed a view of a list"),
    f"{_L}.rename_view": _("Renamed a view of a list"),
    f"{_L}.share_view": _("Shared a view of a list, or kept it to oneself"),
    f"{_L}.pin_view": _("Pinned or unpinned a view of a list"),
    f"{_L}.delete_view": _("Deleted a view of a list"),
    f"{_L}.restore_view": _("Brought a view of a list back"),
    f"{_L}.choose_default": _("Chose with which view a list opens"),
    f"{_L}.choose_role_default": _("Chose with which view a list opens for a role"),
})  # fmt: skip
describe_rows("lists.SavedView", _("view of a list"))
describe_facts("lists.SavedView", {
    "shared": Fact(_("Shared")), "query": Fact(_("Filters and columns")), "name": Fact(_("Name")),
    "deleted": Fact(_("Deleted")), "pinned": Fact(_("Pinned")),
})  # fmt: skip
describe_facts("batches.Batch", {"columns": Fact(_("Columns"), _names_of_columns)})
describe_facts("", {"user": Fact(_("User")), "view": Fact(_("View")), "role": Fact(_("Role"))})
