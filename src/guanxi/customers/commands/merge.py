"""Several records are one customer: people say so, and take it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.db.models import Field, QuerySet

from guanxi.customers.commands.edit import told
from guanxi.customers.commands.interactions import settle_contact
from guanxi.customers.commands.owners import follow_owners
from guanxi.customers.errors import (
    AlreadyMerged,
    CustomerUnknown,
    FieldUnknown,
    KindsDiffer,
    MergeBuiltUpon,
    MergeTakenBack,
    MergeUnknown,
    NotThatMany,
)
from guanxi.customers.events import CustomersMerged, CustomersUnmerged, OwnerChanged
from guanxi.customers.models import Customer, Merge, Ownership, SourceRecord
from guanxi.customers.own_fields import HEAD, editable_fields, put_value, value_of
from guanxi.customers.queries.access import find_main_id
from guanxi.customers.rules import MOST_MERGED, decide_giver
from guanxi.customers.search_texts import reindex
from guanxi.kernel.commands import Actor, Work, command
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.turns import wait_for_turn

OWNER: Final = "owner_id"
ASSIGN: Final = "customers.assign"
Held = list[Any]  # a value, and when a person last edited it


@command("customers.edit")
def merge_customers(
    work: Work, *, main_id: int, others: Sequence[int], chosen: Mapping[str, int] | None = None
) -> Merge:
    """Let `others` give way to the customer `main_id`, and whatever gave way to them follow.

    No row moves: everything attached stays where it is and is read through the survivor.

    Parameters
    ----------
    chosen
        Field -> the customer whose value the survivor takes; a data update leaves it alone from then on. In all other
        fields the survivor keeps its own value, or takes the first there is.

    Raises
    ------
    CustomerUnknown, AlreadyMerged, KindsDiffer, NotThatMany, FieldUnknown
        They cannot be merged so; nothing is changed.
    PermissionDenied
        Another owner was chosen by somebody who may not hand customers over.
    """
    picked = dict(chosen or {})
    ids = [main_id, *others]
    if not 2 <= len(ids) <= MOST_MERGED or len(set(ids)) < len(ids):
        raise NotThatMany(most=MOST_MERGED)
    rows = _lock_living(work.actor, ids)
    if len({row.kind for row in rows}) > 1:
        raise KindsDiffer
    main, gone = rows[0], rows[1:]
    _refuse_unfit(work.actor, picked, rows)
    changed = _changes(rows, picked, work)
    _put(main, {name: change["after"] for name, change in changed.items()})
    followers = Customer.objects.filter(main__in=others).order_by("pk").values_list("main_id", "pk")
    parts: dict[str, list[int]] = {str(pk): [] for pk in others}
    for other, pk in followers:
        parts[str(other)].append(pk)
    Customer.objects.filter(main__in=others).update(main=main)
    merge = Merge.objects.create(main=main, parts=parts, changed=changed, merged_at=work.at, merged_by_id=work.actor.pk)
    _settle([main], work, owner_changed=_differs(changed.get(OWNER)))
    work.record(main, {"merged": list(others)} | _told(changed, "before", "after"))
    for row in gone:
        work.record(row, {"merged_into": main.pk})
    work.emit(CustomersMerged(main.pk, tuple(others)))
    return merge


@command("customers.edit")
def unmerge_customers(work: Work, *, merge_id: int) -> Merge:
    """Take a merge back: every customer that gave way lives again, with the numbers it stood for then.

    What the merge changed on the survivor is set back unless somebody edited it since. What was attached after the
    merge stays with the survivor.

    Raises
    ------
    MergeUnknown, MergeTakenBack, MergeBuiltUpon, CustomerUnknown
        It cannot be taken back; nothing is changed.
    """
    asked = Merge.objects.filter(pk=merge_id).first()
    if asked is None:
        raise MergeUnknown(merge_id=merge_id)
    try:
        living_id = find_main_id(work.actor, asked.main_id)
    except CustomerUnknown:
        raise MergeUnknown(merge_id=merge_id) from None
    locked = _lock([living_id, asked.main_id, *asked.other_ids])
    living, main = locked[living_id], locked[asked.main_id]
    merge = Merge.objects.get(pk=merge_id)
    if merge.undone_at is not None:
        raise MergeTakenBack
    if any(str(main.pk) in later for later in _open().filter(main__main=living).values_list("parts", flat=True)):
        raise MergeBuiltUpon(main_id=living_id)
    if living.deleted_at is not None:
        raise CustomerUnknown(customer_id=living_id)
    back = _back(merge, main)
    _put(main, back)
    main.published = ""  # so that the next data update tells it anew what its own records say
    main.save(update_fields=["published"])
    for other, members in merge.parts.items():
        Customer.objects.filter(pk__in=members).update(main=int(other))
    merge.undone_at = work.at
    merge.save(update_fields=["undone_at"])
    restored = [locked[pk] for pk in merge.other_ids]
    owner = merge.changed.get(OWNER) if OWNER in back else None
    _settle([living, *restored], work, owner_changed=_differs(owner))
    work.record(main, {"unmerged": merge.other_ids} | _told(
        {name: merge.changed[name] for name in back}, "after", "before"
    ))  # fmt: skip
    for row in restored:
        work.record(row, {"taken_out_of": living_id})
    work.emit(CustomersUnmerged(living_id, tuple(merge.other_ids)))
    return merge


def _lock(ids: Iterable[int]) -> dict[int, Customer]:
    """The customers of these numbers; merges come one by one, for each also moves what gave way to its own before."""
    wait_for_turn("merge")
    return {row.pk: row for row in Customer.objects.select_for_update().filter(pk__in=set(ids)).order_by("pk")}


def _lock_living(actor: Actor, ids: Sequence[int]) -> list[Customer]:
    """The customers of these numbers in this order, each a living one that the actor may see."""
    for pk in ids:
        find_main_id(actor, pk)
    locked = _lock(ids)
    for pk in ids:
        if locked[pk].main_id != pk:
            raise AlreadyMerged(customer_id=pk, main_id=locked[pk].main_id)
        if locked[pk].deleted_at is not None:
            raise CustomerUnknown(customer_id=pk)
    return [locked[pk] for pk in ids]


def _refuse_unfit(actor: Actor, picked: Mapping[str, int], rows: Sequence[Customer]) -> None:
    owners = {row.pk: row.owner_id for row in rows}
    fields = [*editable_fields(), OWNER]
    for name, pk in picked.items():
        if name not in fields:
            raise FieldUnknown(place=name, field=name, fields=", ".join(fields))
        if pk not in owners:
            raise CustomerUnknown(customer_id=pk)
    usual = rows[decide_giver(list(owners.values()))]
    if owners[picked.get(OWNER, usual.pk)] != usual.owner_id and not actor.may(ASSIGN):
        raise PermissionDenied(permission=ASSIGN)


def _changes(rows: Sequence[Customer], picked: Mapping[str, int], work: Work) -> dict[str, dict[str, Held]]:
    """What the survivor, the first of `rows`, holds in each field that changes: before and after."""
    main, ids = rows[0], [row.pk for row in rows]
    changed = {}
    for name in [*editable_fields(), OWNER]:
        values = [value_of(row, name) for row in rows]
        at = ids.index(picked[name]) if name in picked else decide_giver(values)
        before = [values[0], main.edited.get(name)]
        mark = rows[at].edited.get(name) or before[1]
        if name in picked:
            mark = work.at.isoformat()
        if before != [values[at], mark]:
            changed[name] = {"before": before, "after": [values[at], mark]}
    first = min((row.first_seen_on for row in rows if row.first_seen_on is not None), default=None)
    if first != main.first_seen_on:
        changed["first_seen_on"] = {"before": [main.first_seen_on, None], "after": [first, None]}
    return changed


def _back(merge: Merge, main: Customer) -> dict[str, Held]:
    """What the survivor gets back: the fields that hold what this merge put there.

    Where a later merge replaced that, the later one gives back what this one found.
    """
    back = {}
    later = list(_open().filter(main=main, pk__gt=merge.pk).order_by("pk"))
    for name, change in merge.changed.items():
        heir = next((one for one in later if name in one.changed), None)
        if heir is not None:
            if heir.changed[name]["before"] == change["after"]:
                heir.changed[name]["before"] = change["before"]
                heir.save(update_fields=["changed"])
        elif _held(main, name) == _read(name, change["after"]):
            back[name] = _read(name, change["before"])
    return back


def _held(main: Customer, name: str) -> Held:
    return [value_of(main, name), main.edited.get(name)]


def _read(name: str, held: Held) -> Held:
    """A value as its column holds it, from the text that was kept of it."""
    value, mark = held
    if name.startswith(HEAD):
        return held
    column = Customer._meta.get_field(name)
    assert isinstance(column, Field)  # noqa: S101  # a column, not a relation from elsewhere
    return [column.to_python(value), mark]


def _put(main: Customer, held: Mapping[str, Held]) -> None:
    columns = {put_value(main, name, value) for name, (value, _mark) in held.items()}
    marks = {name: mark for name, (_value, mark) in held.items() if mark is not None}
    main.edited = {name: mark for name, mark in main.edited.items() if name not in held} | marks
    main.save(update_fields=[*columns, "edited"])


def _settle(rows: Sequence[Customer], work: Work, *, owner_changed: bool) -> None:
    """Bring what is counted and looked up in step with who is one customer now; the first of `rows` is the survivor."""
    for row in rows:
        row.source_records = SourceRecord.objects.filter(customer__main=row).count()
        row.save(update_fields=["source_records"])
        settle_contact(row)
    reindex([row.pk for row in rows])
    if owner_changed:
        main = rows[0]
        lost = Ownership.Lost.RELEASED if main.owner_id is None else Ownership.Lost.REASSIGNED
        follow_owners([main.pk], at=work.at, got=Ownership.Got.ASSIGNED, lost=lost)
        work.emit(OwnerChanged((main.pk,), main.owner_id))


def _differs(change: Mapping[str, Held] | None) -> bool:
    return change is not None and change["before"][0] != change["after"][0]


def _told(changed: Mapping[str, Mapping[str, Held]], before: str, after: str) -> dict[str, Any]:
    return {
        name: told(name, change[before][0], change[after][0])
        for name, change in changed.items()
        if change[before][0] != change[after][0]
    }


def _open() -> QuerySet[Merge]:
    return Merge.objects.filter(undone_at=None)
