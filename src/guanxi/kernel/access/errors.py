"""What can go wrong with users, roles and the company."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import GuanxiError, NotFound


class UserExists(GuanxiError):
    """Two users cannot share a log-in name."""

    code = "user_exists"
    sentence = _("There is already a user with the log-in name “{username}”.")
    cure = _("Choose another log-in name.")


class EmployeeNumberTaken(GuanxiError):
    """Two users cannot share an employee number: sources name sellers by it."""

    code = "employee_number_taken"
    sentence = _("There is already a user with the employee number “{employee_no}”.")
    cure = _("Correct the number, or change it at the other user first.")


class EmailTaken(GuanxiError):
    """Two users cannot share an e-mail address: a log-in by OpenID Connect finds its user by it."""

    code = "email_taken"
    sentence = _("There is already a user with the e-mail address “{email}”.")
    cure = _("Correct the address, or change it at the other user first.")


class UserNameMissing(GuanxiError):
    """A user without a log-in name could not sign in."""

    code = "user_name_missing"
    sentence = _("A user needs a log-in name.")
    cure = _("Give the user a log-in name.")


class PasswordTooWeak(GuanxiError):
    """The password does not meet the rules of this installation."""

    code = "password_too_weak"
    sentence = _("The password is too weak: {reasons}")
    cure = _("Choose a longer and less common one.")


class RoleUnknown(GuanxiError):
    """There is no role of that name."""

    code = "role_unknown"
    sentence = _("There is no role “{role}”.")
    cure = _("Choose one of: {roles}.")


class LanguageUnknown(GuanxiError):
    """The product does not speak that language."""

    code = "language_unknown"
    sentence = _("The language “{language}” is not known here.")
    cure = _("Choose one of: {languages}.")


class TierMethodUnknown(GuanxiError):
    """Customer tiers cannot be made that way."""

    code = "tier_method_unknown"
    sentence = _("There is no way “{method}” to make customer tiers.")
    cure = _("Choose one of: {methods}.")


class NightlyTimeUnknown(GuanxiError):
    """The nightly data update comes at a time of the day, or not at all."""

    code = "nightly_time_unknown"
    sentence = _("“{at}” is no time of the day.")
    cure = _("Give hours and minutes, such as 02:00.")


class PurgeTimeUnknown(GuanxiError):
    """Deleted customers lie in the bin for one of some times, or until somebody deletes them for ever."""

    code = "purge_time_unknown"
    sentence = _("The bin cannot be emptied after {days} days.")
    cure = _("Choose one of: {choices}, or never.")


class CompanyNotSet(GuanxiError):
    """The home is empty: no company has moved in yet."""

    code = "company_not_set"
    sentence = _("No company has been set up here yet.")
    cure = _("Set the company's name first.")


class UserNotFound(NotFound):
    """No user has this number."""

    code = "user_not_found"
    sentence = _("There is no such user.")
    cure = _("Choose one from the list of users.")


class RoleNotFound(NotFound):
    """No role has this number."""

    code = "role_not_found"
    sentence = _("There is no such role.")
    cure = _("Choose one from the list of roles.")


class TeamNotFound(NotFound):
    """No team has this number."""

    code = "team_not_found"
    sentence = _("There is no such team.")
    cure = _("Choose one from the list of teams.")


class BranchNotFound(NotFound):
    """No branch has this number."""

    code = "branch_not_found"
    sentence = _("There is no such branch.")
    cure = _("Choose one from the list of branches.")


class SignInNotFound(NotFound):
    """The device was signed out meanwhile, or never was this user's."""

    code = "sign_in_not_found"
    sentence = _("You are not signed in on that device.")
    cure = _("Look at the list again.")


class NoAdministratorLeft(GuanxiError):
    """Nobody could manage the settings any more."""

    code = "no_administrator_left"
    sentence = _("Then nobody could manage users and settings any more.")
    cure = _("Make somebody else an administrator first.")


class RoleBuiltIn(GuanxiError):
    """Built-in roles come with the product, and change with it."""

    code = "role_built_in"
    sentence = _("This role comes with the product and cannot be changed.")
    cure = _("Create a role of your own, and give that one to your users.")


class RoleExists(GuanxiError):
    """Two roles cannot share a name."""

    code = "role_exists"
    sentence = _("There is already a role “{role}”.")
    cure = _("Choose another name.")


