"""A landing to be killed: the child's side. It dies by SIGKILL in the middle of a chunk, or before its commit."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any
from unittest import mock

from guanxi.intelligence.land import deliver, plan
from guanxi.intelligence.land.tests.workshop import COLUMNS, land, orders, rejected, said, write
from guanxi.intelligence.models import Delivery
from guanxi.intelligence.sources.readers import csv as csv_module
from guanxi.intelligence.sources.readers.csv import CsvReader
from guanxi.kernel.runs import steps
from guanxi.kernel.runs.files import make_durable
from guanxi.kernel.runs.models import RunStep

MEMBERS = '[[feed]]\nname = "members"\npath = "members*.csv"\nformat = "csv"\n[feed.customer]\nkey = "id"\n'


def write_files(folder: Path) -> Path:
    """A file of three parts with two bad rows, two small ones, and a feed of its own for customers."""
    lines = [f"{i % 9},N{i % 3},o{i},p{i % 4},T,2026-01-{i % 28 + 1:02d},1,{i}" for i in range(400)]
    lines[100], lines[300] = "broken", lines[300].replace("2026", "never")
    small = COLUMNS + "1,Ann,{0},cup,Cup,2026-01-01,1,2.50\n"
    return write(
        folder, orders("delta") + MEMBERS, orders_0=COLUMNS + "\n".join(lines) + "\n", orders_1=small.format("a"),
        orders_2=small.format("b"), members="id\n7\n8\n",
    )  # fmt: skip


def run(folder: str, dies: str = "") -> dict[str, Any]:
    """Land, in small chunks. `dies`: reading, committing or committed, in the first chunk that is not done yet."""
    sizes = ((csv_module, "BLOCK_CHARACTERS", 1_000), (plan, "CHUNK_ROWS", 150), (deliver, "CHUNK_ROWS", 150))
    for module, name, small in sizes:
        mock.patch.object(module, name, small).start()
    if dies == "reading":
        _die_reading()
    if dies:
        _die_committing(before=dies != "committed")
    report = land(Path(folder, "shop.toml"))
    return {
        "report": report.as_json(),
        "rows": {name: repr(said(name)) for name in ("purchase", "customer", "product")},
        "rejected": rejected(),
        "deliveries": list(
            Delivery.objects.order_by("pk").values_list("pk", "name", "rows", "landed", "rejected", "is_current")
        ),
        "step": list(RunStep.objects.values_list("state", "done", "counts")),
        "chunks": list(RunStep.objects.get().checkpoints.values_list("chunk", flat=True)),
    }


def _die_reading() -> None:
    """After a block of a file was read in a chunk under way."""
    started = steps.Step.checkpoint
    reading = CsvReader.blocks
    open_chunks: list[str] = []

    def checkpoint(step: steps.Step, chunk: str) -> Any:
        open_chunks.append(chunk)
        return started(step, chunk)

    def blocks(*arguments: Any) -> Any:
        for block in reading(*arguments):
            yield block
            if open_chunks:
                os.kill(os.getpid(), signal.SIGKILL)

    mock.patch.object(steps.Step, "checkpoint", checkpoint).start()
    mock.patch.object(CsvReader, "blocks", blocks).start()


def _die_committing(*, before: bool) -> None:
    """When the files of a chunk have their names, before or after the checkpoint is written."""
    finish = steps.Chunk._finish

    def rename(paths: Any) -> None:
        make_durable(paths)
        if before:
            os.kill(os.getpid(), signal.SIGKILL)

    def finished(chunk: steps.Chunk, *arguments: Any) -> None:
        finish(chunk, *arguments)
        os.kill(os.getpid(), signal.SIGKILL)

    mock.patch.object(steps, "make_durable", rename).start()
    mock.patch.object(steps.Chunk, "_finish", finished).start()
