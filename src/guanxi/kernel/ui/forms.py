"""Forms of the design system: the right classes on every field, and a refusal of a command beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from guanxi.kernel.errors import GuanxiError
from guanxi.kernel.ui.formats import told

CLASS_OF: Mapping[type[forms.Widget], str] = {
    forms.CheckboxInput: "form-check-input",
    forms.CheckboxSelectMultiple: "form-check-input",
    forms.RadioSelect: "form-check-input",
    forms.Select: "form-select",
}


class HouseForm(forms.Form):
    """A form to be shown by `ui/_fields.html`.

    `field_of` says beside which field an error of a command stands; others stand above all fields.
    """

    field_of: ClassVar[Mapping[type[GuanxiError], str]] = {}
    required_css_class = "gx-required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for field in self.fields.values():
            kinds = (css for kind, css in CLASS_OF.items() if isinstance(field.widget, kind))
            field.widget.attrs.setdefault("class", next(kinds, "form-control"))

    def refuse(self, error: GuanxiError) -> None:
        """Tell what a command did not accept."""
        self.add_error(self.field_of.get(type(error)), told(error))
