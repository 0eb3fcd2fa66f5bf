"""The form of a follow-up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.access.models import User
from guanxi.marketing.rules import CONTROL_PERCENT, DUE_DAYS, FEWEST_DAYS, MEASURED_DAYS, MOST_CONTROL, MOST_DAYS


class FollowUpForm(forms.Form):
    """Who is left alone, why, until when, and over how many days purchases count; or only the group's name."""

    name = forms.CharField(label=_("Name of the group"), max_length=120)
    reason = forms.CharField(
        label=_("Reason, in words"), max_length=200,
        help_text=_("Every task carries it, with what is special to the customer."),
    )  # fmt: skip
    due_on = forms.DateField(label=_("Due"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    control_percent = forms.IntegerField(
        label=_("Left alone as control group, %"), min_value=0, max_value=MOST_CONTROL, initial=CONTROL_PERCENT,
        help_text=_("Chosen by chance. Only who was left alone shows what the follow-up brought."),
    )  # fmt: skip
    control_reason = forms.CharField(
        label=_("Why nobody is left alone"), max_length=200, required=False, help_text=_("Only if the share is 0."),
    )  # fmt: skip
    measured_days = forms.IntegerField(
        label=_("Purchases count for, days"), min_value=FEWEST_DAYS, max_value=MOST_DAYS, initial=MEASURED_DAYS
    )
    fallback = forms.TypedChoiceField(
        label=_("Who takes customers without an owner"), coerce=int, empty_value=None, required=False
    )

    def __init__(
        self, *args: object, today: date, helpers: Iterable[User], only_group: bool = False, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments, passed on
        self.today = today
        self.fields["due_on"].initial = today + timedelta(days=DUE_DAYS)
        fallback = self.fields["fallback"]
        assert isinstance(fallback, forms.ChoiceField)  # noqa: S101  # as declared above
        nobody = ("", _("Nobody yet: the tasks wait to be taken"))
        fallback.choices = [nobody, *((user.pk, str(user)) for user in helpers)]
        for name, field in self.fields.items():
            field.widget.attrs["class"] = "form-select" if name == "fallback" else "form-control"
            if only_group and name != "name":
                field.required = False
