"""`python -m messages update | merge FILE... | compile | missing`."""

from __future__ import annotations

import sys
from pathlib import Path

from messages.catalog import CATALOG, SOURCE, compile_to_mo, read, translation_of, updated, write
from messages.extract import extract


def main(arguments: list[str]) -> int:
    """Do one command; answer the exit code."""
    match arguments:
        case ["update"] | ["merge", *_]:
            known = [read(CATALOG), *(read(Path(name)) for name in arguments[1:])]
            write(updated(extract(SOURCE), known), CATALOG)
            compile_to_mo(CATALOG)
            return main(["missing"])
        case ["compile"]:
            compile_to_mo(CATALOG)
            return 0
        case ["missing"]:
            for entry in updated(extract(SOURCE), [read(CATALOG)]):
                if entry.id and not translation_of(entry):
                    print(f"no translation yet: {entry.id!r}")
            return 0
        case _:
            print(__doc__, file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
