"""The command line: a thin door to the same commands and queries as the screens."""

from guanxi.config.cli.main import main

__all__ = ["main"]
