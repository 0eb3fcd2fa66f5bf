"""Addresses of styles and scripts: stamped by their content, kept for a year only so, and sent packed."""

from __future__ import annotations

import gzip
import re
from hashlib import sha256
from pathlib import Path

import brotli
import pytest
from django.http import HttpResponseBase
from django.templatetags.static import static
from django.test import Client
from pytest_django import Settings

from frontend.compress import compress_folder
from guanxi.kernel.access.commands import create_user, ensure_roles
from guanxi.kernel.access.system import SYSTEM

WRITTEN = "body { color: teal; }\n" * 40
STAMP = sha256(WRITTEN.encode()).hexdigest()[:10]
YEAR, MINUTE = "max-age=31536000, public, immutable", "max-age=60, public"


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """A folder of static files with one style in it, packed."""
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "made-up.css").write_text(WRITTEN, "utf-8")
    compress_folder(folder)
    settings.STATICFILES_DIRS = [folder]
    return folder


def body(answer: HttpResponseBase) -> bytes:
    """Read a streamed answer to its end, which closes its file."""
    return b"".join(answer)


def kept(client: Client, address: str) -> tuple[int, str]:
    """The status of `address`, and how long browsers keep the answer."""
    answer = client.get(address)
    body(answer)
    return answer.status_code, answer.headers.get("Cache-Control", "")


def test_an_address_carries_the_stamp_of_its_content(folder: Path) -> None:
    assert static("made-up.css") == f"/static/made-up.css?v={STAMP}"
    assert static("not-there.css") == "/static/not-there.css"
    assert static("") == "/static/"


def test_while_developing_addresses_are_as_written(folder: Path, settings: Settings) -> None:
    settings.DEBUG = True
    assert static("made-up.css") == "/static/made-up.css"
    assert kept(Client(), "/static/made-up.css") == (200, "max-age=0, public")


def test_only_an_address_with_the_right_stamp_is_kept_for_a_year(folder: Path) -> None:
    client = Client()
    assert kept(client, f"/static/made-up.css?v={STAMP}") == (200, YEAR)
    for asked in ("", "?v=", "?v=0123456789", f"?v={STAMP}&w=1", f"?w={STAMP}", f"?v={STAMP.upper()}x"):
        assert kept(client, f"/static/made-up.css{asked}") == (200, MINUTE), asked


def test_what_is_not_changed_is_told_to_be_kept_as_long(folder: Path) -> None:
    client = Client()
    first = client.get(f"/static/made-up.css?v={STAMP}")
    body(first)
    again = client.get(f"/static/made-up.css?v={STAMP}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.headers["Cache-Control"], body(again)) == (304, YEAR, b"")


@pytest.mark.parametrize(("accepted", "sent"), [("gzip", "gzip"), ("gzip, deflate, br, zstd", "br"), ("", None)])
def test_a_browser_gets_the_packed_copy_that_it_takes(folder: Path, accepted: str, sent: str | None) -> None:
    answer = Client().get("/static/made-up.css", headers={"Accept-Encoding": accepted})
    content = body(answer)
    assert answer.headers.get("Content-Encoding") == sent
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert int(answer.headers["Content-Length"]) == len(content)
    unpack = {"gzip": gzip.decompress, "br": brotli.decompress, None: bytes}[sent]
    assert unpack(content).decode() == WRITTEN
    assert (len(content) < len(WRITTEN)) == (sent is not None)


@pytest.mark.parametrize("spoil", ["changed", "cut"])
def test_a_copy_of_an_older_or_broken_content_is_never_sent(folder: Path, spoil: str) -> None:
    style, packed = folder / "made-up.css", [folder / "made-up.css.gz", folder / "made-up.css.br"]
    if spoil == "changed":
        style.write_text(WRITTEN.replace("teal", "rose"), "utf-8")
    else:
        for copy in packed:
            copy.write_bytes(copy.read_bytes()[:-9])
    for accepted in ("gzip", "br"):
        answer = Client().get("/static/made-up.css", headers={"Accept-Encoding": accepted})
        assert body(answer) == style.read_bytes()
        assert "Content-Encoding" not in answer.headers


def test_packing_again_leaves_no_copy_without_its_file(folder: Path) -> None:
    (folder / "made-up.css").rename(folder / "other.css")
    compress_folder(folder)
    assert sorted(path.name for path in folder.iterdir()) == ["other.css", "other.css.br", "other.css.gz"]


@pytest.mark.django_db
def test_all_that_pages_refer_to_is_there_and_kept_for_a_year() -> None:
    ensure_roles(SYSTEM)
    client = Client()
    client.force_login(create_user(SYSTEM, "liu", "correct horse battery", roles=["administrator"]))
    pages = "".join(client.get(address, follow=True).content.decode() for address in ("/login/", "/design/chart/"))
    found = set(re.findall(r'"(/static/[^"#]+)', pages))
    assert {address.split("?")[0].rpartition("/")[2] for address in found} >= {
        "tabler.min.css", "echarts.min.js", "charts.js", "icons.svg", "mark.svg", "app.webmanifest", "phone.css",
    }  # fmt: skip
    assert {address: kept(client, address) for address in found} == dict.fromkeys(found, (200, YEAR))


def test_pictures_that_the_manifest_names_are_kept_shortly() -> None:
    for name in ("mark.svg", "icon-192.png", "icon-512.png"):
        assert kept(Client(), f"/static/guanxi/{name}") == (200, MINUTE)
