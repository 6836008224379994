"""How a body's evidence behaves when there is much of it: 2,000 photos, 1 GB.

``python -m bench.evidence [--files N] [--clients N]`` starts the product's own server, sends the
photos in batches of 20 as the page does, reads the gallery page by page beside a bare endpoint on
the same machine, and takes everything as one ZIP. It prints rates, percentiles, server CPU per
request, and the memory of the server's processes.
"""

import argparse
import io
import os
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image

from bench.door import cpu_seconds, free_port, wait_for
from core.config import ROOT
from core.serve import server_command

BATCH = 20
BARE = """
from flask import Flask
app = Flask(__name__)

@app.get("/healthz")
def healthz():
    return "ok"
"""


def photos(count: int, folder: Path) -> list[Path]:
    """Return files of photos of about half a megabyte, each of its own, as telephones make them."""
    random = np.random.default_rng(1)
    soft = Image.fromarray(random.integers(0, 255, (48, 64, 3), np.uint8))
    scene = np.asarray(soft.resize((2048, 1536), Image.Resampling.BICUBIC), np.int16)
    grain = random.integers(-9, 9, scene.shape, np.int16)
    whole = np.clip(scene + grain, 0, 255).astype(np.uint8)
    block = Image.Exif()
    block[0x0112] = 1
    block.get_ifd(0x8769)[0x9003] = "2024:09:12 08:30:00"
    block.get_ifd(0x8825)[2] = (23.0, 7.0, 44.8)
    block.get_ifd(0x8825)[4] = (113.0, 15.0, 52.0)
    made = []
    for number in range(count):
        image = np.roll(whole, number * 7, axis=1)
        image[:64, :64] = number % 251
        image[:8, :8] = random.integers(0, 255, (8, 8, 3))
        path = folder / f"{number:04}.jpg"
        Image.fromarray(image).save(path, quality=83, exif=block)
        made.append(path)
    return made


class Browser:
    """An officer's browser: one cookie, and the token of the page's form."""

    def __init__(self, url: str, cookie: str, body: str) -> None:
        self.body = f"{url}/body/{body}"
        request = urllib.request.Request(self.body + "/evidence", headers={"Cookie": cookie})
        with urllib.request.urlopen(request, timeout=120) as answer:
            page = answer.read().decode()
            self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
        self.token = page.partition('name="csrf_token" value="')[2].partition('"')[0]

    def get(self, path: str) -> bytes:
        """Return what a page of the body answers."""
        request = urllib.request.Request(self.body + path, headers={"Cookie": self.cookie})
        with urllib.request.urlopen(request, timeout=120) as answer:
            return bytes(answer.read())

    def send(self, batch: list[Path]) -> float:
        """Send a batch of photos; return the seconds it took."""
        edge = secrets.token_hex(16)
        parts = [("csrf_token", None, self.token.encode()), ("task", None, b"3")]
        parts += [("files", path.name, path.read_bytes()) for path in batch]
        data = io.BytesIO()
        for name, file, content in parts:
            more = f'; filename="{file}"' if file else ""
            head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
            data.write(head.encode() + content + b"\r\n")
        data.write(f"--{edge}--\r\n".encode())
        headers = {
            "Cookie": self.cookie,
            "Content-Type": f"multipart/form-data; boundary={edge}",
            "Accept": "application/json",
        }
        request = urllib.request.Request(
            self.body + "/evidence/files", data.getvalue(), headers=headers
        )
        start = time.perf_counter()
        with urllib.request.urlopen(request, timeout=600) as answer:
            assert f'"stored":{len(batch)}' in answer.read().decode().replace(" ", "")
        return time.perf_counter() - start


def prepare(env: dict[str, str]) -> tuple[str, str]:
    """Set the product up; return the public id of a body and the cookie of its officer."""
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    subprocess.run([*flask, "setup"], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
    script = """
from campaign import bodies, campaigns
from core import accounts
from core.access import Role, Scope
from core.db import transaction
from core.signin import TOKEN
from wsgi import app
with app.app_context():
    with transaction():
        body = bodies.bodies(campaigns.current())[0]
        user = accounts.create("13000000001", "张示例")
        accounts.grant(user, Role.LIAISON, Scope.BODY, body.id)
        token = accounts.open_session(user.id)
    client = app.test_client()
    with client.session_transaction() as session:
        session[TOKEN] = token
    name = app.config["SESSION_COOKIE_NAME"]
    print(body.public_id, f"{name}={client.get_cookie(name).value}")
"""
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=env, check=True, capture_output=True
    )
    body, cookie = found.stdout.decode().split()[-2:]
    return body, cookie


@contextmanager
def served(command: list[str], cwd: Path, env: dict[str, str], url: str) -> Iterator[int]:
    """Run a server; yield its process id."""
    server = subprocess.Popen(command, cwd=cwd, env=env)
    try:
        wait_for(url)
        yield server.pid
    finally:
        server.terminate()
        server.wait()


