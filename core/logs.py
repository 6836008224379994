"""The structured log: JSON lines with stable names, never the text of an error."""

import json
import logging
import sys
import traceback
from typing import Any

from flask import Flask


def trace(error: BaseException) -> dict[str, Any]:
    """Return classes and frames of an error and its causes.

    Never the message: it may quote a person's data, and the database's messages do.
    """
    names, link = [], error
    while True:
        names.append(f"{type(link).__module__}.{type(link).__qualname__}")
        cause = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
        if cause is None:
            break
        link = cause
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "exception": " from ".join(names),
        "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }


class JsonLines(logging.Formatter):
    """One JSON object a line; a line break in a value cannot forge a second entry."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        entry: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "data", {}),
        }
        if record.exc_info and record.exc_info[1]:
            entry |= trace(record.exc_info[1])
        return json.dumps(entry, ensure_ascii=False)


def init_app(app: Flask) -> None:
    """Write the product's log to standard error."""
    logger = logging.getLogger("qm")
    if not logger.handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
        logger.addHandler(handler)
        logger.propagate = False
    logger.setLevel(app.extensions["qm-settings"].log_level)
