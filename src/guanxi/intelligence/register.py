"""The sources a company has brought, remembered for the next refresh."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from guanxi.intelligence.models import Source
from guanxi.intelligence.sources.contract import Contract, load_contract
from guanxi.kernel.commands import Work, command


@command("updates.run")
def register_sources(work: Work, *, contracts: Sequence[Contract]) -> None:
    """Remember the contracts by their source's name; a contract given again replaces the one before."""
    changes = {}
    for contract in contracts:
        stated = {
            "contract_path": str(contract.path),
            "title": dict(contract.title),
            "priority": contract.priority,
            "currency": contract.currency,
            "sells": any(feed.purchase for feed in contract.feeds),
        }
        before = Source.objects.filter(name=contract.name).values(*stated).first()
        if before != stated:
            Source.objects.update_or_create(
                name=contract.name, defaults=stated, create_defaults=stated | {"added_at": work.at}
            )
            changes[contract.name] = [before, stated]
    if changes:
        work.record("sources", changes)
    else:
        work.nothing_changed()


def registered_contracts() -> list[Contract]:
    """The contracts of all remembered sources, read anew, in order of priority."""
    paths = Source.objects.order_by("priority", "name").values_list("contract_path", flat=True)
    return [load_contract(Path(path)) for path in paths]
