"""Styles, scripts and pictures: addresses that carry a stamp of the content, kept by browsers for as long as it holds.

An address with its file's stamp (`components.css?v=0f3a…`) is kept for a year: another content has another address.
One without, as a name inside the manifest has, or with another stamp is kept for a minute only.
"""

from __future__ import annotations

import gzip
import zlib
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware

YEAR = 365 * 24 * 60 * 60  # seconds


@cache
def stamp_of(name: str) -> str:
    """The first ten hexadecimal digits of the SHA-256 of the static file `name`; nothing if there is none."""
    found = finders.find(name)
    if not isinstance(found, str) or not Path(found).is_file():
        return ""
    return sha256(Path(found).read_bytes()).hexdigest()[:10]


class StampedStaticFiles(StaticFilesStorage):
    """Static files whose addresses change with their content. In DEBUG they are as written: files change under it."""

    def url(self, name: str | None) -> str:
        """The address of `name` with its stamp."""
        address = super().url(name)
        stamp = "" if settings.DEBUG or name is None else stamp_of(name)
        return f"{address}?v={stamp}" if stamp else address


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Serve static files: packed if the browser takes it, and for a year if the address carries the right stamp."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with a file, or pass on."""
        response: HttpResponse = super().__call__(request)
        asked = request.META.get("QUERY_STRING", "")
        if asked.startswith("v=") and request.path_info in self.files:
            name = request.path_info.removeprefix(self.static_prefix)
            if asked == f"v={stamp_of(name)}":
                response.headers["Cache-Control"] = f"max-age={YEAR}, public, immutable"
        return response

    def get_static_file(self, path: str, url: str, stat_cache: Any = None) -> Any:
        """A file with those of its packed copies that are copies of it: one of an older content must never be sent."""
        file = super().get_static_file(path, url, stat_cache)
        file.alternatives = [
            (encoding, copy, headers)
            for encoding, copy, headers in file.alternatives
            if copy == path or _is_copy(copy, path, Path(copy).stat().st_mtime_ns, Path(path).stat().st_mtime_ns)
        ]
        return file


@cache
def _is_copy(copy: str, path: str, *_written: int) -> bool:
    packed = Path(copy).read_bytes()
    try:
        unpacked = gzip.decompress(packed) if copy.endswith(".gz") else brotli.decompress(packed)
    except (OSError, EOFError, zlib.error, brotli.error):
        return False
    return bool(unpacked == Path(path).read_bytes())
