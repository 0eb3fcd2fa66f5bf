"""One line per method of the library: what it is called with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import guanxi.insight as gx
from benchmarks.facts import AS_OF, WINDOW_START
from guanxi.insight.lifecycle import month_ends


@dataclass(frozen=True)
class Facts:
    """The tables methods start from; all from `summary` on are results of earlier ones."""

    purchase: gx.Table
    customer: gx.Table
    record: gx.Table
    summary: gx.Table
    repeats: gx.Table
    bg_nbd: gx.value.BgNbd
    gamma_gamma: gx.value.GammaGamma
    tiers: gx.Table
    classes: gx.Table
    stages: gx.Table
    arms: gx.Table


def begin(purchase: gx.Table, customer: gx.Table, record: gx.Table) -> Facts:
    """Compute what several methods read, before anything is measured."""
    summary = gx.value.purchase_summary(purchase, AS_OF, WINDOW_START)
    repeats = gx.value.repeat_summary(purchase, AS_OF)
    return Facts(
        purchase=purchase,
        customer=customer,
        record=record,
        summary=summary,
        repeats=repeats,
        bg_nbd=gx.value.bg_nbd_fit(repeats),
        gamma_gamma=gx.value.gamma_gamma_fit(repeats),
        tiers=gx.value.pyramid(summary, column="spend_window"),
        classes=gx.value.abc(summary, column="spend_window"),
        stages=gx.lifecycle.stages_by_month(purchase, month_ends(AS_OF)),
        arms=gx.experiment.control_split(customer, "benchmark"),
    )


ARMS = gx.experiment.Arm(9_000, 300, 90_000.0, 4e6), gx.experiment.Arm(1_000, 20, 8_000.0, 3e5)

METHODS: dict[str, Callable[[Facts], object]] = {
    "experiment.control_split": lambda facts: gx.experiment.control_split(facts.customer, "benchmark"),
    "experiment.mean_difference": lambda _facts: gx.experiment.mean_difference(*ARMS),
    "experiment.rate_difference": lambda _facts: gx.experiment.rate_difference(*ARMS),
    "experiment.uplift": lambda facts: gx.experiment.uplift(facts.arms, facts.purchase, WINDOW_START, 30),
    "identity.connect": lambda facts: gx.identity.connect(facts.record),
    "lifecycle.flow_by_month": lambda facts: gx.lifecycle.flow_by_month(facts.purchase, month_ends(AS_OF)),
    "lifecycle.moves": lambda facts: gx.lifecycle.moves(facts.stages),
    "lifecycle.stage": lambda facts: gx.lifecycle.stage(facts.summary),
    "lifecycle.stages_by_month": lambda facts: gx.lifecycle.stages_by_month(facts.purchase, month_ends(AS_OF)),
    "lifecycle.status": lambda facts: gx.lifecycle.status(facts.customer, facts.summary),
    "value.abc": lambda facts: gx.value.abc(facts.summary, column="spend_window"),
    "value.abc_classes": lambda facts: gx.value.abc_classes(facts.classes),
    "value.abc_edges": lambda facts: gx.value.abc_edges(facts.summary, (0.8, 0.95), column="spend_window"),
    "value.bg_nbd_fit": lambda facts: gx.value.bg_nbd_fit(facts.repeats),
    "value.expected_purchases": lambda facts: gx.value.expected_purchases(facts.bg_nbd, facts.repeats, 52),
    "value.expected_value": lambda facts: gx.value.expected_value(facts.bg_nbd, facts.gamma_gamma, facts.repeats),
    "value.gamma_gamma_fit": lambda facts: gx.value.gamma_gamma_fit(facts.repeats),
    "value.pareto_curve": lambda facts: gx.value.pareto_curve(facts.summary, column="spend_window"),
    "value.probability_alive": lambda facts: gx.value.probability_alive(facts.bg_nbd, facts.repeats),
    "value.purchase_summary": lambda facts: gx.value.purchase_summary(facts.purchase, AS_OF, WINDOW_START),
    "value.pyramid": lambda facts: gx.value.pyramid(facts.summary, column="spend_window"),
    "value.pyramid_edges": lambda facts: gx.value.pyramid_edges(
        facts.summary, (0.01, 0.05, 0.2), column="spend_window"
    ),
    "value.pyramid_tiers": lambda facts: gx.value.pyramid_tiers(facts.tiers),
    "value.repeat_summary": lambda facts: gx.value.repeat_summary(facts.purchase, AS_OF),
    "value.rfm": lambda facts: gx.value.rfm(facts.summary),
    "value.rfm_edges": lambda facts: gx.value.rfm_edges(facts.summary),
}
