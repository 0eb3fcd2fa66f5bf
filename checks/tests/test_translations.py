"""The catalog against the texts."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog

from checks import translations
from messages.extract import from_python, from_template

HERE = Path("page.py")


def problems(source: str, catalog: Catalog) -> list[str]:
    return [message for _path, _line, message in translations.compare(from_python(source, HERE), catalog)]


def chinese(**entries: str) -> Catalog:
    catalog = Catalog(locale="zh_Hans")
    for text, string in entries.items():
        catalog.add(text, string)
    return catalog


def test_a_text_with_its_chinese_passes() -> None:
    assert problems("_('Customers')", chinese(Customers="客户")) == []


def test_a_text_without_chinese_is_found_once() -> None:
    found = problems("_('Customers')\n_('Customers')", chinese())
    assert found == ["'Customers' has no Chinese; run `make messages` and translate it"]


def test_an_empty_or_doubtful_translation_is_found() -> None:
    doubtful = Catalog(locale="zh_Hans")
    doubtful.add("Customers", "客户", flags=["fuzzy"])
    expected = ["'Customers' has no Chinese; run `make messages` and translate it"]
    assert problems("_('Customers')", chinese(Customers="")) == expected
    assert problems("_('Customers')", doubtful) == expected


def test_a_translation_nothing_uses_is_found() -> None:
    assert problems("", chinese(Gone="走了")) == ["'Gone' is used nowhere; run `make messages`"]


def test_a_lost_or_misspelt_place_to_fill_in_is_found() -> None:
    catalog = Catalog(locale="zh_Hans")
    catalog.add("%(count)s customers of {name}", "%(number)s 位客户")
    assert problems("_('%(count)s customers of {name}')", catalog) == [
        "'%(count)s customers of {name}' and its Chinese have different places to fill in"
    ]


def test_a_text_that_got_a_plural_later_is_found() -> None:
    assert problems("ngettext('one', 'many', n)", chinese(one="一")) == ["'one' has a plural the catalog does not know"]


def test_the_same_word_in_two_contexts_is_two_texts() -> None:
    source = "pgettext('verb', 'Order')\n_('Order')"
    catalog = chinese(Order="订单")
    assert problems(source, catalog) == ["'Order' has no Chinese; run `make messages` and translate it"]
    catalog.add("Order", "订购", context="verb")
    assert problems(source, catalog) == []


def test_a_text_in_a_template_is_found_on_its_line() -> None:
    messages = from_template("{% load i18n %}\n<p>\n  {% trans 'Quiet' %}</p>", Path("page.html"))
    assert list(translations.compare(messages, chinese())) == [
        (Path("page.html"), 3, "'Quiet' has no Chinese; run `make messages` and translate it")
    ]


def test_chinese_in_a_script_is_found_and_in_a_comment_is_not() -> None:
    assert list(translations.in_script("// 注释\nlet a = '客户';\nlet b = 1; // 客户\n")) == [
        (2, "a script holds no text; pass it from the template in a data attribute")
    ]
