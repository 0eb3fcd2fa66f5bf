"""One sample company for all tests that only read it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from guanxi.demo.company import Company, write_company
from guanxi.demo.tests.reading import Record, open_warehouse, read_records

AS_OF = datetime.date(2026, 11, 22)


@dataclass(frozen=True)
class Sample:
    """The company as written at `as_of`, and its records and tables as the tests read them."""

    folder: Path
    as_of: datetime.date
    company: Company
    records: list[Record]
    warehouse: duckdb.DuckDBPyConnection

    def rows(self, query: str) -> list[tuple[object, ...]]:
        return self.warehouse.execute(query).fetchall()

    def value(self, query: str) -> object:
        [[value]] = self.rows(query)
        return value


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("sample_company")
    company = write_company(folder, AS_OF)
    records = read_records(folder)
    return Sample(folder, AS_OF, company, records, open_warehouse(company, folder, records))
