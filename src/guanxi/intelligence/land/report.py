"""What landing did, to print and to keep: rows in = landed + rejected + filtered, by feed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class FeedReport:
    """One feed of one source.

    Attributes
    ----------
    files
        Files landed by this run.
    repeated
        Names of files that were delivered before, and not landed again.
    reasons
        Code of `land/reasons.py` -> rejected rows.
    """

    source: str
    feed: str
    files: int = 0
    rows: int = 0
    landed: int = 0
    rejected: int = 0
    filtered: int = 0
    repeated: tuple[str, ...] = ()
    reasons: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class LandReport:
    """All feeds of a run, and how many earlier deliveries it put out of use."""

    feeds: tuple[FeedReport, ...] = ()
    replaced: int = 0

    @property
    def files(self) -> int:
        """Files landed."""
        return sum(feed.files for feed in self.feeds)

    @property
    def rows(self) -> int:
        """Rows in the files landed."""
        return sum(feed.rows for feed in self.feeds)

    @property
    def landed(self) -> int:
        """Rows that are in the warehouse now (of feeds with purchases: purchase lines)."""
        return sum(feed.landed for feed in self.feeds)

    @property
    def rejected(self) -> int:
        """Rows set aside with a reason."""
        return sum(feed.rejected for feed in self.feeds)

    @property
    def filtered(self) -> int:
        """Rows the contract leaves out."""
        return sum(feed.filtered for feed in self.feeds)

    @property
    def repeated(self) -> tuple[str, ...]:
        """Files delivered before, as `source.feed: name`."""
        return tuple(f"{feed.source}.{feed.feed}: {name}" for feed in self.feeds for name in feed.repeated)

    def as_json(self) -> dict[str, Any]:
        """The report as JSON; `from_json` reads it back."""
        return {"feeds": [asdict(feed) for feed in self.feeds], "replaced": self.replaced}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> LandReport:
        """The report that `as_json` gave."""
        feeds = (FeedReport(**{**feed, "repeated": tuple(feed["repeated"])}) for feed in kept["feeds"])
        return cls(tuple(feeds), kept["replaced"])
