"""Names, and the ways other hands write them down."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from guanxi.demo.chance import Bools, pick, stream
from guanxi.demo.lists import Country, rows
from guanxi.demo.planted import NAMESAKE

NOTES: Final = ("(老客户)", "(要发票)", "(朋友介绍)", "(送货上门)")
FOREIGN_NOTES: Final = (" (regular)", " (wholesale)", " - call back", " (old customer)")
FORMS: Final = 5  # see `other_form`


@dataclass(frozen=True)
class Name:
    """A name with its parts: family and given name of a person; place, brand and trade of a firm."""

    written: str
    latin: str
    parts: tuple[str, ...]
    latin_parts: tuple[str, ...]


@cache
def _traditional() -> dict[int, str]:
    return {ord(row["simplified"]): row["traditional"] for row in rows("traditional")}


@cache
def _simplified() -> dict[int, str]:
    return {ord(row["traditional"]): row["simplified"] for row in rows("traditional")}


@cache
def _mistakes() -> dict[str, str]:
    return {row["character"]: row["mistaken_for"] for row in rows("given_names")}


def traditional(text: str) -> str:
    """The text in traditional characters."""
    return text.translate(_traditional())


def chinese_people(seed: int, female: Bools) -> list[Name]:
    """A name for each, as common as names are; none of them is the planted namesake."""
    rng = stream(seed, "names of people")
    count = len(female)
    surnames = rows("surnames")
    family = pick(rng, [int(row["weight"]) for row in surnames], count)
    given = rows("given_names")
    pools = [
        tuple(
            [row for row in given if row["gender"] in {gender, "n"} and row["position"] in {place, "both"}]
            for place in ("first", "second")
        )
        for gender in "mf"
    ]
    first, second, single = rng.random(count), rng.random(count), rng.random(count) < 0.16
    names = []
    for i in range(count):
        firsts, seconds = pools[bool(female[i])]
        one = firsts[int(first[i] * len(firsts))]
        two = seconds[int(second[i] * len(seconds))]
        surname = surnames[family[i]]
        alone = single[i] and surname["character"] + two["character"] != NAMESAKE
        letters = [two] if alone or one is two else [one, two]
        names.append(
            chinese_person(
                surname["character"],
                "".join(row["character"] for row in letters),
                surname["pinyin"],
                "".join(row["pinyin"] for row in letters),
            )
        )
    return names


def chinese_person(family: str, given: str, family_latin: str = "", given_latin: str = "") -> Name:
    """A Chinese person's name; the Latin parts are looked up where they are not given."""
    if not family_latin:
        family_latin = next(row["pinyin"] for row in rows("surnames") if row["character"] == family)
        sounds = {row["character"]: row["pinyin"] for row in rows("given_names")}
        given_latin = "".join(sounds[character] for character in given)
    given_latin = given_latin.capitalize()
    return Name(family + given, f"{given_latin} {family_latin}", (family, given), (family_latin, given_latin))


def in_traditional(name: Name) -> Name:
    """The name of one who writes traditional characters."""
    return Name(traditional(name.written), name.latin, tuple(map(traditional, name.parts)), name.latin_parts)


def foreign_people(seed: int, count: int) -> list[Name]:
    """Names in Latin letters."""
    rng = stream(seed, "names of people abroad")
    first, last = ([row["name"] for row in rows("foreign_names") if row["kind"] == kind] for kind in ("first", "last"))
    names = []
    for i, j in zip(rng.integers(0, len(first), count), rng.integers(0, len(last), count), strict=True):
        written = f"{first[i]} {last[j]}"
        names.append(Name(written, written, (last[j], first[i]), (last[j], first[i])))
    return names


def firm(city: str, city_latin: str, brand: str, brand_latin: str, trade: str, trade_latin: str, ending: str) -> Name:
    """A Chinese firm's name; `ending` is 有限公司 or nothing."""
    latin = f"{city_latin} {brand_latin} {trade_latin}" + (" Co., Ltd." if ending else "")
    return Name(city + brand + trade + ending, latin, (city, brand, trade, ending), (city_latin, brand_latin))


