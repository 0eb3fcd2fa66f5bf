"""The keys that do something, as the sheet behind `?` tells them. Apps add theirs; the pages' scripts obey them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.ui.registry import Text


@dataclass(frozen=True)
class Shortcut:
    """Keys pressed one after the other ("g c") or together ("Ctrl+Enter"), and what they do."""

    keys: str
    does: Text
    group: Text
    order: int = 50

    @property
    def presses(self) -> Sequence[str]:
        """The keys one after the other."""
        return self.keys.split()


_shortcuts: dict[tuple[str, str], Shortcut] = {}


def add_shortcut(shortcut: Shortcut) -> None:
    """Put it on the sheet; the same keys in the same group replace."""
    _shortcuts[str(shortcut.group), shortcut.keys] = shortcut


def shortcuts() -> Mapping[Text, Sequence[Shortcut]]:
    """All of them under their headings, in order."""
    found: dict[Text, list[Shortcut]] = {}
    for shortcut in sorted(_shortcuts.values(), key=lambda one: one.order):
        found.setdefault(shortcut.group, []).append(shortcut)
    return found


EVERYWHERE, LISTS = _("Everywhere"), _("In a list")
for _order, (_keys, _does) in enumerate(
    (
        ("/", _("Search")),
        ("Ctrl+K", _("Search or command")),
        ("c", _("Create")),
        ("?", _("Show these keys")),
        ("Esc", _("Close, or leave the field")),
        ("Ctrl+Enter", _("Save the form")),
    )
):
    add_shortcut(Shortcut(_keys, _does, EVERYWHERE, _order))
for _order, (_keys, _does) in enumerate(
    (
        ("j", _("Next row")),
        ("k", _("Row before")),
        ("Enter", _("Open in the side panel")),
        ("Ctrl+Enter", _("Open the whole page")),
        ("x", _("Choose the row, or not")),
        ("e", _("Edit")),
    )
):
    add_shortcut(Shortcut(_keys, _does, LISTS, 20 + _order))
