"""Print every filter the customer list of a home offers, with a value each, and every order: `... conditions HOME`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

from guanxi.config.cli.entry import enter

MOST_OPTIONS: Final = 6
TEXTS: Final = {"city": "杭州"}


def main(home: Path) -> None:
    """As JSON: `where` and `sort`, as an address holds them."""
    enter(home)
    from guanxi.customers.lists import CUSTOMERS
    from guanxi.kernel.access.system import SYSTEM
    from guanxi.kernel.lists.fields import Field, Kind
    from guanxi.kernel.lists.operators import OPERATORS, operators_of

    plain = {Kind.NUMBER: ["3", "5"], Kind.MONEY: ["1000", "5000"], Kind.BOOL: ["yes"]}

    def values(field: Field, op: str) -> list[str]:
        options = list(field.options())[:MOST_OPTIONS] if field.options is not None else []
        match OPERATORS[op].takes:
            case "none":
                return [""]
            case "length":
                return ["90d"]
            case "period":
                return ["this_month", "last_year"]
            case "two":
                return [";".join(plain.get(field.kind, ["2026-01-01", "2026-03-31"]))]
            case "many":
                return [";".join(options[:2])] if options else []
        if field.options is not None:
            return options if op == "is" else options[:1]
        if field.kind in (Kind.DATE, Kind.MOMENT):
            return ["2026-06-01"]
        return plain.get(field.kind, [TEXTS.get(field.key, "王伟")])[:1]

    fields = CUSTOMERS.stand(SYSTEM).fields.values()
    where = [
        f"{field.key}:{op}:{value}".rstrip(":")
        for field in fields
        for op in operators_of(field)
        for value in values(field, op)
    ]
    sort = [f"{field.key}{turned}" for field in fields if field.order for turned in ("", ".turned")]
    print(json.dumps({"where": where, "sort": sort}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