def chinese_firms(seed: int, cities: list[tuple[str, str]], used: set[str]) -> list[Name]:
    """A firm's name in each of the cities (name, name in Latin letters); no two alike, none in `used`."""
    rng = stream(seed, "names of firms")
    brands, trades = ([row for row in rows("firm_words") if row["kind"] == kind] for kind in ("brand", "trade"))
    weights = [12, 10, 8, 14, 8, 6, 5, 7, 8, 8, 7, 3, 4, 2]
    names = []
    for city, city_latin in cities:
        while True:
            brand = brands[rng.integers(len(brands))]
            trade = trades[int(pick(rng, weights, 1)[0])]
            small = trade["chinese"] in {"茶馆", "茶楼", "茶艺馆", "饭店", "餐厅"} and rng.random() < 0.5
            if city + brand["chinese"] + trade["chinese"] not in used:
                break
        used.add(city + brand["chinese"] + trade["chinese"])
        names.append(
            firm(
                city,
                city_latin,
                brand["chinese"],
                brand["english"],
                trade["chinese"],
                trade["english"],
                "" if small else "有限公司",
            )
        )
    return names


def foreign_firms(seed: int, where: list[Country]) -> list[Name]:
    """A firm's name in each of the countries, no two alike."""
    rng = stream(seed, "names of firms abroad")
    first, second = (
        [row["name"] for row in rows("foreign_names") if row["kind"] == kind] for kind in ("firm_first", "firm_second")
    )
    names: list[Name] = []
    used: set[str] = set()
    for country in where:
        while True:
            one, two = first[rng.integers(len(first))], second[rng.integers(len(second))]
            core = f"{one} {two} {country.firm_suffix}"
            if core not in used:
                break
        used.add(core)
        names.append(Name(core, core, ("", one, two, country.firm_suffix), ("", one)))
    return names


def other_form(name: Name, form: int, *, organisation: bool, female: bool, choice: int) -> str:
    """The name as another hand wrote it, so that it no longer compares equal to `written`.

    Parameters
    ----------
    form : 0 a slip of the pen or another ending, 1 the other set of characters, 2 in English, 3 short, 4 with a note
    choice : which of the variants of that form
    """
    text = _firm_form(name, form, choice) if organisation else _person_form(name, form, choice, female=female)
    return text if text != name.written else _slip(name, organisation=organisation)


def _person_form(name: Name, form: int, choice: int, *, female: bool) -> str:
    family = name.parts[0]
    last, first = name.latin_parts
    foreign = name.written.isascii()
    if form == 1:
        other = traditional(name.written)
        return other if other != name.written else name.written.translate(_simplified())
    if form == 2:
        orders = (f"{last.upper()} {first}", f"{last}, {first}", f"{last} {first}", f"{first} {last}")
        return orders[choice % (3 if foreign else 4)]
    if form == 3:
        return f"{'Ms' if female else 'Mr'} {family}" if foreign else family + ("女士" if female else "先生")
    if form == 4:
        return name.written + (FOREIGN_NOTES if foreign else NOTES)[choice % 4]
    return _slip(name, organisation=False)


def _firm_form(name: Name, form: int, choice: int) -> str:
    city, brand, trade, ending = name.parts
    foreign = name.written.isascii()
    if form == 1 and not foreign:
        return traditional(name.written)
    if form == 2:
        return f"{brand} {trade}" if foreign else name.latin.replace(" Co., Ltd.", (" Company Limited", "")[choice % 2])
    if form == 3:
        return f"{brand} {trade}" if foreign else brand + trade
    if form == 4:
        return name.written + (" - Purchasing" if foreign else ("采购部", "(总店)")[choice % 2])
    if foreign:
        return f"{brand} {trade}"
    return city + brand + trade + (("", "有限责任公司")[choice % 2] if ending else "有限公司")


def _slip(name: Name, *, organisation: bool) -> str:
    if organisation:
        return name.written + ("店" if not name.written.isascii() else " International")
    family, given = name.parts
    if name.written.isascii():
        return f"{given} {family[:-1]}" if len(family) > 3 else f"{given[:-1]} {family}"
    plain = given.translate(_simplified())
    return family + plain[:-1] + _mistakes()[plain[-1]]
