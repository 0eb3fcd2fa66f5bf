"""Forms of customers, built from their fields: what was typed is drawn again beside what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from guanxi.customers import fields as customer_fields
from guanxi.customers.fields import Field
from guanxi.kernel.errors import GuanxiError, NotFound, PermissionDenied
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.inputs import SEPARATOR, Form, Input, Text

Options = Mapping[str, Sequence[tuple[str, Text]]]


def typed_in(fields: Mapping[str, Field], sent: QueryDict) -> dict[str, str]:
    """What was typed in the fields of a form; an unticked box is a no."""
    return {name: _typed(field, name, sent) for name, field in fields.items()}


def _typed(field: Field, name: str, sent: QueryDict) -> str:
    if field.widget == "check":
        return "yes" if name in sent else ""
    return SEPARATOR.join(sent.getlist(name)) if field.widget == "checks" else sent.get(name, "")


def draw_form(
    fields: Mapping[str, Field],
    values: Mapping[str, Any],
    *,
    errors: Mapping[str, str] | None = None,
    options: Options | None = None,
    hints: Mapping[str, Text] | None = None,
    prefix: str = "",
) -> Form:
    """A form with these values in it; `errors` by field, "" for the whole; `options` where only the page knows them."""
    wrong = dict(errors or {})
    inputs = [
        Input(
            name=name,
            label=field.label,
            value=as_typed(values.get(name)),
            widget=field.widget,
            options=(options or {}).get(name) or [(str(value), text) for value, text in field.options().items()],
            is_required=field.is_required,
            longest=field.longest,
            hint=(hints or {}).get(name, field.hint),
            error=wrong.pop(name, ""),
            prefix=prefix,
        )
        for name, field in fields.items()
    ]
    return Form(inputs, list(wrong.values()))


def mistakes(fields: Mapping[str, Field], typed: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with each field that was typed, all at once: a command stops at the first."""
    found = {}
    for name, value in typed.items():
        try:
            fields[name].parse(value)
        except GuanxiError as error:
            found[name] = in_words(error)
    return found


def mistake_of(error: GuanxiError, fields: Mapping[str, Field]) -> dict[str, str]:
    """A command's refusal as the error of its field, or of the whole form.

    Raises
    ------
    NotFound, PermissionDenied
        No form can mend these.
    """
    if isinstance(error, PermissionDenied) or (isinstance(error, NotFound) and error.place not in fields):
        raise error
    return {error.place if error.place in fields else "": in_words(error)}


def in_words(error: GuanxiError) -> str:
    """What happened and what to do."""
    return formats.told(error)


def as_typed(value: Any) -> str:
    """A stored value as it stands in an input."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(customer_fields.as_typed(value))