def memory(pid: int) -> float:
    """Return the memory of a server's processes in MB, shared parts counted once (Linux)."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    total = 0
    for number in (pid, *map(int, children)):
        text = Path(f"/proc/{number}/smaps_rollup").read_text(encoding="ascii")
        total += int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)[1])  # type: ignore[index]
    return total / 1024


@contextmanager
def watched(pid: int) -> Iterator[list[float]]:
    """Collect the memory of a server while the block runs."""
    seen, done = [memory(pid)], threading.Event()

    def watch() -> None:
        while not done.wait(0.2):
            seen.append(memory(pid))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()


def timed(pid: int, calls: list[Callable[[], object]], clients: int) -> str:
    """Make the calls; return their percentiles, rate and server CPU as one line."""

    def one(call: Callable[[], object]) -> float:
        start = time.perf_counter()
        call()
        return time.perf_counter() - start

    before, begin = cpu_seconds(pid), time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        took = sorted(pool.map(one, calls))
    rate = len(took) / (time.perf_counter() - begin)
    cpu = (cpu_seconds(pid) - before) / len(took)
    p50, p99 = statistics.median(took), took[int(len(took) * 0.99) - 1]
    return (
        f"{rate:7.1f}/s   p50 {p50 * 1000:6.1f} ms   p99 {p99 * 1000:6.1f} ms   "
        f"CPU {cpu * 1000:6.2f} ms"
    )


def upload(browser: Browser, pid: int, files: list[Path], clients: int) -> None:
    """Send all photos in batches and print how fast that was."""
    batches = [files[at : at + BATCH] for at in range(0, len(files), BATCH)]
    size = sum(path.stat().st_size for path in files) / 2**20
    before, begin = cpu_seconds(pid), time.perf_counter()
    with watched(pid) as seen, ThreadPoolExecutor(clients) as pool:
        took = sorted(pool.map(browser.send, batches))
    seconds = time.perf_counter() - begin
    cpu = (cpu_seconds(pid) - before) / len(files)
    sys.stdout.write(
        f"upload, {clients} clients   {len(files)} photos, {size:.0f} MB in {seconds:.0f} s: "
        f"{len(files) / seconds:.1f} photos/s, {size / seconds:.1f} MB/s   "
        f"batch of {BATCH} p50 {statistics.median(took):.1f} s   "
        f"CPU {cpu * 1000:.0f} ms a photo   memory {seen[0]:.0f} → {max(seen):.0f} MB\n"
    )


def look(browser: Browser, pid: int, files: int, clients: int) -> None:
    """Read the gallery page by page, small copies, and the ZIP; print each."""
    pages = [f"/evidence?page={number}" for number in range(1, files // 48 + 2)]
    html = browser.get("/evidence")
    small = re.findall(r"/files/[\w-]+/thumbnail", html.decode())
    for name, paths in (("gallery page", pages * 5), ("small copy", small * 10)):
        calls: list[Callable[[], object]] = [lambda path=path: browser.get(path) for path in paths]  # type: ignore[misc]
        sys.stdout.write(f"{name:<21} {timed(pid, calls, clients)}\n")
    sys.stdout.write(f"gallery page          {len(html) / 1024:.0f} KB\n")
    with watched(pid) as seen:
        begin, got = time.perf_counter(), len(browser.get("/files.zip?item=evidence"))
        seconds = time.perf_counter() - begin
    sys.stdout.write(
        f"ZIP                   {got / 2**20:.0f} MB in {seconds:.1f} s: "
        f"{got / 2**20 / seconds:.0f} MB/s   memory {seen[0]:.0f} → {max(seen):.0f} MB\n"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--clients", type=int, default=4)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        home, port = Path(directory), free_port()
        url = f"http://localhost:{port}"
        env = {k: v for k, v in os.environ.items() if not k.startswith("QM_")}
        env |= {"QM_DATA_DIR": directory, "QM_PUBLIC_URL": url, "QM_LOG_LEVEL": "WARNING"}
        (home / "photos").mkdir()
        files = photos(chosen.files, home / "photos")
        body, cookie = prepare(env)
        command = server_command("127.0.0.1", port, None)
        (home / "wsgi.py").write_text(BARE, encoding="utf-8")
        with served(command, home, env, url) as pid:
            bare: list[Callable[[], object]] = [
                lambda: urllib.request.urlopen(url + "/healthz", timeout=9).read()
            ]
            sys.stdout.write(f"bare endpoint         {timed(pid, bare * 1000, chosen.clients)}\n")
        with served(command, ROOT, env, url) as pid:
            browser = Browser(url, cookie, body)
            upload(browser, pid, files, chosen.clients)
            look(browser, pid, chosen.files, chosen.clients)


if __name__ == "__main__":
    main()
