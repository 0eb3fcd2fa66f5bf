"""The example list: the engine reads it like any other; its few rows are made up, for it has no table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.db.models import Q
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel.design import examples
from guanxi.kernel.lists.actions import Action, add_list_action
from guanxi.kernel.lists.fields import Field, Ground, Kind, Option
from guanxi.kernel.lists.models import SavedView
from guanxi.kernel.lists.spec import ListSpec, add_list
from guanxi.kernel.ui import formats
from guanxi.kernel.ui.parts import Cell

PERMISSION: Final = "settings.manage"
STAGE: Final = pgettext_lazy("example", "Stage")
NOTHING: Final = Q(pk__in=())


def _plain(key: str, tell: Callable[[Any], str] = str) -> Callable[[Mapping[str, Any], Ground], Cell]:
    return lambda row, _ground: Cell(tell(row[key]), value=row[key] if key == "amount" else None)


def _name(row: Mapping[str, Any], _ground: Ground) -> Cell:
    return Cell(row["name"], href=f"{CARD}?row={row['pk']}")


CARD: Final = reverse_lazy("design-card")
EXAMPLES: Final = add_list(
    ListSpec(
        key="examples",
        title=_("Examples"),
        model=SavedView,
        permission=PERMISSION,
        url_name="design-list",
        scope=lambda _actor, _prefix: NOTHING,
        ground=lambda actor: Ground(actor, timezone.localdate()),
        fields=tuple(
            Field(
                key, label, kind, order=("name",), show=show, is_default=True, is_quick=options is not None,
                options=options, where=lambda _condition, _at, _ground: NOTHING,
            )
            for key, label, kind, show, options in (
                ("name", _("Name"), Kind.TEXT, _name, None),
                ("stage", STAGE, Kind.CHOICE, _plain("stage", lambda key: examples.stages()[key]),
                 lambda: {key: Option(label) for key, label in examples.stages().items()}),
                ("amount", _("Amount, ¥"), Kind.MONEY, _plain("amount", formats.number), None),
                ("due", _("Due"), Kind.DATE, _plain("due", formats.day), None),
            )
        ),
        default_sort="name",
        row_url=lambda key: f"{CARD}?row={key}",
        card_url=lambda key: f"{CARD}?row={key}",
        row_name=lambda row: str(row["name"]),
    )
)  # fmt: skip


def _action(key: str, label: Any, icon: str) -> Action:
    return Action(key, label, icon, PERMISSION, "design-card", opens="panel")


add_list_action(EXAMPLES.key, _action("look", _("Look at them"), "eye"))
