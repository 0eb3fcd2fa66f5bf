"""The form of a webhook."""

from __future__ import annotations

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.webhooks.outlet import choosable_events


class EndpointForm(forms.Form):
    """Who is told, where, and of what; whether the address may be told the command decides."""

    name = forms.CharField(
        max_length=80, label=_("Name of the receiver"), widget=forms.TextInput(attrs={"class": "form-control"}),
        error_messages={"required": _("Name the system that is told.")},
    )  # fmt: skip
    url = forms.CharField(
        max_length=500, label=_("Address"),
        widget=forms.URLInput(attrs={"class": "form-control", "placeholder": "https://"}),
        error_messages={"required": _("Give the address to send to.")},
    )  # fmt: skip
    events = forms.MultipleChoiceField(
        label=_("Events"), widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        error_messages={"required": _("Choose at least one event.")},
    )  # fmt: skip
    is_active = forms.BooleanField(
        label=_("Send"), required=False, initial=True,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )  # fmt: skip

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = self.fields["events"]
        assert isinstance(choices, forms.MultipleChoiceField)  # noqa: S101  # for the type checker
        choices.choices = [
            (name, format_html("{} <code>{}</code>", title, name)) for name, title in choosable_events().items()
        ]
