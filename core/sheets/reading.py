"""Reading an uploaded table: what it holds, or a refusal that says what to do.

Files of strangers crash libraries, fill memory and never end. So a workbook is first looked over
(:mod:`core.sheets.archive`) and then read in a process of its own (:mod:`core.sheets.child`),
whatever becomes of that process.
"""

import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

from core.errors import N_, Unavailable
from core.sheets import archive, separated
from core.sheets.cells import ENTRY, Cell, FileRefused, Limits, Sheet, dense

logger = logging.getLogger(__name__)

#: Workbooks read at the same time in one process of the server: each may take much memory.
PLACES = threading.BoundedSemaphore(2)
#: Seconds a request waits for its turn.
PATIENCE = 15.0
ROOT = Path(__file__).parents[2]
CHILD = [sys.executable, "-B", "-s", "-X", "utf8", "-m", "core.sheets.child"]


def read(data: bytes, name: str, limits: Limits = ENTRY) -> list[Sheet]:
    """Return the sheets of an uploaded .xlsx or .csv file, or raise :class:`FileRefused`.

    Raises :class:`Unavailable` when too many workbooks are being read at the moment.
    """
    try:
        return _read(data, name, limits)
    except FileRefused as refusal:
        logger.info("an uploaded table was refused: %s", refusal.reason)
        raise


def _read(data: bytes, name: str, limits: Limits) -> list[Sheet]:
    suffix = name.rpartition(".")[2].casefold()
    if not data:
        raise FileRefused("empty", limits)
    if len(data) > limits.size:
        raise FileRefused("size", limits)
    if suffix in {"xlsm", "xltm"}:
        raise FileRefused("macros", limits)
    if suffix == "xlsx" or data.startswith(archive.OLE):
        archive.check(data, limits)
        return _workbook(data, limits)
    if suffix != "csv" or data.startswith(b"PK\x03\x04"):
        raise FileRefused("name", limits)
    return [separated.read(data, name, limits)]


def _workbook(data: bytes, limits: Limits) -> list[Sheet]:
    if not PLACES.acquire(timeout=PATIENCE):
        raise Unavailable("file_reading_busy", N_("Many files are being read. Try again shortly."))
    try:
        return _sheets(_ask_child(data, limits), limits)
    except ValueError as error:  # not the lines that a child of ours writes
        raise FileRefused("crash", limits) from error
    finally:
        PLACES.release()


def _ask_child(data: bytes, limits: Limits) -> bytes:
    """Return what the child says about the workbook; it may crash, hang or say nothing."""
    try:
        done = subprocess.run(
            [*CHILD, *map(str, limits)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            # Secrets of the installation are none of the child's business.
            env={name: value for name, value in os.environ.items() if name[:3] != "QM_"},
            timeout=limits.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FileRefused("time", limits) from error
    except OSError as error:
        raise Unavailable(
            "file_reading_failed", N_("The file cannot be read now. Try again in a minute.")
        ) from error
    if done.returncode:
        logger.warning("the process that read a workbook ended with %s", done.returncode)
        raise FileRefused("crash", limits)
    return done.stdout


def _sheets(answer: bytes, limits: Limits) -> list[Sheet]:
    """Return the sheets from the child's lines; the last one says that nothing is missing."""
    found: list[tuple[str, bool, list[tuple[Cell, ...]]]] = []
    ended = False
    for text in answer.splitlines():
        line = json.loads(text)
        if "row" in line:
            rows = found[-1][2]
            rows.extend([()] * (line["row"] - len(rows)))
            rows.append(dense(line["row"], line["cells"]))
        elif "sheet" in line:
            found.append((line["sheet"], line["hidden"], []))
        elif "refused" in line:
            raise FileRefused(line["refused"], limits, cell=line["cell"])
        else:
            ended = True
    if not ended:
        raise FileRefused("crash", limits)
    return [Sheet(name, tuple(rows), hidden) for name, hidden, rows in found]
