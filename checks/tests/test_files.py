"""Checks of whole files: length, packages, locks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from checks import locks, packages, sizes

Write = Callable[[str, str], Path]
Words = Callable[..., list[str]]


def test_a_file_of_601_lines_is_too_long(write: Write, words: Words, tmp_path: Path) -> None:
    write("src/guanxi/long.py", "x = 1\n" * 601)
    write("src/guanxi/right.py", "x = 1\n" * 600)
    assert words(sizes, tmp_path) == ["src/guanxi/long.py:601: 601 lines; split it by noun (600 at most)"]


def test_what_make_made_may_be_long(write: Write, words: Words, tmp_path: Path) -> None:
    write("src/guanxi/kernel/ui/static/guanxi/vendor/echarts.min.js", "x\n" * 1000)
    assert words(sizes, tmp_path) == []


def test_a_folder_of_code_without_init_is_found_with_its_parents(write: Write, words: Words, tmp_path: Path) -> None:
    write("src/guanxi/__init__.py", "")
    write("src/guanxi/sales/web/views.py", "")
    write("src/guanxi/insight/__init__.py", "")
    write("src/guanxi/insight/value/rfm.sql", "select 1")
    assert words(packages, tmp_path) == [
        "src/guanxi/insight/value: a folder of code without __init__.py; add an empty one",
        "src/guanxi/sales: a folder of code without __init__.py; add an empty one",
        "src/guanxi/sales/web: a folder of code without __init__.py; add an empty one",
    ]


def test_folders_without_code_need_no_init(write: Write, words: Words, tmp_path: Path) -> None:
    write("src/guanxi/__init__.py", "")
    write("src/guanxi/templates/page.html", "")
    write("docs/conf.py", "")
    assert words(packages, tmp_path) == []


GOOD_LOCK = (
    "asgiref==3.13.0 \\\n    --hash=sha256:aa\ncolorama==0.4.6 ; sys_platform == 'win32' \\\n    --hash=sha256:bb\n"
)


def test_a_good_lock_passes(write: Write, words: Words, tmp_path: Path) -> None:
    write("requirements/runtime.txt", GOOD_LOCK)
    write("frontend/package-lock.json", '{"packages": {"": {}, "node_modules/a": {"integrity": "sha512-x"}}}')
    assert words(locks, tmp_path) == []


def test_a_lock_that_names_a_host_or_pins_nothing_is_found(write: Write, words: Words, tmp_path: Path) -> None:
    write(
        "requirements/runtime.txt",
        "--index-url https://mirror.example/simple\n" + GOOD_LOCK + "rich>=15\nclick==8.5.1\n",
    )
    write(
        "frontend/package-lock.json",
        '{"packages": {\n"node_modules/a": {\n"resolved": "https://mirror.example/a.tgz"}}}',
    )
    assert words(locks, tmp_path) == [
        "requirements/runtime.txt:1: names where packages come from; that is each machine's own setting",
        "requirements/runtime.txt:6: is not pinned to one version",
        "requirements/runtime.txt:7: has no hash",
        "frontend/package-lock.json:3: names a host; run `make lock`",
        "frontend/package-lock.json: node_modules/a has no digest",
    ]
