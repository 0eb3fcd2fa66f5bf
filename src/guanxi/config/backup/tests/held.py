"""Processes a backup meets: a refresh held between two chunks, and a refresh that ends between copy and reading."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from guanxi.config.cli.entry import enter
from guanxi.config.cli.main import main


def hold_refresh(home: str, after: str, go: str, *sources: str) -> None:
    """`guanxi refresh`, held after the n-th chunk until the file `go` is there."""
    enter(Path(home), create=True)
    from guanxi.kernel.runs import steps

    finish, done = steps.Chunk._finish, []

    def finished(chunk: steps.Chunk, *arguments: Any) -> None:
        finish(chunk, *arguments)
        done.append(chunk.name)
        if len(done) == int(after):
            print("held", flush=True)
            while not Path(go).exists():
                time.sleep(0.02)

    steps.Chunk._finish = finished  # type: ignore[method-assign,assignment]
    sys.argv = ["guanxi", "refresh", "--home", home, "--as-of", "2025-12-31"]
    sys.argv += [word for source in sources for word in ("--source", source)]
    main()


def back_up_late(home: str, target: str) -> None:
    """`guanxi backup`, slow enough for a whole refresh between its copy of the database and its reading of files."""
    enter(Path(home))
    from guanxi.config.backup import take

    write, began = take._write, []

    def written(*arguments: Any) -> Any:
        began.append(True)
        if len(began) == 1:
            subprocess.run([sys.executable, "-m", "guanxi", "refresh", "--home", home], check=True, capture_output=True)
        return write(*arguments)

    take._write = written  # type: ignore[assignment]
    sys.argv = ["guanxi", "backup", "--home", home, target]
    try:
        main()
    finally:
        print(f"copies: {len(began)}", flush=True)


def back_up_often(home: str, folder: str, stop: str) -> None:
    """Take one backup after another until the file `stop` is there; each in a process with its own connection."""
    entered = enter(Path(home))
    from guanxi.config.backup.take import take_backup

    print("backing up", flush=True)
    number = 0
    while not Path(stop).exists():
        number += 1
        take_backup(entered, Path(folder) / f"{number:04d}.zip")
        time.sleep(0.05)


def ask_pages(home: str, *addresses: str) -> None:
    """Print the status of each page for an administrator."""
    enter(Path(home))
    from django.conf import settings
    from django.test import Client

    from guanxi.kernel.access.commands import create_user, ensure_roles
    from guanxi.kernel.access.system import SYSTEM

    settings.ALLOWED_HOSTS = ["testserver"]
    ensure_roles(SYSTEM)
    client = Client()
    client.force_login(create_user(SYSTEM, "reader", "a long enough passphrase", roles=["administrator"]))
    print(*[client.get(address, follow=True).status_code for address in addresses], flush=True)


def keep_file(home: str, name: str, text: str) -> None:
    """A file kept with the first customer."""
    enter(Path(home))
    from guanxi.customers.commands import add_attachment
    from guanxi.customers.models import Customer
    from guanxi.kernel.access.system import SYSTEM

    first = Customer.objects.living().order_by("pk").values_list("pk", flat=True)[0]
    add_attachment(SYSTEM, customer_id=first, name=name, chunks=[text.encode()])


if __name__ == "__main__":
    deeds: dict[str, Callable[..., None]] = {
        deed.__name__: deed for deed in (hold_refresh, back_up_late, back_up_often, ask_pages, keep_file)
    }
    deeds[sys.argv[1]](*sys.argv[2:])
