from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guanxi.customers.models import Customer
from guanxi.customers.search import fold, index_rows, matching_ids, query, remove, tokens
from guanxi.customers.tests.factories import make_customers


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


def found(text: str) -> list[int]:
    ids = matching_ids(text)
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
        ("david_o", [4]),
        ("davidxo", []),
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
        ("wang.wei@example", [1]),
        ("100%", [6]),
        ("1", [1, 2, 6]),
        ("7", [7]),
        ("#7", [7]),
        ("\"*' OR 1=1", []),
    ],
)
def test_people_are_found_by_any_part_of_them(people: None, text: str, expected: list[int]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize("text", ["1381", "1381234567", "+861381234567", "王伟 13812"])
def test_a_phone_is_found_by_any_beginning_by_who_may_read_it(people: None, text: str) -> None:
    ids = matching_ids(text, unmasked=True)
    assert ids is not None
    assert list(Customer.objects.filter(pk__in=ids).values_list("pk", flat=True)) == [1]


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
