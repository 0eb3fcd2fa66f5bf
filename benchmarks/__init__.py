"""What the insight methods cost: `make bench`, or `python -m benchmarks --rows 10000000 --engine spark`."""
