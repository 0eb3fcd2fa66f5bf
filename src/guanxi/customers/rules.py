"""Pure rules about customers: what is masked, which twelve months count, what a purchase may look like."""

from __future__ import annotations

import re
from calendar import isleap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.money import round_to_currency

CHINESE_MOBILE = re.compile(r"(?:\+?86)?(1\d{2})\d{4}(\d{4})")
MASK = "****"
MOST_LINES: Final = 200
MOST_MERGED: Final = 5  # customers in one merge, the survivor among them
LARGEST: Final = Decimal(10) ** 12  # of a quantity, a price, an amount
STEP: Final = Decimal("0.0001")  # the smallest part that is kept of them
LONGEST_NAME, LONGEST_CODE, LONGEST_ORDER = 200, 80, 40  # characters of a product, its code, an order number
CONTROL: Final = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127])  # of no use in any text
EARLIEST: Final = 1900
CORRECTABLE = timedelta(days=1)
CONTACTS = frozenset({"call", "visit", "mail", "meeting"})  # a note is none

# From which state a next step may go to which.
TASK_MOVES = {"open": frozenset({"done", "dropped"}), "done": frozenset({"open"}), "dropped": frozenset({"open"})}


def mask_phone(phone: str) -> str:
    """The phone with its middle hidden.

    >>> mask_phone("+8613812345678")
    '138****5678'
    >>> mask_phone("+44 20 7946 0958")
    '+44****0958'
    >>> mask_phone("0571-88")
    '****'
    """
    plain = re.sub(r"[^\d+]", "", phone)
    if found := CHINESE_MOBILE.fullmatch(plain):
        return f"{found[1]}{MASK}{found[2]}"
    if len(plain) < 8:
        return MASK if plain else ""
    return f"{plain[:3]}{MASK}{plain[-4:]}"


def mask_email(email: str) -> str:
    """The mail address with its name hidden.

    >>> mask_email("wang.wei@example.com")
    'w***@example.com'
    """
    name, at, domain = email.partition("@")
    if not at:
        return "***" if email else ""
    return f"{name[:1]}***@{domain}"


def mask_certificate(number: str) -> str:
    """The number of a certificate with all but its ends hidden.

    >>> mask_certificate("110101199003074477")
    '110****4477'
    >>> mask_certificate("E1234567")
    '****67'
    """
    return f"{number[:3]}{MASK}{number[-4:]}" if len(number) >= 12 else f"{MASK}{number[-2:]}"


def year_before(day: date) -> date:
    """The day twelve months earlier; 29 February becomes the 28th.

    Bought in the last twelve months means: after this day.
    """
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def plain_text(typed: str) -> str:
    r"""What was typed, in one line, without characters no text holds.

    >>> plain_text(" a\x00\tb ")
    'a b'
    """
    return " ".join(typed.translate(CONTROL).split())


@dataclass(frozen=True)
class Line:
    """One line of a purchase to write down: what, how many, at which price; without `amount` it is their product."""

    product_name: str = ""
    product_id: str = ""
    quantity: Decimal = Decimal(1)
    unit_price: Decimal = Decimal(0)
    amount: Decimal | None = None

    def tidied(self) -> Line:
        """The same with its texts in one line."""
        return replace(self, product_name=plain_text(self.product_name), product_id=plain_text(self.product_id))

    def amount_in(self, currency: str) -> Decimal:
        """What the line comes to, as it can be paid."""
        return round_to_currency(self.quantity * self.unit_price if self.amount is None else self.amount, currency)


def why_not_purchase(
    lines: Sequence[Line], *, order_no: str, bought_at: datetime, now: datetime
) -> str | Promise | None:
    """Why this cannot have been bought; None if it can."""
    if len(order_no) > LONGEST_ORDER:
        return _("its order number is longer than {longest} characters.").format(longest=LONGEST_ORDER)
    if not lines:
        return _("it has no line.")
    if len(lines) > MOST_LINES:
        return _("it has more than {most} lines.").format(most=MOST_LINES)
    if bought_at > now:
        return _("its day is still to come.")
    if bought_at.year < EARLIEST:
        return _("its day is before {year}.").format(year=EARLIEST)
    return next((reason for line in lines if (reason := _why_not_line(line)) is not None), None)


def _why_not_line(line: Line) -> str | Promise | None:
    numbers = [line.quantity, line.unit_price, *([] if line.amount is None else [line.amount])]
    if not (line.product_name or line.product_id):
        return _("a line names no product.")
    if len(line.product_name) > LONGEST_NAME or len(line.product_id) > LONGEST_CODE:
        return _("the name or code of a product is too long.")
    if not all(number.is_finite() and abs(number) < LARGEST for number in numbers):
        return _("a number in it is too large.")
    if any(number != number.quantize(STEP) for number in numbers):
        return _("a number in it has more than four decimals.")
    if line.quantity <= 0:
        return _("a quantity is not above zero.")
    if min(numbers) < 0 or line.quantity * line.unit_price >= LARGEST:
        return _("an amount is below zero or too large.")
    return None


def can_move_task(state: str, to: str) -> bool:
    """Whether a next step may go from `state` to another.

    >>> can_move_task("open", "done"), can_move_task("done", "dropped")
    (True, False)
    """
    return to in TASK_MOVES[state]


def is_correctable(created_at: datetime, now: datetime) -> bool:
    """Whether who said it may still correct a follow-up."""
    return now - created_at <= CORRECTABLE


def is_birthday(birth_on: date, day: date) -> bool:
    """Whether somebody born then has birthday on `day`; who was born on 29 February, on the 28th where there is none.

    >>> is_birthday(date(1984, 2, 29), date(2027, 2, 28)), is_birthday(date(1984, 2, 29), date(2028, 2, 28))
    (True, False)
    """
    if (birth_on.month, birth_on.day) == (2, 29) and not isleap(day.year):
        return (day.month, day.day) == (2, 28)
    return (birth_on.month, birth_on.day) == (day.month, day.day)


def decide_giver(values: Sequence[object]) -> int:
    """Whose value of a field the survivor of a merge takes unless somebody chooses: the first that there is.

    >>> decide_giver(["", "杭州", "上海"]), decide_giver([None, ""])
    (1, 0)
    """
    return next((at for at, value in enumerate(values) if value not in (None, "", [])), 0)
