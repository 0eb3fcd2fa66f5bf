"""Guanxi (知客): the customer-relationship system that knows its customers."""

__version__ = "0.1.0"
