from __future__ import annotations

import pytest

from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.ui import registry
from guanxi.kernel.ui.registry import MenuEntry, Panel, SearchBox, UnknownSlot


class Reader:
    pk = 1

    def __init__(self, *permissions: str) -> None:
        self.permissions = permissions

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def seen_owners(self) -> None:
        return None


@pytest.fixture(autouse=True)
def empty_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_entries", "_panels", "_doors"):
        monkeypatch.setattr(registry, name, {})
    monkeypatch.setattr(registry, "_search", [])


def test_the_menu_holds_only_what_the_reader_may_open_in_order() -> None:
    registry.add_menu_entry(MenuEntry("b", "B", "b", "see.b", order=20))
    registry.add_menu_entry(MenuEntry("a", "A", "a", "see.a", order=30))
    registry.add_menu_entry(MenuEntry("c", "C", "c", "see.c", order=10))
    assert [entry.key for entry in registry.menu_for(Reader("see.a", "see.b"))] == ["b", "a"]


def test_loading_an_entry_twice_shows_it_once() -> None:
    for _ in range(2):
        registry.add_menu_entry(MenuEntry("a", "A", "a", "see.a"))
    assert len(registry.menu_for(SYSTEM)) == 1


def test_home_is_the_entry_with_the_smallest_rank_the_reader_may_open() -> None:
    registry.add_menu_entry(MenuEntry("who", "W", "who", "insight.view", home=10))
    registry.add_menu_entry(MenuEntry("updates", "U", "updates", "updates.view", home=40))
    registry.add_menu_entry(MenuEntry("settings", "S", "settings", "settings.manage"))
    homes = [
        registry.home_entry_for(reader)
        for reader in (SYSTEM, Reader("updates.view"), Reader("settings.manage"), Reader())
    ]
    assert [entry.key if entry else None for entry in homes] == ["who", "updates", None, None]


def test_a_panel_is_found_only_by_those_who_may_see_it() -> None:
    panel = Panel("purchases", "P", "p.html", lambda _actor, _key: None, "customers.view")
    registry.add_panel("customer", panel)
    assert registry.panels_for("customer", Reader("customers.view")) == [panel]
    assert registry.get_panel("customer", "purchases", SYSTEM) is panel
    assert registry.panels_for("customer", Reader()) == []
    with pytest.raises(UnknownSlot):
        registry.get_panel("customer", "purchases", Reader())
    with pytest.raises(UnknownSlot):
        registry.get_panel("customer", "other", SYSTEM)


def test_the_search_box_is_the_last_one_set_and_needs_its_permission() -> None:
    registry.set_search_box(SearchBox("old", "", "customers.view"))
    registry.set_search_box(SearchBox("new", "", "customers.view"))
    box = registry.search_box_for(Reader("customers.view"))
    assert box is not None
    assert box.url_name == "new"
    assert registry.search_box_for(Reader()) is None
