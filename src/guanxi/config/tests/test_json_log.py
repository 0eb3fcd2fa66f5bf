"""A log that programs read."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from guanxi.config.json_log import JsonLines
from guanxi.config.tests.terminal import Terminal
from guanxi.kernel.doing import doing


def line(message: str, *arguments: object, error: BaseException | None = None) -> dict[str, object]:
    trouble = (type(error), error, error.__traceback__) if error is not None else None
    record = logging.LogRecord("guanxi.tea", logging.WARNING, "tea.py", 7, message, arguments, trouble)
    record.created = 1_763_780_400.5
    text = JsonLines().format(record)
    assert "\n" not in text
    said: dict[str, object] = json.loads(text)
    return said


def test_a_line_tells_when_who_what_and_for_which_work() -> None:
    plain = {
        "time": "2025-11-22T03:00:00.500+00:00", "level": "WARNING", "logger": "guanxi.tea", "message": "两\n行 3",
        "run": None, "job": None,
    }  # fmt: skip
    assert line("两\n行 %s", 3) == plain
    with doing(job=5), doing(run=12):
        assert line("两\n行 %s", 3) == plain | {"run": 12, "job": 5}
    assert line("两\n行 %s", 3) == plain


def test_what_an_exception_quotes_stays_out() -> None:
    with pytest.raises(ValueError, match="13800138001") as caught:
        raise ValueError("bad phone 13800138001")
    said = line("It failed.", error=caught.value)
    assert (said["error"], said["message"]) == ("ValueError", "It failed.")
    assert "13800138001" not in json.dumps(said)


def test_it_is_chosen_by_the_environment(tmp_path: Path) -> None:
    script = "import django, logging; django.setup(); logging.getLogger('guanxi.tea').warning('hot')"
    environment = Terminal(tmp_path).environment("en") | {
        "GUANXI_LOG_FORMAT": "json", "GUANXI_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "guanxi.config.settings",
    }  # fmt: skip
    ended = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    said = json.loads(ended.stderr)
    assert (said["level"], said["logger"], said["message"]) == ("WARNING", "guanxi.tea", "hot")
