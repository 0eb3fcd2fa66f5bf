"""The house's own checks: what no linter knows. `python -m checks` runs them all."""
