"""What things cost: `make bench` measures and writes `docs/benchmarks.md`; `--quick` only looks."""
