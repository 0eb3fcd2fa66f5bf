"""Checks of code: contracts, rules, texts, SQL, migrations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from django.db import models

from checks import contracts, migrations, rooms, sql

Write = Callable[[str, str], Path]
Words = Callable[..., list[str]]


PROTECTED = """
[[tool.importlinter.contracts]]
type = "protected"
protected_modules = ["guanxi.sales.web"]
allowed_importers = ["guanxi.sales"]
"""


def test_a_room_that_no_contract_keeps_private_is_found(write: Write, words: Words, tmp_path: Path) -> None:
    write("pyproject.toml", PROTECTED)
    write("src/guanxi/sales/web/views.py", "")
    write("src/guanxi/sales/jobs.py", "")
    write("src/guanxi/kernel/jobs/models.py", "")
    write("src/guanxi/industries/hotel/api.py", "")
    assert words(contracts, tmp_path) == [
        "pyproject.toml: no import contract keeps guanxi.industries.hotel.api to its own app",
        "pyproject.toml: no import contract keeps guanxi.sales.jobs to its own app",
    ]


def test_rules_that_read_the_clock_or_the_database_are_found(write: Write, words: Words, tmp_path: Path) -> None:
    write(
        "src/guanxi/sales/rules.py",
        "from datetime import date\nfrom django.conf import settings\nfrom guanxi.sales.models import Deal\n"
        "import random\nTODAY = date.today()\n",
    )
    assert words(rooms, tmp_path) == [
        "src/guanxi/sales/rules.py:2: imports django.conf: rules know no ORM, clock, chance or settings",
        "src/guanxi/sales/rules.py:2: imports django.conf.settings: rules know no ORM, clock, chance or settings",
        "src/guanxi/sales/rules.py:3: imports guanxi.sales.models: rules decide from what they are given",
        "src/guanxi/sales/rules.py:4: imports random: rules know no ORM, clock, chance or settings",
        "src/guanxi/sales/rules.py:5: asks the clock (today); take the date as a parameter",
    ]


def test_pure_rules_pass(write: Write, words: Words, tmp_path: Path) -> None:
    write(
        "src/guanxi/sales/rules/discount.py",
        "from decimal import Decimal\nfrom guanxi.kernel.money import round_to\nHALF = Decimal('0.5')\n",
    )
    assert words(rooms, tmp_path) == []


def test_a_sentence_that_is_a_plain_string_is_found(write: Write, words: Words, tmp_path: Path) -> None:
    write(
        "src/guanxi/sales/errors.py",
        'class DealClosed(GuanxiError):\n    code = "closed"\n    sentence = "The deal is closed."\n    cure = ""\n',
    )
    write("src/guanxi/sales/web/forms.py", 'name = CharField(label="Name", help_text=_("As on the invoice."))\n')
    write("src/guanxi/sales/tests/test_errors.py", 'x = f(label="a test may say what it likes")\n')
    write("src/guanxi/insight/errors.py", 'raise InsightError("no", cure="the library speaks English")\n')
    assert words(rooms, tmp_path) == [
        "src/guanxi/sales/errors.py:3: sentence is a plain string; mark it with gettext_lazy",
        "src/guanxi/sales/web/forms.py:1: label is a plain string; mark it with gettext_lazy",
    ]


def test_sql_that_engines_read_differently_is_found(write: Write, words: Words, tmp_path: Path) -> None:
    write("src/guanxi/insight/good.sql", "select customer_id, sum(revenue) as spend from purchase group by customer_id")
    write("src/guanxi/insight/bad.sql", "select customer_id, count(*) as lines from purchase group by all")
    write("docs/example.sql", "select * from purchase group by all")
    assert words(sql, tmp_path) == ["src/guanxi/insight/bad.sql: GROUP BY ALL: name the columns"]


def test_sql_that_cannot_be_read_is_found(write: Write, words: Words, tmp_path: Path) -> None:
    write("src/guanxi/insight/broken.sql", "select from where")
    assert len(words(sql, tmp_path)) == 1


def test_a_model_without_its_migration_is_found() -> None:
    from guanxi.customers.models import Customer

    models.IntegerField(null=True).contribute_to_class(Customer, "forgotten")
    try:
        assert migrations.missing_migrations() == {"customers": ["Add field forgotten to customer"]}
    finally:
        Customer._meta.local_fields.pop()
        Customer._meta._expire_cache()  # type: ignore[attr-defined]  # the stubs know only the public part
    assert migrations.missing_migrations() == {}
