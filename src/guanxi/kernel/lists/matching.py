"""Which rows a state of a list names: for its page, for bulk actions, exports, groups and jobs alike."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.lists.conditions import Condition, Group
from guanxi.kernel.lists.fields import At, Ground
from guanxi.kernel.lists.operators import condition_where, group_where
from guanxi.kernel.lists.spec import ListSpec, field_of
from guanxi.kernel.lists.state import ListState


def matching(actor: Actor, spec: ListSpec, state: ListState, *, ground: Ground | None = None) -> QuerySet[Any]:
    """The rows of the list's own table that `actor` may see under the filters of `state`, in no order.

    Raises
    ------
    PermissionDenied
        The actor may not see the list.
    """
    refuse_unless_allowed(actor, spec)
    ground = ground or spec.stand(actor)
    return spec.main_rows(ground).filter(where(spec, state.filter, spec.at_main, ground, prefix=""))


def refuse_unless_allowed(actor: Actor, spec: ListSpec) -> None:
    """See that the actor may see the list at all.

    Raises
    ------
    PermissionDenied
        He may not.
    """
    if not actor.may(spec.permission):
        raise PermissionDenied(permission=spec.permission)


def where(spec: ListSpec, group: Group, at: At, ground: Ground, *, prefix: str) -> Q:
    """What the actor may see under the filters, as one comparison over rows in which paths stand `at`."""
    return Q(*parts(spec, group, at, ground, prefix=prefix))


def parts(spec: ListSpec, group: Group, at: At, ground: Ground, *, prefix: str) -> list[Q]:
    """The same as conditions that must all hold."""

    def compared(condition: Condition) -> Q:
        return condition_where(field_of(ground.fields, condition.field), condition, at, ground)

    scope = spec.scope(ground.actor, prefix)
    allowed = [child if isinstance(child, Q) else Q(child) for child in scope.children]
    if scope.negated or scope.connector != Q.AND:
        allowed = [scope]
    if group.join == "or":
        return [*allowed, group_where(group, compared)]
    asked = (compared(item) if isinstance(item, Condition) else group_where(item, compared) for item in group.items)
    return [*allowed, *asked]
