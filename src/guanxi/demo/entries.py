"""The text that stands in each record, before a system's columns and formats are put around it."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import numpy as np

from guanxi.demo import contacts, names, planted
from guanxi.demo.chance import Bools, Ints, pick, stream
from guanxi.demo.handwriting import (
    written_city,
    written_country,
    written_mail,
    written_phone,
    written_province,
)
from guanxi.demo.lists import City, Country, cities, countries
from guanxi.demo.orders import NOBODY, Orders
from guanxi.demo.people import People
from guanxi.demo.records import CALLCENTRE, FAIR, OTHER_CONTACTS, Records
from guanxi.demo.seasons import Calendar

_KEYS: Final = ("W{:07d}", "M{:08d}", "4{:07d}", "F-{:06d}")
# Forms of phones (columns: see `handwriting.written_phone`), mails, provinces and cities by system.
_PHONE_FORMS: Final = (
    (0.88, 0.01, 0.01, 0.08, 0.0, 0.01, 0.01, 0.0),
    (0.72, 0.03, 0.12, 0.01, 0.0, 0.0, 0.12, 0.0),
    (0.45, 0.12, 0.18, 0.05, 0.04, 0.08, 0.05, 0.03),
    (0.30, 0.20, 0.22, 0.06, 0.18, 0.03, 0.01, 0.0),
)
_MAIL_FORMS: Final = (
    (0.96, 0.02, 0.02, 0.0),
    (0.85, 0.08, 0.03, 0.04),
    (0.80, 0.14, 0.03, 0.03),
    (0.70, 0.17, 0.12, 0.01),
)
_PLACE_FORMS: Final = ((0.30, 0.70, 0.0), (0.55, 0.43, 0.02), (0.62, 0.33, 0.05), (0.48, 0.32, 0.20))
_NO_PLACE: Final = 0.025
_OLDEST_DAYS: Final = 6 * 365
_NO_PHONE_NOTES: Final = ("", "无", "不详")


@dataclass(frozen=True)
class Entries:
    """One text per record and field; empty where the record does not say."""

    key: list[str]
    name: list[str]
    employer: list[str]
    phone: list[str]
    mail: list[str]
    certificate: list[str]
    country: list[str]
    province: list[str]
    city: list[str]
    address: list[str]
    owner: list[str]
    birth: list[datetime.date | None]
    created: list[datetime.date]
    updated: list[datetime.datetime]


def make_entries(seed: int, people: People, records: Records, orders: Orders, calendar: Calendar) -> Entries:
    """What every record says."""
    count = len(records)
    created, updated = _times(seed, records, orders, calendar)
    country, province, city, address = _places(seed, people, records)
    customer = records.customer
    rng = stream(seed, "what records leave out")
    told_birth = (rng.random(count) < np.take((0.6, 0.85, 0.1, 0.0), records.source)) | (customer < planted.PLANTED)
    hired = rng.random(count) < np.where(records.source == FAIR, 0.8, 0.03)
    firms = np.flatnonzero(people.organisation & (people.country < 0))
    employer = firms[rng.integers(0, len(firms), count)]
    return Entries(
        key=_keys(seed, records),
        name=_names(seed, people, records),
        employer=[
            people.name[employer[i]].written if hired[i] and not people.organisation[customer[i]] else ""
            for i in range(count)
        ],
        phone=_phones(seed, people, records),
        mail=_mails(seed, people, records),
        certificate=[people.certificate[customer[i]] if records.with_certificate[i] else "" for i in range(count)],
        country=country,
        province=province,
        city=city,
        address=address,
        owner=["" if records.blurred[i] else people.owner[customer[i]] for i in range(count)],
        birth=[people.birth[customer[i]] if told_birth[i] else None for i in range(count)],
        created=created,
        updated=updated,
    )


def _keys(seed: int, records: Records) -> list[str]:
    """The key of every record in its system: numbers in no order that would tell anything."""
    rng = stream(seed, "keys")
    keys = [""] * len(records)
    for system, form in enumerate(_KEYS):
        for number, record in enumerate(rng.permutation(np.flatnonzero(records.source == system))):
            keys[record] = form.format(100_000 + 3 * number)
    return keys


def _names(seed: int, people: People, records: Records) -> list[str]:
    rng = stream(seed, "names in records")
    choice = rng.integers(0, 1_000, len(records))
    spaced = rng.random(len(records)) < np.take((0.003, 0.02, 0.03, 0.02), records.source)
    result = []
    for i, customer in enumerate(records.customer):
        name, form = people.name[customer], records.form[i]
        text = name.written
        if 0 <= form < OTHER_CONTACTS:
            text = names.other_form(
                name,
                int(form),
                organisation=bool(people.organisation[customer]),
                female=bool(people.female[customer]),
                choice=int(choice[i]),
            )
        elif spaced[i]:
            text = _another_look(name, int(choice[i]))
        result.append(text)
    return result


def _another_look(name: names.Name, choice: int) -> str:
    """The name with another width, case or spacing: what compares equal all the same."""
    if name.written.isascii():
        return (name.written.upper(), name.written.lower(), name.written.replace(" ", "  "))[choice % 3]
    first, *rest = name.parts
    return (first + " " + "".join(rest), first + "\u3000" + "".join(rest), " " + name.written)[choice % 3]


def _phones(seed: int, people: People, records: Records) -> list[str]:
    rng = stream(seed, "phones in records")
    count = len(records)
    form = _by_source(rng, _PHONE_FORMS, records.source)
    note = rng.integers(0, 40, count)
    other_contacts = records.blurred & (records.form == OTHER_CONTACTS)
    result = []
    for i, customer in enumerate(records.customer):
        if not records.with_phone[i]:
            result.append(_NO_PHONE_NOTES[min(note[i], 2)] if records.source[i] == CALLCENTRE else "")
        elif other_contacts[i]:
            result.append(written_phone(contacts.mobile(2 * planted.CUSTOMERS + i), form[i]))
        elif records.old_phone[i]:
            result.append(written_phone(people.other_phone[customer], form[i]))
        else:
            result.append(written_phone(people.phone[records.phone_of[i]], form[i]))
    return result


def _mails(seed: int, people: People, records: Records) -> list[str]:
    rng = stream(seed, "mails in records")
    form = _by_source(rng, _MAIL_FORMS, records.source)
    used: defaultdict[int, int] = defaultdict(int)
    result = []
    for i, customer in enumerate(records.customer):
        if not records.with_mail[i]:
            result.append("")
        elif not records.old_mail[i]:
            result.append(written_mail(people.mail[customer], form[i]))
        else:
            # Every other address of a customer is another one, else two of them would agree by it.
            local, _, domain = people.other_mail[customer].partition("@")
            nth = used[customer]
            used[customer] += 1
            result.append(written_mail(f"{local}.{nth}@{domain}" if nth else f"{local}@{domain}", form[i]))
    return result


def _places(seed: int, people: People, records: Records) -> tuple[list[str], list[str], list[str], list[str]]:
    rng = stream(seed, "places in records")
    count = len(records)
    form = _by_source(rng, _PLACE_FORMS, records.source)
    silent = (rng.random(count) < _NO_PLACE) & (records.customer >= planted.PLANTED)
    with_address = (rng.random(count) < np.take((0.97, 0.70, 0.55, 0.60), records.source)) | (
        records.customer < planted.PLANTED
    )
    elsewhere = rng.integers(planted.PLANTED, len(people), count)
    abroad_city = rng.integers(0, 60, count)
    country, province, city, address = [], [], [], []
    for i, customer in enumerate(records.customer):
        moved = records.moved_from[i] >= 0
        nation: Country | None = None if people.country[customer] < 0 else countries()[people.country[customer]]
        place: City | None = None
        if nation is None:
            place = cities()[records.moved_from[i] if moved else people.city[customer]]
        country.append("" if silent[i] else written_country(nation, form[i]))
        province.append("" if silent[i] or place is None else written_province(place.region, form[i]))
        if place is not None:
            city.append("" if silent[i] else written_city(place, form[i]))
        else:
            city.append(nation.cities[abroad_city[i] % len(nation.cities)] if nation else "")
        if moved:
            address.append(people.address[elsewhere[i]] if people.country[elsewhere[i]] < 0 else "")
        else:
            address.append(people.address[customer] if with_address[i] and not silent[i] else "")
    return country, province, city, address


def _times(
    seed: int, records: Records, orders: Orders, calendar: Calendar
) -> tuple[list[datetime.date], list[datetime.datetime]]:
    """When each record was made (not after its first order) and when it was last changed."""
    rng = stream(seed, "times of records")
    count = len(records)
    last = len(calendar.days) - 1
    first_order = np.full(count, last)
    booked = orders.record != NOBODY
    np.minimum.at(first_order, orders.record[booked], orders.day[booked])
    buys = np.zeros(count, dtype=np.bool_)
    buys[orders.record[booked]] = True
    # Who buys had joined on the day, or some months before, or long ago if already a customer when the two years begin.
    before = np.where(rng.random(count) < 0.55, 0, rng.exponential(70, count))
    before = np.where(first_order < 120, before + rng.exponential(500, count), before)
    created = np.where(buys, first_order - before, last - _OLDEST_DAYS * rng.random(count) ** 1.3)
    created = np.maximum(np.floor(created), last - _OLDEST_DAYS).astype(np.int64)
    updated = created + np.floor((last - created) * rng.random(count) ** 2).astype(np.int64)
    second = 8 * 3600 + rng.integers(0, 14 * 3600, count)
    midnight = datetime.datetime.combine(calendar.begin, datetime.time())
    return (
        [calendar.begin + datetime.timedelta(int(day)) for day in created],
        [midnight + datetime.timedelta(int(day), int(at)) for day, at in zip(updated, second, strict=True)],
    )


def _by_source(rng: np.random.Generator, weights: tuple[tuple[float, ...], ...], source: Ints) -> list[int]:
    form = np.zeros(len(source), dtype=np.int64)
    for system, shares in enumerate(weights):
        mine: Bools = source == system
        form[mine] = pick(rng, shares, int(mine.sum()))
    return [int(each) for each in form]
