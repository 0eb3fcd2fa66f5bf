"""The customer list, page and search as readers meet them: the real server, asked ten times a second.

A company that walked the whole road and then worked (`programs.fill`), on SQLite and on PostgreSQL.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg

from benchmarks.asked import Asked, table
from benchmarks.clock import output, run
from benchmarks.open_loop import Answer, Ask, Readers
from benchmarks.programs.fill import NAMESAKE, NAMESAKES, PASSWORD
from benchmarks.serving import served

PER_SECOND: Final = 10
WARM: Final = 10  # times each kind is asked for before: every thread has a connection that must have met it
OTHERS: Final = 80  # pairs of any filter and any order that are asked for, by chance, for each of `repeat`
LIMITS: Final = {"HTML": 100, "JSON": 50, "database": 20, "any pair": 1_000}  # milliseconds
MANAGER, LEADER, SELLER = "manager", "leader", "seller000"
USERS: Final = (MANAGER, LEADER, SELLER)
PAIRS: Final = {
    "as it opens: by spend": (MANAGER, "where=all"),
    "newest first": (MANAGER, "where=all&sort=created"),
    "by name": (MANAGER, "where=all&sort=name"),
    "major customers, by expected value": (MANAGER, "tier=major&sort=expected"),
    "Zhejiang, spend from 20,000": (MANAGER, "where=region:is:CN-ZJ,spend:from:20000"),
    "VIP, by last contact": (MANAGER, "tier=vip&sort=contacted"),
    "gone quiet": (MANAGER, "quiet=1"),
    "bought within 90 days, by orders": (MANAGER, "where=last:within:90d&sort=orders"),
    "tag, by last purchase": (MANAGER, "tags=30&sort=last"),
    "search 王伟": (MANAGER, "q=王伟"),
    "a seller's own, by last contact": (SELLER, "where=owner:is:me&sort=contacted"),
    "a team's, follow-up due in 7 days": (LEADER, "where=follow_up:next:7d"),
}
TYPED: Final = {
    "王": "one character", "王伟": "two characters", "David": "Latin", "伟 David": "mixed", "1234": "phone fragment",
    "c4711": "e-mail fragment",
}  # fmt: skip
COLUMNS: Final = ("HTML p50", "p95", "max", "JSON p50", "p95", "max", "database p50", "p95", "statements")


@dataclass(frozen=True)
class Figures:
    """What one database showed."""

    database: str
    size_mb: float
    answers: Sequence[Answer]
    megabytes: float
    found: tuple[int, int]  # hits of the search for the namesake that are, and that are not
    others: Sequence[Answer]
    pairs: int


def tell(asked: Asked) -> list[str]:
    """Measure SQLite, and PostgreSQL if one was named, and tell."""
    told = [
        (
            f"{asked.customers:,} customers, {asked.customers * 2:,} contacts with them in the database, "
            f"{asked.lines:,} purchase lines in the warehouse, by a refresh over made-up files. `guanxi serve` with "
            f"its workers answers {PER_SECOND} requests a second that come on schedule whether or not the last was "
            f"answered, in random order, each kind {asked.repeat * 6} times, after a while of the same; client and "
            "server share the machine. "
            "Milliseconds count from when a request was due to its last byte; *database* is what the server says it "
            "spent there (Server-Timing), rows read included. The aim: p95 of "
            f"{LIMITS['HTML']} ms for HTML, {LIMITS['JSON']} ms for JSON, {LIMITS['database']} ms in the database, "
            f"and {LIMITS['any pair']:,} ms for any other pair. What is over its aim is **bold**."
        )
    ]
    with nullcontext(asked.homes) if asked.homes else tempfile.TemporaryDirectory() as folder:
        told += page(measure(Path(folder) / "sqlite", "SQLite", {}, asked))
        if asked.postgres:
            with database(asked.postgres, keep=bool(asked.homes)) as url:
                home = Path(folder) / "postgres"
                told += page(measure(home, "PostgreSQL", {"GUANXI_DATABASE_URL": url}, asked))
    return told


@contextmanager
def database(server: str, *, keep: bool) -> Iterator[str]:
    """The address of a database of our own on that server, dropped afterwards unless it is kept."""
    name = "guanxi_workbench"
    with psycopg.connect(server, autocommit=True) as connection:
        if not connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone():
            connection.execute(f"create database {name}")
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        if not keep:
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute(f"drop database {name} with (force)")


def measure(home: Path, name: str, where: dict[str, str], asked: Asked) -> Figures:
    """Make the home unless it is there, serve it, and ask."""
    if not home.exists():
        words = (str(home), str(asked.customers), str(asked.lines))
        run([sys.executable, "-m", "benchmarks.programs.fill", *words], where)
    pairs = json.loads(output([sys.executable, "-m", "benchmarks.programs.conditions", home], where))
    with served(home, where) as server:
        readers = Readers(server.port, PASSWORD)
        for user in USERS:
            readers.sign_in(user)
        asks = list(everything(readers, asked))
        warm = [*dict.fromkeys(asks)] * WARM
        random.Random(4).shuffle(warm)  # noqa: S311
        readers.all_on_schedule(warm, PER_SECOND)
        random.Random(5).shuffle(asks)  # noqa: S311
        answers = readers.all_on_schedule(asks, PER_SECOND)
        found = readers.get_json(MANAGER, f"/api/v1/customers?q={NAMESAKE}&size=200")["items"]
        right = sum(item["name"] == NAMESAKE for item in found)
        every = [
            Ask(f"{condition}, {sort}", MANAGER, f"/customers/?where={quote(condition)}&sort={sort}")
            for condition in pairs["where"]
            for sort in pairs["sort"]
        ]
        some = random.Random(9).sample(every, min(len(every), OTHERS * asked.repeat))  # noqa: S311
        others = [readers.time(ask) for ask in some]
        megabytes = server.most_megabytes()
    return Figures(name, size_of(home, where), answers, megabytes, (right, len(found) - right), others, len(every))


def everything(readers: Readers, asked: Asked) -> Iterator[Ask]:
    """Every kind of request, as often as asked."""
    kinds = [ask for name, (user, query) in PAIRS.items() for ask in with_next(readers, name, user, query)]
    kinds += [Ask(f"type {text}", MANAGER, f"/palette/?only=records&q={text}") for text in TYPED]
    chance = random.Random(3)  # noqa: S311
    for _time in range(asked.repeat * 6):
        yield from kinds
        for _other in range(4):
            one = chance.randint(1, asked.customers)
            yield Ask("customer page HTML", MANAGER, f"/customers/{one}/")
            yield Ask("customer card HTML", MANAGER, f"/customers/{one}/card/")
            yield Ask("customer page JSON", MANAGER, f"/api/v1/customers/{one}")


def with_next(readers: Readers, name: str, user: str, query: str) -> Iterator[Ask]:
    """A pair as page and as JSON, and the page behind each where there is one."""
    twin = "&".join(part if part[:2] in ("wh", "q=", "so") else as_where(part) for part in query.split("&"))
    for kind, path in (("HTML", f"/customers/?{query}"), ("JSON", f"/api/v1/customers?{twin}")):
        first = Ask(f"{name} {kind}", user, path)
        yield first
        if behind := readers.next_of(first):
            yield Ask(f"{name}, next page {kind}", user, behind)


def as_where(part: str) -> str:
    """`tier=vip` as the API takes it."""
    field, _sign, value = part.partition("=")
    return f"where={field}:is:{value}"


def size_of(home: Path, where: dict[str, str]) -> float:
    """MB of the operational database."""
    if not where:
        return sum(path.stat().st_size for path in home.glob("guanxi.sqlite3*")) / 2**20
    with psycopg.connect(where["GUANXI_DATABASE_URL"]) as connection:
        row = connection.execute("select pg_database_size(current_database())").fetchone()
    return (row[0] if row else 0) / 2**20


def page(figures: Figures) -> list[str]:
    """The figures of one database as tables."""
    right, wrong = figures.found
    slow = sorted(figures.others, key=lambda answer: -answer.milliseconds)
    over = [answer for answer in slow if answer.milliseconds > LIMITS["any pair"]]
    times = [answer.milliseconds for answer in slow]
    worst = "; ".join(f"`{answer.name}` {answer.milliseconds:,.0f}" for answer in slow[:5])
    return [
        "",
        (
            f"**{figures.database}** ({figures.size_mb:,.0f} MB; the server and its workers had "
            f"{figures.megabytes:,.0f} MB at most). The search for {NAMESAKE} finds {right} of {NAMESAKES} planted "
            f"and {wrong} others."
        ),
        "",
        *table((figures.database, *COLUMNS), rows_of(figures.answers)),
        "",
        (
            f"Any filter with any order, {len(times):,} by chance of {figures.pairs:,} pairs, one at a time, as pages: "
            f"p50 {median(times):,.0f} ms, p95 {p95(times):,.0f} ms, {len(over)} over {LIMITS['any pair']:,} ms. The "
            f"slowest, in ms: {worst}."
        ),
    ]


def rows_of(answers: Sequence[Answer]) -> Iterator[tuple[str, ...]]:
    """A row for each kind of request: the page, its JSON twin, both in the database."""
    kinds: dict[str, dict[str, list[Answer]]] = {}
    for answer in sorted(answers, key=lambda answer: answer.name):
        name, _blank, form = answer.name.rpartition(" ")
        if form not in ("HTML", "JSON"):
            typed = answer.name[5:]
            name, form = f"search as you type: {typed} ({TYPED.get(typed, '')})", "HTML"
        kinds.setdefault(name, {}).setdefault(form, []).append(answer)
    for name in sorted(kinds, key=place_of):
        cells = [cell for form in ("HTML", "JSON") for cell in times_of(kinds[name].get(form, []), LIMITS[form])]
        together = [answer for found in kinds[name].values() for answer in found]
        inside = [answer.database for answer in together]
        statements = sorted({answer.statements for answer in together})
        span = f"{statements[0]}" if len(statements) == 1 else f"{statements[0]} to {statements[-1]}"
        yield name, *cells, f"{median(inside):.1f}", marked(p95(inside), LIMITS["database"]), span


def place_of(name: str) -> tuple[int, str]:
    """Pairs in their own order, each before its next page; the rest behind."""
    pair = name.removesuffix(", next page")
    return (list(PAIRS).index(pair) if pair in PAIRS else len(PAIRS), name)


def times_of(answers: Sequence[Answer], limit: float) -> tuple[str, str, str]:
    """Median, p95 and the longest."""
    if not answers:
        return "", "", ""
    times = [answer.milliseconds for answer in answers]
    return f"{median(times):.0f}", marked(p95(times), limit), f"{max(times):.0f}"


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 do not pass."""
    return quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]


def marked(value: float, limit: float) -> str:
    """Bold where it is over its limit."""
    text = f"{value:.0f}" if value >= 10 else f"{value:.1f}"
    return f"**{text}**" if value > limit else text
