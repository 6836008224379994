"""How fast the door answers: the product's server beside a bare Flask endpoint, same machine.

``python -m bench.door [--tickets N] [--clients N]`` starts both with the product's own server
command, sends every ticket once through ``POST /api/v1/scans`` and as many requests to the bare
endpoint, and prints rate, percentiles, errors and server CPU per request of both, and the ratio.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from core.config import ROOT
from core.serve import server_command

BARE = """
from flask import Flask, request
app = Flask(__name__)

@app.post("/api/v1/scans")
def scan():
    request.get_json()
    return {"verdict": "admitted"}

@app.get("/healthz")
def healthz():
    return "ok"
"""


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process and its children (Linux)."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    total = 0.0
    for number in (pid, *map(int, children)):
        fields = Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def wait_for(url: str) -> None:
    """Wait until the server answers."""
    for _attempt in range(300):
        try:
            urllib.request.urlopen(url + "/healthz", timeout=2).read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"{url} does not answer")


def storm(
    url: str, token: str, bodies: list[dict[str, str]], clients: int
) -> tuple[float, list[float], int]:
    """Send every body once; return the seconds in all, each answer's seconds, and the errors."""

    def send(body: dict[str, str]) -> float | None:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        request = urllib.request.Request(url + "/api/v1/scans", json.dumps(body).encode(), headers)
        start = time.perf_counter()
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                right = json.load(answer)["verdict"] == "admitted"
        except OSError:
            return None
        return time.perf_counter() - start if right else None

    begin = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        took = list(pool.map(send, bodies))
    good = sorted(second for second in took if second is not None)
    return time.perf_counter() - begin, good, len(took) - len(good)


def measure(name: str, command: list[str], cwd: Path, env: dict[str, str], **load: object) -> float:
    """Run one server under the load, print its line and return its rate."""
    server = subprocess.Popen(command, cwd=cwd, env=env)
    try:
        url = str(load["url"])
        wait_for(url)
        before = cpu_seconds(server.pid)
        seconds, took, errors = storm(url, load["token"], load["bodies"], load["clients"])  # type: ignore[arg-type]
        cpu = (cpu_seconds(server.pid) - before) / max(len(took), 1)
    finally:
        server.terminate()
        server.wait()
    rate = len(took) / seconds
    p50, p99 = statistics.median(took), took[int(len(took) * 0.99) - 1]
    sys.stdout.write(
        f"{name:<18} {rate:7.0f}/s   p50 {p50 * 1000:6.1f} ms   p99 {p99 * 1000:6.1f} ms   "
        f"CPU {cpu * 1000:5.2f} ms   errors {errors}\n"
    )
    return rate


def main() -> None:
    """Measure both and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=8)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        home, port = Path(directory), free_port()
        url = f"http://localhost:{port}"
        env = {k: v for k, v in os.environ.items() if not k.startswith("QM_")}
        env |= {"QM_DATA_DIR": directory, "QM_PUBLIC_URL": url, "QM_LOG_LEVEL": "WARNING"}
        flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
        for words in (
            ["setup"],
            ["demo", "door", "--tickets", str(chosen.tickets), "--json", str(home / "door.json")],
        ):
            subprocess.run(
                [*flask, *words], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL
            )
        door = json.loads((home / "door.json").read_text(encoding="utf-8"))
        bodies = [
            {"checkpoint": door["checkpoint"], "nonce": f"bench-{number:08d}", "code": code}
            for number, code in enumerate(door["codes"])
        ]
        load = {"url": url, "token": door["token"], "bodies": bodies, "clients": chosen.clients}
        (home / "wsgi.py").write_text(BARE, encoding="utf-8")
        command = server_command("127.0.0.1", port, None)
        bare = measure("bare endpoint", command, home, env, **load)
        ours = measure("the door, SQLite", command, ROOT, env, **load)
        sys.stdout.write(
            f"ratio {ours / bare:.2f} of the bare endpoint, {chosen.clients} clients\n"
        )


if __name__ == "__main__":
    main()
