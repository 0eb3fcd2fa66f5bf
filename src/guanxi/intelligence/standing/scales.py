"""What scoring learns from all customers, kept with the run: a customer can be scored later on the same scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from guanxi.insight import InsightError, value
from guanxi.insight.engines import Table


@dataclass(frozen=True)
class Scales:
    """Edges between classes, fitted models, and how the company makes its tier.

    Without `bg_nbd` and `gamma_gamma` nothing is expected of anybody; `refused` says why in words.
    """

    tier_method: str
    rfm: value.RfmEdges
    abc: value.AbcEdges
    pyramid: value.PyramidEdges
    bg_nbd: value.BgNbd | None = None
    gamma_gamma: value.GammaGamma | None = None
    refused: Mapping[str, str] | None = None

    def to_report(self) -> dict[str, Any]:
        """The scales as facts of a run's report."""
        edges = {"rfm": self.rfm.to_dict(), "abc": self.abc.to_dict(), "pyramid": self.pyramid.to_dict()}
        models = {name: model.to_dict() for name in MODELS if (model := getattr(self, name)) is not None}
        expected = models if self.refused is None else {"refused": dict(self.refused)}
        return {"tier_method": self.tier_method, "edges": edges, "expected": expected}

    @classmethod
    def from_report(cls, report: Mapping[str, Any]) -> Self | None:
        """The scales a run kept; None where it kept none or, being older, not all of them."""
        edges, expected = report.get("edges", {}), report.get("expected", {})
        if not {"rfm", "abc", "pyramid"} <= edges.keys() or not expected:
            return None
        return cls(
            tier_method=report["tier_method"],
            rfm=value.RfmEdges.from_dict(edges["rfm"]),
            abc=value.AbcEdges.from_dict(edges["abc"]),
            pyramid=value.PyramidEdges.from_dict(edges["pyramid"]),
            refused=expected.get("refused"),
            **{name: model.from_dict(expected[name]) for name, model in MODELS.items() if name in expected},
        )


MODELS: Mapping[str, Any] = {"bg_nbd": value.BgNbd, "gamma_gamma": value.GammaGamma}


def learn_scales(summary: Table, repeats: Table, *, tier_method: str) -> Scales:
    """Fit everything to all customers: `summary` and `repeats` as `insight.value` sums purchases up."""
    spend = summary.select("customer_id", spend="spend_window")
    edges: dict[str, Any] = {
        "tier_method": tier_method, "rfm": value.rfm_edges(summary), "abc": value.abc_edges(spend),
        "pyramid": value.pyramid_edges(spend),
    }  # fmt: skip
    try:
        return Scales(**edges, bg_nbd=value.bg_nbd_fit(repeats), gamma_gamma=value.gamma_gamma_fit(repeats))
    except InsightError as error:
        if error.code != "too_little_history":
            raise
        return Scales(**edges, refused={"code": error.code, "sentence": error.sentence, "cure": error.cure})
