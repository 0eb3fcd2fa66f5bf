from __future__ import annotations

from pathlib import Path

import pytest

import guanxi
from guanxi.insight import check_portable, outside_portable_subset

REFUSED = {
    "select a, count(*) as n from t group by all": "GROUP BY ALL",
    "select a from t order by all": "ORDER BY ALL",
    "select * from t asof join u on t.a >= u.a": "ASOF JOIN",
    "select * from t natural join u": "NATURAL JOIN",
    "select hash(a) as h from t": "gx_bucket",
    "select list(a order by b) as l from t": "order inside a list",
    "select array_agg(a) as l from t": "order inside a list",
    "select string_agg(a, ',') as l from t": "order inside a joined text",
    "select quantile_disc(a, 0.5) as q from t": "gx_quantile",
    "select quantile_cont(a, 0.5) as q from t": "gx_quantile",
    "select median(a) as q from t": "gx_quantile",
    "select ntile(5) over (order by a) as q from t": "ntile splits",
    "select a from t qualify row_number() over (order by a) = 1": "QUALIFY",
    "select log(a) as l from t": "gx_log",
    "select ln(a) as l from t": "gx_log",
    "select date_diff('week', a, b) as w from t": "gx_days_between",
    "select date_trunc('month', a) as w from t": "gx_month_start",
    "select a + interval 1 month as x from t": "gx_add_months",
    "select dayofweek(a) as w from t": "gx_weekday",
    "select week(a) as w from t": "WEEK is not",
    "select strftime(a, '%Y') as y from t": "is not in the portable subset",
    "select * from t using sample 10%": "sampling",
    "select * exclude (a) from t": "EXCLUDE",
    "select * replace (a + 1 as a) from t": "EXCLUDE",
    "select a from t limit 3": "LIMIT without ORDER BY",
    "select distinct on (a) a, b from t order by a, b": "DISTINCT ON",
    "select unnest([1, 2]) as u": "unnest",
    "select * from generate_series(1, 2)": "table function",
    "select * from read_parquet('x.parquet')": "table function",
    "with recursive x as (select 1 as a union all select a + 1 from x) select a from x": "RECURSIVE",
    "select a / b as r from t": "gx_ratio",
    "select a // b as r from t": "gx_ratio",
    "select avg(a) as m from t": "gx_mean",
    "select any_value(a) as m from t": "order of work",
    "select first(a) as m from t": "order of work",
    "select arg_max(a, b) as m from t": "gx_last_by",
    "select min_by(a, b) as m from t": "gx_first_by",
    "select mode(a) as m from t": "ties",
    "select approx_count_distinct(a) as m from t": "approximate",
    "select random() as m from t": "random",
    "select current_date as d from t": "wall clock",
    "select now() as d from t": "wall clock",
    "select today() as d from t": "wall clock",
    "select concat(a, b) as c from t": "use ||",
    "select row_number() over () as r from t": "by chance",
    "select a from s.t": "bare names",
    "select a from t union all by name select a from u": "BY NAME",
    "select cast(gx_ratio(a, b) as bigint) as x from t": "floor, ceil or round",
    "select cast(1.5 as integer) as x from t": "floor, ceil or round",
    "select cast(a as float) as x from t": "CAST to",
    "select {'a': 1} as s from t": "STRUCT",
    "select list_transform(a, x -> x + 1) as l from t": "LAMBDA",
    "select gx_nope(a) as x from t": "no macro gx_nope",
    "select stddev(a) as s from t": "stddev_samp",
    "drop table t": "one SELECT",
}

ALLOWED = [
    "select a, sum(b) as s, count(distinct c) as n from t where d is not null group by a having count(*) > 1",
    "select a from t where a in (select b from u) and exists (select 1 from v where v.a = t.a)",
    "select row_number() over (partition by a order by b desc nulls last, c) as r from t",
    "select sum(a) over (order by b rows between unbounded preceding and current row) as s from t",
    "select a, b, sum(c) as s from t group by grouping sets ((a), (b), ())",
    "select case when a like 'x%' then 'y' || b else coalesce(c, d) end as e from t",
    "select year(a) as y, month(a) as m, a % 2 as p, a is distinct from b as q from t",
    "select a from (values (1, 'x'), (2, 'y')) as v(a, b)",
    "select a from t semi join u using (a)",
    "select * from t anti join u on t.a = u.a",
    "select a from t union all select a from u",
    "select cast(floor(gx_ratio(a, b)) as bigint) as x, gx_quantile(v, 1, 5) filter (where w) as q from t",
    "select a from t order by a limit 3",
    "select gx_first_by(a, b) as x, cast(b as decimal(18, 4)) as y, try_cast(c as date) as z from t group by d",
]


@pytest.mark.parametrize(("sql", "words"), REFUSED.items(), ids=list(REFUSED))
def test_what_engines_answer_differently_is_refused_in_words(sql: str, words: str) -> None:
    assert any(words in line for line in outside_portable_subset(sql)), outside_portable_subset(sql)


@pytest.mark.parametrize("sql", ALLOWED)
def test_what_all_engines_answer_alike_is_allowed(sql: str) -> None:
    assert outside_portable_subset(sql) == []


def test_every_mistake_is_told_at_once_and_once() -> None:
    assert outside_portable_subset("select avg(a) as x, avg(b) as y from t group by all limit 1") == [
        "LIMIT without ORDER BY takes rows by chance",
        "GROUP BY ALL: name the columns",
        "avg of a DECIMAL differs in type: use gx_mean(x)",
    ]


def test_the_check_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "good.sql").write_text("select a from t")
    (tmp_path / "bad.sql").write_text("select avg(a) as m from t")

    assert check_portable([tmp_path]) == [
        f"{tmp_path.as_posix()}/bad.sql: avg of a DECIMAL differs in type: use gx_mean(x)"
    ]


def test_every_step_of_the_house_is_portable() -> None:
    root = Path(guanxi.__file__).parent
    files = sorted(root.rglob("*.sql"))

    assert len(files) > 20
    assert check_portable(files) == []
