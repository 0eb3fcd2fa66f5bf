"""The sample company's door on the first-run page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.demo import tour  # noqa: F401  # sets the tour
from guanxi.kernel.ui.registry import Door, add_door

add_door(
    Door(
        key="sample",
        title=_("Look around the sample company"),
        text=_("T公司 sells tea ware and porcelain: 80,000 records from four systems, two years of purchases."),
        icon="building-store",
        order=2,
        job="demo.make_company",
    )
)
