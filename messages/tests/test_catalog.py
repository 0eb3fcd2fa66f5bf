"""Extraction, merging, writing and compiling."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from messages.catalog import compile_to_mo, punctuated, read, translation_of, updated, write
from messages.extract import extract, from_python, from_template

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
A = _("Customers")
B = ngettext("%(count)s customer", "%(count)s customers", count)
C = pgettext("verb", "Order")
D = _(name)
"""
TEMPLATE = """{% load i18n %}
    <p title="{% trans "It's quiet" %}">(( [ {% trans 'Order' context "verb" %}
  {% blocktrans trimmed count n=n %}
     one "order"
  {% plural %}
     {{ n }} orders
  {% endblocktrans %}{{ x|default:_("none") }}
"""


def test_python_texts_are_extracted_with_plural_context_and_line() -> None:
    found = [(m.text, m.plural, m.context, m.line) for m in from_python(PYTHON, Path("x.py"))]
    assert found == [
        ("Customers", None, None, 3),
        ("%(count)s customer", "%(count)s customers", None, 4),
        ("Order", None, "verb", 5),
    ]


def test_template_texts_are_extracted_whatever_stands_around_them() -> None:
    found = [(m.text, m.plural, m.context) for m in from_template(TEMPLATE, Path("x.html"))]
    assert found == [
        ("It's quiet", None, None),
        ("Order", None, "verb"),
        ('one "order"', "%(n)s orders", None),
        ("none", None, None),
    ]


def test_tests_and_migrations_are_not_read(tmp_path: Path) -> None:
    for name in ("web/views.py", "tests/test_views.py", "migrations/0001_initial.py", "static/x.html"):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text("_('Customers')", encoding="utf-8")
    assert [message.path.name for message in extract(tmp_path)] == ["views.py"]


def test_a_catalog_keeps_what_is_known_drops_what_is_gone_and_survives_the_file(tmp_path: Path) -> None:
    old = Catalog(locale="zh_Hans")
    old.add("Customers", "客户")
    old.add("Gone", "走了")
    own = Catalog(locale="zh_Hans")
    own.add("Customers", "顾客")
    own.add("Order", "订购", context="verb")
    path = tmp_path / "django.po"

    write(updated(from_python(PYTHON, Path("x.py")), [old, own]), path)

    entries = {(str(entry.id), entry.context): translation_of(entry) for entry in read(path) if entry.id}
    assert entries == {
        ("Customers", None): "客户",
        ("('%(count)s customer', '%(count)s customers')", None): "",
        ("Order", "verb"): "订购",
    }
    text = path.read_text(encoding="utf-8")
    assert "POT-Creation-Date" not in text
    write(read(path), path)
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("已停用;可从 {n} 开始,共 {m} 位:请查看", "已停用；可从 {n} 开始，共 {m} 位：请查看"),
        ("CSV,供程序使用", "CSV，供程序使用"),
        ("已保存: %(what)s", "已保存：%(what)s"),
        ("请填写 https:// 开头的地址, 02:00 之前", "请填写 https:// 开头的地址，02:00 之前"),
        ("1,234 位（%(share)s） 客户", "1,234 位（%(share)s）客户"),
        ("Ctrl+K, Enter: ok", "Ctrl+K, Enter: ok"),
    ],
)
def test_a_chinese_text_gets_chinese_marks(typed: str, kept: str) -> None:
    assert punctuated(typed) == kept


def test_the_compiled_catalog_speaks_chinese(tmp_path: Path) -> None:
    catalog = Catalog(locale="zh_Hans")
    catalog.add("Customers", "客户")
    catalog.add(("%(count)s customer", "%(count)s customers"), ("%(count)s 位客户",))
    catalog.add("Quiet")
    write(catalog, tmp_path / "django.po")
    with compile_to_mo(tmp_path / "django.po").open("rb") as file:
        spoken = gettext.GNUTranslations(file)
    assert spoken.gettext("Customers") == "客户"
    assert spoken.ngettext("%(count)s customer", "%(count)s customers", 2) == "%(count)s 位客户"
    assert spoken.gettext("Quiet") == "Quiet"
