"""What a customer is worth: purchase summary, RFM, ABC, the spend pyramid, the Pareto curve, expected value."""

from guanxi.insight.value.bg_nbd import BgNbd, bg_nbd_fit, expected_purchases, probability_alive, repeat_summary
from guanxi.insight.value.expected import expected_value
from guanxi.insight.value.gamma_gamma import GammaGamma, gamma_gamma_fit
from guanxi.insight.value.rfm import RfmEdges, rfm, rfm_edges
from guanxi.insight.value.shares import (
    AbcEdges,
    PyramidEdges,
    abc,
    abc_classes,
    abc_edges,
    pareto_curve,
    pyramid,
    pyramid_edges,
    pyramid_tiers,
)
from guanxi.insight.value.summary import purchase_summary

__all__ = [
    "AbcEdges",
    "BgNbd",
    "GammaGamma",
    "PyramidEdges",
    "RfmEdges",
    "abc",
    "abc_classes",
    "abc_edges",
    "bg_nbd_fit",
    "expected_purchases",
    "expected_value",
    "gamma_gamma_fit",
    "pareto_curve",
    "probability_alive",
    "purchase_summary",
    "pyramid",
    "pyramid_edges",
    "pyramid_tiers",
    "repeat_summary",
    "rfm",
    "rfm_edges",
]
