"""Which customers somebody chose on a list: single rows, a saved group, or all that match the list's address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Customer
from guanxi.kernel.commands import Actor
from guanxi.kernel.lists.actions import Selection
from guanxi.kernel.lists.conditions import Condition
from guanxi.kernel.lists.fields import At, Field, Ground, Kind, Option
from guanxi.kernel.lists.sentences import sentence_of
from guanxi.kernel.lists.spec import get_list
from guanxi.kernel.lists.state import ListState
from guanxi.marketing.models import CustomerGroup, GroupMember

LIST = "customers"


def chosen_customers(actor: Actor, choice: Selection) -> QuerySet[Customer]:
    """The living customers chosen, as far as the actor may see them.

    Raises
    ------
    PermissionDenied
        The actor may see no customers.
    """
    return choice.rows(actor, get_list(LIST))


def words_of(choice: Selection) -> str:
    """The choice in a sentence; nothing where single rows, or all customers, are meant."""
    if choice.state is None:
        return ""
    return sentence_of(get_list(LIST).all_fields(), choice.state.filter)


def choice_of(group: CustomerGroup) -> Selection:
    """What a group was chosen by.

    Raises
    ------
    FilterUnknown
        The list has lost a field since.
    """
    if group.chosen:
        return Selection(ids=tuple(group.chosen))
    return Selection(state=ListState.from_address(get_list(LIST), QueryDict(group.address)))


def group_fields() -> Iterable[Field]:
    """What the customer list gains: "is in the group ..."."""
    return (Field("group", _("Customer group"), Kind.CHOICE, options=_groups, where=_in_groups, is_filter=False),)


def _groups() -> Mapping[str, Option]:
    return {str(pk): Option(name) for pk, name in CustomerGroup.objects.order_by("-pk").values_list("pk", "name")}


def _in_groups(condition: Condition, at: At, _ground: Ground) -> Q:
    member = Q(
        Exists(
            GroupMember.objects.filter(
                customer__main=OuterRef(at("pk")), group__in=[int(value) for value in condition.values]
            )
        )
    )
    return ~member if condition.op == "not" else member
