"""`python -m guanxi` is `guanxi`."""

from guanxi.config.cli import main

main()
