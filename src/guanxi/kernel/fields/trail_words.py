"""What commands on the company's own fields are called in the operation log."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.audit.words import Fact, describe_commands, describe_facts, describe_rows, words_of
from guanxi.kernel.fields.registry import holders
from guanxi.kernel.fields.web.forms import KINDS
from guanxi.kernel.ui.registry import Text


def _names_of_holders(keys: Collection[Any]) -> Mapping[Any, Text]:
    return {holder.key: holder.title for holder in holders() if holder.key in keys}


_F = "kernel.fields.commands"
describe_commands({
    f"{_F}.define_field": _("Created a field"),
    f"{_F}.change_field": _("Changed a field"),
    f"{_F}.move_field": _("Moved a field"),
    f"{_F}.archive_field": _("Archived a field"),
    f"{_F}.restore_field": _("Brought a field back"),
    f"{_F}.mark_filterable": _("Chose whether a field can be filtered by"),
    f"{_F}.settle_index": _("The index of a field is ready or gone"),
})  # fmt: skip
describe_rows("fields.CustomField", _("field"))
describe_facts("fields.CustomField", {
    "key": Fact(_("Key")), "kind": Fact(_("Kind"), words_of(KINDS)), "position": Fact(_("Place")),
    "archived": Fact(_("Archived")), "is_filterable": Fact(_("Can be filtered by")),
    "index": Fact(_("Index"), words_of({"none": _("none"), "waiting": _("being prepared"), "ready": _("ready")})),
    "subject": Fact(_("Of what"), _names_of_holders),
})  # fmt: skip
