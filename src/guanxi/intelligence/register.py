"""The sources a company has brought, remembered for the next refresh."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from guanxi.customers.own_fields import HOLDER
from guanxi.intelligence.models import Source
from guanxi.intelligence.sources.contract import Contract, load_contract
from guanxi.kernel.commands import Work, command
from guanxi.kernel.fields.queries import list_definitions
from guanxi.kernel.fields.values import FieldDefinition


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
    return read_contracts(map(Path, paths))


def read_contracts(paths: Iterable[Path]) -> list[Contract]:
    """The contracts at these paths, as the company's own fields stand now.

    Raises
    ------
    ContractInvalid, ContractMissing
        The first that cannot be used.
    """
    own = own_fields()
    return [load_contract(path, own) for path in paths]


def own_fields() -> dict[str, FieldDefinition]:
    """The company's own fields of customers by their keys, archived ones too."""
    return {field.key: field for field in list_definitions(HOLDER, with_archived=True)}
