"""What can go wrong with users, roles and the company."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import GuanxiError


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


class CompanyNotSet(GuanxiError):
    """The home is empty: no company has moved in yet."""

    code = "company_not_set"
    sentence = _("No company has been set up here yet.")
    cure = _("Set the company's name first.")
