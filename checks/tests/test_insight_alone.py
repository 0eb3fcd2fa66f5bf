"""The analytics library works in a notebook that knows neither Django nor the rest of the house."""

from __future__ import annotations

import subprocess
import sys

from checks.problem import PROJECT

WITHOUT_DJANGO = """
import importlib, pkgutil, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        top, _, rest = name.partition(".")
        if top in {"django", "pyspark"} or (top == "guanxi" and rest and rest.partition(".")[0] != "insight"):
            raise ModuleNotFoundError(f"{name} is absent", name=name)

sys.meta_path.insert(0, Absent())
import guanxi.insight
for module in pkgutil.walk_packages(guanxi.insight.__path__, "guanxi.insight."):
    if ".tests" not in module.name and not module.name.endswith("spark"):
        importlib.import_module(module.name)
assert not [name for name in sys.modules if name.partition(".")[0] == "django"]
print("alone")
"""


def run_python(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(PROJECT / 'src')!r})\n{program}"],
        capture_output=True,
        text=True,
        check=False,
    )


def test_insight_imports_with_django_and_the_house_absent() -> None:
    done = run_python(WITHOUT_DJANGO)
    assert (done.returncode, done.stdout) == (0, "alone\n"), done.stderr


def test_the_proof_itself_would_notice() -> None:
    done = run_python(WITHOUT_DJANGO.replace("import guanxi.insight\n", "import guanxi.kernel.errors\n"))
    assert done.returncode == 1
    assert "guanxi.kernel is absent" in done.stderr
