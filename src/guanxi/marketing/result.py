"""What a follow-up brought, as it is kept and told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from guanxi.insight.experiment import Arm, Difference, Uplift


@dataclass(frozen=True)
class Result:
    """The outcome as of a day.

    Attributes
    ----------
    known_until
        The day until which purchases are known; None where no data update has run.
    is_final
        Whether the whole window lies before that day.
    treated, control
        Members, buyers, net revenue and its sum of squares, of each arm.
    reached
        Treated customers whom somebody reached since the start.
    """

    known_until: date | None
    is_final: bool
    currency: str
    treated: Arm
    control: Arm
    rate: Difference | None
    revenue: Difference | None
    reached: int

    def to_json(self) -> dict[str, Any]:
        """The result as JSON."""
        return asdict(self) | {"known_until": self.known_until.isoformat() if self.known_until else None}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Result | None:
        """The kept result, or nothing where none was measured yet."""
        if not kept:
            return None
        rate, revenue = kept["rate"], kept["revenue"]
        return cls(
            known_until=date.fromisoformat(kept["known_until"]) if kept["known_until"] else None,
            is_final=kept["is_final"],
            currency=kept["currency"],
            treated=Arm(**kept["treated"]),
            control=Arm(**kept["control"]),
            rate=Difference(**rate) if rate else None,
            revenue=Difference(**revenue) if revenue else None,
            reached=kept["reached"],
        )

    @classmethod
    def of(cls, uplift: Uplift, *, known_until: date | None, is_final: bool, currency: str, reached: int) -> Result:
        """The result of an experiment."""
        return cls(
            known_until, is_final, currency, uplift.treated, uplift.control, uplift.rate, uplift.revenue, reached
        )
