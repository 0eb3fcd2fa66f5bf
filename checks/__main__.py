"""Run every check of the house; exit 1 if there is anything to mend."""

from __future__ import annotations

import sys

from checks.house import CHECKS
from checks.problem import PROJECT


def main() -> int:
    """Print one line per check and one per problem."""
    failed = 0
    for check in CHECKS:
        problems = sorted(check.find_problems(PROJECT))
        name = check.__name__.removeprefix("checks.")
        print(f"{name:<13} {'ok' if not problems else f'{len(problems)} to mend'}")
        for problem in problems:
            print(f"  {problem}")
        failed += bool(problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
