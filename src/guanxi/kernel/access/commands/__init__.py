"""Changing users, roles, teams and the company. Names and passwords of people stay out of the audit trail."""

from guanxi.kernel.access.commands.company import (
    PURGE_AFTER,
    choose_nightly_refresh,
    choose_purge_after,
    choose_second_factor,
    choose_tier_method,
    set_company,
)
from guanxi.kernel.access.commands.oidc import Identity, sign_in_by_oidc, unlink_oidc
from guanxi.kernel.access.commands.passwords import change_password, choose_password_by_link, reset_password
from guanxi.kernel.access.commands.places import (
    create_branch,
    create_team,
    delete_branch,
    delete_team,
    edit_branch,
    edit_team,
)
from guanxi.kernel.access.commands.roles import create_role, delete_role, edit_role, ensure_roles
from guanxi.kernel.access.commands.second_factor import (
    pass_second_factor,
    renew_recovery_codes,
    reset_second_factor,
    turn_off_second_factor,
    turn_on_second_factor,
)
from guanxi.kernel.access.commands.sign_ins import end_other_sign_ins, end_sign_in
from guanxi.kernel.access.commands.users import (
    activate_user,
    create_user,
    deactivate_user,
    edit_user,
    unlock_user,
)

__all__ = [
    "PURGE_AFTER",
    "Identity",
    "activate_user",
    "change_password",
    "choose_nightly_refresh",
    "choose_password_by_link",
    "choose_purge_after",
    "choose_second_factor",
    "choose_tier_method",
    "create_branch",
    "create_role",
    "create_team",
    "create_user",
    "deactivate_user",
    "delete_branch",
    "delete_role",
    "delete_team",
    "edit_branch",
    "edit_role",
    "edit_team",
    "edit_user",
    "end_other_sign_ins",
    "end_sign_in",
    "ensure_roles",
    "pass_second_factor",
    "renew_recovery_codes",
    "reset_password",
    "reset_second_factor",
    "set_company",
    "sign_in_by_oidc",
    "turn_off_second_factor",
    "turn_on_second_factor",
    "unlink_oidc",
    "unlock_user",
]
