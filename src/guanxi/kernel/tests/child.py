"""The other end of `lab`: sets Django up and calls the function it is told to."""

from __future__ import annotations

import json
import sys
from importlib import import_module


def main(function: str, arguments: str) -> None:
    import django

    django.setup()
    module, name = function.split(":")
    print(json.dumps(getattr(import_module(module), name)(*json.loads(arguments))), flush=True)


def migrate() -> None:
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    connection.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
