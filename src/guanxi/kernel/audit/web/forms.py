"""The filter of the operation log."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy

from guanxi.kernel.access.models import User
from guanxi.kernel.audit.queries import TrailFilters
from guanxi.kernel.audit.words import commands_by_title
from guanxi.kernel.ui.forms import HouseForm


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TrailForm(HouseForm):
    """Who, from when to when, what."""

    who = forms.ChoiceField(label=pgettext_lazy("operation log", "Who"), required=False)
    since = forms.DateField(label=pgettext_lazy("day", "From"), required=False, widget=_day())
    until = forms.DateField(label=pgettext_lazy("day", "To"), required=False, widget=_day())
    command = forms.ChoiceField(label=pgettext_lazy("operation log", "What"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = sorted(((str(user.pk), str(user)) for user in User.objects.all()), key=lambda pair: pair[1])
        choices: dict[str, list[tuple[str, str]]] = {
            "who": [("people", gettext("All users")), ("all", gettext("Users and the system")),
                    ("system", gettext("The system")), *people],
            "command": [("", gettext("Everything")), *commands_by_title()],
        }  # fmt: skip
        for name, options in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the type checker
            field.choices = options

    def filters(self) -> TrailFilters:
        """What was asked for; what cannot be is left out."""
        self.is_valid()
        asked = self.cleaned_data
        return TrailFilters(
            asked.get("who") or "people", asked.get("since"), asked.get("until"), asked.get("command") or ""
        )
