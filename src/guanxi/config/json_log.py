"""`GUANXI_LOG_FORMAT=json`: one JSON object a line, for programs that collect logs."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime

from guanxi.kernel.doing import current_job, current_run


class JsonLines(logging.Formatter):
    """Writes time, level, logger, message, run and job; of an exception its type and where, never its words.

    The words of an exception may quote a row; those of a message are ours, and hold ids only.
    """

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        said: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "run": current_run(),
            "job": current_job(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            said["error"] = record.exc_info[0].__name__
            said["at"] = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(record.exc_info[2])]
        return json.dumps(said, ensure_ascii=False, default=str)
