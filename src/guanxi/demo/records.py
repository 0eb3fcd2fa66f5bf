"""How the four systems wrote the customers down: 80,000 records of 61,000 customers.

Every customer has one first record. The others are either *plain*, which share with the first what an exact key needs
(a verified phone or mail address and the same name, or a certificate), or *blurred*, which share no key with any
record: these wait for a comparison of what is only similar.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from guanxi.demo import planted
from guanxi.demo.chance import Bools, Floats, Ints, pick, stream
from guanxi.demo.habits import Habit, Habits
from guanxi.demo.people import People

SHOP, STORE, CALLCENTRE, FAIR = range(4)
BLURRED: Final = 2_467
FAIR_FIRST: Final = 3_000  # people met at a fair who never bought
RECYCLED: Final = 120  # a number that a customer gave up and another one has now
OWNERS_PHONES: Final = 80  # a firm that gives the number of a person who is a customer too

_FIRST_PEOPLE: Final = (0.47, 0.42, 0.11, 0.0)
_FIRST_FIRMS: Final = (0.34, 0.33, 0.33, 0.0)
_FIRST_FIRMS_NEVER: Final = (0.10, 0.10, 0.15, 0.65)
_NEXT: Final = ((0.15, 0.42, 0.28, 0.15), (0.46, 0.14, 0.28, 0.12), (0.44, 0.33, 0.13, 0.10), (0.38, 0.32, 0.22, 0.08))

# Share of records of each system that carry ... where nothing decides it.
_WITH_PHONE: Final = (0.90, 0.97, 0.99, 0.75)
_PHONE_VERIFIED: Final = (0.86, 0.94, 1.0, 0.55)
_WITH_MAIL: Final = (1.0, 0.15, 0.12, 0.82)
_MAIL_VERIFIED: Final = (1.0, 0.0, 0.0, 0.55)
_CERTIFICATE_PEOPLE: Final = (0.0, 0.20, 0.0, 0.0)
_CERTIFICATE_FIRMS: Final = (0.70, 0.75, 0.60, 0.0)

BY_PHONE, BY_MAIL, BY_CERTIFICATE = range(3)
# How a blurred record differs: 0 to 4 as in `names.other_form`, 5 the same name with other contacts.
OTHER_CONTACTS: Final = 5
_BLURS_PEOPLE: Final = (0.27, 0.14, 0.14, 0.10, 0.10, 0.25)
_BLURS_FIRMS: Final = (0.22, 0.12, 0.20, 0.18, 0.08, 0.20)


@dataclass(frozen=True)
class Records:
    """The records, column by column. `form` is -1 where the name is written as it is.

    `unit` is what exact keys make of the records: the customer, or a number from 61,000 up for a blurred record.
    """

    customer: Ints
    source: Ints
    first: Bools
    blurred: Bools
    unit: Ints
    form: Ints
    with_phone: Bools
    phone_verified: Bools
    old_phone: Bools
    with_mail: Bools
    mail_verified: Bools
    old_mail: Bools
    with_certificate: Bools
    moved_from: Ints  # the city of a stale address, -1 where it is the true one
    phone_of: Ints  # whose phone it is

    def __len__(self) -> int:
        return len(self.customer)


def make_records(seed: int, people: People, habits: Habits) -> Records:
    """The records of every customer; the first records come first, in the order of the customers."""
    first_source = _first_sources(seed, people, habits)
    customer, source, blurred = _further(seed, people, habits, first_source)
    count = planted.RECORDS
    first = np.arange(count) < planted.CUSTOMERS
    unit = np.where(blurred, planted.CUSTOMERS + np.cumsum(blurred) - 1, customer)
    link = _links(seed, people, customer, source, first, blurred)

    rng = stream(seed, "what records hold")
    special = customer < planted.PLANTED
    with_phone = rng.random(count) < np.take(_WITH_PHONE, source)
    with_mail = rng.random(count) < np.take(_WITH_MAIL, source)
    confirmed = rng.random(count) < np.take(_PHONE_VERIFIED, source)
    firm = people.organisation[customer]
    with_certificate = rng.random(count) < np.where(
        firm, np.take(_CERTIFICATE_FIRMS, source), np.take(_CERTIFICATE_PEOPLE, source)
    )
    with_certificate |= special & (source != FAIR) & (firm | (source == STORE))
    by_phone, by_mail, by_certificate = (_needed(link, kind, customer, first) for kind in range(3))
    with_phone |= by_phone | special
    with_mail |= by_mail
    with_certificate = (with_certificate | by_certificate) & ~blurred
    with_certificate &= np.array([number != "" for number in people.certificate])[customer]
    confirmed |= by_phone | (by_mail & (source == FAIR)) | special
    form = _forms(seed, people, customer, source, first, blurred, link, habits)
    other_contacts = blurred & (form == OTHER_CONTACTS)
    old_phone = (~by_phone & ~first & ~special & (rng.random(count) < 0.10)) | other_contacts
    old_mail = (~by_mail & ~first & ~special & (rng.random(count) < 0.08)) | other_contacts
    old_mail |= ~first & (source == SHOP) & (source[customer] == SHOP)
    moved = ~first & ~special & (rng.random(count) < 0.10) & (people.city[customer] >= 0)
    moved_from = np.where(moved, people.city[rng.integers(planted.PLANTED, len(people), count)], -1)
    return Records(
        customer=customer,
        source=source,
        first=first,
        blurred=blurred,
        unit=unit,
        form=form,
        with_phone=with_phone,
        phone_verified=confirmed,
        old_phone=old_phone,
        with_mail=with_mail,
        mail_verified=np.where(source == FAIR, confirmed, np.take(_MAIL_VERIFIED, source) > 0),
        old_mail=old_mail,
        with_certificate=with_certificate,
        moved_from=moved_from,
        phone_of=_phone_owners(seed, people, customer),
    )


def _first_sources(seed: int, people: People, habits: Habits) -> Ints:
    rng = stream(seed, "first records")
    count = len(people)
    buys = habits.habit != Habit.NEVER
    source = np.where(
        people.organisation,
        np.where(buys, pick(rng, _FIRST_FIRMS, count), pick(rng, _FIRST_FIRMS_NEVER, count)),
        pick(rng, _FIRST_PEOPLE, count),
    )
    met = rng.permutation(np.flatnonzero(~buys & ~people.organisation))[:FAIR_FIRST]
    source[met] = FAIR
    # Who gives no phone can only be known again by mail, and only shop and fair verify mail.
    source[_without_phone(people)] = SHOP
    source[planted.NAMESAKE_SLOTS] = [SHOP, STORE, STORE]
    source[planted.FAMILY_SLOTS] = STORE
    source[planted.FOUR_SYSTEMS_SLOT] = SHOP
    source[planted.STOPPED_SLOTS] = np.where(np.arange(planted.STOPPED) % 3 == 0, CALLCENTRE, STORE)
    return source


# The further records of the planted ones: whose, and in which system.
_PLANTED_FURTHER: Final = (
    (0, STORE),
    (0, CALLCENTRE),
    (1, SHOP),
    (planted.FAMILY_SLOTS[1], SHOP),
    (planted.FOUR_SYSTEMS_SLOT, STORE),
    (planted.FOUR_SYSTEMS_SLOT, CALLCENTRE),
    (planted.FOUR_SYSTEMS_SLOT, FAIR),
    *((slot, SHOP) for slot in planted.STOPPED_SLOTS[::2]),
)


def _without_phone(people: People) -> Bools:
    return np.array([phone == "" for phone in people.phone])


def _further(seed: int, people: People, habits: Habits, first_source: Ints) -> tuple[Ints, Ints, Bools]:
    """Whose the records are, in which system, and which are blurred: first records, then plain, then blurred ones."""
    rng = stream(seed, "further records")
    count = planted.CUSTOMERS
    further = planted.RECORDS - count - len(_PLANTED_FURTHER)
    weight: Floats = np.where(people.organisation, 3.5, np.where(habits.habit == Habit.NEVER, 0.6, 1.6))
    weight[habits.top] = 6.0
    weight[: planted.PLANTED] = 0.0
    plain = pick(rng, weight, further - BLURRED)
    may_blur = ~habits.top & (np.arange(count) >= planted.PLANTED)
    blurred = rng.permutation(np.flatnonzero(may_blur))[:BLURRED]
    customer = np.concatenate([plain, blurred])
    source = np.empty(further, dtype=np.int64)
    came_from = first_source[customer]
    for system, weights in enumerate(_NEXT):
        mine = came_from == system
        source[mine] = pick(rng, weights, int(mine.sum()))
    source[_without_phone(people)[customer]] = FAIR
    planted_customers = np.array([slot for slot, _ in _PLANTED_FURTHER])
    planted_sources = np.array([system for _, system in _PLANTED_FURTHER])
    return (
        np.concatenate([np.arange(count), planted_customers, customer]),
        np.concatenate([first_source, planted_sources, source]),
        np.arange(planted.RECORDS) >= planted.RECORDS - BLURRED,
    )


def _links(seed: int, people: People, customer: Ints, source: Ints, first: Bools, blurred: Bools) -> Ints:
    """By which key each plain further record goes with the first record of its customer; -1 for all other records."""
    rng = stream(seed, "links")
    count = len(customer)
    came_from = source[customer]  # first records stand at the position of their customer
    # Two accounts in the shop have two mail addresses; elsewhere one address may stand twice.
    both_mail = ((source == FAIR) & np.isin(came_from, (SHOP, FAIR))) | ((source == SHOP) & (came_from == FAIR))
    no_phone = _without_phone(people)[customer]
    both_certified = (
        people.organisation[customer]
        & (source != FAIR)
        & (came_from != FAIR)
        & np.array([number != "" for number in people.certificate])[customer]
    )
    chance = rng.random(count)
    link = np.full(count, BY_PHONE)
    link[both_mail & ((chance < 0.6) | no_phone)] = BY_MAIL
    link[both_certified & (chance < 0.5)] = BY_CERTIFICATE
    link[first | blurred] = -1
    return link


def _needed(link: Ints, kind: int, customer: Ints, first: Bools) -> Bools:
    """Which records must carry the key of `kind`: the linked ones and the first records they go with."""
    needed: Bools = link == kind
    needed[customer[needed & ~first]] = True
    return needed


def _forms(
    seed: int, people: People, customer: Ints, source: Ints, first: Bools, blurred: Bools, link: Ints, habits: Habits
) -> Ints:
    """How each record writes the name."""
    rng = stream(seed, "forms of names")
    count = len(customer)
    firm = people.organisation[customer]
    form = np.full(count, -1, dtype=np.int64)
    blur = np.where(firm, pick(rng, _BLURS_FIRMS, count), pick(rng, _BLURS_PEOPLE, count))
    form[blurred] = blur[blurred]
    # With the certificate as key the name may differ.
    also_blurred = np.isin(customer, customer[blurred])  # else the two might agree by the other form
    free = (link == BY_CERTIFICATE) & ~also_blurred & (rng.random(count) < 0.6)
    form[free] = rng.integers(0, 5, count)[free]
    form[(customer == planted.FOUR_SYSTEMS_SLOT) & (source == CALLCENTRE)] = 2
    # A customer with one record may be written down any way.
    alone = first & (np.bincount(customer, minlength=count)[customer] == 1) & (customer >= planted.PLANTED)
    alone &= ~habits.top[customer]
    careless = alone & (rng.random(count) < np.take((0.02, 0.03, 0.14, 0.06), source))
    form[careless] = rng.integers(0, 5, count)[careless]
    return form


def _phone_owners(seed: int, people: People, customer: Ints) -> Ints:
    """Whose phone a record gives: its customer's, but for some numbers that have changed hands or serve two."""
    rng = stream(seed, "phones that changed hands")
    owner = customer.copy()
    in_china = people.country < 0
    alone = (np.bincount(customer) == 1) & in_china & (np.arange(len(people)) >= planted.PLANTED)
    those = rng.permutation(np.flatnonzero(alone & ~people.organisation))[:RECYCLED]
    others = rng.permutation(np.flatnonzero(in_china & ~people.organisation))
    others = others[others >= planted.PLANTED][:RECYCLED]
    for one, other in zip(those, others, strict=True):
        if people.name[one].latin_parts[0] != people.name[other].latin_parts[0]:  # another family, so another person
            owner[one] = other
    firms = rng.permutation(np.flatnonzero(alone & people.organisation))[:OWNERS_PHONES]
    owner[firms] = others[RECYCLED - OWNERS_PHONES :]
    return owner
