"""A fair queue in front of SQLite's one writer.

SQLite's busy handler polls, so under load some requests starve for seconds. Threads of this
process take turns in order of arrival; processes take turns by a lock file beside the database.
PostgreSQL needs none of this and passes straight through.
"""

import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine


class FairLock:
    """A lock that is handed over in order of arrival."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._held = False

    def acquire(self) -> None:
        """Wait for this thread's turn."""
        with self._mutex:
            if not self._held:
                self._held = True
                return
            turn = threading.Event()
            self._waiting.append(turn)
        turn.wait()

    def release(self) -> None:
        """Hand the lock to whoever has waited longest."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._held = False


_locks: dict[str, FairLock] = {}
_registry = threading.Lock()


@contextmanager
def turn(engine: "Engine") -> Iterator[None]:
    """Hold the writer's turn for ``engine`` while the block runs."""
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path or path == ":memory:":
        yield
        return
    with _registry:
        lock = _locks.setdefault(path, FairLock())
    lock.acquire()
    try:
        with _between_processes(Path(path + ".writer")):
            yield
    finally:
        lock.release()


@contextmanager
def _between_processes(path: Path) -> Iterator[None]:
    if sys.platform == "win32":  # one process by waitress: the thread queue is enough there
        yield
        return
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(handle, fcntl.LOCK_UN)
