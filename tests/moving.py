"""The product as it is served, with a clock that a test moves while the server runs.

``moving:app`` beside ``wsgi:app``: before every request the offset is read from the file named in
``CLOCK_FILE``; an empty or missing file is the real time.
"""

import os
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from core import clock
from wsgi import app as served

_FILE = Path(os.environ["CLOCK_FILE"])


def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer a request at the moment the test has moved to."""
    text = _FILE.read_text(encoding="ascii") if _FILE.exists() else ""
    clock._offset = timedelta(seconds=float(text or 0))
    return served(environ, start_response)
