"""Source contracts: which files a source system delivers, and what their columns mean, in TOML.

A contract is read whole or not at all: `load_contract` raises with every mistake; `check_contract` (in `check.py`)
also looks into the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from guanxi.intelligence.sources.mistakes import ContractInvalid, Mistake
from guanxi.intelligence.sources.parse import parse_contract
from guanxi.intelligence.sources.terms import Condition, Contract, Feed, Mapped, Returns, Split
from guanxi.kernel.fields.values import FieldDefinition

__all__ = ["Condition", "Contract", "ContractInvalid", "Feed", "Mapped", "Mistake", "Returns", "Split", "load_contract"]


NO_FIELDS: Final[Mapping[str, FieldDefinition]] = MappingProxyType({})


def load_contract(path: Path, own: Mapping[str, FieldDefinition] = NO_FIELDS) -> Contract:
    """Read a contract; `own` are the company's own fields of customers by their keys, archived ones too.

    Raises
    ------
    ContractInvalid
        With every mistake in it, each with its line and, where known, what would mend it.
    ContractMissing
        There is no such file.
    """
    parsed = parse_contract(path, own)
    if parsed.contract is None or parsed.mistakes.found:
        raise ContractInvalid.of(path, parsed.mistakes.sorted())
    return parsed.contract
