"""Fixtures of the sample company's tests."""

from guanxi.kernel.tests.lab import lab, lab_template

__all__ = ["lab", "lab_template"]
