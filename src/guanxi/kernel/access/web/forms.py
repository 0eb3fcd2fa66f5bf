"""The forms of log-in and first run."""

from __future__ import annotations

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class LogInForm(AuthenticationForm):
    """User name and password; a refusal does not say which of the two was wrong."""

    error_messages = {  # noqa: RUF012  # Django's own shape
        "invalid_login": _("User name or password is wrong. Mind capital letters."),
        "inactive": _("This user has been switched off. Ask an administrator."),
    }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"


class FirstRunForm(forms.Form):
    """The company and its first administrator."""

    company = forms.CharField(max_length=120)
    username = forms.CharField(max_length=150)
    password = forms.CharField(strip=False)
