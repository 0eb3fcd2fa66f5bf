"""What there is to land: the files every feed finds, which of them are new, and which came before."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from guanxi.intelligence.land.chunk import Delivered
from guanxi.intelligence.land.control import check_control
from guanxi.intelligence.models import Delivery
from guanxi.intelligence.sources.drift import Drift, delivered_columns, find_drift
from guanxi.intelligence.sources.errors import ContractsShareName
from guanxi.intelligence.sources.files import Content, SourceFile, find_files, read_content
from guanxi.intelligence.sources.fit import Fit, read_header
from guanxi.intelligence.sources.terms import Contract, Feed

RULES: Final = 1  # raise it when landing reads the same bytes differently, so that everything lands again
TERMS_LENGTH: Final = 24  # characters of a delivery's digest that stand for the contract; the rest is for the bytes
CHUNK_ROWS: Final = 200_000
_WHERE: Final = ("location", "members", "is_full")  # where files come from changes nothing in what they say


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file a feed found, and the delivery it is."""

    file: SourceFile
    content: Content
    digest: str

    @property
    def delivery_id(self) -> int:
        """Derived from the digest, so that a resumed run writes the same ids; 52 bits survive every JSON reader."""
        return delivery_id_of(self.digest)

    @property
    def same_bytes(self) -> str:
        """How the digests end of all deliveries of these bytes, whatever a contract made of them."""
        return self.digest[TERMS_LENGTH:]

    @property
    def delivered(self) -> Delivered:
        """The file as its rows know it."""
        return Delivered(self.file.name, self.delivery_id)


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to land. `rows` is how many rows it has at most; `drift` how its columns differ from those before."""

    planned: PlannedFile
    fit: Fit
    rows: int
    drift: Drift

    @property
    def columns(self) -> tuple[object, ...]:
        """What files have in common that are landed alike: names, types, and how the contract calls them."""
        return self.fit.written, self.fit.header.types, self.fit.header.names


@dataclass
class FeedPlan:
    """What one feed has to do.

    Attributes
    ----------
    found
        Every file there is, by name.
    new
        Those to land.
    landed_before
        Those this run landed in an earlier attempt, with their rows.
    repeated
        Those an earlier run landed, or that hold the same as another file.
    """

    contract: Contract
    feed: Feed
    found: list[PlannedFile] = field(default_factory=list)
    new: list[NewFile] = field(default_factory=list)
    landed_before: dict[str, int] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)


def plan_feeds(contracts: Sequence[Contract], run_id: int, root: Path, unpacked: Path) -> list[FeedPlan]:
    """Look at every file of every feed before a single row is landed.

    Raises
    ------
    ContractsShareName, SourceFileMissing, FileUnreadable, FileEmpty, ColumnsMissing, ColumnAmbiguous, ColumnUnusable
        Something is wrong that no row can be blamed for.
    """
    _refuse_shared_names(contracts)
    return [
        _plan_feed(contract, feed, run_id, root, unpacked / contract.name)
        for contract in contracts
        for feed in contract.feeds
    ]


def groups(new: Iterable[NewFile]) -> Iterator[list[NewFile]]:
    """Files that fit into a chunk together: neighbours in name, with the same columns; a big one stands alone."""
    group: list[NewFile] = []
    for file in new:
        is_alike = not group or group[0].columns == file.columns
        if group and (not is_alike or sum(member.rows for member in group) + file.rows > CHUNK_ROWS):
            yield group
            group = []
        group.append(file)
    if group:
        yield group


def delivery_id_of(digest: str) -> int:
    """The number of the delivery of this digest."""
    return int(hashlib.sha256(digest.encode()).hexdigest()[:13], 16)


def digest_of(contract: Contract, feed: Feed, content: Content) -> str:
    """Of everything in the contract that has a say in what is landed, and of the bytes: one after the other."""
    terms = {key: value for key, value in dataclasses.asdict(feed).items() if key not in _WHERE}
    del terms["control"]  # it only refuses files
    if not feed.prices_own:
        del terms["prices_own"]  # so that what landed before there was the choice is not read anew
    if not feed.own:
        del terms["own"]  # likewise
    terms["leeway"] = [feed.leeway.aliases, feed.leeway.optional]  # the rest only refuses files, or says nothing
    said = {
        "rules": RULES, "source": contract.name, "timezone": contract.timezone, "currency": contract.currency,
        "feed": terms,
    }  # fmt: skip
    read_as = hashlib.sha256(json.dumps(said, sort_keys=True, default=repr).encode()).hexdigest()
    return read_as[:TERMS_LENGTH] + content.digest[TERMS_LENGTH:]


def _refuse_shared_names(contracts: Sequence[Contract]) -> None:
    seen: dict[str, Contract] = {}
    for contract in contracts:
        if contract.name in seen:
            raise ContractsShareName(
                name=contract.name, first=str(seen[contract.name].path), second=str(contract.path),
                place=str(contract.path),
            )  # fmt: skip
        seen[contract.name] = contract


def _plan_feed(contract: Contract, feed: Feed, run_id: int, root: Path, unpacked: Path) -> FeedPlan:
    plan = FeedPlan(contract, feed)
    for file in find_files(contract, feed, unpacked):
        content = read_content(file)
        plan.found.append(PlannedFile(file, content, digest_of(contract, feed, content)))
    rows = list(Delivery.objects.filter(source=contract.name, feed=feed.name).order_by("run_id", "name", "pk"))
    found = {planned.digest for planned in plan.found}
    known = {row.digest: row for row in rows if row.digest in found and is_whole(row, root)}
    history = _History(feed, [row for row in rows if row.run_id != run_id])
    seen: set[str] = set()
    for planned in plan.found:
        delivery = known.get(planned.digest)
        if planned.digest in seen or (delivery is not None and delivery.run_id != run_id):
            plan.repeated.append(planned.file.name)
        elif delivery is not None:
            plan.landed_before[planned.digest] = delivery.rows
            history.note(delivery.name, delivery.columns)
        else:
            fit = read_header(planned.file, feed)
            check_control(contract, feed, planned.file, fit)
            most = planned.content.lines if fit.header.rows is None else fit.header.rows
            plan.new.append(NewFile(planned, fit, most, history.drift_of(planned, fit)))
            history.note(planned.file.name, delivered_columns(feed, fit.written))
        seen.add(planned.digest)
    return plan


class _History:
    """The columns of the feed's deliveries so far, in the order in which they came."""

    def __init__(self, feed: Feed, earlier: Sequence[Delivery]) -> None:
        self.feed = feed
        self.before: tuple[str, Sequence[str]] = ("", ())
        for row in earlier:
            self.note(row.name, row.columns)
        self._same_bytes = {row.digest[TERMS_LENGTH:]: row for row in earlier}

    def note(self, name: str, columns: Sequence[str]) -> None:
        """Take the columns of the next delivery; some formats have none of their own."""
        if columns:
            self.before = name, columns

    def drift_of(self, planned: PlannedFile, fit: Fit) -> Drift:
        """What differs from the delivery before; nothing in a file that only a changed contract reads anew."""
        read_before = self._same_bytes.get(planned.same_bytes)
        name, columns = self.before if read_before is None else (read_before.name, read_before.columns)
        return find_drift(self.feed, delivered_columns(self.feed, fit.written), columns, name)


def is_whole(row: Delivery, root: Path) -> bool:
    """Whether what was landed of a delivery is still in the warehouse."""
    tables = [table for table in row.files if table != "rejects"]
    if row.landed and not tables:
        return False
    return all((root / path).exists() for table in tables for path in row.files[table])
