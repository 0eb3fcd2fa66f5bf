"""The home: one folder that holds a company's database, warehouse and files."""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """Where a company lives on disk (`GUANXI_HOME`, default `./var`)."""

    root: Path

    @classmethod
    def from_environment(cls) -> Home:
        """The home that `GUANXI_HOME` names; nothing is created yet."""
        return cls(Path(os.environ.get("GUANXI_HOME", "var")).resolve())

    @property
    def database(self) -> Path:
        """The SQLite file used when no `GUANXI_DATABASE_URL` is set."""
        return self.root / "guanxi.sqlite3"

    @property
    def warehouse(self) -> Path:
        """Landed files, rejected rows and snapshots."""
        return self.root / "warehouse"

    @property
    def exists(self) -> bool:
        """Whether a company has moved in."""
        return (self.root / "secret.key").exists()

    def prepare(self) -> None:
        """Make the folders; safe to call again."""
        for folder in (self.warehouse, self.root / "static"):
            folder.mkdir(parents=True, exist_ok=True)

    def secret_key(self) -> str:
        """The home's own signing key, made at first use and readable by the owner only."""
        path = self.root / "secret.key"
        if not path.exists():
            self.root.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileExistsError):  # another process was first
                descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
                with os.fdopen(descriptor, "w", encoding="ascii") as file:
                    file.write(secrets.token_urlsafe(64))
        return path.read_text(encoding="ascii")
