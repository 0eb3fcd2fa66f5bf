"""Defining a field, and changing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import GuanxiError
from guanxi.kernel.fields.commands import CHOOSING, Looks
from guanxi.kernel.fields.queries import FieldLine
from guanxi.kernel.fields.rules import LONGEST_KEY, LONGEST_LABEL, write_options
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.forms import HouseForm
from guanxi.kernel.ui.registry import Text

KINDS: Final[dict[str, Text]] = {
    "text": _("Text"), "number": _("Number"), "money": _("Amount of money"), "date": _("Date"),
    "choice": _("One choice"), "choices": _("Several choices"), "flag": _("Yes or no"),
}  # fmt: skip
ICONS: Final = {
    "text": "forms", "number": "hash", "money": "coin", "date": "calendar", "choice": "circle-check",
    "choices": "list-check", "flag": "toggle-left",
}  # fmt: skip


class FieldForm(HouseForm):
    """How a field looks."""

    field_of: ClassVar[Mapping[type[GuanxiError], str]] = {}

    label_zh = forms.CharField(label=_("Name in Chinese"), max_length=LONGEST_LABEL, required=False)
    label_en = forms.CharField(label=_("Name in English"), max_length=LONGEST_LABEL, required=False)
    options = forms.CharField(
        label=_("Options"), required=False, widget=forms.Textarea({"rows": 6}),
        help_text=_("One a line, Chinese | English. A # in front archives an option: values that hold it stay."),
    )  # fmt: skip
    help_zh = forms.CharField(label=_("Help in Chinese"), max_length=200, required=False)
    help_en = forms.CharField(label=_("Help in English"), max_length=200, required=False)
    is_required = forms.BooleanField(label=_("Must be filled in"), required=False)

    def __init__(self, *args: Any, line: FieldLine | None = None, **kwargs: Any) -> None:
        initial = None
        if line is not None:
            initial = {name: getattr(line, name) for name in Looks.__dataclass_fields__}
            initial["options"] = write_options(line.options)
        super().__init__(*args, initial=initial, **kwargs)
        if line is not None and line.kind not in CHOOSING:
            del self.fields["options"]

    def looks(self) -> Looks:
        """How the field is to look."""
        return Looks(**{name: self.cleaned_data.get(name, "") for name in Looks.__dataclass_fields__})

    def refuse(self, error: GuanxiError) -> None:
        """Tell what the command did not accept, beside its field."""
        self.add_error(error.place if error.place in self.fields else None, formats.told(error))


class NewFieldForm(FieldForm):
    """A new field: its kind and its key stay for good."""

    kind = forms.ChoiceField(label=_("Kind"), choices=list(KINDS.items()), help_text=_("Stays as it is for good."))
    key = forms.CharField(
        label=_("Key"), max_length=LONGEST_KEY, required=False,
        help_text=_("In addresses, files and programs; made from the English name where you give none."),
    )  # fmt: skip
    field_order = (
        "kind", "label_zh", "label_en", "options", "help_zh", "help_en", "is_required", "key",
    )  # fmt: skip
