"""Every component of the design system, in the order of the component page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from guanxi.kernel.design.catalogue.lists import LISTS
from guanxi.kernel.design.catalogue.pages import PAGES
from guanxi.kernel.design.catalogue.work import WORK
from guanxi.kernel.design.parts import Component

COMPONENTS: Final[Mapping[str, Component]] = {one.key: one for one in (*PAGES, *LISTS, *WORK)}
