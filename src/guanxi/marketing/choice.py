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
from guanxi.kernel.row_numbers import read_row_number
from guanxi.marketing.models import CustomerGroup, GroupMember
from guanxi.marketing.visible import PERMISSION, made_by_seen

LIST = "customers"


def chosen_customers(actor: Actor, choice: Selection) -> QuerySet[Customer]:
    """The living customers chosen, as far as the actor may see them.

    Raises
    ------
    PermissionDenied
        The actor may see no customers.
    """
    return choice.rows(actor, get_list(LIST))


def words_of(actor: Actor, choice: Selection) -> str:
    """The choice in a sentence; nothing where single rows, or all customers, are meant."""
    if choice.state is None:
        return ""
    return sentence_of(get_list(LIST).stand(actor).fields, choice.state.filter)


def seen_groups(actor: Actor) -> QuerySet[CustomerGroup]:
    """The groups the actor may see; none for who may see no groups at all."""
    if not actor.may(PERMISSION):
        return CustomerGroup.objects.none()
    return CustomerGroup.objects.filter(made_by_seen(actor, "created_by"))


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
    """What the customer list gains: "is in the group ..."; a group that the reader may not see has nobody in it."""
    field = Field(
        "group", _("Customer group"), Kind.CHOICE, options_for=_groups, where=_in_groups, is_filter=False,
        operators=("is", "not", "in"),
    )  # fmt: skip
    return (field,)


def _groups(actor: Actor) -> Mapping[str, Option]:
    return {str(pk): Option(name) for pk, name in seen_groups(actor).order_by("-pk").values_list("pk", "name")}


def _in_groups(condition: Condition, at: At, ground: Ground) -> Q:
    asked = [number for value in condition.values if (number := read_row_number(value)) is not None]
    seen = seen_groups(ground.actor).filter(pk__in=asked)
    member = Q(Exists(GroupMember.objects.filter(customer__main=OuterRef(at("pk")), group__in=seen)))
    return ~member if condition.op == "not" else member
