"""Put packed copies (gzip, Brotli) beside the static files: the server sends them to browsers that take them.

`python -m frontend.compress`, called by `make setup`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from whitenoise.compress import main as compress

STATIC = Path(__file__).resolve().parents[1] / "src" / "guanxi" / "kernel" / "ui" / "static"
PACKED = (".br", ".gz")


def compress_folder(folder: Path) -> None:
    """Write the copies anew, wherever under `folder` they are smaller than the file, and leave none without one."""
    for path in [path for path in folder.rglob("*") if path.suffix in PACKED]:
        path.unlink()
    compress(["--quiet", str(folder)])


def main() -> None:
    """Compress what the package serves."""
    if not (STATIC / "guanxi" / "vendor").is_dir():
        sys.exit("the front-end assets are not built. Cure: make setup")
    compress_folder(STATIC)


if __name__ == "__main__":
    main()
