"""The form by which a purchase is written down."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.customers.rules import LONGEST_CODE, LONGEST_NAME, LONGEST_ORDER, Line
from guanxi.kernel.ui.forms import HouseForm

MOST: Final = 20  # lines typed by hand


def text(**attributes: str) -> forms.TextInput:
    """A line to type in, of which the browser remembers nothing."""
    return forms.TextInput({"autocomplete": "off", **attributes})


class PurchaseForm(HouseForm):
    """The day, the order number, and the key that keeps a form sent twice from counting twice."""

    bought_on = forms.DateField(
        label=_("Day of the purchase"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Give the day as YYYY-MM-DD."), "required": _("Give the day.")},
    )  # fmt: skip
    order_no = forms.CharField(
        label=_("Order number"),
        required=False,
        max_length=LONGEST_ORDER,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    key = forms.CharField(max_length=80, widget=forms.HiddenInput)

    def bought_at(self, now: datetime) -> datetime:
        """The moment: today is now, another day counts from its noon."""
        day: date = self.cleaned_data["bought_on"]
        local = timezone.localtime(now)
        if day == local.date():
            return now
        return datetime.combine(day, time(12), local.tzinfo)


class LineForm(HouseForm):
    """One line; one in which nothing was typed is passed over."""

    product_name = forms.CharField(label=_("Product"), required=False, max_length=LONGEST_NAME, widget=text())
    product_id = forms.CharField(label=_("Code"), required=False, max_length=LONGEST_CODE, widget=text())
    quantity = forms.DecimalField(label=_("Quantity"), required=False, initial=1, widget=text(inputmode="decimal"))
    unit_price = forms.DecimalField(label=_("Unit price"), required=False, widget=text(inputmode="decimal"))

    def clean(self) -> dict[str, Any]:
        """A product needs its price."""
        cleaned = super().clean() or {}
        is_named = bool(cleaned.get("product_name") or cleaned.get("product_id"))
        if is_named and cleaned.get("unit_price") is None and "unit_price" not in self.errors:
            self.add_error("unit_price", _("Give the price."))
        if not is_named and cleaned.get("unit_price") is not None:
            self.add_error("product_name", _("Name the product."))
        return cleaned

    @property
    def line(self) -> Line | None:
        """The line as typed; None where nothing was."""
        typed = self.cleaned_data
        if not (typed.get("product_name") or typed.get("product_id")):
            return None
        quantity = typed.get("quantity")
        return Line(
            product_name=typed.get("product_name", ""), product_id=typed.get("product_id", ""),
            quantity=Decimal(1) if quantity is None else quantity, unit_price=typed["unit_price"],
        )  # fmt: skip


class PurchaseForms:
    """The form and its lines together."""

    def __init__(self, data: Any = None, *, today: date) -> None:
        self.data = data
        begin = None if data is not None else {"bought_on": today, "key": uuid.uuid4().hex}
        self.purchase = PurchaseForm(data, initial=begin)
        self.count = 1 if data is None else min(max(_whole(data.get("lines")), 1), MOST)
        self.lines = [LineForm(data, prefix=f"line-{place}") for place in range(self.count)]
        self._begin_at(self.lines[-1])

    @property
    def is_full(self) -> bool:
        """Whether no further line can be added."""
        return self.count >= MOST

    def is_valid(self) -> bool:
        """Whether everything typed can be read."""
        return all([self.purchase.is_valid(), *(line.is_valid() for line in self.lines)])

    def typed_lines(self) -> list[Line]:
        """The lines in which something was typed."""
        return [line for form in self.lines if (line := form.line) is not None]

    def add_line(self) -> None:
        """One more line, with what was typed so far and nothing said about it yet."""
        typed = self.data.copy()
        self.count = min(self.count + 1, MOST)
        self.purchase = PurchaseForm(initial=typed.dict())
        prefixes = [f"line-{place}" for place in range(self.count)]
        self.lines = [LineForm(prefix=prefix, initial=_typed(typed, prefix)) for prefix in prefixes]
        self._begin_at(self.lines[-1])

    def _begin_at(self, line: LineForm) -> None:
        line.fields["product_name"].widget.attrs["autofocus"] = True


def _typed(data: Any, prefix: str) -> dict[str, str]:
    names = [name for name in LineForm.base_fields if f"{prefix}-{name}" in data]
    return {name: data[f"{prefix}-{name}"] for name in names}


def _whole(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 4 else 1
