"""What fields and options may be called, and which key each gets."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from guanxi.kernel.fields.sql import KEY

MOST_FIELDS: Final = 100
MOST_FILTERS: Final = 20
LONGEST_KEY: Final = 24
LONGEST_LABEL: Final = 40


def is_key(text: str) -> bool:
    """Whether it can be a key."""
    return KEY.fullmatch(text) is not None


def new_key(english: str, taken: Collection[str], *, head: str) -> str:
    """A key that nobody has: from the English name, else `head` and a number.

    >>> new_key("Favourite tea", set(), head="field")
    'favourite_tea'
    >>> new_key("", {"field_1"}, head="field")
    'field_2'
    """
    plain = re.sub(r"[^a-z0-9]+", "_", english.lower()).strip("_")[:LONGEST_KEY].rstrip("_")
    base = plain if is_key(plain) else ""
    if base and base not in taken:
        return base
    stem = base[: LONGEST_KEY - 4] or head
    return next(key for number in range(1 if not base else 2, 1_000) if (key := f"{stem}_{number}") not in taken)


def read_options(text: str, known: Sequence[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """The options of a choice as somebody typed them: one a line, `中文 | English`, archived ones with # in front.

    An option keeps its key by either of its names, or where only its names changed by its line.

    >>> read_options("红茶 | Black tea")
    [{'key': 'black_tea', 'zh': '红茶', 'en': 'Black tea', 'archived': False}]
    """
    options: list[dict[str, Any]] = []
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    by_name = {option[name]: option["key"] for option in known for name in ("zh", "en") if option[name]}
    for at, line in enumerate(lines):
        chinese, _sign, english = (part.strip()[:LONGEST_LABEL] for part in line.lstrip("# ").partition("|"))
        taken = {option["key"] for option in options}
        key = by_name.get(chinese) or by_name.get(english)
        if key is None and len(lines) == len(known):
            key = str(known[at]["key"])  # renamed in its place
        if key is None or key in taken:
            key = new_key(english, taken | {str(option["key"]) for option in known}, head="option")
        options.append({"key": key, "zh": chinese, "en": english, "archived": line.startswith("#")})
    return options


def write_options(options: Sequence[Mapping[str, Any]]) -> str:
    """The options as they are typed.

    >>> write_options([{"key": "a", "zh": "红茶", "en": "Black tea", "archived": True}])
    '# 红茶 | Black tea'
    """
    return "\n".join(
        f"{'# ' if option.get('archived') else ''}{option['zh']}{' | ' + option['en'] if option['en'] else ''}"
        for option in options
    )
