"""What somebody was told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from guanxi.kernel.commands import Actor
from guanxi.kernel.notifications.models import Muted, Notification
from guanxi.kernel.notifications.registry import find_news_kind, news_kinds
from guanxi.kernel.ui.registry import Text

SHOWN = 50
MOST_COUNTED = 99


@dataclass(frozen=True)
class NewsLine:
    """One piece of news in words."""

    id: int
    at: datetime
    text: str
    icon: str
    url: str
    is_unread: bool


@dataclass(frozen=True)
class Bell:
    """How many are unread, counted up to one over 99, and the number of the latest."""

    unread: int
    latest: int


@dataclass(frozen=True)
class NewsChoice:
    """A kind of news and whether the reader wants it."""

    key: str
    title: Text
    is_wanted: bool


def get_bell(actor: Actor) -> Bell:
    """What the bell shows the actor."""
    mine = Notification.objects.filter(user=actor.pk)
    latest = mine.aggregate(latest=Max("pk"))["latest"] or 0
    return Bell(mine.filter(read_at=None).values("pk")[: MOST_COUNTED + 1].count(), latest)


def list_news(actor: Actor) -> Sequence[NewsLine]:
    """The actor's latest news, newest first; each kind is put into words at once."""
    rows = list(Notification.objects.filter(user=actor.pk).order_by("-pk")[:SHOWN])
    by_kind: defaultdict[str, list[Notification]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    texts: dict[int, str] = {}
    for key, pieces in by_kind.items():
        kind = find_news_kind(key)
        if kind is not None:
            said = kind.words(actor, [piece.facts for piece in pieces])
            texts |= {piece.pk: text for piece, text in zip(pieces, said, strict=True) if text}
    icons = {kind.key: kind.icon for kind in news_kinds()}
    return [
        NewsLine(row.pk, row.at, texts[row.pk], icons.get(row.kind, "bell"), row.url, is_unread=row.read_at is None)
        for row in rows
        if row.pk in texts
    ]


def list_choices(actor: Actor) -> Sequence[NewsChoice]:
    """All kinds of news, and which of them the actor wants."""
    muted = set(Muted.objects.filter(user=actor.pk).values_list("kind", flat=True))
    return [NewsChoice(kind.key, kind.title, kind.key not in muted) for kind in news_kinds()]
