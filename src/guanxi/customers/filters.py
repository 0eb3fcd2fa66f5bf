"""The filters of the customer list: read from the address, and told as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from django.utils.translation import get_language, gettext

from guanxi.customers.source_names import source_names
from guanxi.customers.words import KINDS, OWNERS, RFM_GROUPS, STAGES, STATUSES, TIERS
from guanxi.kernel.lists.errors import FilterUnknown
from guanxi.kernel.places import place_name

SCORES: Final = frozenset("12345")
NO_REGION: Final = "none"
LONGEST: Final = 200

CHOICES: Final[dict[str, frozenset[str]]] = {
    "tier": frozenset(TIERS),
    "stage": frozenset(STAGES),
    "status": frozenset(STATUSES),
    "rfm": frozenset(RFM_GROUPS),
    "r": SCORES,
    "f": SCORES,
    "m": SCORES,
    "abc": frozenset("ABC"),
    "bought": frozenset({"ever", "12m"}),
    "quiet": frozenset({"1"}),
    "kind": frozenset(KINDS),
    "records": frozenset({"many"}),
    "owner": frozenset(OWNERS),
}


@dataclass(frozen=True)
class CustomerFilters:
    """What the list is narrowed to; an empty value does not narrow.

    `region` is a code of `kernel.places` or "none"; `source` the name of a source system; `q` free text.
    """

    q: str = ""
    tier: str = ""
    stage: str = ""
    status: str = ""
    region: str = ""
    rfm: str = ""
    r: str = ""
    f: str = ""
    m: str = ""
    abc: str = ""
    bought: str = ""
    quiet: str = ""
    kind: str = ""
    source: str = ""
    records: str = ""
    owner: str = ""

    @classmethod
    def from_address(cls, given: Mapping[str, Any]) -> CustomerFilters:
        """The filters an address asks for; what it does not name is left open.

        Raises
        ------
        FilterUnknown
            A filter has a value it cannot have.
        """
        values = {field.name: str(given.get(field.name, "")).strip()[:LONGEST] for field in fields(cls)}
        for name, value in values.items():
            if value and name in CHOICES and value not in CHOICES[name]:
                raise FilterUnknown(name=name, value=value)
        return cls(**values)

    def active(self) -> dict[str, str]:
        """The filters in force, as they stand in the address."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name))}

    def without(self, name: str) -> CustomerFilters:
        """The same filters but for one."""
        return replace(self, **{name: ""})

    def with_value(self, name: str, value: str) -> CustomerFilters:
        """The same filters with one set."""
        return replace(self, **{name: value})

    @property
    def asks_standing(self) -> bool:
        """Whether only customers with a standing can match."""
        standing = (self.tier, self.stage, self.status, self.rfm, self.r, self.f, self.m, self.abc)
        return any(standing) or bool(self.bought or self.quiet)


def sentence_of(name: str, value: str) -> str:
    """One filter as a sentence: "Stage is Stable"."""
    match name:
        case "q":
            return gettext("Matches “%(text)s”") % {"text": value}
        case "tier":
            return gettext("Tier is %(value)s") % {"value": TIERS[value].label}
        case "stage":
            return gettext("Stage is %(value)s") % {"value": STAGES[value].label}
        case "status":
            return gettext("Status is %(value)s") % {"value": STATUSES[value].label}
        case "rfm":
            return gettext("RFM group is %(value)s") % {"value": RFM_GROUPS[value].label}
        case "region":
            return _region_sentence(value)
        case "source":
            return gettext("Source is %(value)s") % {"value": source_names().get(value, value)}
        case "abc":
            return gettext("ABC class is %(value)s") % {"value": value}
        case "kind":
            return gettext("Kind is %(value)s") % {"value": KINDS[value].label}
        case _:
            return _score_or_flag(name, value)


def _region_sentence(value: str) -> str:
    if value == NO_REGION:
        return gettext("Region is not known")
    return gettext("Region is %(value)s") % {"value": place_name(value, get_language() or "en")}


def _score_or_flag(name: str, value: str) -> str:
    match name:
        case "r":
            return gettext("Recency is %(value)s of 5") % {"value": value}
        case "f":
            return gettext("Frequency is %(value)s of 5") % {"value": value}
        case "m":
            return gettext("Spend is %(value)s of 5") % {"value": value}
        case "bought":
            return gettext("Bought in the last 12 months") if value == "12m" else gettext("Ever bought")
        case "quiet":
            return gettext("Gone quiet")
        case "owner":
            return str(OWNERS[value].rule)
        case "records":
            return gettext("Known from two or more records")
        case _:
            return f"{name}: {value}"
