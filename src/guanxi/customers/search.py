"""Finding customers by name, phone or mail, Chinese included, on SQLite (FTS5) and PostgreSQL (tsvector).

Neither database cuts Chinese into words, so the text is cut here: runs of Chinese characters into overlapping pairs,
everything else into words. Both databases then only match ready tokens, and the found rows are checked once more
with LIKE, because pairs that match need not stand side by side. The text they are checked against has what masks hide
behind a bar, so that who may not look behind masks finds it by the whole of it only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from django.db import connection, models
from django.db.models.expressions import RawSQL

from guanxi.customers.models import Standing
from guanxi.customers.rules import mask_email
from guanxi.kernel.row_numbers import read_row_number

TABLE: Final = "customers_search"
CHUNK: Final = 5_000
BIGGEST: Final = 1_000
LIKELY: Final = 8  # for each that is wanted, so many that hold a character are asked whether a word begins with it
SHORT_END: Final = 4  # people remember the last four digits of a phone
LONGEST_TOKEN: Final = 200  # what lies behind is found by comparing texts; PostgreSQL takes no longer words
UNMASK: Final = "customers.unmask"
SHOWN_START: Final = 3  # what a mask leaves of a phone; longer beginnings would tell the rest to who may not read it
LONG_NUMBER: Final = 7  # from here on a run of digits is taken for a phone number
CHINA: Final = "86"
CHINESE_NUMBER: Final = 11
BAR: Final = "\ue000"  # in no text that means anything; what stands after it is hidden by masks

_CHINESE = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u3040-\u30ff\uac00-\ud7af"
_RUN: Final = re.compile(rf"[{_CHINESE}]+|[^\W_{_CHINESE}]+")
_IS_CHINESE: Final = re.compile(rf"[{_CHINESE}]")
_NUMBER_TYPED: Final = re.compile(r"\+?[\d\s()\-./]+")


def fold(text: str) -> str:
    """The text as it is compared: full-width to half-width, lower case, no accents, single blanks.

    >>> fold("Zoë  ＡＢＣ")
    'zoe abc'
    """
    plain = unicodedata.normalize("NFKD", text.replace("\x00", "")).casefold()
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(unicodedata.normalize("NFC", kept).split())


def tokens(text: str) -> list[str]:
    """The tokens a text is found by, each once.

    The last character of a Chinese run stands alone too, so that every single character begins a token.

    >>> tokens("王伟 David")
    ['王伟', '伟', 'david']
    >>> tokens("+8613812345678")
    ['8613812345678', '13812345678', '5678']
    """
    found: dict[str, None] = {}
    for run in _RUN.findall(fold(text)):
        if _IS_CHINESE.match(run):
            found.update(dict.fromkeys([*_pairs(run), run[-1]]))
        else:
            found.update(dict.fromkeys([run[:LONGEST_TOKEN], *_ends_of_number(run)]))
    return list(found)


def hidden(value: str) -> str:
    """The value as `index_rows` takes what a mask hides whole; of mail addresses it knows that without being told."""
    return " ".join(f"{BAR}{word}" for word in value.split())


def folded_for(text: str) -> str:
    """The text that found rows are checked against: what all may read, the bar, whole words that masks hide.

    >>> folded_for("王伟 Wang.Wei@example.com").split(BAR)
    ['王伟 w***@example.com', ' wang.wei@example.com ']
    """
    shown: list[str] = []
    behind: list[str] = []
    for word in fold(text).split():
        plain = word.replace(BAR, "")
        if plain == word:
            shown.append(mask_email(word) if "@" in word else word)
        if plain != word or "@" in word:
            behind.append(plain)
    return f"{' '.join(shown)}{BAR} {' '.join(behind)} "


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _ends_of_number(run: str) -> list[str]:
    if not run.isdigit() or len(run) < LONG_NUMBER:
        return []
    national = run.removeprefix(CHINA)
    with_own = [national] if len(run) == len(CHINA) + CHINESE_NUMBER and run.startswith(CHINA) else []
    return [*with_own, run[-SHORT_END:]]


@dataclass(frozen=True)
class Query:
    """What was asked: tokens a row must have (as beginnings), and words its text must hold."""

    tokens: tuple[str, ...]
    words: tuple[str, ...]


def query(text: str) -> Query | None:
    """What to look for, or nothing if `text` holds neither letters nor digits.

    >>> query("王伟")
    Query(tokens=('王伟',), words=('王伟',))
    >>> query("138 1234 5678").words
    ('13812345678',)
    """
    folded = fold(text)
    if _NUMBER_TYPED.fullmatch(folded) and len(number := re.sub(r"\D", "", folded)) >= LONG_NUMBER:
        folded = number
    asked: dict[str, None] = {}
    for run in _RUN.findall(folded):
        asked.update(dict.fromkeys(_pairs(run) or [run] if _IS_CHINESE.match(run) else [run[:LONGEST_TOKEN]]))
    if not asked:
        return None
    return Query(tokens=tuple(asked), words=tuple(folded.split()))


def index_rows(rows: Iterable[tuple[int, str]]) -> int:
    """Make customers findable by their texts, replacing what they were found by; returns how many.

    Call it inside the transaction that writes the customers. Phone numbers in the text are best written without
    blanks.
    """
    remaining, written = iter(rows), 0
    while chunk := [(key, " ".join(tokens(text)), folded_for(text)) for key, text in islice(remaining, CHUNK)]:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.executemany(
                    f"INSERT INTO {TABLE} (customer_id, tokens, folded)"  # noqa: S608  # a constant name
                    " VALUES (%s, array_to_tsvector(string_to_array(nullif(%s, ''), ' ')), %s)"
                    " ON CONFLICT (customer_id) DO UPDATE SET tokens = excluded.tokens, folded = excluded.folded",
                    chunk,
                )
            else:
                cursor.executemany(
                    f"INSERT OR REPLACE INTO {TABLE} (rowid, tokens, folded) VALUES (%s, %s, %s)",  # noqa: S608
                    chunk,
                )
        written += len(chunk)
    return written


def remove(ids: Iterable[int]) -> None:
    """Make customers unfindable."""
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {TABLE} WHERE {_key()} = %s", [(key,) for key in ids])  # noqa: S608


def matching_ids(text: str, *, unmasked: bool = False) -> RawSQL | None:
    """The ids of the customers found by `text`, as a sub-select to filter with; nothing if nothing was asked.

    A number is looked up as a customer's own number too. `unmasked` is for those who may look behind masks: they
    find a phone or a mail address by any beginning, others by what a mask shows and by the whole of it.
    """
    asked = query(text)
    if asked is None:
        return None
    sql, values = _select(asked, unmasked=unmasked)
    return RawSQL(sql, values, output_field=models.BigIntegerField())  # noqa: S611  # text only in parameters


def first_ids(text: str, most: int, *, unmasked: bool = False) -> list[int]:
    """The ids of at most so many customers found by `text`: those the index gives first, whoever may see them."""
    asked = query(text)
    if asked is None:
        return []
    sql, values = _select(asked, unmasked=unmasked)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT %s", [*values, most])
        return [key for (key,) in cursor.fetchall()]


def biggest_ids(text: str, run_id: int, most: int, *, unmasked: bool = False) -> list[int]:
    """The ids of at most so many customers found by the one character `text`, the biggest spenders first.

    Nothing, if a thousand of the biggest have fewer. One character may be in a tenth of all texts: an index gathers
    all of these before it gives the first.
    """
    asked = query(text)
    if asked is None or len("".join(asked.words)) > 1:
        return []
    checked, held = _held(asked, unmasked=unmasked)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT big.customer_id, found.folded FROM ("  # noqa: S608  # constant names
            f"SELECT customer_id, spend_12m FROM {Standing._meta.db_table} WHERE run_id = %s"
            f" ORDER BY spend_12m DESC, customer_id DESC LIMIT {BIGGEST}) big"
            f" JOIN {TABLE} found ON found.{_key()} = big.customer_id WHERE {checked}"
            " ORDER BY big.spend_12m DESC, big.customer_id DESC LIMIT %s",
            [run_id, *held, most * LIKELY],
        )
        begun = asked.tokens[0]
        found = [key for key, folded in cursor.fetchall() if any(one.startswith(begun) for one in tokens(folded))]
    return found[:most] if len(found) >= most else []


def _select(asked: Query, *, unmasked: bool) -> tuple[str, list[Any]]:
    checked, held = _held(asked, unmasked=unmasked)
    values: list[Any] = [_match(asked, unmasked=unmasked), *held]
    matches = "tokens @@ %s::tsquery" if connection.vendor == "postgresql" else f"{TABLE} MATCH %s"
    sql = f"SELECT {_key()} FROM {TABLE} WHERE {matches} AND {checked}"  # noqa: S608
    number = read_row_number(asked.words[0].removeprefix("#"))
    if len(asked.words) == 1 and number is not None:
        sql = f"SELECT id FROM customers_customer WHERE id = %s UNION {sql}"  # noqa: S608
        values = [number, *values]
    return sql, values


def _held(asked: Query, *, unmasked: bool) -> tuple[str, list[str]]:
    """The comparison of a found row's text with the words, and its values."""
    words = [_escaped(word) for word in asked.words]
    like = "folded LIKE %s ESCAPE '!'"
    if unmasked:
        likes, held = [like], [f"%{word}%" for word in words]
    else:
        likes = [like, like]
        held = [pattern for word in words for pattern in (f"%{word}%{BAR}%", f"%{BAR}% {word} %")]
    return " AND ".join([f"({' OR '.join(likes)})"] * len(words)), held


def _match(asked: Query, *, unmasked: bool) -> str:
    ends = [(token, unmasked or not token.isdigit() or len(token) <= SHOWN_START) for token in asked.tokens]
    if connection.vendor == "postgresql":
        return " & ".join(f"'{token}'{':*' if is_open else ''}" for token, is_open in ends)
    return " ".join(f'"{token}"{"*" if is_open else ""}' for token, is_open in ends)


def _key() -> str:
    return "customer_id" if connection.vendor == "postgresql" else "rowid"


def _escaped(word: str) -> str:
    return word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