class RoleNameMissing(GuanxiError):
    """A role is chosen by its name."""

    code = "role_name_missing"
    sentence = _("A role needs a name.")
    cure = _("Give the role a name.")


class RoleInUse(GuanxiError):
    """Users have the role."""

    code = "role_in_use"
    sentence = _("{holders} users have the role “{role}”.")
    cure = _("Give them another role first.")


class PermissionUnknown(GuanxiError):
    """There is nothing of that name to be allowed."""

    code = "permission_unknown"
    sentence = _("There is no permission “{permission}”.")
    cure = _("Choose from the list.")


class VisibilityUnknown(GuanxiError):
    """A role reaches own, team, branch or all records."""

    code = "visibility_unknown"
    sentence = _("A role cannot reach “{visibility}”.")
    cure = _("Choose one of: own, team, branch, all.")


class PlaceNameMissing(GuanxiError):
    """A team or branch is chosen by its name."""

    code = "place_name_missing"
    sentence = _("A team or branch needs a name.")
    cure = _("Give it a name.")


class PlaceNameTaken(GuanxiError):
    """Two teams, or two branches, cannot share a name."""

    code = "place_name_taken"
    sentence = _("There is already one called “{name}”.")
    cure = _("Choose another name.")


class PlaceInUse(GuanxiError):
    """Users, teams or branches belong to it."""

    code = "place_in_use"
    sentence = _("“{name}” is not empty: {inside} users, teams or branches belong to it.")
    cure = _("Move them elsewhere first.")


class BranchInItself(GuanxiError):
    """A branch cannot lie below itself."""

    code = "branch_in_itself"
    sentence = _("A branch cannot lie below itself.")
    cure = _("Choose another branch above it.")


class PasswordWrong(GuanxiError):
    """Who changes a password shows that he knows it."""

    code = "password_wrong"
    sentence = _("The present password is not right.")
    cure = _("Type it again; mind capital letters.")


class LinkOver(GuanxiError):
    """A one-time link was used, is too old, or never was one."""

    code = "link_over"
    sentence = _("This link has been used or is too old.")
    cure = _("Ask an administrator for a new one.")


class SecondFactorOn(GuanxiError):
    """The second factor is set up already, perhaps in another window."""

    code = "second_factor_on"
    sentence = _("Your log-in asks for a code already.")
    cure = _("To change the phone or the app, turn it off first and set it up again.")


class SecondFactorOff(GuanxiError):
    """There is no second factor."""

    code = "second_factor_off"
    sentence = _("Your log-in asks for no code.")
    cure = _("Set it up on the page of your account.")


class SecondFactorCodeWrong(GuanxiError):
    """A code that the app does not show now, or that was used already."""

    code = "second_factor_code_wrong"
    sentence = _("This code is wrong, or was used already.")
    cure = _("Wait for the next one, and see that the clock of the phone is right.")


class SecondFactorNeeded(GuanxiError):
    """The company asks everybody for a second factor."""

    code = "second_factor_needed"
    sentence = _("The company asks everybody for a code at log-in.")
    cure = _("For another phone, ask an administrator to reset it.")


class OidcRefused(GuanxiError):
    """The provider did not vouch for anybody, or what it said does not hold."""

    code = "oidc_refused"
    sentence = _("The log-in by {label} did not work.")
    cure = _("Begin again at the log-in; if it keeps failing, tell an administrator.")


class OidcUnreachable(GuanxiError):
    """The provider does not answer."""

    code = "oidc_unreachable"
    sentence = _("{label} does not answer now.")
    cure = _("Try again in a few minutes, or log in with your password.")


class OidcEmailUnproved(GuanxiError):
    """The provider does not vouch for the e-mail address, and there is no link from earlier."""

    code = "oidc_email_unproved"
    sentence = _("{label} does not say that your e-mail address is verified, so your user cannot be found by it.")
    cure = _("Have the address verified there, or log in with your password.")


class OidcUnknown(GuanxiError):
    """Nobody here has this e-mail address."""

    code = "oidc_unknown"
    sentence = _("{label} knows you, but there is no user for you here.")
    cure = _("Ask an administrator for a user with the e-mail address that you have there.")


class OidcUserOff(GuanxiError):
    """The user has been switched off."""

    code = "oidc_user_off"
    sentence = _("This user has been switched off.")
    cure = _("Ask an administrator.")
