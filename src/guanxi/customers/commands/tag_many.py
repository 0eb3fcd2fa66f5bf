"""A tag on many customers, or off them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from guanxi.customers.attached_fields import TAG
from guanxi.customers.commands.many import lock_changed, lock_seen, touched_since
from guanxi.customers.errors import TagUnknown
from guanxi.customers.events import CustomersEdited
from guanxi.customers.models import CustomerTag, Tag
from guanxi.kernel.batches.registry import CHANGED_SINCE, BulkChange, Options, Outcome, Part
from guanxi.kernel.bulk import write_rows
from guanxi.kernel.commands import Actor, Work
from guanxi.kernel.ui.formats import number


class TagCustomers(BulkChange):
    """Put a tag on customers. Options: `name` of the tag, made if nobody used it before."""

    kind, subject, permission, icon = "customers.tag", "customers", "customers.edit", "tag"
    title = pgettext_lazy("verb", "Tag")

    def read(self, actor: Actor, options: Options) -> dict[str, Any]:
        """The tag's number; its name is kept for the sentence."""
        del actor
        tag, _new = Tag.objects.get_or_create(name=TAG["name"].parse(options["name"]))
        return {"tag_id": tag.pk, "tag": tag.name}

    def sentence(self, options: Options, count: int) -> str:
        """Which tag on how many."""
        said = ngettext("Tag %(count)s customer “%(tag)s”", "Tag %(count)s customers “%(tag)s”", count)
        return said % {"count": number(count), "tag": options["tag"]}

    def told(self, options: Options) -> dict[str, Any]:
        """The tag's number."""
        return {"tag_id": options["tag_id"]}

    def apply(self, work: Work, part: Part) -> Outcome:
        """Tag those that have it not, under whichever of their numbers."""
        held, refused = lock_seen(work.actor, part.ids)
        tag_id = part.options["tag_id"]
        on = CustomerTag.objects.filter(tag=tag_id, customer__main__in=list(held))
        fresh = sorted(held.keys() - set(on.values_list("customer__main_id", flat=True)))
        rows = [(pk, tag_id, part.batch) for pk in fresh]
        write_rows(CustomerTag, ["customer_id", "tag_id", "batch"], rows, on_conflict=["tag_id", "customer_id"])
        return Outcome(dict.fromkeys(fresh), refused)

    def undo(self, work: Work, part: Part) -> Outcome:
        """Take off what the batch put on."""
        del work
        lock_changed(part.ids)  # so that nobody tags them meanwhile
        own = CustomerTag.objects.filter(tag=part.options["tag_id"], customer__in=part.ids, batch=part.undoes)
        mine = sorted(own.values_list("customer_id", flat=True))
        own.delete()
        refused = {pk: CHANGED_SINCE for pk in part.ids if pk not in set(mine)}
        return Outcome(dict.fromkeys(mine), refused)

    def tell(self, work: Work, batch: str, ids: tuple[int, ...], options: Options, *, undone: bool) -> None:
        """Their tags changed."""
        del options, undone
        work.emit(CustomersEdited(ids, ("tag",), batch))


BY_HAND: Final = ("customers.commands.tags.put_tag", "customers.commands.tags.take_tag")


class UntagCustomers(TagCustomers):
    """Take a tag off customers. Options: `tag_id`."""

    kind, icon = "customers.untag", "tag-off"
    title = _("Take a tag off")

    def read(self, actor: Actor, options: Options) -> dict[str, Any]:
        """The tag's number; its name is kept for the sentence."""
        del actor
        tag = Tag.objects.filter(pk=options["tag_id"]).first()
        if tag is None:
            raise TagUnknown(tag_id=options["tag_id"])
        return {"tag_id": tag.pk, "tag": tag.name}

    def sentence(self, options: Options, count: int) -> str:
        """Which tag off how many."""
        said = ngettext(
            "Take the tag “%(tag)s” off %(count)s customer", "Take the tag “%(tag)s” off %(count)s customers", count
        )
        return said % {"count": number(count), "tag": options["tag"]}

    def apply(self, work: Work, part: Part) -> Outcome:
        """Take it off, under whichever of their numbers it is."""
        held, refused = lock_seen(work.actor, part.ids)
        on = CustomerTag.objects.filter(tag=part.options["tag_id"], customer__main__in=list(held))
        before: defaultdict[int, list[list[Any]]] = defaultdict(list)
        for main_id, customer_id, batch in on.values_list("customer__main_id", "customer_id", "batch"):
            before[main_id].append([customer_id, batch])
        on.delete()
        return Outcome(before, refused)

    def undo(self, work: Work, part: Part) -> Outcome:
        """Put it back on those that have it not and that nobody has tagged with it since."""
        del work
        held, refused = lock_changed(part.ids)
        tag_id = part.options["tag_id"]
        touched = touched_since(part, BY_HAND, (TagCustomers.kind, UntagCustomers.kind), tag_id)
        on = CustomerTag.objects.filter(tag=tag_id, customer__main__in=list(held))
        refused |= dict.fromkeys(touched & held.keys(), CHANGED_SINCE)
        fresh = sorted(held.keys() - touched - set(on.values_list("customer__main_id", flat=True)))
        rows = [(customer_id, tag_id, batch) for pk in fresh for customer_id, batch in part.before[pk]]
        write_rows(CustomerTag, ["customer_id", "tag_id", "batch"], rows, on_conflict=["tag_id", "customer_id"])
        return Outcome(dict.fromkeys(fresh), refused)
