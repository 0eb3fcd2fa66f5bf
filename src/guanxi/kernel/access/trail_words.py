"""What commands on users, roles, teams and the company are called in the operation log."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel.access.models import Branch, Team, User
from guanxi.kernel.access.words import PERMISSION_WORDS, REACHES, ROLE_TITLES
from guanxi.kernel.audit.words import Fact, describe_commands, describe_facts, describe_rows, words_of


def names_of_users(numbers: Collection[Any]) -> Mapping[Any, str]:
    """Users by their numbers."""
    return {pk: str(user) for pk, user in User.objects.in_bulk(list(numbers)).items()}


def _names_of_teams(numbers: Collection[Any]) -> Mapping[Any, str]:
    return dict(Team.objects.filter(pk__in=numbers).values_list("pk", "name"))


def _names_of_branches(numbers: Collection[Any]) -> Mapping[Any, str]:
    return dict(Branch.objects.filter(pk__in=numbers).values_list("pk", "name"))


_HERE = "kernel.access"
describe_commands({
    f"{_HERE}.commands.users.create_user": _("Created a user"),
    f"{_HERE}.commands.users.edit_user": _("Changed a user"),
    f"{_HERE}.commands.users.deactivate_user": _("Switched a user off"),
    f"{_HERE}.commands.users.activate_user": _("Switched a user on again"),
    f"{_HERE}.commands.users.unlock_user": _("Unlocked a log-in"),
    f"{_HERE}.commands.passwords.change_password": _("Changed the own password"),
    f"{_HERE}.commands.passwords.choose_password_by_link": _("Chose a password by a one-time link"),
    f"{_HERE}.commands.passwords.reset_password": _("Reset a password"),
    f"{_HERE}.commands.second_factor.turn_on_second_factor": _("Turned the two-step log-in on"),
    f"{_HERE}.commands.second_factor.turn_off_second_factor": _("Turned the two-step log-in off"),
    f"{_HERE}.commands.second_factor.renew_recovery_codes": _("Made new recovery codes"),
    f"{_HERE}.commands.second_factor.pass_second_factor": _("Gave a code at log-in"),
    f"{_HERE}.commands.second_factor.reset_second_factor": _("Reset the two-step log-in"),
    f"{_HERE}.commands.oidc.sign_in_by_oidc": _("Logged in by OpenID Connect"),
    f"{_HERE}.commands.oidc.unlink_oidc": _("Undid the link to OpenID Connect"),
    f"{_HERE}.commands.sign_ins.end_sign_in": _("Logged a device out"),
    f"{_HERE}.commands.sign_ins.end_other_sign_ins": _("Logged all other devices out"),
    f"{_HERE}.commands.roles.ensure_roles": _("Brought a built-in role up to date"),
    f"{_HERE}.commands.roles.create_role": _("Created a role"),
    f"{_HERE}.commands.roles.edit_role": _("Changed a role"),
    f"{_HERE}.commands.roles.delete_role": _("Deleted a role"),
    f"{_HERE}.commands.places.create_team": _("Created a team"),
    f"{_HERE}.commands.places.edit_team": _("Changed a team"),
    f"{_HERE}.commands.places.delete_team": _("Deleted a team"),
    f"{_HERE}.commands.places.create_branch": _("Created a branch"),
    f"{_HERE}.commands.places.edit_branch": _("Changed a branch"),
    f"{_HERE}.commands.places.delete_branch": _("Deleted a branch"),
    f"{_HERE}.commands.company.set_company": _("Changed the company"),
    f"{_HERE}.commands.company.choose_tier_method": _("Chose how customer tiers are made"),
    f"{_HERE}.commands.company.choose_nightly_refresh": _("Chose when the nightly data update comes"),
    f"{_HERE}.commands.company.choose_purge_after": _("Chose when the bin is emptied"),
    f"{_HERE}.commands.company.choose_second_factor": _("Chose whether everybody needs a code at log-in"),
    f"{_HERE}.preferences.remember_language": _("Chose a language"),
    f"{_HERE}.first_run.move_in": _("Set the company up"),
    f"{_HERE}.first_run.start_door_job": _("Began at the first-run page"),
})  # fmt: skip
describe_rows("access.User", _("user"), url_name="settings-person", names=names_of_users)
describe_rows("access.Role", _("role"), url_name="settings-role")
describe_rows("access.Team", _("team"), url_name="settings-team", names=_names_of_teams)
describe_rows("access.Branch", _("branch"), url_name="settings-branch", names=_names_of_branches)
describe_rows("access.Company", _("company"))
describe_facts("access.User", {
    "username": Fact(_("User name")), "display_name": Fact(pgettext_lazy("of a person", "Name")),
    "employee_no": Fact(_("Employee number")), "language": Fact(_("Language")),
    "team_id": Fact(_("Team"), _names_of_teams), "branch_id": Fact(_("Branch"), _names_of_branches),
    "roles": Fact(_("Roles"), words_of(ROLE_TITLES)), "is_active": Fact(_("May log in")),
    "unlocked": Fact(_("Unlocked")), "password_changed": Fact(_("Password changed")),
    "password_reset": Fact(_("Password reset"), words_of({"link": _("one-time link"), "temporary": _("temporary")})),
    "second_factor": Fact(_("Two-step log-in")), "second_factor_reset": Fact(_("Reset")),
    "second_factor_passed": Fact(_("Right code"), words_of({"app": _("of the app"), "recovery": _("recovery code")})),
    "second_factor_refused": Fact(
        _("Refused"), words_of({"wrong": _("wrong code"), "resting": _("too many wrong codes")})
    ),
    "recovery_codes_renewed": Fact(_("Recovery codes renewed")),
    "oidc_linked": Fact(_("Linked to OpenID Connect")), "logged_in": Fact(_("Logged in")),
    "email": Fact(_("E-mail")),
    "first_administrator": Fact(_("First administrator")),
})  # fmt: skip
describe_facts("access.Role", {
    "name": Fact(_("Name")), "permissions": Fact(_("What it may"), words_of(PERMISSION_WORDS)),
    "visibility": Fact(_("Whose customers it sees"), words_of(REACHES)),
})  # fmt: skip
describe_facts("access.Team", {"name": Fact(_("Name")), "branch_id": Fact(_("Branch"), _names_of_branches)})
describe_facts("access.Branch", {"name": Fact(_("Name")), "parent_id": Fact(_("Belongs to"), _names_of_branches)})
describe_facts("access.Company", {
    "name": Fact(_("Company name")), "language": Fact(_("Language")), "tier_method": Fact(_("Customer tier")),
    "nightly_refresh": Fact(_("Nightly data update")),
    "purge_after_days": Fact(_("Days in the bin")),
    "requires_second_factor": Fact(_("Everybody needs a code at log-in")),
})  # fmt: skip
describe_facts("", {"signed_out": Fact(_("Devices logged out"))})
