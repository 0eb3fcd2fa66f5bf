"""Opening a company's warehouse: the current snapshot as named tables of an engine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

from guanxi.insight.engines import DuckDBEngine, duckdb_engine
from guanxi.insight.errors import InsightError
from guanxi.insight.warehouse import views

MANIFEST = "current.json"
PERSON_FOLDER = "person"

# A company without a single purchase has no file to read these columns from.
_EMPTY: dict[str, dict[str, str]] = {
    "fact_purchase_line": {
        "party_key": "BIGINT",
        "source": "VARCHAR",
        "order_id": "VARCHAR",
        "product_id": "VARCHAR",
        "ordered_at": "TIMESTAMP",
        "quantity": "DECIMAL(18,4)",
        "revenue": "DECIMAL(18,4)",
        "is_return": "BOOLEAN",
        "amount": "DECIMAL(18,4)",
        "currency": "VARCHAR",
    },
    "fact_purchase": {
        "party_key": "BIGINT",
        "source": "VARCHAR",
        "order_id": "VARCHAR",
        "ordered_at": "TIMESTAMP",
        "revenue": "DECIMAL(18,4)",
        "lines": "BIGINT",
        "is_return": "BOOLEAN",
        "is_void": "BOOLEAN",
    },
    "customer_xref_by_party": {
        "party_key": "BIGINT",
        "source": "VARCHAR",
        "source_key": "VARCHAR",
        "customer_id": "BIGINT",
    },
}


@dataclass(frozen=True)
class Snapshot:
    """An immutable set of warehouse files: the run that made it, its business date, its tables' files."""

    folder: Path
    run: int
    business_date: date
    tables: Mapping[str, tuple[Path, ...]]

    def is_personal(self, table: str) -> bool:
        """Whether the table holds personal columns: its files lie in `person/`."""
        return any(file.relative_to(self.folder).parts[0] == PERSON_FOLDER for file in self.tables[table])


def current_snapshot(folder: Path | str) -> Snapshot:
    """What `current.json` in the warehouse folder says is current.

    Raises
    ------
    InsightError
        `no_warehouse`, `warehouse_unreadable`.
    """
    folder = Path(folder).resolve()
    place = f"{folder.name}/{MANIFEST}"
    try:
        facts = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InsightError(
            "no_warehouse", "There is no warehouse here yet.", place=place, cure="Run guanxi refresh first."
        ) from error
    except ValueError as error:
        raise _unreadable(str(error), place) from error
    try:
        tables = {
            str(name): tuple(_inside(folder, file, place) for file in files) for name, files in facts["tables"].items()
        }
        return Snapshot(folder, int(facts["run"]), date.fromisoformat(facts["business_date"]), tables)
    except InsightError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable(f"{type(error).__name__} {error}", place) from error


def open_warehouse(
    folder: Path | str,
    *,
    personal: bool = False,
    sealed: bool = False,
    threads: int | None = None,
    memory_limit: str | None = None,
    temp_directory: Path | str | None = None,
) -> DuckDBEngine:
    """An engine with the marts of the current snapshot as named tables.

    Parameters
    ----------
    folder : Path
        The warehouse folder, `GUANXI_HOME/warehouse`.
    personal : bool
        Also the tables with personal columns (those in `person/`).
    sealed : bool
        Close the engine to all files but those of the tables opened, and lock its settings: for SQL
        that somebody types. Results can be fetched, not written.
    threads, memory_limit, temp_directory
        As `duckdb_engine`.

    Returns
    -------
    DuckDBEngine
        Its `tables` are the stored tables, and the views `purchase_line`, `purchase` and
        `customer_xref`.

    Raises
    ------
    InsightError
        `no_warehouse`, `warehouse_unreadable`, `file_not_found`.

    Examples
    --------
    >>> import json, pathlib, tempfile, pyarrow as pa, guanxi.insight as gx
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> with gx.duckdb_engine() as engine:
    ...     engine.arrow(pa.table({"product_id": ["tea"]})).write_parquet(folder / "product.parquet")
    >>> now = {"run": 1, "business_date": "2024-12-31", "tables": {"product": ["product.parquet"]}}
    >>> _ = (folder / "current.json").write_text(json.dumps(now))
    >>> with gx.open_warehouse(folder) as engine:
    ...     engine.query("select product_id from product").rows()
    [{'product_id': 'tea'}]
    """
    snapshot = current_snapshot(folder)
    engine = duckdb_engine(threads=threads, memory_limit=memory_limit, temp_directory=temp_directory)
    try:
        shown = [name for name in snapshot.tables if personal or not snapshot.is_personal(name)]
        for name in shown:
            files = snapshot.tables[name]
            engine.parquet(files, _EMPTY.get(name) if not files else None, name=name)
        _name_views(engine)
        if sealed:
            engine.seal(file for name in shown for file in snapshot.tables[name])
    except BaseException:
        engine.close()
        raise
    return engine


def _name_views(engine: DuckDBEngine) -> None:
    xref = engine.tables.get("customer_xref_by_party")
    if xref is None:
        return
    engine.name_table("customer_xref", views.customer_xref(xref))
    if (lines := engine.tables.get("fact_purchase_line")) is not None:
        engine.name_table("purchase_line", views.purchase_line(lines, xref))
    if (baskets := engine.tables.get("fact_purchase")) is not None:
        engine.name_table("purchase", views.purchase(baskets, xref))


def _inside(folder: Path, file: object, place: str) -> Path:
    relative = PurePosixPath(str(file))
    if not isinstance(file, str) or relative.is_absolute() or ".." in relative.parts:
        raise _unreadable(f"{file!r} is no file of the warehouse", place)
    return folder.joinpath(*relative.parts)


def _unreadable(why: str, place: str) -> InsightError:
    return InsightError(
        "warehouse_unreadable", f"The warehouse's table of contents cannot be read: {why}.", place=place
    )
