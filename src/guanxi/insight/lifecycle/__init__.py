"""Where a relationship stands: stages, status, moves between stages, customers coming and going."""

from guanxi.insight.lifecycle.flow import flow_by_month
from guanxi.insight.lifecycle.months import month_ends
from guanxi.insight.lifecycle.stage import StageRules, moves, stage, stages_by_month
from guanxi.insight.lifecycle.status import StatusRules, status

__all__ = ["StageRules", "StatusRules", "flow_by_month", "month_ends", "moves", "stage", "stages_by_month", "status"]
