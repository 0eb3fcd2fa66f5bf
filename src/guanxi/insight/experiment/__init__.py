"""Did it help: a control group kept apart by chance, and what differs between the arms afterwards."""

from guanxi.insight.experiment.control import control_split
from guanxi.insight.experiment.uplift import Arm, Difference, Uplift, mean_difference, rate_difference, uplift

__all__ = ["Arm", "Difference", "Uplift", "control_split", "mean_difference", "rate_difference", "uplift"]
