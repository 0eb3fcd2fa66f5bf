"""Who the customers truly are: 61,000 people and firms, before any system wrote them down."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final

import numpy as np

from guanxi.demo import contacts, names, planted
from guanxi.demo.chance import Bools, Ints, pick, stream
from guanxi.demo.lists import cities, countries, rows, sellers

ABROAD_PEOPLE: Final = 0.022
ABROAD_FIRMS: Final = 0.08
OWNED_PEOPLE: Final = 1_900  # people a seller looks after; every firm has one
_STREETS_ABROAD: Final = ("High Street", "Station Road", "Park Avenue", "Market Street", "Mill Lane", "Church Road")
TRADITIONAL_REGIONS: Final = {"CN-HK", "CN-MO", "CN-TW"}


@dataclass(frozen=True)
class People:
    """The true customers, column by column; empty text where there is nothing.

    `city` is a position in `lists.cities()` or -1 abroad, `country` one in `lists.countries()` or -1 in China.
    `other_phone` and `other_mail` are what they had before, or have beside.
    """

    organisation: Bools
    female: Bools
    city: Ints
    country: Ints
    name: list[names.Name]
    birth: list[datetime.date | None]
    address: list[str]
    phone: list[str]
    other_phone: list[str]
    mail: list[str]
    other_mail: list[str]
    certificate: list[str]
    owner: list[str]

    def __len__(self) -> int:
        return len(self.name)

    def region(self, customer: int) -> str:
        """The region code of the true place."""
        place = int(self.city[customer])
        return cities()[place].region if place >= 0 else countries()[self.country[customer]].code


def make_people(seed: int) -> People:
    """The true customers; the planted ones come first (`planted.NAMESAKE_SLOTS` and so on)."""
    organisation, female = _kinds(seed)
    city, country = _places(seed, organisation)
    name = _names(seed, organisation, female, city, country)
    birth = _births(seed, organisation)
    phone, other_phone = _phones(country)
    mail, other_mail = _mails(name, organisation)
    return People(
        organisation=organisation,
        female=female,
        city=city,
        country=country,
        name=name,
        birth=birth,
        address=_addresses(seed, organisation, country),
        phone=phone,
        other_phone=other_phone,
        mail=mail,
        other_mail=other_mail,
        certificate=_certificates(organisation, female, country, birth),
        owner=_owners(seed, organisation, city, country),
    )


def _kinds(seed: int) -> tuple[Bools, Bools]:
    rng = stream(seed, "kinds")
    organisation = np.zeros(planted.CUSTOMERS, dtype=np.bool_)
    firms = [planted.FOUR_SYSTEMS_SLOT, *planted.STOPPED_SLOTS[: planted.STOPPED_FIRMS]]
    organisation[firms] = True
    others = planted.PLANTED + rng.permutation(planted.CUSTOMERS - planted.PLANTED)
    organisation[others[: planted.ORGANISATIONS - len(firms)]] = True
    female = rng.random(planted.CUSTOMERS) < 0.56
    for slots, people in (
        (planted.NAMESAKE_SLOTS, [gender for _, gender, _ in planted.NAMESAKES]),
        (planted.FAMILY_SLOTS, [gender for *_, gender, _ in planted.FAMILY]),
    ):
        female[slots] = [gender == "f" for gender in people]
    return organisation, female & ~organisation


def _city_of(name: str) -> int:
    return next(i for i, city in enumerate(cities()) if city.name == name)


def _places(seed: int, organisation: Bools) -> tuple[Ints, Ints]:
    rng = stream(seed, "places")
    count = len(organisation)
    city = pick(rng, [city.weight for city in cities()], count)
    country = pick(rng, [country.weight for country in countries()], count)
    abroad = rng.random(count) < np.where(organisation, ABROAD_FIRMS, ABROAD_PEOPLE)
    abroad[: planted.PLANTED] = False
    city[planted.NAMESAKE_SLOTS] = [_city_of(place) for place, _, _ in planted.NAMESAKES]
    city[planted.FAMILY_SLOTS] = _city_of(planted.FAMILY_CITY)
    city[planted.FOUR_SYSTEMS_SLOT] = _city_of(planted.FOUR_SYSTEMS[0])
    stopped = [i for i, place in enumerate(cities()) if place.region == planted.STOPPED_REGION]
    weights = [cities()[i].weight for i in stopped]
    city[planted.STOPPED_SLOTS] = np.array(stopped)[pick(rng, weights, planted.STOPPED)]
    return np.where(abroad, -1, city), np.where(abroad, country, -1)


def _names(seed: int, organisation: Bools, female: Bools, city: Ints, country: Ints) -> list[names.Name]:
    result: list[names.Name | None] = [None] * len(organisation)
    place, place_latin, *words = planted.FOUR_SYSTEMS[0], "Hangzhou", *planted.FOUR_SYSTEMS[1:]
    four_systems = names.firm(place, place_latin, words[0], "Tingyu", words[1], "Tea", words[2])
    in_china = country < 0
    firms = np.flatnonzero(organisation & in_china)
    where = [(cities()[city[i]].name, cities()[city[i]].english) for i in firms]
    _fill(result, firms, names.chinese_firms(seed, where, {"".join(four_systems.parts[:3])}))
    abroad = np.flatnonzero(organisation & ~in_china)
    _fill(result, abroad, names.foreign_firms(seed, [countries()[country[i]] for i in abroad]))
    people = np.flatnonzero(~organisation & in_china)
    _fill(result, people, names.chinese_people(seed, female[people]))
    for i in people:
        person = result[i]
        if person and cities()[city[i]].region in TRADITIONAL_REGIONS:
            result[i] = names.in_traditional(person)
    abroad = np.flatnonzero(~organisation & ~in_china)
    _fill(result, abroad, names.foreign_people(seed, len(abroad)))
    for slot in planted.NAMESAKE_SLOTS:
        result[slot] = names.chinese_person(planted.NAMESAKE[0], planted.NAMESAKE[1:])
    for slot, (family, given, _, _) in zip(planted.FAMILY_SLOTS, planted.FAMILY, strict=True):
        result[slot] = names.chinese_person(family, given)
    result[planted.FOUR_SYSTEMS_SLOT] = four_systems
    return [name for name in result if name is not None]


def _fill(result: list[names.Name | None], where: Ints, found: list[names.Name]) -> None:
    for i, name in zip(where, found, strict=True):
        result[i] = name


def _births(seed: int, organisation: Bools) -> list[datetime.date | None]:
    rng = stream(seed, "births")
    count = len(organisation)
    # People who buy tea ware are mostly between thirty and sixty.
    years = np.clip(np.round(rng.normal(1982, 12, count)), 1941, 2006).astype(np.int64)
    years[planted.NAMESAKE_SLOTS] = [year for *_, year in planted.NAMESAKES]
    years[planted.FAMILY_SLOTS] = [year for *_, year in planted.FAMILY]
    days = rng.integers(0, 365, count)
    return [
        None if firm else datetime.date(int(year), 1, 1) + datetime.timedelta(int(day))
        for firm, year, day in zip(organisation, years, days, strict=True)
    ]


def _phones(country: Ints) -> tuple[list[str], list[str]]:
    count = len(country)
    phone = [contacts.mobile(i) for i in range(count)]
    other = [contacts.mobile(count + i) for i in range(count)]
    serial = dict.fromkeys((each.code for each in countries()), 0)
    for i in np.flatnonzero(country >= 0):
        code = countries()[country[i]].code
        block = "US" if code == "CA" else code  # one numbering plan
        phone[i], other[i] = contacts.foreign_phone(code, serial[block]), ""
        serial[block] += 1
    for slot in planted.FAMILY_SLOTS:
        phone[slot] = phone[planted.FAMILY_SLOTS[0]]
    return phone, other


def _mails(name: list[names.Name], organisation: Bools) -> tuple[list[str], list[str]]:
    seen: dict[str, int] = {}
    mails, others = [], []
    for i, one in enumerate(name):
        if organisation[i]:
            stem = "".join(one.latin_parts).lower().replace(" ", "").replace("'", "")
            locals_ = (stem, f"office.{stem}")
        else:
            last, first = (part.lower().replace("ü", "v").replace("'", "") for part in one.latin_parts)
            locals_ = (f"{last}{first}" if one.written.isascii() is False else f"{first}.{last}", f"{first[:1]}{last}")
        found = []
        for local in locals_:
            seen[local] = seen.get(local, 0) + 1
            found.append(contacts.mail(local if seen[local] == 1 else f"{local}{seen[local]}", i))
        mails.append(found[0])
        others.append(found[1])
    return mails, others


def _addresses(seed: int, organisation: Bools, country: Ints) -> list[str]:
    rng = stream(seed, "addresses")
    count = len(organisation)
    streets = rows("streets")
    street = rng.integers(0, len(streets), count)
    number, block = rng.integers(1, 400, count), rng.integers(1, 30, count)
    room = 100 * rng.integers(1, 24, count) + rng.integers(1, 7, count)
    found = [
        f"{number[i]} {_STREETS_ABROAD[street[i] % len(_STREETS_ABROAD)]}"
        if country[i] >= 0
        else f"{streets[street[i]]['chinese']}{number[i]}号" + ("" if organisation[i] else f"{block[i]}幢{room[i]}室")
        for i in range(count)
    ]
    for slot in planted.FAMILY_SLOTS:
        found[slot] = found[planted.FAMILY_SLOTS[0]]
    return found


def _certificates(organisation: Bools, female: Bools, country: Ints, birth: list[datetime.date | None]) -> list[str]:
    result = []
    for i, born in enumerate(birth):
        if country[i] >= 0:
            result.append("")
        elif born is None or organisation[i]:
            result.append(contacts.credit_code(i))
        else:
            result.append(contacts.identity_number(i, born, male=not female[i]))
    return result


def _owners(seed: int, organisation: Bools, city: Ints, country: Ints) -> list[str]:
    rng = stream(seed, "owners")
    count = len(organisation)
    owned = organisation.copy()
    owned[rng.permutation(np.flatnonzero(~organisation))[:OWNED_PEOPLE]] = True
    owned[[*planted.NAMESAKE_SLOTS, *planted.STOPPED_SLOTS]] = True
    by_region: dict[str, list[str]] = {}
    for seller in sellers():
        if seller.active:
            for region in seller.regions:
                by_region.setdefault(region, []).append(seller.employee_no)
    choice = rng.random(count)
    abroad = sellers()[-1].employee_no
    result = [""] * count
    for i in np.flatnonzero(owned):
        candidates = by_region[cities()[city[i]].region] if country[i] < 0 else [abroad]
        result[i] = candidates[int(choice[i] * len(candidates))]
    _orphan(rng, result, city)
    return result


def _orphan(rng: np.random.Generator, owner: list[str], city: Ints) -> None:
    """Give exactly `planted.LEAVER_CUSTOMERS` customers of the leaver's region back to the leaver."""
    leaver = next(seller for seller in sellers() if seller.employee_no == planted.LEAVER)
    candidates = [
        i
        for i in range(planted.PLANTED, len(owner))
        if owner[i] and city[i] >= 0 and cities()[city[i]].region in leaver.regions
    ]
    for i in rng.permutation(np.array(candidates))[: planted.LEAVER_CUSTOMERS]:
        owner[i] = planted.LEAVER
