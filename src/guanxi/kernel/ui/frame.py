"""The frame around every page: menu, search, language, theme, company."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from guanxi.kernel.access.models import Company
from guanxi.kernel.commands import Actor
from guanxi.kernel.tour.frame import TourBar, has_tour, tour_bar
from guanxi.kernel.ui.registry import MenuEntry, SearchBox, Text, allowed, menu_for, search_box_for
from guanxi.kernel.ui.shortcuts import Shortcut, shortcuts

THEME_COOKIE = "guanxi_theme"
MENU_COOKIE = "guanxi_menu"
THEMES = ("auto", "light", "dark")
LANGUAGE_NAMES = {"zh-hans": "中文", "en": "English"}  # each in itself, so that its reader finds it


@dataclass(frozen=True)
class MenuLine:
    """A menu entry as the reader sees it on this page."""

    key: str
    title: Text
    url: str
    icon: str
    active: bool
    children: Sequence[MenuLine]
    jump: str = ""


class Frame:
    """What the layout shows, worked out when a template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def theme(self) -> str:
        """The reader's choice: auto, light or dark."""
        chosen = self.request.COOKIES.get(THEME_COOKIE, "auto")
        return chosen if chosen in THEMES else "auto"

    @property
    def rendered_theme(self) -> Literal["light", "dark"]:
        """What the page starts as; with "auto" a small script asks the device before the first paint."""
        return "dark" if self.theme == "dark" else "light"

    @property
    def is_narrow(self) -> bool:
        """Whether the reader folded the menu to icons."""
        return self.request.COOKIES.get(MENU_COOKIE) == "narrow"

    @property
    def oidc_label(self) -> str:
        """The provider by which one may log in too; empty for none."""
        return settings.OIDC_LABEL if settings.OIDC_ISSUER else ""

    @property
    def language(self) -> str:
        """The language of the page."""
        return get_language() or settings.LANGUAGE_CODE

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Code and own name of every language on offer."""
        return [(code, LANGUAGE_NAMES.get(code, str(name))) for code, name in settings.LANGUAGES]

    @cached_property
    def company(self) -> str:
        """The company's name, or nothing before the first run."""
        return Company.objects.values_list("name", flat=True).first() or ""

    @property
    def actor(self) -> Actor | None:
        """Who reads, once signed in."""
        return self.request.user if self.request.user.is_authenticated else None

    @property
    def initial(self) -> str:
        """The first letter of the reader's name, for the avatar."""
        return str(self.request.user)[:1].upper()

    @cached_property
    def search(self) -> SearchBox | None:
        """The search box, if the reader may search."""
        return search_box_for(self.actor) if self.actor else None

    @property
    def search_url(self) -> str:
        """Where the search box asks."""
        return reverse(self.search.url_name) if self.search else ""

    @cached_property
    def tour(self) -> TourBar | None:
        """The stop of the tour the reader is at."""
        return tour_bar(self.request)

    @property
    def has_tour(self) -> bool:
        """Whether there is a tour to begin."""
        return has_tour(self.request)

    @cached_property
    def menu(self) -> list[MenuLine]:
        """The menu; the line whose address is the longest prefix of this one is the active one."""
        if self.actor is None:
            return []
        actor = self.actor
        entries = [replace(e, children=allowed(e.children, actor)) for e in menu_for(actor)]
        here = self.request.path
        urls = [reverse(e.url_name) for entry in entries for e in (entry, *entry.children)]
        best = max((url for url in urls if here.startswith(url)), key=len, default="")
        return [self._line(entry, best) for entry in entries]

    @property
    def jumps(self) -> list[MenuLine]:
        """The lines that a letter after "g" leads to."""
        return [line for line in self.menu if line.jump]

    @property
    def shortcuts(self) -> Mapping[Text, Sequence[Shortcut]]:
        """The keys that do something."""
        return shortcuts()

    def _line(self, entry: MenuEntry, best: str) -> MenuLine:
        children = [self._line(child, best) for child in entry.children]
        url = reverse(entry.url_name)
        active = url == best or any(child.active for child in children)
        return MenuLine(entry.key, entry.title, url, entry.icon, active, children, entry.jump)
