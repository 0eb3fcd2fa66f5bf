"""Two generations of one public schema through one contract, in the order in which they appeared."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.utils import translation

from guanxi.insight import open_warehouse
from guanxi.intelligence.models import Delivery
from guanxi.intelligence.queries.drift import list_columns
from guanxi.intelligence.road import refresh
from guanxi.intelligence.sources.check import check_contract
from guanxi.intelligence.sources.contract import load_contract
from guanxi.intelligence.sources.drift_words import changes_in_words
from guanxi.kernel.access.system import SYSTEM

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.data]
CONTRACT = Path(__file__).parents[4] / "examples" / "sources" / "bank_marketing.toml"
ROWS = {"bank.csv": 4_521, "bank-additional.csv": 4_119}


def test_one_contract_serves_both_generations_and_tells_what_changed(
    tmp_path: Path, guanxi_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUANXI_DATA", str(tmp_path / "data"))
    folder = tmp_path / "data" / "bank_marketing"
    folder.mkdir(parents=True)
    root = tmp_path / "warehouse"
    columns = {}
    for name, rows in ROWS.items():  # the second study came three years after the first
        shutil.copy(guanxi_data / "bank_marketing" / name, folder)
        lines = (folder / name).read_text().splitlines()
        columns[name] = lines[0].replace('"', "").split(";")
        assert len(lines) - 1 == rows
        refresh([load_contract(CONTRACT)], home=tmp_path, root=root, actor=SYSTEM)
    first, second = columns.values()
    assert (len(first), len(second)) == (17, 21)
    deliveries = Delivery.objects.order_by("run_id").values_list("name", "rows", "landed", "columns", "is_current")
    assert list(deliveries) == [(name, rows, rows, columns[name], True) for name, rows in ROWS.items()]
    (feed,) = list_columns(SYSTEM, "bank_marketing")
    (change,) = feed.changes
    assert (change.file, change.drift.before) == ("bank-additional.csv", "bank.csv")
    assert list(change.drift.added) == [column for column in second if column not in first]
    assert list(change.drift.removed) == [column for column in first if column not in second]
    assert (change.drift.moved, change.drift.renamed, change.drift.perhaps) == ((), (), ())
    with translation.override("en"):
        told = changes_in_words(change.drift)
    assert told == (
        "6 new columns that nothing reads: “day_of_week”, “emp.var.rate”, “cons.price.idx”, “cons.conf.idx”, "
        "“euribor3m”, “nr.employed”; “balance”, “day” are gone"
    )
    with open_warehouse(root) as engine:
        assert engine.query("select count(*) as customers from customer").rows() == [{"customers": 8_640}]
    assert [mistake.warning for mistake in check_contract(CONTRACT)] == [True, True]  # drift, and what nothing reads
