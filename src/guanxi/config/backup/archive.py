"""The form of a backup: one ZIP file with the database, the files it lists, and a manifest of digests."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO, Any, Final

FORMAT: Final = 2  # raise it when older versions can no longer read what this one writes
MANIFEST: Final = "manifest.json"
DATABASE: Final = "guanxi.sqlite3"
DUMP: Final = "database.dump"  # of PostgreSQL, as pg_dump writes it
KEY: Final = "secret.key"
WAREHOUSE: Final = "warehouse"
FILES: Final = "files"  # kept with customers, each under its digest
PIECE: Final = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """What a backup holds.

    Attributes
    ----------
    files
        Member -> SHA-256 of its bytes.
    snapshot
        The current snapshot: `run`, `business_date`, `tables`; None before the first refresh.
    """

    version: str
    created_at: str
    database: str  # "sqlite" or "postgresql"
    snapshot: dict[str, Any] | None
    files: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def run(self) -> int | None:
        """The run whose snapshot is current in the backup."""
        return None if self.snapshot is None else int(self.snapshot["run"])

    def to_json(self) -> str:
        """The manifest as the archive keeps it."""
        return json.dumps(vars(self) | {"run": self.run}, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: bytes) -> Manifest:
        """Read a manifest.

        Raises
        ------
        ValueError
            It is none.
        """
        said = json.loads(text)
        try:
            kept = {name: said[name] for name in cls.__dataclass_fields__}
            files, snapshot = kept["files"], kept["snapshot"]
            shaped = isinstance(files, dict) and isinstance(kept["format"], int)
            if not shaped or not (snapshot is None or isinstance(snapshot["tables"], dict)):
                raise ValueError("the manifest has another shape")
        except (KeyError, TypeError) as error:
            raise ValueError(f"the manifest lacks {error}") from error
        return cls(**kept)


def is_allowed(member: str) -> bool:
    """Whether a member may be written into a home: one of the known names, or a plain path below a known folder."""
    if member in {DATABASE, DUMP, KEY}:
        return True
    parts = member.split("/")
    plain = all(part not in {"", ".", ".."} for part in parts) and not set(member) & set('\\:*?"<>|\0')
    return plain and len(parts) > 1 and parts[0] in {WAREHOUSE, FILES} and PurePosixPath(member).as_posix() == member


def copy(source: IO[bytes], target: IO[bytes]) -> str:
    """Copy all bytes; returns their SHA-256."""
    digest = hashlib.sha256()
    while piece := source.read(PIECE):
        digest.update(piece)
        target.write(piece)
    return digest.hexdigest()
