"""``flask serve``: one command from nothing to a server, and the same again with its data."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from core import serve
from core.config import ROOT
from tests import databases
from tests.servers import free_port

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX systems")


def test_the_command_binds_where_it_is_told(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    command = serve.server_command("127.0.0.1", 8123, None)
    assert command[:3] == [sys.executable, "-m", "gunicorn"]
    assert "--bind=127.0.0.1:8123" in command
    assert command[-1] == "wsgi:app"
    assert not any("certfile" in part for part in command)


def test_with_a_certificate_it_serves_https(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    command = serve.server_command("0.0.0.0", 8123, (Path("a.pem"), Path("a.key")))
    assert {"--certfile=a.pem", "--keyfile=a.key"} <= set(command)


def test_on_windows_another_server_is_used(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    assert "waitress" in serve.server_command("127.0.0.1", 8123, None)


def test_preparing_twice_is_harmless_and_prints_the_links_again(tmp_path):
    app = databases.build(f"sqlite:///{tmp_path}/new.db", tmp_path / "data")
    with app.app_context():
        first, second = serve.prepare(), serve.prepare()
    databases.dispose(app)
    assert len(first) == len(second) >= 5
    assert (tmp_path / "data").is_dir()


def test_a_port_in_use_is_said_clearly(app):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = app.test_cli_runner().invoke(args=["serve", "--port", str(port)])
    assert answer.exit_code == 1
    assert f"port {port} is in use; choose another one with PORT=" in answer.output


class Served:
    """A real ``flask serve`` in a process of its own."""

    def __init__(self, home):
        self.home, self.port = home, free_port()

    def __enter__(self):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("QM_")}
        self.log = (self.home / "log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", str(self.port)],
            cwd=ROOT,
            env=environment | {"QM_DATA_DIR": str(self.home)},
            stdout=self.log,
            stderr=self.log,
            start_new_session=True,
        )
        started = time.monotonic()
        while time.monotonic() < started + 60 and self.process.poll() is None:
            try:
                self.ready = self.get("/readyz")
                self.took = time.monotonic() - started
            except OSError:
                time.sleep(0.05)
            else:
                return self
        self.__exit__()
        raise AssertionError((self.home / "log").read_text()[-3000:])

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            return answer.read().decode()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)

    def group_lives(self):
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def __exit__(self, *_):
        if self.group_lives():
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()


@posix
def test_it_starts_from_nothing_keeps_its_data_and_ends_its_children(tmp_path):
    with Served(tmp_path) as first:
        assert json.loads(first.ready) == {"status": "ok", "problems": []}
        page = first.get("/")
        assert "【示例】" in page
        first.stop()
        until = time.monotonic() + 5
        while first.group_lives() and time.monotonic() < until:
            time.sleep(0.05)
        assert not first.group_lives(), "children live on after SIGTERM"
    with Served(tmp_path) as second:
        titles = [part.split('"')[0] for part in page.split('href="/o/')[1:]]
        assert all(f"/o/{title}" in second.get("/") for title in titles)
        print(f"first start {first.took:.1f} s, second {second.took:.1f} s")  # noqa: T201
        second.stop()
    log = (tmp_path / "log").read_text()
    assert f"http://localhost:{second.port}" in log
    assert "Traceback" not in log, log[-3000:]
