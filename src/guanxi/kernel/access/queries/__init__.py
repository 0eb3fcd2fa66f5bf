"""Who there is, what they may, and which company this is."""

from guanxi.kernel.access.queries.company import find_company, find_user, has_users, language_of, list_who_may
from guanxi.kernel.access.queries.people import (
    Person,
    PersonLine,
    PersonList,
    get_person,
    list_people,
)
from guanxi.kernel.access.queries.places import BranchLine, Places, TeamLine, list_places
from guanxi.kernel.access.queries.roles import RoleLine, get_role, list_roles
from guanxi.kernel.access.queries.second_factor import SecondFactor, get_second_factor
from guanxi.kernel.access.queries.sign_ins import SignInLine, list_sign_ins
from guanxi.kernel.access.queries.why import (
    PermissionReason,
    Reach,
    explain_permissions,
    explain_reach,
    find_askable,
    list_administrators,
    list_askable,
)

__all__ = [
    "BranchLine",
    "PermissionReason",
    "Person",
    "PersonLine",
    "PersonList",
    "Places",
    "Reach",
    "RoleLine",
    "SecondFactor",
    "SignInLine",
    "TeamLine",
    "explain_permissions",
    "explain_reach",
    "find_askable",
    "find_company",
    "find_user",
    "get_person",
    "get_role",
    "get_second_factor",
    "has_users",
    "language_of",
    "list_administrators",
    "list_askable",
    "list_people",
    "list_places",
    "list_roles",
    "list_sign_ins",
    "list_who_may",
]
