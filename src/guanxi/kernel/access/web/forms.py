"""The forms of log-in, first run, account, users, roles and places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.access.errors import (
    BranchInItself,
    EmailTaken,
    EmployeeNumberTaken,
    PasswordTooWeak,
    PasswordWrong,
    PlaceNameMissing,
    PlaceNameTaken,
    RoleExists,
    RoleNameMissing,
    SecondFactorCodeWrong,
    UserExists,
    UserNameMissing,
)
from guanxi.kernel.access.passwords import SHORTEST
from guanxi.kernel.access.queries import Places, RoleLine
from guanxi.kernel.access.words import PERMISSION_WORDS, REACHES
from guanxi.kernel.errors import GuanxiError
from guanxi.kernel.ui.forms import HouseForm


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


class CodeForm(HouseForm):
    """A code of the authenticator app, or a recovery code."""

    field_of: ClassVar[Mapping[type[GuanxiError], str]] = {SecondFactorCodeWrong: "code"}

    code = forms.CharField(
        label=pgettext_lazy("log-in", "Code"), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )  # fmt: skip


class PresentPasswordForm(HouseForm):
    """One's password again, before something that a stranger at an open screen must not do."""

    field_of: ClassVar[Mapping[type[GuanxiError], str]] = {PasswordWrong: "password"}

    password = forms.CharField(
        label=_("Present password"), strip=False, max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )  # fmt: skip


class FirstRunForm(forms.Form):
    """The company and its first administrator."""

    company = forms.CharField(max_length=120)
    username = forms.CharField(max_length=150)
    password = forms.CharField(strip=False)


def _secret(autocomplete: str) -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"autocomplete": autocomplete})


class NewPasswordForm(HouseForm):
    """A new password, typed twice."""

    field_of: ClassVar[Mapping[type[GuanxiError], str]] = {PasswordTooWeak: "new", PasswordWrong: "present"}

    new = forms.CharField(label=_("New password"), strip=False, max_length=128, widget=_secret("new-password"))
    again = forms.CharField(label=_("The same again"), strip=False, max_length=128, widget=_secret("new-password"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new"].help_text = gettext(
            "At least {count} characters; no birthday, no phone number, none of your last passwords."
        ).format(count=SHORTEST)

    def clean(self) -> dict[str, Any]:
        """See that both are the same."""
        given = self.cleaned_data
        if "new" in given and "again" in given and given["new"] != given["again"]:
            self.add_error("again", gettext("The two are not the same."))
        return given


class ChangePasswordForm(NewPasswordForm):
    """One's own password: the present one first."""

    field_order = ("present", "new", "again")
    present = forms.CharField(
        label=_("Present password"), strip=False, max_length=128, widget=_secret("current-password")
    )


class PersonForm(HouseForm):
    """Who a user is, where, and what he may."""

    field_of: ClassVar[Mapping[type[GuanxiError], str]] = {
        UserNameMissing: "username", UserExists: "username", EmployeeNumberTaken: "employee_no", EmailTaken: "email",
    }  # fmt: skip

    display_name = forms.CharField(label=_("Name"), max_length=80)
    username = forms.CharField(
        label=_("User name"), max_length=150, help_text=_("To log in with. Mind capital letters."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, required=False,
        help_text=_("A log-in by OpenID Connect finds the user by it."),
        error_messages={"invalid": _("This is no e-mail address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    employee_no = forms.CharField(
        label=_("Employee number"), max_length=40, required=False,
        help_text=_("As source systems name a seller: their customers find their owner by it."),
    )  # fmt: skip
    team_id = forms.TypedChoiceField(label=_("Team"), required=False, coerce=int, empty_value=None)
    branch_id = forms.TypedChoiceField(
        label=_("Branch"), required=False, coerce=int, empty_value=None,
        help_text=_("Only for who is in no team, or works for another branch than the team."),
    )  # fmt: skip
    roles = forms.MultipleChoiceField(
        label=_("Roles"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Several roles add up: what one of them allows is allowed."),
    )  # fmt: skip

    def __init__(self, *args: Any, roles: Iterable[RoleLine], places: Places, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, list[tuple[Any, Any]]] = {
            "team_id": [("", "—"), *((team.id, team.name) for team in places.teams)],
            "branch_id": branch_choices(places),
            "roles": [(role.name, f"{role.title} · {role.reach}") for role in roles],
        }
        for name, options in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the type checker
            field.choices = options


class RoleForm(HouseForm):
    """A role of the company's own."""

    field_of: ClassVar[Mapping[type[GuanxiError], str]] = {RoleNameMissing: "name", RoleExists: "name"}

    name = forms.CharField(label=_("Name"), max_length=40)
    visibility = forms.ChoiceField(
        label=_("Whose customers it sees"), widget=forms.RadioSelect, choices=list(REACHES.items()), initial="own"
    )
    permissions = forms.MultipleChoiceField(
        label=_("What it may"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(name, word.label) for name, word in PERMISSION_WORDS.items()],
    )  # fmt: skip


class TeamForm(HouseForm):
    """A team and its branch."""

    field_of: ClassVar[Mapping[type[GuanxiError], str]] = {PlaceNameMissing: "name", PlaceNameTaken: "name"}

    name = forms.CharField(label=pgettext_lazy("team or branch", "Name"), max_length=80)
    branch_id = forms.TypedChoiceField(label=_("Branch"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, places: Places, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["branch_id"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the type checker
        field.choices = branch_choices(places)


class BranchForm(HouseForm):
    """A branch and the one above it."""

    field_of: ClassVar[Mapping[type[GuanxiError], str]] = {
        PlaceNameMissing: "name", PlaceNameTaken: "name", BranchInItself: "parent_id",
    }  # fmt: skip

    name = forms.CharField(label=pgettext_lazy("team or branch", "Name"), max_length=80)
    parent_id = forms.TypedChoiceField(label=_("Belongs to"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, places: Places, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["parent_id"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for the type checker
        field.choices = branch_choices(places)


def branch_choices(places: Places) -> list[tuple[Any, Any]]:
    """The tree as a list, each step down set in."""
    return [("", "—"), *((branch.id, f"{'　' * branch.depth}{branch.name}") for branch in places.branches)]
