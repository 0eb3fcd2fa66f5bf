"""Places of one machine, and registries."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from checks import places

Write = Callable[[str, str], Path]
Words = Callable[..., list[str]]


def test_places_of_one_machine_and_registries_are_found(write: Write, words: Words, tmp_path: Path) -> None:
    registry = "pypi" + ".org"  # in two words, so that this file names none itself
    write("README.md", f"Run it.\nData is in /home/wang/data/x.csv\nor from https://{registry}/simple\n")
    write("run.py", 'ROOT = "/root/project"\nOTHER = "C:\\\\Users\\\\wang"\n')
    assert words(places, tmp_path) == [
        "README.md:2: names a place of one machine or a registry: /home/wang/data",
        "README.md:3: names a place of one machine or a registry: " + registry,
        "run.py:1: names a place of one machine or a registry: /root/p",
    ]


def test_addresses_of_the_product_are_no_places(write: Write, words: Words, tmp_path: Path) -> None:
    write("urls.py", 'path("home/"), "../shared/data", "/customers/root/12", "{base}/home/x/y", "/usr/bin/chromium"')
    write("picture.bin", "")
    (tmp_path / "picture.bin").write_bytes(b"\xff\xfe/root/x")
    assert words(places, tmp_path) == []
