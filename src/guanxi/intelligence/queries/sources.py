"""The connected sources and what their contracts say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db.models import Max, Sum
from django.utils.translation import get_language, gettext

from guanxi.intelligence.errors import SourceNotFound
from guanxi.intelligence.models import Delivery, Source
from guanxi.intelligence.queries.drift import columns_before
from guanxi.intelligence.register import own_fields
from guanxi.intelligence.sources.mistakes import Mistake
from guanxi.intelligence.sources.terms import OWN_SOURCE
from guanxi.kernel.commands import Actor
from guanxi.kernel.errors import PermissionDenied


@dataclass(frozen=True)
class SourceLine:
    """A connected source. `rows` is what its current deliveries hold."""

    name: str
    title: str
    contract_path: str
    added_at: datetime
    last_delivery_at: datetime | None
    rows: int


@dataclass(frozen=True)
class SourceCheck:
    """What a check of one source found; nothing found is good."""

    source: SourceLine
    mistakes: tuple[Mistake, ...]

    @property
    def errors(self) -> tuple[Mistake, ...]:
        """What must be mended."""
        return tuple(mistake for mistake in self.mistakes if not mistake.warning)


def list_sources(actor: Actor) -> list[SourceLine]:
    """The connected sources by name; needs `updates.view`."""
    _refuse_unless_viewer(actor)
    held = {
        row["source"]: row
        for row in Delivery.objects.filter(is_current=True).values("source").annotate(Sum("rows"), Max("landed_at"))
    }
    titles = source_titles()
    return [
        SourceLine(
            name=source.name, title=titles[source.name], contract_path=source.contract_path, added_at=source.added_at,
            last_delivery_at=held[source.name]["landed_at__max"] if source.name in held else None,
            rows=held[source.name]["rows__sum"] if source.name in held else 0,
        )
        for source in Source.objects.order_by("name")
    ]  # fmt: skip


def check_source(actor: Actor, name: str) -> SourceCheck:
    """Every mistake in the contract of source `name` and in what it points at; needs `updates.view`.

    Raises
    ------
    SourceNotFound
        There is no such source.
    """
    from guanxi.intelligence.sources.check import check_contract

    for source in list_sources(actor):
        if source.name == name:
            return SourceCheck(source, tuple(check_contract(Path(source.contract_path), columns_before, own_fields())))
    raise SourceNotFound(name=name)


def source_titles() -> Mapping[str, str]:
    """Source name -> what the reader calls it, from its contract; the name itself where it gives none."""
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    titles = {name: title.get(language) or name for name, title in Source.objects.values_list("name", "title")}
    return titles | {OWN_SOURCE: gettext("Written down here")}


def _refuse_unless_viewer(actor: Actor) -> None:
    if not actor.may("updates.view"):
        raise PermissionDenied(permission="updates.view")
