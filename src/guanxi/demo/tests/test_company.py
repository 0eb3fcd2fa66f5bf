"""The sample company as a whole: its size, its files, and that it is the same every time."""

from __future__ import annotations

import csv
import datetime
import hashlib
import tomllib
from pathlib import Path

from guanxi.demo import planted
from guanxi.demo.company import SEED, write_company
from guanxi.demo.tests.conftest import AS_OF, Sample
from guanxi.demo.tests.reading import FAIR_COLUMNS, FILES, read_table

CUSTOMER_FILES = tuple(file for file, _, _ in FILES.values())


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_there_are_80_000_records_of_61_000_customers(sample: Sample) -> None:
    assert (sample.company.records, sample.company.customers) == (80_000, 61_000)
    assert len(sample.records) == 80_000
    assert sample.rows("select count(*), count(distinct (source, key)), count(distinct true_customer) from truth") == [
        (80_000, 80_000, 61_000)
    ]
    assert sample.value("select count(*) from record") == 80_000  # each of them is in the truth
    assert sample.rows("select kind, count(distinct true_customer) from record group by all order by all") == [
        ("organisation", planted.ORGANISATIONS),
        ("person", planted.CUSTOMERS - planted.ORGANISATIONS),
    ]


def test_every_source_overlaps_with_every_other_and_with_itself(sample: Sample) -> None:
    records = sample.rows("select source, count(*) from record group by all")
    assert {source for source, _ in records} == set(planted.SOURCES)
    assert min(int(str(count)) for _, count in records) > 5_000
    pairs = sample.rows("""
        select one.source, other.source, count(distinct true_customer)
        from record as one join record as other using (true_customer)
        where (one.source, one.key) < (other.source, other.key)
        group by all
    """)
    assert len(pairs) == 10
    assert min(int(str(count)) for _, _, count in pairs) > 50


def test_exact_keys_find_most_duplicates_and_glue_nobody(sample: Sample) -> None:
    assert sample.value("select count(distinct customer) from record") == 61_000 + 2_467
    assert (
        sample.value("""
            select count(*) from (
                select customer from record group by customer having count(distinct true_customer) > 1
            )
        """)
        == 0
    )


def test_the_same_seed_and_date_give_the_same_bytes_whatever_was_there(sample: Sample, tmp_path: Path) -> None:
    write_company(tmp_path, datetime.date(2024, 2, 29))
    write_company(tmp_path, AS_OF, seed=SEED)
    assert digests(tmp_path) == digests(sample.folder)


def test_another_date_moves_the_dates_only(sample: Sample, tmp_path: Path) -> None:
    write_company(tmp_path, datetime.date(2027, 3, 1))
    dates = {"registered_on", "updated_at", "入会日期", "更新时间", "since", "last_call", "met_on"}
    for source, (file, encoding, delimiter) in FILES.items():
        columns = FAIR_COLUMNS if source == "fair" else None
        before, after = (
            [
                {column: value for column, value in row.items() if column not in dates}
                for row in read_table(folder / file, encoding, delimiter, columns)
            ]
            for folder in (sample.folder, tmp_path)
        )
        assert after == before
    assert (tmp_path / "truth/customers.csv").read_bytes() == sample.company.truth.read_bytes()


def test_the_sources_speak_in_different_ways(sample: Sample) -> None:
    assert (sample.folder / "shop/customers.csv").read_text(encoding="utf-8").startswith("customer_id,account_type,")
    assert (sample.folder / "store/members.csv").read_bytes().startswith("会员号,会员类型,".encode("gb18030"))
    assert (sample.folder / "callcentre/callers.txt").read_text(encoding="utf-8").startswith("caller;type;title;")
    assert (sample.folder / "fair/cards.txt").read_text(encoding="utf-8").startswith("F-100000\t")


def test_contracts_name_columns_that_the_files_have(sample: Sample) -> None:
    assert [path.name for path in sample.company.contracts] == [f"{source}.toml" for source in planted.SOURCES]
    priorities = []
    for path in sample.company.contracts:
        contract = tomllib.loads(path.read_text(encoding="utf-8"))
        assert contract["business_date"] == AS_OF
        priorities.append(contract["priority"])
        for feed in contract["feed"]:
            [file, *_] = sorted(sample.folder.glob(feed["path"]))
            first = file.read_text(encoding=feed["encoding"]).splitlines()[0]
            [header] = csv.reader([first], delimiter=feed.get("delimiter", ","))
            columns = set(feed.get("columns", header))
            assert len(columns) == len(header)
            used = [
                value if isinstance(value, str) else value.get("column")
                for kind in ("customer", "purchase", "product")
                for field, value in feed.get(kind, {}).items()
                if field != "returns"
            ]
            assert {column for column in used if column} <= columns
    assert priorities == sorted(set(priorities))


def test_bad_rows_stand_where_the_truth_says(sample: Sample) -> None:
    rejects = read_table(sample.folder / "truth/rejects.csv")
    assert len(rejects) == planted.BAD_ROWS == 23
    assert {row["source"] for row in rejects} == set(planted.SOURCES)
    for reject in rejects:
        _, encoding, delimiter = FILES[reject["source"]]
        lines = (sample.folder / reject["file"]).read_text(encoding=encoding).splitlines()
        header, row, good = csv.reader(
            [lines[0], lines[int(reject["line"]) - 1], lines[int(reject["line"])]], delimiter=delimiter
        )
        columns = FAIR_COLUMNS if reject["source"] == "fair" else header
        if reject["reason"] == "column_count":
            assert len(row) != len(good) == len(columns)
            continue
        different = {column for column, one, other in zip(columns, row, good, strict=True) if one != other}
        # A copy of the next row with the one thing wrong, under a key of its own.
        assert reject["column"] in different
        assert len(different) == (1 if reject["reason"] == "missing" else 2)


def test_every_line_belongs_to_a_record_or_to_nobody(sample: Sample) -> None:
    lines, nobody, strangers, unknown = sample.rows("""
        select
            count(*), count(*) filter (source_key = ''), count(*) filter (source_key <> '' and customer is null),
            count(*) filter (not known_product)
        from line
    """)[0]
    assert 250_000 < int(str(lines)) < 350_000
    assert 0.02 < int(str(nobody)) / int(str(lines)) < 0.06
    assert (strangers, unknown) == (0, 0)
    assert sample.rows("select distinct source from line where source_key = ''") == [("store",)]
