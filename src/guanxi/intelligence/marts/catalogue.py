"""What analysts and other programs may count on: every mart, its columns, their meaning and unit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A column of a mart."""

    name: str
    meaning: str
    unit: str = ""


@dataclass(frozen=True)
class Mart:
    """A table or view that stays stable: columns are added, never changed or taken away."""

    name: str
    meaning: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    personal: bool = False


_CUSTOMER_ID = Column("customer_id", "the customer; the same number on every screen")
_NULLABLE_CUSTOMER_ID = Column("customer_id", "the customer; null on an anonymous fact")
_SOURCE = Column("source", "name of the source system")
_SOURCE_KEY = Column("source_key", "the customer's key in that source system")

CATALOGUE = (
    Mart("customer", "one row per customer, without personal columns", ("customer_id",), (
        _CUSTOMER_ID,
        Column("kind", "person or organisation"),
        Column("region_code", "province (ISO 3166-2, CN-ZJ) in China, else country (ISO 3166-1); null if unknown"),
        Column("city", "city as the best known record gives it"),
        Column("owner_id", "user who looks after the customer; null if nobody does today"),
        Column("owner_code", "the seller's code in the sources, also of one who has left"),
        Column("first_seen_on", "first day any source knows of", "date"),
        Column("sources", "source systems that know the customer", "systems"),
        Column("records", "source records folded into the customer", "records"),
    )),
    Mart("customer_xref", "which customer a source's key means", ("source", "source_key"), (
        _SOURCE, _SOURCE_KEY, _CUSTOMER_ID,
    )),
    Mart("purchase_line", "one row per line of a purchase, return or cancellation", (), (
        _NULLABLE_CUSTOMER_ID, _SOURCE,
        Column("source_key", "the customer's key in that source; null on an anonymous fact"),
        Column("order_id", "number of the order, receipt or invoice in its source"),
        Column("product_id", "the company's product code"),
        Column("ordered_at", "when, by the clock of the business", "local time"),
        Column("quantity", "pieces; negative when taken back", "pieces"),
        Column("revenue", "amount of the line; negative when taken back", "currency of the company"),
        Column("is_return", "whether the line takes something back"),
        Column("amount", "amount of the line as its source gives it", "currency"),
        Column("currency", "the currency of that amount, ISO 4217; null in snapshots from before it was kept"),
    )),
    Mart("purchase", "one row per order: the basket", ("customer_id", "source", "order_id"), (
        _NULLABLE_CUSTOMER_ID, _SOURCE,
        Column("order_id", "number of the order, receipt or invoice in its source"),
        Column("ordered_at", "time of its first line", "local time"),
        Column("revenue", "net amount", "currency of the company"),
        Column("lines", "lines in it", "lines"),
        Column("is_return", "whether all its lines take something back"),
        Column("is_void", "whether all of it was taken back later, so that it counts as no order"),
    )),
    Mart("product", "one row per product", ("product_id",), (
        Column("product_id", "the company's product code"),
        Column("name", "the name most often given"),
        Column("category", "the category most often given"),
    )),
    Mart("customer_value", "where every customer stands at the business date", ("customer_id",), (
        _CUSTOMER_ID,
        Column("as_of", "the business date", "date"),
        Column("first_purchase_on", "first order that is neither return nor void", "date"),
        Column("last_purchase_on", "last such order", "date"),
        Column("recency_days", "days from that order to the business date", "days"),
        Column("frequency", "such orders, all time", "orders"),
        Column("monetary", "net revenue, all time; returns netted", "currency"),
        Column("spend_12m", "net revenue in the twelve months to the business date", "currency"),
        Column("r", "recency score, 5 is most recent", "1-5"),
        Column("f", "frequency score, 5 is most often", "1-5"),
        Column("m", "monetary score, 5 is most", "1-5"),
        Column("rfm_group", "high or low in recency, frequency, money: HHH to LLL"),
        Column("abc", "A: first 80 % of the twelve months' revenue, B: next 15 %, C: the rest; null without any"),
        Column("tier", "vip, major, regular or small, by the method the company chose; null without purchase"),
        Column("stage", "life-cycle: exploration, build_up, stable, decline; null without purchase"),
        Column("status", "non_customer, prospect, first_time, repeat, loyal or lost"),
        Column("expected_12m", "spend to expect in the next 52 weeks, before returns; null without purchase, and for "
               "all where history is too short (the run's report says why)", "currency"),
        Column("expected_low", "four in five customers like this one spend at least this ...", "currency"),
        Column("expected_high", "... and at most this; the likely range", "currency"),
        Column("p_alive", "chance that the customer still buys; 1 after a single purchase", "0-1"),
    )),
    Mart("customer_stage", "the life-cycle stage at the last thirteen month ends", ("customer_id", "month_on"), (
        _CUSTOMER_ID,
        Column("month_on", "the month's last day; for the running month the business date", "date"),
        Column("stage", "life-cycle stage on that day"),
    )),
    Mart("follow_up", "one row per group that was followed up, and what it brought", ("follow_up_id",), (
        Column("follow_up_id", "number of the follow-up; its page has the same"),
        Column("group_id", "number of the customer group"),
        Column("state", "running, or cancelled: then nothing is measured and the columns of the result are null"),
        Column("started_on", "first day", "date"),
        Column("due_on", "until when the tasks were to be done", "date"),
        Column("measured_days", "purchases within so many days after the first count", "days"),
        Column("control_percent", "share of the group that chance left alone", "percent"),
        Column("known_until", "the business date", "date"),
        Column("is_final", "whether all those days lie behind"),
        Column("currency", "what all money here is in, ISO 4217"),
        Column("treated", "members who were followed up", "customers"),
        Column("control", "members who were left alone", "customers"),
        Column("done", "of those followed up: the task is done", "customers"),
        Column("reached", "of those followed up: somebody reached them since the first day", "customers"),
        Column("treated_buyers", "of those followed up: bought within the days", "customers"),
        Column("control_buyers", "of those left alone: bought within the days", "customers"),
        Column("treated_revenue", "net revenue of those followed up within the days", "currency"),
        Column("control_revenue", "net revenue of those left alone within the days", "currency"),
        Column("rate_difference", "share who bought, followed up less left alone; null where an arm is empty", "0-1"),
        Column("rate_low", "the true difference is likely (95 %) at least this ...", "0-1"),
        Column("rate_high", "... and at most this", "0-1"),
        Column("revenue_difference", "net revenue per member, the same way; null where too few", "currency"),
        Column("revenue_low", "the true difference is likely (95 %) at least this ...", "currency"),
        Column("revenue_high", "... and at most this", "currency"),
    )),
    Mart("follow_up_member", "who was followed up and who was left alone", ("follow_up_id", "customer_id"), (
        Column("follow_up_id", "number of the follow-up"),
        _CUSTOMER_ID,
        Column("arm", "treated: followed up; control: left alone by chance"),
        Column("since", "first day of the follow-up", "date"),
        Column("task_state", "open, done or dropped; null without a task"),
        Column("done_on", "day the task was done", "date"),
        Column("reached_on", "first day since then on which somebody reached the customer", "date"),
    )),
    Mart("person", "personal columns, kept apart", ("customer_id",), (
        _CUSTOMER_ID,
        Column("name", "best known name"),
        Column("gender", "as the source gives it"),
        Column("birth_on", "birthday", "date"),
        Column("company", "firm the person works for, or the organisation's own name"),
        Column("phone", "best known phone, E.164 where it is one"),
        Column("phone_2", "another phone"),
        Column("email", "best known e-mail, lower case"),
        Column("certificate_type", "kind of certificate, such as cn_id"),
        Column("certificate_number", "its number"),
        Column("address", "best known address"),
    ), personal=True),
    Mart("own_value", "what sources say of the company's own fields; there only where one of them fills any",
         ("customer_id", "field"), (
        _CUSTOMER_ID,
        Column("field", "key of the field"),
        Column("value", "best known value as JSON, money in 1/10000; null where they leave it empty"),
    ), personal=True),
)  # fmt: skip


def get_mart(name: str) -> Mart:
    """The mart of that name; `KeyError` if there is none."""
    return next(mart for mart in CATALOGUE if mart.name == name)
