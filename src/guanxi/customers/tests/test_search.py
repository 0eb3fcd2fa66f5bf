from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from guanxi.customers.models import ContactPoint, Customer
from guanxi.customers.search import BAR, fold, hidden, index_rows, matching_ids, query, remove, tokens
from guanxi.customers.tests.factories import make_customers

migration = import_module("guanxi.customers.migrations.0009_hidden_by_masks")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("王伟", ["王伟", "伟"]),
        ("王小伟", ["王小", "小伟", "伟"]),
        ("王", ["王"]),
        ("欧阳娜娜", ["欧阳", "阳娜", "娜娜", "娜"]),
        ("David O'Neil", ["david", "o", "neil"]),
        ("Zoë KRÜGER", ["zoe", "kruger"]),
        ("ＡＢＣ茶业", ["abc", "茶业", "业"]),
        ("T公司", ["t", "公司", "司"]),
        ("wang.wei@example.com", ["wang", "wei", "example", "com"]),
        ("+8613812345678", ["8613812345678", "13812345678", "5678"]),
        ("13812345678 13812345678", ["13812345678", "5678"]),
        ("1234", ["1234"]),
        ("——!?", []),
        ("", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("text", "asked", "words"),
    [
        ("王伟", ("王伟",), ("王伟",)),
        ("王小伟", ("王小", "小伟"), ("王小伟",)),
        ("王", ("王",), ("王",)),
        ("  David  王 ", ("david", "王"), ("david", "王")),
        ("138 1234-5678", ("13812345678",), ("13812345678",)),
        ("5678", ("5678",), ("5678",)),
    ],
)
def test_query(text: str, asked: tuple[str, ...], words: tuple[str, ...]) -> None:
    found = query(text)
    assert found is not None
    assert (found.tokens, found.words) == (asked, words)


@pytest.mark.parametrize("text", ["", "   ", "%", "!?", "\x00"])
def test_nothing_is_asked_without_letters(text: str) -> None:
    assert query(text) is None
    assert matching_ids(text) is None


@given(st.text(alphabet="王伟小abcAB 12'\"*%_!-@.", max_size=12))
def test_every_token_asked_begins_a_token_of_the_same_text(text: str) -> None:
    asked = query(text)
    if asked is not None and asked.words == tuple(fold(text).split()):
        known = tokens(text)
        assert all(any(token.startswith(one) for token in known) for one in asked.tokens)


PEOPLE = {
    1: "王伟 +8613812345678 wang.wei@example.com",
    2: "王小伟 +8613900001111",
    3: "伟王商贸有限公司",
    4: "David O'Neil david_o@example.com",
    5: "Zoë Krüger",
    6: "张三丰 100%",
    7: "小王 王伟明",
}


@pytest.fixture
def people(db: None) -> None:
    make_customers({"id": key, "name": f"customer {key}", "search_text": text} for key, text in PEOPLE.items())


def found(text: str, *, unmasked: bool = False) -> list[int]:
    ids = matching_ids(text, unmasked=unmasked)
    assert ids is not None
    return list(Customer.objects.filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("王伟", [1, 7]),
        ("王", [1, 2, 3, 7]),
        ("伟", [1, 2, 3, 7]),
        ("丰", [6]),
        ("王小伟", [2]),
        ("小王 王伟", [7]),
        ("伟小王", []),
        ("david", [4]),
        ("DAV", [4]),
        ("o'neil", [4]),
        ("david_o", []),  # nor a masked mail address
        ("zoe kru", [5]),
        ("Zoë", [5]),
        ("13812345678", [1]),
        ("138 1234 5678", [1]),
        ("+86 138 1234 5678", [1]),
        ("138", [1]),
        ("5678", [1]),
        ("1381", []),  # nobody reads a masked number by trying one digit after the other
        ("1381234567", []),
        ("+861381234567", []),
        ("王伟 13812", []),
        ("1111", [2]),
        ("wang", []),
        ("wang.wei", []),
        ("wang.wei@example", []),
        ("王伟 wei", []),
        ("王伟 w", [1]),
        ("Wang.Wei@Example.com", [1]),
        ("w***@example.com", [1]),
        ("@example", [1, 4]),
        ("ple.com", []),  # no word begins so
        ("100%", [6]),
        ("1", [1, 2, 6]),
        ("7", [7]),
        ("#7", [7]),
        ("\"*' OR 1=1", []),
    ],
)
def test_people_are_found_by_any_part_of_them(people: None, text: str, expected: list[int]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1381", [1]), ("1381234567", [1]), ("+861381234567", [1]), ("王伟 13812", [1]), ("wang", [1]), ("wei@ex", [1]),
        ("王伟 wei", [1]), ("david_o", [4]), ("davidxo", []),
    ],
)  # fmt: skip
def test_phones_and_mails_are_found_by_any_beginning_by_who_may_read_them(
    people: None, text: str, expected: list[int]
) -> None:
    assert found(text, unmasked=True) == expected


def test_what_a_mask_hides_whole_is_found_whole_or_by_who_may_read_it(db: None) -> None:
    make_customers([{"id": 1, "name": "王伟"}])
    index_rows([(1, f"王伟 {hidden('weiwei_88 office')}")])
    assert [found(text) for text in ("weiwei", "weiwei_8", "weiwei_88", "王伟 weiwei_88")] == [[], [], [1], [1]]
    assert [found(text, unmasked=True) for text in ("weiwei", "off", "weiwe")] == [[1], [1], [1]]


@pytest.mark.parametrize("word", ["wang", "wei", "wang.wei@example.co"])
def test_the_bar_itself_opens_nothing(people: None, word: str) -> None:
    assert [found(f"{word}{BAR}"), found(f"{BAR}{word}"), found(f"{BAR} {word}")] == [[], [], []]


def test_texts_of_earlier_versions_are_parted(people: None) -> None:
    make_customers([{"id": 8, "name": "赵敏"}])
    ContactPoint.objects.create(customer_id=8, kind="wechat", value="Zhao_88", added_at=timezone.now())
    key = "customer_id" if connection.vendor == "postgresql" else "rowid"
    old = {pk: fold(text) for pk, text in PEOPLE.items()} | {8: "赵敏 zhao_88"}
    with connection.cursor() as cursor:
        for pk, text in old.items():
            cursor.execute(f"UPDATE customers_search SET folded = %s WHERE {key} = %s", [text, pk])
    migration.part(apps, connection.schema_editor())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT folded FROM customers_search WHERE {key} IN (1, 8) ORDER BY {key}")
        assert [text for (text,) in cursor.fetchall()] == [
            f"王伟 +8613812345678 w***@example.com{BAR} wang.wei@example.com ", f"赵敏{BAR} zhao_88 ",
        ]  # fmt: skip
    assert [found("wang"), found("wang.wei@example.com"), found("王伟")] == [[], [1], [1, 7]]


def test_pairs_that_do_not_stand_together_are_not_found(db: None) -> None:
    make_customers([{"id": 1, "name": "王伟 伟强"}, {"id": 2, "name": "王伟强"}])
    assert found("王伟强") == [2]


def test_indexing_again_replaces_and_removing_forgets(people: None) -> None:
    assert index_rows([(1, "刘洋"), (2, "")]) == 2
    assert found("王伟") == [7]
    assert found("刘洋") == [1]
    remove([1, 7])
    assert found("刘洋") == []
    assert found("王伟") == []


def test_nothing_to_index_is_nothing(db: None) -> None:
    assert index_rows([]) == 0
    remove([])
