"""`guanxi serve` and `guanxi worker`."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import click

from guanxi.config.cli.entry import enter, home_option


@click.command()
@home_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--worker/--no-worker", default=True, help="Also do background work.")
def serve(*, home: Path | None, host: str, port: int, worker: bool) -> None:
    """Serve the screens, with two workers beside for background work, one of them for short work only."""
    entered = enter(home, create=True)
    run_server(entered.root, host, port, worker=worker)


def run_server(home: Path, host: str, port: int, *, worker: bool) -> None:
    """Serve until interrupted; the workers are processes of their own and end with the server."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    click.echo(f"http://{host}:{port}/")
    # Linux: what Python holds in memory lies in large pages, found an eighth faster. Processes read it as they begin.
    os.environ.setdefault("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1")
    begin = [sys.executable, "-m", "guanxi", "worker", "--home", str(home)]
    workers = [subprocess.Popen([*begin, *words]) for words in ([], ["--quick"])] if worker else []
    try:
        Granian(
            "guanxi.config.wsgi:application", address=host, port=port, interface=Interfaces.WSGI,
            workers=2,  # Python computes one page at a time in each
            workers_kill_timeout=5, websockets=False, log_access=False, log_level=LogLevels.error,
            # Each thread has a database connection, with what that has read and planned: few, and they stay.
            blocking_threads=4, blocking_threads_idle_timeout=600,
            # Browsers hold several idle connections each: few threads must not mean few connections.
            backpressure=1024,
        ).serve()  # fmt: skip
    finally:
        for background in workers:
            background.terminate()
        for background in workers:
            background.wait(timeout=30)


@click.command()
@home_option
@click.option("--quick", is_flag=True, help="Leave data updates and nightly work to other workers.")
def worker(*, home: Path | None, quick: bool) -> None:
    """Do background work until interrupted; any number of workers may run side by side."""
    enter(home, create=True)
    from guanxi.kernel.jobs.models import Job
    from guanxi.kernel.jobs.worker import run_worker

    run_worker(threading.Event(), up_to=Job.Priority.NORMAL if quick else Job.Priority.BATCH)
