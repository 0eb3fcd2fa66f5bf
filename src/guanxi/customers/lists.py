"""The customer list as the kernel's engine reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.customers import list_cells as cells
from guanxi.customers.fields import GENDERS
from guanxi.customers.models import (
    STANDING_COPIES,
    CurrentStanding,
    Customer,
    CustomerTag,
    SourceRecord,
    Standing,
    Tag,
    Task,
    seen_by,
)
from guanxi.customers.models.living import GONE
from guanxi.customers.models.records import is_living
from guanxi.customers.rules import year_before
from guanxi.customers.search import UNMASK, matching_ids
from guanxi.customers.source_names import source_names
from guanxi.customers.words import KINDS, OWNERS, RFM_GROUPS, STAGES, STATUSES, TIERS, Word
from guanxi.kernel.access.models import User
from guanxi.kernel.commands import Actor
from guanxi.kernel.lists.conditions import Condition
from guanxi.kernel.lists.fields import At, Field, Ground, Kind, Option, Options
from guanxi.kernel.lists.links import known, linked
from guanxi.kernel.lists.operators import condition_where
from guanxi.kernel.lists.spec import ListSpec, Side, add_list, numbered
from guanxi.kernel.places import known_places, place_name
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.parts import Cell
from guanxi.kernel.ui.registry import Text

PERMISSION: Final = "customers.view"
NO_REGION: Final = "none"
EVERYTHING: Final = Q()
FOUND: Final = 1_000  # customers found by a word, about
STANDING: Final[Text] = _("Where they stand")
PERSON: Final[Text] = _("Who they are")
CARE: Final[Text] = _("Looking after them")


def _words(words: Mapping[str, Word]) -> Options:
    return lambda: {value: Option(word.label) for value, word in words.items()}


def _scores(sentence: Callable[[], str]) -> Options:
    return lambda: {score: Option(f"{score} / 5", sentence() % {"value": score}) for score in "54321"}


def _regions() -> Mapping[str, Option]:
    return _regions_in(get_language() or "en")


@cache
def _regions_in(language: str) -> Mapping[str, Option]:
    none = Option(_("not known"), _("Region is not known"), lambda at, _ground: Q(**{at("region_code"): ""}))
    return {NO_REGION: none} | {code: Option(place_name(code, language)) for code in known_places()}


def _sources() -> Mapping[str, Option]:
    return {source: Option(title) for source, title in source_names().items()}


def _with(at: At, rows: QuerySet[Any], seen: Q = EVERYTHING) -> Q:
    """Customers that have one of `rows`; what was attached to a record that was merged is the living one's.

    Only of the few that are gone the living one is looked up. Of the others those `seen` suffice, as a list leaves out
    the rest by itself.
    """
    of_gone = Q(customer__in=Customer.objects.filter(GONE).values("pk"))
    theirs = rows.filter(of_gone, customer__main__deleted_at__isnull=True).values("customer__main")
    return linked(at, rows.filter(~of_gone, seen), "customer", theirs)


def _of_source(condition: Condition, at: At, _ground: Ground) -> Q:
    some = _with(at, SourceRecord.objects.filter(source__in=condition.values))
    return ~some if condition.op == "not" else some


def _owners() -> Mapping[str, Option]:
    # An owner who is no user has left, or never was one here: the source still names them by their code.
    found = {
        "me": Option(OWNERS["me"].label, OWNERS["me"].rule),
        "none": Option(
            OWNERS["none"].label,
            OWNERS["none"].rule,
            lambda at, _ground: Q(**{f"{at('owner')}__isnull": True, at("owner_code"): ""}),
        ),
        "left": Option(
            OWNERS["left"].label,
            OWNERS["left"].rule,
            lambda at, _ground: Q(**{f"{at('owner')}__isnull": True, f"{at('owner_code')}__gt": ""}),
        ),
    }
    people = User.objects.filter(is_active=True).order_by("display_name", "username")
    names = {str(pk): Option(name or login) for pk, name, login in people.values_list("pk", "display_name", "username")}
    return found | names


def _tags() -> Mapping[str, Option]:
    return {str(pk): Option(name) for pk, name in Tag.objects.order_by("name").values_list("pk", "name")}


def _tagged(condition: Condition, at: At, _ground: Ground) -> Q:
    on = CustomerTag.objects.all()
    if condition.values:
        on = on.filter(tag__in=[int(value) for value in condition.values])
    some = _with(at, on)
    return ~some if condition.op in ("not", "empty") else some


def _followed_up(condition: Condition, at: At, ground: Ground) -> Q:
    """By the open tasks; the comparison itself is the one of any date."""
    tasks = Task.objects.filter(customer__isnull=False, state=Task.State.OPEN)
    owners = ground.actor.seen_owners()
    seen = EVERYTHING if owners is None else Q(customer_owner_id__in=sorted(owners))
    if condition.op == "empty":
        return ~_with(at, tasks, seen)
    due = Field("due_on", "", Kind.DATE)
    return _with(at, tasks.filter(condition_where(due, condition, lambda path: path, ground)), seen)


def _found(condition: Condition, at: At, ground: Ground) -> Q:
    ids = matching_ids(condition.values[0], unmasked=ground.actor.may(UNMASK))
    return Q(pk__in=[]) if ids is None else known(at("id"), ids, FOUND)


def _ever_bought(at: At, _ground: Ground) -> Q:
    return Q(**{f"{at('now__last_purchase_on')}__isnull": False})


def _spend_heading(ground: Ground) -> str:
    unit = formats.SYMBOLS.get(ground.currency, ground.currency)
    return gettext("12-month spend, %(unit)s") % {"unit": unit} if unit else gettext("Spend in 12 months")


def _bought_lately(at: At, ground: Ground) -> Q:
    if ground.as_of is None:
        return _ever_bought(at, ground)
    return Q(**{f"{at('now__last_purchase_on')}__gt": year_before(ground.as_of)})


def _bought() -> Mapping[str, Option]:
    ever, lately = _("Ever bought"), _("Bought in the last 12 months")
    return {"ever": Option(ever, ever, _ever_bought), "12m": Option(lately, lately, _bought_lately)}


def _quiet() -> Mapping[str, Option]:
    return {
        "1": Option(
            _("Gone quiet"),
            _("Gone quiet"),
            lambda at, ground: Q(**{at("now__stage"): "decline"}) & _bought_lately(at, ground),
        )
    }


def _records() -> Mapping[str, Option]:
    known = _("Known from two or more records")
    return {"many": Option(known, known, lambda at, _ground: Q(**{f"{at('source_records')}__gte": 2}))}


OWNER_NEEDS: Final = ("owner__display_name", "owner__username", "owner_code")
FIELDS: Final = (
    Field("q", _("Search"), Kind.SEARCH, where=_found, is_filter=False, may_be_empty=False),
    Field(
        "name", _("Name"), Kind.TEXT, order=("name",), needs=("name", "kind"), show=cells.name_cell, is_default=True,
        group=PERSON, edits="name",
    ),
    Field(
        "tier", _("Tier"), Kind.CHOICE, "now__tier", options=_words(TIERS), needs=("now__tier",),
        show=cells.tier_cell, is_quick=True, is_default=True, group=STANDING,
    ),
    Field(
        "stage", _("Stage"), Kind.CHOICE, "now__stage", options=_words(STAGES), needs=("now__stage",),
        show=cells.stage_cell, is_quick=True, is_default=True, group=STANDING,
    ),
    Field(
        "status", _("Status"), Kind.CHOICE, "now__status", options=_words(STATUSES), needs=("now__status",),
        show=cells.word_cell("now__status", STATUSES), is_quick=True, group=STANDING,
    ),
    Field(
        "spend", _("Spend in 12 months"), Kind.MONEY, "now__spend_12m", order=("now__spend_12m",), falls=True,
        needs=("now__spend_12m",), show=cells.number_cell("now__spend_12m"), heading=_spend_heading, is_default=True,
        total=True, group=STANDING,
    ),
    Field(
        "orders", _("Orders"), Kind.NUMBER, "now__frequency", order=("now__frequency",), falls=True,
        needs=("now__frequency",), show=cells.number_cell("now__frequency"), total=True, group=STANDING,
    ),
    Field(
        "last", _("Last purchase"), Kind.DATE, "now__last_purchase_on", order=("now__last_purchase_on",), falls=True,
        needs=("now__last_purchase_on",), show=cells.age_cell("now__last_purchase_on"), is_default=True,
        dated_by="as_of", group=STANDING,
    ),
    Field(
        "first", _("First purchase"), Kind.DATE, "now__first_purchase_on", needs=("now__first_purchase_on",),
        show=cells.day_cell("now__first_purchase_on"), dated_by="as_of", group=STANDING,
    ),
    Field(
        "spent", _("Spent in all"), Kind.MONEY, "now__monetary", needs=("now__monetary",),
        show=cells.number_cell("now__monetary"), total=True, group=STANDING,
    ),
    Field(
        "expected", _("Expected next 12 months"), Kind.MONEY, "now__expected_12m", order=("now__expected_12m",),
        falls=True, needs=("now__expected_12m",), show=cells.number_cell("now__expected_12m"), total=True,
        group=STANDING,
    ),
    Field(
        "rfm", _("RFM group"), Kind.CHOICE, "now__rfm_group", options=_words(RFM_GROUPS), needs=("now__rfm_group",),
        show=cells.word_cell("now__rfm_group", RFM_GROUPS), group=STANDING,
    ),
    Field(
        "r", _("Recency"), Kind.CHOICE, "now__r", group=STANDING,
        options=_scores(lambda: gettext("Recency is %(value)s of 5")), operators=("is", "in"),
    ),
    Field(
        "f", _("Frequency"), Kind.CHOICE, "now__f", group=STANDING,
        options=_scores(lambda: gettext("Frequency is %(value)s of 5")), operators=("is", "in"),
    ),
    Field(
        "m", _("Spend score"), Kind.CHOICE, "now__m", group=STANDING,
        options=_scores(lambda: gettext("Spend is %(value)s of 5")), operators=("is", "in"),
    ),
    Field(
        "abc", _("ABC class"), Kind.CHOICE, "now__abc", options=lambda: {name: Option(name) for name in "ABC"},
        needs=("now__abc",), show=cells.text_cell("now__abc"), group=STANDING,
    ),
    Field(
        "bought", _("Bought"), Kind.CHOICE, options=_bought, operators=("is", "not"), is_of_side=True, group=STANDING,
    ),
    Field(
        "quiet", _("Gone quiet"), Kind.CHOICE, options=_quiet, operators=("is", "not"), is_of_side=True,
        group=STANDING,
    ),
    Field(
        "kind", _("Kind"), Kind.CHOICE, options=_words(KINDS), needs=("kind",), show=cells.word_cell("kind", KINDS),
        is_quick=True, may_be_empty=False, group=PERSON,
    ),
    Field(
        "region", _("Region"), Kind.CHOICE, "region_code", options=_regions, is_open=True,
        needs=("region_code", "city"), show=cells.place_cell, is_default=True, group=PERSON, edits="region_code",
    ),
    Field("city", _("City"), Kind.TEXT, needs=("city",), show=cells.text_cell("city"), group=PERSON, edits="city"),
    Field(
        "phone", _("Phone"), Kind.TEXT, is_masked=True, needs=("phone",), show=cells.phone_cell, is_default=True,
        group=PERSON, edits="phone",
    ),
    Field(
        "email", _("E-mail"), Kind.TEXT, is_masked=True, needs=("email",),
        show=cells.email_cell, group=PERSON, edits="email",
    ),
    Field(
        "gender", _("Gender"), Kind.CHOICE, group=PERSON,
        options=lambda: {value: Option(label) for value, label in GENDERS.items() if value},
    ),
    Field(
        "company", _("Company"), Kind.TEXT, needs=("company",),
        show=cells.text_cell("company"), group=PERSON, edits="company",
    ),
    Field(
        "industry", _("Industry"), Kind.TEXT, needs=("industry",),
        show=cells.text_cell("industry"), group=PERSON, edits="industry",
    ),
    Field(
        "tags", pgettext_lazy("label", "Tags"), Kind.TAG, options=_tags, where=_tagged, load=cells.load_tags,
        show=cells.tags_cell, group=CARE,
    ),
    Field(
        "owner", _("Owner"), Kind.USER, "owner_id", options=_owners, needs=OWNER_NEEDS, show=cells.owner_cell,
        is_quick=True, is_default=True, group=CARE,
    ),
    Field(
        "contacted", _("Last contact"), Kind.MOMENT, "last_contact_at", order=("last_contact_at",), falls=True,
        needs=("last_contact_at",), show=cells.moment_cell("last_contact_at"), is_default=True, group=CARE,
    ),
    Field(
        "satisfaction", _("Satisfaction"), Kind.NUMBER, needs=("satisfaction",), show=cells.satisfaction_cell,
        group=CARE,
    ),
    Field(
        "follow_up", _("Next follow-up"), Kind.DATE, where=_followed_up, load=cells.load_follow_ups,
        show=cells.follow_up_cell, group=CARE,
    ),
    Field(
        "created", _("Created"), Kind.MOMENT, "created_at", order=("created_at",), falls=True, needs=("created_at",),
        show=cells.moment_cell("created_at"), group=CARE,
    ),
    Field(
        "known", _("Known since"), Kind.DATE, "first_seen_on", needs=("first_seen_on",),
        show=cells.day_cell("first_seen_on"), group=CARE,
    ),
    Field(
        "source", _("Source"), Kind.CHOICE, options=_sources, where=_of_source, operators=("is", "not", "in"),
        is_open=True, group=CARE,
    ),
    Field(
        "records", _("Records"), Kind.CHOICE, "source_records", options=_records, operators=("is", "not"),
        needs=("source_records",), show=cells.number_cell("source_records"), group=CARE,
    ),
    Field(
        "id", _("No."), Kind.NUMBER, order=("id",), needs=("id",),
        show=lambda row, _ground: Cell(str(row["id"]), value=row["id"]), is_filter=False, may_be_empty=False,
        group=PERSON,
    ),
)  # fmt: skip


def ground(actor: Actor) -> Ground:
    """Today, and the standings that are current."""
    current = CurrentStanding.objects.filter(pk=1).first()
    today = timezone.localdate()
    if current is None:
        return Ground(actor, today)
    return Ground(actor, today, current.as_of, current.currency, {"run_id": current.run_id})


def scope(actor: Actor, prefix: str) -> Q:
    """Living customers the actor may see."""
    return is_living(prefix) & seen_by(actor, prefix)


CUSTOMERS: Final = add_list(
    ListSpec(
        key="customers", title=pgettext_lazy("menu", "Customers"), model=Customer, permission=PERMISSION,
        url_name="customers", scope=scope, ground=ground, fields=FIELDS, default_sort="spend",
        row_url=numbered("customer"), card_url=numbered("customer_card"),
        row_name=lambda row: row["name"] or gettext("No name"), nothing=_("No customer matches."), needs=("name",),
        side=Side("now", Standing, "standings", "customer", frozenset(STANDING_COPIES)),
        cells_url=lambda: f"{reverse('customers')}cells/", edit_permission="customers.edit",
    )
)  # fmt: skip
