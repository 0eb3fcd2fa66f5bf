"""The fields of what hangs on a customer: how each is read from what was typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from guanxi.customers.attached_words import (
    ADDRESS_KINDS,
    ATTITUDES,
    BUYING_ROLES,
    CERTIFICATE_KINDS,
    CONTACT_KINDS,
    INTERACTION_KINDS,
    PREFERENCE_KINDS,
    RELATIONS,
    SATISFACTION,
)
from guanxi.customers.fields import (
    Field,
    Refused,
    by_name,
    chosen,
    read_answer,
    read_date,
    read_email,
    read_moment,
    read_phone,
    read_region,
    read_score,
    read_time,
    regions,
)
from guanxi.kernel.row_numbers import read_row_number

PAPER: Final = re.compile(r"[0-9A-Z]{4,30}")
DIRECTIONS: Final = {"out": _("We called them"), "in": _("They called us")}
REACHED: Final = {"yes": _("Reached"), "no": _("Not reached")}


def read_number(check: Any = None) -> Callable[[str], str]:
    """Read the number of a certificate, without blanks and dashes; `check` is its module of python-stdnum."""

    def read(text: str) -> str:
        plain = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()
        if not PAPER.fullmatch(plain):
            raise Refused(_("it has 4 to 30 letters and digits"))
        if check is not None:
            try:
                return str(check.validate(plain))
            except ValidationError:
                raise Refused(_("its check digit, length or date is wrong")) from None
        return plain

    return read


def read_id(text: str) -> int | None:
    """The number of a row, or nothing."""
    number = read_row_number(text)
    if text and number is None:
        raise Refused(_("it is not one of the choices"))
    return number


CONTACT_POINT: Final = by_name(
    chosen("kind", _("Kind"), CONTACT_KINDS, is_required=True, widget="pills"),
    Field("value", _("Number or address"), 254, is_required=True),
    Field("label", _("What for"), 40),
)
CONTACT_VALUES: Final = {  # by kind
    "phone": Field("value", _("Phone"), 32, read_phone, is_required=True),
    "email": Field("value", _("E-mail"), 254, read_email, is_required=True),
    "wechat": Field("value", _("WeChat"), 80, is_required=True),
    "other": Field("value", _("Number or address"), 254, is_required=True),
}
ADDRESS: Final = by_name(
    chosen("kind", _("Kind"), ADDRESS_KINDS, is_required=True),
    Field("region_code", _("Region"), 6, read_region, widget="choice", options=regions),
    Field("city", _("City"), 80),
    Field("line", _("Street and number"), 300, is_required=True),
    Field("postcode", _("Postcode"), 12),
)
CERTIFICATE: Final = by_name(
    chosen("kind", _("Kind"), CERTIFICATE_KINDS, is_required=True),
    Field("number", pgettext_lazy("certificate", "Number"), 40, is_required=True),
    Field("valid_until_on", _("Valid until"), 10, read_date, widget="date"),
)
CERTIFICATE_NUMBERS: Final = {  # by kind
    "id_card": Field("number", _("Identity card"), 40, read_number(ric), is_required=True),
    "passport": Field("number", _("Passport"), 40, read_number(), is_required=True),
    "credit_code": Field("number", _("Unified social credit code"), 40, read_number(uscc), is_required=True),
    "other": Field("number", pgettext_lazy("certificate", "Number"), 40, read_number(), is_required=True),
}
CONTACT: Final = by_name(
    Field("name", _("Name"), is_required=True),
    Field("post", _("Post"), 80),
    chosen("role", _("Role in the purchase"), BUYING_ROLES),
    Field("is_key_decision_maker", _("Key decision maker"), 5, lambda text: bool(read_answer(text)), widget="check"),
    Field("phone", _("Phone"), 32, read_phone, widget="tel"),
    Field("email", _("E-mail"), 254, read_email, widget="email"),
    Field("person_id", _("Customer number"), 18, read_id),
    Field("left_on", _("Left the firm on"), 10, read_date, widget="date"),
)
PREFERENCE: Final = by_name(
    chosen("attitude", _("Likes or not"), ATTITUDES, is_required=True, widget="pills"),
    chosen("kind", pgettext_lazy("preference", "About"), PREFERENCE_KINDS, is_required=True),
    Field("value", _("What"), 200, is_required=True),
    Field("said_by", _("Who said so"), 80),
    Field("said_on", _("Said on"), 10, read_date, widget="date"),
)
TAG: Final = by_name(Field("name", _("Tag"), 40, is_required=True))
RELATION: Final = by_name(
    chosen("kind", _("Relation"), RELATIONS, is_required=True),
    Field("other_id", _("Customer number"), 18, read_id, is_required=True),
    Field("note", _("Remark"), 200),
)
INTERACTION: Final = by_name(
    chosen("kind", _("Kind"), INTERACTION_KINDS, is_required=True, widget="hidden"),
    chosen("direction", _("Who called"), DIRECTIONS, widget="pills"),
    chosen("reached", _("Did you reach them"), REACHED, widget="pills", read=read_answer),
    Field("subject", _("Subject"), 200),
    Field("body", _("What was said"), 20_000, widget="long"),
    chosen("satisfaction", _("How satisfied"), SATISFACTION, widget="pills", read=read_score),
    Field("contact_id", _("Spoke with"), 18, read_id, widget="choice"),
    Field("at", _("When"), 40, read_moment, widget="moment"),
)
TASK: Final = by_name(
    Field("title", _("Next step"), 200, is_required=True),
    Field("due_on", _("Due on"), 10, read_date, is_required=True, widget="date"),
    Field("due_time", _("At"), 8, read_time, widget="time"),
    Field("assignee_id", _("Who does it"), 18, read_id, widget="choice"),
    Field("reason", pgettext_lazy("task", "Why"), 300),
)
OWNER: Final = by_name(
    Field("owner_id", _("New owner"), 18, read_id, is_required=True, widget="choice"),
    Field("because", pgettext_lazy("owner", "Why"), 300),
)
OUTCOME: Final = by_name(Field("outcome", _("How it ended"), 300))
