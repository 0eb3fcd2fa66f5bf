"""What a customer is worth: purchase summary, RFM, ABC, the spend pyramid, the Pareto curve."""

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
    "PyramidEdges",
    "RfmEdges",
    "abc",
    "abc_classes",
    "abc_edges",
    "pareto_curve",
    "purchase_summary",
    "pyramid",
    "pyramid_edges",
    "pyramid_tiers",
    "rfm",
    "rfm_edges",
]
