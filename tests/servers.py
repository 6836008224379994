"""The product as a process of its own, served as in production, for tests with a real browser."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import timedelta
from pathlib import Path

from core.config import ROOT
from core.serve import server_command
from tests.databases import SECRET_KEY

#: A server that does not answer by then never will, however busy the machine.
PATIENCE = 90.0


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """One production server on the database of a test; its clock can be moved."""

    def __init__(self, url: str, database: str, home: Path) -> None:
        self.url = url
        self._clock = home / "clock"
        self._settings = {
            "QM_DATABASE_URL": database,
            "QM_PUBLIC_URL": url,
            "QM_SECRET_KEY": SECRET_KEY,
            "QM_DATA_DIR": str(home),
            "CLOCK_FILE": str(self._clock),
        }
        self._home = home
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """Return what the server wrote so far."""
        return (self._home / "server.log").read_text(encoding="utf-8")

    def start(self) -> None:
        """Start the process and wait until it answers."""
        self._home.mkdir(parents=True, exist_ok=True)
        command = server_command("127.0.0.1", int(self.url.rpartition(":")[2]), None)
        command[-1] = "tests.moving:app"
        with (self._home / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **self._settings},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait()

    def move_clock(self, by: timedelta) -> None:
        """Let every request from now on be answered as if it came so much later."""
        new = self._clock.with_suffix(".new")
        new.write_text(str(by.total_seconds()), encoding="ascii")
        new.replace(self._clock)

    def _wait(self) -> None:
        assert self._process is not None
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=2):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)
        self.kill()
        raise RuntimeError(f"the server did not start:\n{self.log[-3000:]}")

    def stop(self) -> None:
        """End the server; what it has answered is stored, so nothing is waited for."""
        if self._process is None:
            return
        # gunicorn's quick end: a browser's open connections would hold up the slow one.
        self._process.send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGINT)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End the server and its workers as a power cut would."""
        if self._process is None:
            return
        if sys.platform == "win32":
            self._process.kill()
        else:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
