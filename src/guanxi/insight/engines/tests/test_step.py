from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from guanxi.insight import InsightError, Step


def compiled(sql: str, **params: object) -> str:
    return Step.from_text("probe", sql).compile("duckdb", {}, params)


def code(error: pytest.ExceptionInfo[InsightError]) -> str:
    return error.value.code


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (date(2024, 2, 29), "CAST('2024-02-29' AS DATE)"),
        (datetime.fromisoformat("2024-02-29 23:59:58"), "CAST('2024-02-29 23:59:58' AS TIMESTAMP)"),
        (7, "7"),
        (-7, "(-7)"),
        (0.1, "CAST('0.1' AS DOUBLE)"),
        (Decimal("0.80"), "CAST('0.80' AS DECIMAL(2, 2))"),
        (Decimal("-12.3400"), "CAST('-12.3400' AS DECIMAL(6, 4))"),
        (Decimal("1E+3"), "CAST('1000' AS DECIMAL(4, 0))"),
        ("it's; drop table x --", "'it''s; drop table x --'"),
        (True, "TRUE"),
        (None, "NULL"),
    ],
)
def test_a_parameter_becomes_a_typed_literal(value: object, written: str) -> None:
    assert compiled("select $it as it", it=value) == f"SELECT {written} AS it"


def test_a_list_fills_in() -> None:
    assert (
        compiled("select 1 as one where 'a' in ($names)", names=["a", "b"]) == "SELECT 1 AS one WHERE 'a' IN ('a', 'b')"
    )


def test_nothing_is_in_an_empty_list() -> None:
    assert compiled("select 1 as one where 'a' in ($names)", names=[]) == "SELECT 1 AS one WHERE FALSE"


def test_a_list_is_refused_elsewhere() -> None:
    with pytest.raises(InsightError, match=r"x in \(\$names\)") as error:
        compiled("select $names as it", names=["a"])
    assert code(error) == "wrong_param"


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), 2**63, datetime(2024, 1, 1, tzinfo=UTC), object(), Decimal("NaN"), Decimal(10) ** 38],
)
def test_what_the_engines_do_not_share_is_refused(value: object) -> None:
    with pytest.raises(InsightError, match="“it”") as error:
        compiled("select $it as it", it=value)
    assert code(error) == "wrong_param"


def test_a_missing_parameter_is_named() -> None:
    with pytest.raises(InsightError, match="“as_of” is missing") as error:
        compiled("select $as_of as day")
    assert code(error) == "missing_param"


def test_an_unknown_parameter_is_named_with_the_known_ones() -> None:
    with pytest.raises(InsightError, match=r"no parameter “asof”.*as_of") as error:
        compiled("select $as_of as day", as_of=date(2024, 1, 1), asof=1)
    assert code(error) == "unknown_param"


def test_inputs_are_the_tables_a_step_does_not_make_itself() -> None:
    step = Step.from_text(
        "probe",
        "with a as (select x from Purchase) select x from a where x in (select x from customer) and x = $y",
    )

    assert step.inputs == {"purchase", "customer"}
    assert step.params == {"y"}


def test_an_input_keeps_its_name_for_its_columns() -> None:
    step = Step.from_text("probe", "select purchase.x, c.y from purchase join customer as c on c.x = purchase.x")

    assert step.compile("duckdb", {"purchase": "t 1", "customer": "t2"}) == (
        'SELECT purchase.x, c.y FROM "t 1" AS purchase JOIN "t2" AS c ON c.x = purchase.x'
    )


def test_a_missing_input_is_named() -> None:
    with pytest.raises(InsightError, match="“customer” is missing") as error:
        Step.from_text("probe", "select x from purchase, customer").compile("duckdb", {"purchase": "t"})
    assert code(error) == "missing_input"


def test_an_unknown_input_is_named() -> None:
    with pytest.raises(InsightError, match="no input “customers”") as error:
        Step.from_text("probe", "select x from purchase").compile("duckdb", {"purchase": "t", "customers": "u"})
    assert code(error) == "unknown_input"


def test_a_with_clause_may_not_hide_an_input() -> None:
    step = Step.from_text("probe", "with purchase as (select 1 as x) select x from purchase")

    with pytest.raises(InsightError, match="would hide it") as error:
        step.compile("duckdb", {"purchase": "t"})
    assert code(error) == "input_hidden"


@pytest.mark.parametrize("sql", ["select 1; select 2", "drop table x", "insert into x values (1)", ""])
def test_a_step_is_one_select(sql: str) -> None:
    with pytest.raises(InsightError) as error:
        compiled(sql)
    assert code(error) == "not_one_select"


def test_sql_that_cannot_be_read_says_where() -> None:
    with pytest.raises(InsightError, match="Line 1") as error:
        compiled("select from where")
    assert code(error) == "step_unreadable"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InsightError, match=r"nothing\.sql") as error:
        Step.from_file(tmp_path / "nothing.sql")
    assert code(error) == "step_not_found"


def test_an_unknown_macro_is_named_with_the_known_ones() -> None:
    with pytest.raises(InsightError, match=r"no macro gx_nope.*gx_ratio") as error:
        compiled("select gx_nope(1) as x")
    assert code(error) == "unknown_macro"


def test_a_macro_counts_its_arguments() -> None:
    with pytest.raises(InsightError, match="takes 2 arguments and was given 1") as error:
        compiled("select gx_ratio(1) as x")
    assert code(error) == "wrong_macro_arguments"


def test_a_macro_within_a_macro_is_expanded() -> None:
    assert "gx_" not in compiled(
        "select gx_days_between(gx_month_start($d), gx_add_months($d, 1)) as x", d=date(2024, 1, 9)
    )
