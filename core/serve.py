"""``flask serve``: migrate, prepare, start server and worker, print where to go."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import flask_migrate
from flask import Flask, current_app
from flask.cli import with_appcontext

from core import lan
from core.config import ROOT, settings
from core.db import db, read_only_done

Start = Callable[[], list[str]]


def at_start(app: Flask, prepare: Start) -> None:
    """Have ``prepare`` run before the server starts; the lines it returns are printed."""
    app.extensions.setdefault("qm-start", []).append(prepare)


def prepare() -> list[str]:
    """Bring the database to the newest migration and let every feature prepare itself."""
    Path(settings().data_dir).mkdir(parents=True, exist_ok=True)
    flask_migrate.upgrade()
    lines: list[str] = []
    with current_app.test_request_context():
        for step in current_app.extensions.get("qm-start", []):
            lines += step()
        read_only_done()
    db.engine.dispose()
    return lines


def server_command(host: str, port: int, certificate: tuple[Path, Path] | None) -> list[str]:
    """Return the command line of the production server on this system."""
    if sys.platform == "win32":
        return [sys.executable, "-m", "waitress", f"--listen={host}:{port}", "wsgi:app"]
    command = [sys.executable, "-m", "gunicorn", "--workers=2", "--threads=32"]
    # Loaded once for all workers, which start in half the time; no connection is open by then.
    command += ["--preload"]
    command += ["--worker-class=gthread", f"--bind={host}:{port}", "--log-level=warning"]
    if certificate:
        command += [f"--certfile={certificate[0]}", f"--keyfile={certificate[1]}"]
    return [*command, "wsgi:app"]


def _restart_with(public_url: str) -> None:
    """Start again with ``QM_PUBLIC_URL`` set: every printed link must be the real one."""
    os.environ["QM_PUBLIC_URL"] = public_url
    arguments = [
        sys.executable,
        "-m",
        "flask",
        "--app",
        "wsgi",
        *sys.argv[sys.argv.index("serve") :],
    ]
    if sys.platform == "win32":
        sys.exit(subprocess.call(arguments))
    os.execv(sys.executable, arguments)  # noqa: S606


def _port_is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


@click.command("serve")
@click.option("--port", type=int, default=8000, show_default=True)
@click.option("--lan", "on_lan", is_flag=True, help="Serve HTTPS to phones in the room.")
@with_appcontext
def serve(port: int, on_lan: bool) -> None:
    """Start server and worker; Ctrl-C ends both."""
    host = "0.0.0.0" if on_lan else "127.0.0.1"  # noqa: S104 (asked for by --lan)
    if not _port_is_free(host, port):
        raise click.ClickException(f"port {port} is in use; choose another one with PORT=")
    if not os.environ.get("QM_PUBLIC_URL"):
        _restart_with(f"https://{lan.address()}:{port}" if on_lan else f"http://localhost:{port}")
    lines = prepare()
    certificate = lan.certificate(Path(settings().data_dir)) if on_lan else None
    children = [
        subprocess.Popen(server_command(host, port, certificate), cwd=ROOT),
        subprocess.Popen([sys.executable, "-m", "flask", "--app", "wsgi", "work"], cwd=ROOT),
    ]
    click.echo("\n" + "\n".join(lines) + "\n")
    click.echo(f"质量月 · Quality Month → {settings().public_url}   (Ctrl-C 结束 · ends it)\n")
    if on_lan:
        click.echo(lan.advice(settings().public_url))
    _wait(children)


def _wait(children: list[subprocess.Popen[bytes]]) -> None:
    """Wait until one child ends or a signal comes, then end the others."""

    def stop(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        while all(child.poll() is None for child in children):
            try:
                children[0].wait(1)
            except subprocess.TimeoutExpired:
                continue
    except KeyboardInterrupt:
        pass
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait()
