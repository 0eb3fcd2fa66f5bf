"""The fields a company added to its customers by itself, beside those that every customer has.

`custom.KEY` is the name of one wherever fields are named: in forms, commands, bulk actions and files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.translation import pgettext

from guanxi.customers.fields import FIELDS, Field, Refused, as_typed
from guanxi.customers.models import Customer
from guanxi.kernel.fields.queries import list_definitions
from guanxi.kernel.fields.values import FieldDefinition, Unfit
from guanxi.kernel.ui.inputs import Widget

HOLDER: Final = "customers"
HEAD: Final = "custom."
WIDGETS: Final[Mapping[str, Widget]] = {
    "text": "text", "number": "number", "money": "number", "date": "date", "choice": "choice", "choices": "checks",
    "flag": "pills",
}  # fmt: skip


def editable_fields() -> dict[str, Field]:
    """Every field of a customer that people edit, by its name."""
    return FIELDS | {f"{HEAD}{own.key}": _field(own) for own in list_definitions(HOLDER)}


def own_definitions() -> dict[str, FieldDefinition]:
    """The company's own fields by their names."""
    return {f"{HEAD}{own.key}": own for own in list_definitions(HOLDER)}


def value_of(customer: Customer, name: str) -> Any:
    """What the customer holds in a field."""
    return customer.custom.get(name.removeprefix(HEAD)) if name.startswith(HEAD) else getattr(customer, name)


def put_value(customer: Customer, name: str, value: Any) -> str:
    """Let the customer hold it, in memory; returns the column that is to be saved."""
    if not name.startswith(HEAD):
        setattr(customer, name, value)
        return name
    customer.custom = with_value(customer.custom, name, value)
    return "custom"


def with_value(custom: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """The values of a customer with one put in, or taken out by None."""
    key = name.removeprefix(HEAD)
    rest = {kept: held for kept, held in custom.items() if kept != key}
    return rest if value is None else {**rest, key: value}


def typed_value(name: str, value: Any) -> Any:
    """A stored value of a field as somebody would type it."""
    if not name.startswith(HEAD):
        return as_typed(value)
    own = own_definitions().get(name)
    return value if own is None else own.typed(value)


def _field(own: FieldDefinition) -> Field:
    options = {option.key: option.label for option in own.options if not option.is_archived}
    if own.kind == "flag":
        options = {"yes": pgettext("answer", "yes"), "no": pgettext("answer", "no")}
    return Field(
        f"{HEAD}{own.key}", own.label, own.longest, _reading(own.read), is_required=own.is_required,
        widget=WIDGETS[own.kind], options=lambda: options, hint=own.help,
    )  # fmt: skip


def _reading(read: Callable[[str], Any]) -> Callable[[str], Any]:
    def refuse_in_our_words(text: str) -> Any:
        try:
            return read(text)
        except Unfit as unfit:
            raise Refused(unfit.reason) from None

    return refuse_in_our_words
