from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import translation
from django.utils.translation import gettext_lazy

from guanxi.kernel.errors import ErrorWords, GuanxiError, PermissionDenied, as_record, as_sentence, words_of


class CupBroken(GuanxiError):
    code = "test_cup_broken"
    sentence = "The cup {cup} is broken."
    cure = "Buy a new {cup}."


class LanguageMirror(GuanxiError):
    code = "test_language_mirror"

    @property
    def message(self) -> str:
        return f"read in {translation.get_language()}"


def test_an_error_says_what_where_and_what_to_do() -> None:
    error = CupBroken(cup="blue", place="shelf 2")
    assert str(error) == "The cup blue is broken. (shelf 2) Buy a new blue."
    assert str(CupBroken(cup="red")) == "The cup red is broken. Buy a new red."


def test_a_kept_error_is_read_back() -> None:
    record = as_record(CupBroken(cup="blue", place="shelf 2"))
    assert record == {
        "code": "test_cup_broken", "message": "The cup blue is broken.", "place": "shelf 2",
        "cure": "Buy a new blue.", "facts": {"cup": "blue"},
    }  # fmt: skip
    assert words_of(record) == ErrorWords("test_cup_broken", "The cup blue is broken.", "shelf 2", "Buy a new blue.")


def test_it_is_read_in_the_language_of_the_reader() -> None:
    with translation.override("en"):
        record = as_record(LanguageMirror())
    assert record["message"] == "read in en"
    with translation.override("zh-hans"):
        assert words_of(record).message == "read in zh-hans"


@pytest.mark.parametrize(
    "change",
    [
        {"code": "no longer known"},
        {"facts": None},
        {"facts": {"another": 1}},
        {"facts": {"cup": "red", "place": "twice"}},
    ],
)
def test_where_the_error_is_unknown_its_own_words_are_quoted(change: dict[str, Any]) -> None:
    record = {**as_record(CupBroken(cup="blue")), **change}
    assert words_of(record) == ErrorWords(record["code"], "The cup blue is broken.", "", "Buy a new blue.")


def test_facts_that_are_no_json_are_only_quoted() -> None:
    assert as_record(CupBroken(cup=["a", "b"]))["facts"] is None
    assert as_record(CupBroken(cup=Path("a", "b")))["facts"] == {"cup": "a/b"}
    assert as_record(CupBroken(cup=gettext_lazy("cup")))["facts"] == {"cup": str(gettext_lazy("cup"))}


def test_nul_does_not_reach_the_database() -> None:
    record = as_record(CupBroken(cup="a\0b", place="\0"))
    assert (record["message"], record["place"], record["facts"]) == ("The cup a␀b is broken.", "␀", {"cup": "a␀b"})


def test_an_unforeseen_error_names_the_innermost_place_of_ours() -> None:
    with translation.override("en"):
        try:
            Path("no", "such").read_text()
        except OSError as error:
            record = as_record(error)
    assert record["code"] == "unexpected"
    assert record["message"] == (
        "Something unexpected happened: FileNotFoundError: [Errno 2] No such file or directory: 'no/such'"
    )
    assert record["place"].startswith("guanxi.kernel.tests.test_errors:")


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(143)])
def test_an_interruption_is_told_as_one(error: BaseException) -> None:
    assert as_record(error)["code"] == "interrupted"


def test_errors_are_sentences() -> None:
    with translation.override("en"):
        assert str(PermissionDenied(permission="updates.run")) == (
            "You may not do this: it needs the permission “Start and stop data updates”. "
            "Ask an administrator to add it to one of your roles."
        )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("database is locked", "database_busy"),
        ("canceling statement due to lock timeout", "database_busy"),
        ("connection refused", "database_unavailable"),
        ("database or disk is full", "database_unavailable"),
    ],
)
def test_a_database_in_trouble_is_told_with_its_cure(text: str, code: str) -> None:
    told = as_sentence(OperationalError(text))
    assert (told.code, told.is_passing, told.remedy.endswith("then try again.")) == (code, True, True)


def test_a_locked_sqlite_file_is_told_as_busy(tmp_path: Path) -> None:
    path = tmp_path / "busy.sqlite3"
    with closing(sqlite3.connect(path)) as holder, closing(sqlite3.connect(path, timeout=0)) as waiting:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError) as caught:
            waiting.execute("BEGIN IMMEDIATE")
    assert as_sentence(OperationalError(*caught.value.args)).code == "database_busy"
