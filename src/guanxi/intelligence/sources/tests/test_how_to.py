"""The how-to tells everything, and what it shows works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from guanxi.intelligence.sources.check import check_contract
from guanxi.intelligence.sources.contract import load_contract
from guanxi.intelligence.sources.fields import MAPPINGS, PSEUDO_COLUMNS
from guanxi.intelligence.sources.parse_feed import VARIABLES
from guanxi.intelligence.sources.parse_mapping import OPERATORS
from guanxi.intelligence.sources.parse_options import FORMAT_KEYS, FORMATS
from guanxi.kernel.fields.values import FieldDefinition, FieldOption

HOW_TO = Path(__file__).parents[5] / "docs" / "how-to" / "add-a-source.md"
SOURCE_KEYS = ("name", "title", "priority", "timezone", "currency", "business_date")
FEED_KEYS = (
    "path", "members", "format", "delivery", "date_formats", "clock", "thousands", "decimal", "rounding", "nulls",
    "replace", "keep", "aliases", "optional", "required", "ignored",
    "control", "line", "sum_of", "file", "split", "units",
)  # fmt: skip


def blocks(kind: str) -> list[str]:
    """The fenced blocks of the how-to written in `kind`."""
    return re.findall(rf"^```{kind}\n(.*?)^```", HOW_TO.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_the_first_contract_works(tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text(blocks("toml")[0], encoding="utf-8")
    (tmp_path / "orders.csv").write_text(blocks("")[2], encoding="utf-8")
    assert check_contract(tmp_path / "shop.toml") == []


HEAD = 'name = "s"\ntimezone = "UTC"\ncurrency = "CNY"\n[[feed]]\nname = "f"\npath = "f.csv"\n'
FORMAT, CUSTOMER = 'format = "csv"\n', '[feed.customer]\nkey = "no"\n'
MEMBER = '[feed.customer]\nkey = "member"\nemail = "mail"\n'
PURCHASE = '[feed.purchase]\nordered_at = "joined"\nrevenue = "no"\n'
TEAS = (FieldOption("green", "绿茶"), FieldOption("black", "红茶"))
KINDS = {"seat": "text", "tea": "choice", "teas": "choices", "vip": "flag", "budget": "money", "origin": "text"}
OWN = {key: FieldDefinition(key, kind, key, options=TEAS) for key, kind in KINDS.items()}
AROUND = [  # what goes before and after each further example to make it a contract
    ("", CUSTOMER),
    ("", CUSTOMER),
    ("", CUSTOMER),
    (FORMAT, MEMBER),
    (FORMAT + CUSTOMER, ""),
    (FORMAT, CUSTOMER),
    (FORMAT + "[feed.customer]\n", ""),
    (FORMAT, ""),
    (FORMAT + PURCHASE, ""),
    ("", CUSTOMER),
    (FORMAT + CUSTOMER, ""),
    (FORMAT, ""),
]


def test_every_further_example_works_in_a_contract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUANXI_SOURCE_URL", "postgresql://reader@127.0.0.1/shop")
    parts = [example for example in blocks("toml")[1:] if "[[feed]]" not in example]
    for example, (before, after) in zip(parts, AROUND, strict=True):
        once = re.sub(r"^name = .*\n(?=name = )", "", example, flags=re.MULTILINE)  # two ways to write one field
        head = HEAD.replace('path = "f.csv"\n', "") if "database_url" in example else HEAD
        (tmp_path / "c.toml").write_text(head + before + once + after, encoding="utf-8")
        load_contract(tmp_path / "c.toml", OWN)


def test_the_contract_of_rates_works(tmp_path: Path) -> None:
    (rates,) = (example for example in blocks("toml")[1:] if "[[feed]]" in example)
    (tmp_path / "bank.toml").write_text(rates, encoding="utf-8")
    (tmp_path / "rates-1.csv").write_text("day,code,middle,units\n2026-01-02,JPY,4.6,100\n", encoding="utf-8")
    assert check_contract(tmp_path / "bank.toml") == []


@pytest.mark.parametrize(
    "word",
    [
        "valid_days",
        *SOURCE_KEYS, *FEED_KEYS, *(key for keys in FORMAT_KEYS.values() for key in keys), *OPERATORS, *PSEUDO_COLUMNS,
        *MAPPINGS,
        *(field for fields in MAPPINGS.values() for field in fields),
    ],
)  # fmt: skip
def test_every_key_is_told(word: str) -> None:
    assert f"`{word}`" in HOW_TO.read_text(encoding="utf-8") or f"[feed.{word}]" in HOW_TO.read_text(encoding="utf-8")


@pytest.mark.parametrize("word", [*FORMATS, "full", "delta", "as_is", "negate", "half_even", "integer"])
def test_every_choice_is_told(word: str) -> None:
    assert f'"{word}"' in HOW_TO.read_text(encoding="utf-8")


def test_the_variables_are_told() -> None:
    assert all(f"${{{name}}}" in HOW_TO.read_text(encoding="utf-8") for name in VARIABLES)
