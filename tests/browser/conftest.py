"""A real Chromium on a real server. How to write a test here.

``def test_a_rule(phone, server, …)`` — the page opens ``server.url``, the factories write to the
same database as the server (``app`` is an application on it, in the test's own process).

- ``phone`` is 390 × 844 and touches, ``desk`` is 1440 × 900; both read Chinese.
- Any console error, script error, breach of the policy or request to another host fails the
  test at its end, unless ``console.allow("pattern")`` said before that it belongs to the story.
- ``camera("text", …)`` opens a phone whose camera sees the QR codes of these texts in turn;
  with ``allowed=False`` its owner refuses the camera.
- ``wait_for_function`` needs eval, which the policy forbids: use locators and ``expect``.
- Every test here carries the marker ``browser`` by itself.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright import sync_api
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request

from tests.camera import flags, y4m
from tests.databases import MISSING
from tests.servers import Server, free_port

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1440, "height": 900}}
#: Longer than any page takes on a busy machine of two cores.
PATIENCE = 15_000
HERE = Path(__file__).parent
#: Fixtures that serve what pages open.
SERVERS = ("server", "page_url")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this directory."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


def chromium() -> str:
    """Return the Chromium of this machine, or skip loudly."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        pytest.skip(MISSING + "Chromium: install it, or name it in the variable CHROMIUM")
    return found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Return the driver."""
    chromium()
    sync_api.expect.set_options(timeout=PATIENCE)
    with sync_api.sync_playwright() as driver:
        yield driver


def _launch(driver: Playwright, *more: str) -> Browser:
    return driver.chromium.launch(executable_path=chromium(), args=[*FLAGS, *more])


@pytest.fixture(scope="session")
def chrome(playwright: Playwright) -> Iterator[Browser]:
    """Return one running Chromium; every test opens a profile of its own in it."""
    running = _launch(playwright)
    yield running
    running.close()


class Console:
    """What the browser complained of during a test."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self._allowed: list[str] = []

    def allow(self, pattern: str) -> None:
        """Say that complaints matching ``pattern`` belong to the story of this test."""
        self._allowed.append(pattern)

    def watch(self, context: BrowserContext) -> None:
        """Listen to every page of a profile."""
        context.on("console", self._note)
        context.on("request", self._ask)
        context.on("weberror", lambda error: self.complaints.append(f"error: {error.error}"))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            where = message.location.get("url", "")
            self.complaints.append(f"{message.type}: {message.text} ({where})")

    def _ask(self, request: Request) -> None:
        if urlsplit(request.url).hostname not in ("localhost", None):
            self.complaints.append(f"another host: {request.url}")

    def left(self) -> list[str]:
        """Return the complaints that were not allowed."""
        return [c for c in self.complaints if not any(re.search(p, c) for p in self._allowed)]


@pytest.fixture
def console() -> Iterator[Console]:
    """Return the list of complaints; what is left in it fails the test."""
    kept = Console()
    yield kept
    assert not kept.left(), "the browser complained:\n" + "\n".join(kept.left())


Opener = Callable[..., Page]


@pytest.fixture
def opener(request: pytest.FixtureRequest, console: Console) -> Iterator[Opener]:
    """Return a maker of pages, each in a profile of its own that is closed at the end.

    The server starts first, whatever the order of the test's arguments, and so ends last: a page
    that is still open would complain that its server is gone.
    """
    for name in SERVERS:
        if name in request.fixturenames:
            request.getfixturevalue(name)
    made: list[BrowserContext] = []

    def make(browser: Browser, **options: object) -> Page:
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **options)
        context.set_default_timeout(PATIENCE)
        console.watch(context)
        made.append(context)
        return context.new_page()

    yield make
    for context in made:
        context.close()


@pytest.fixture
def phone(opener: Opener, chrome: Browser) -> Page:
    """Return a page on a phone."""
    return opener(chrome, **PHONE)


@pytest.fixture
def desk(opener: Opener, chrome: Browser) -> Page:
    """Return a page on a desk."""
    return opener(chrome, **DESK)


@pytest.fixture
def camera(opener: Opener, playwright: Playwright, tmp_path: Path) -> Iterator[Opener]:
    """Return a maker of phones whose camera sees QR codes: the video is a flag of the start."""
    running: list[Browser] = []

    def make(*shown: object, seconds: float = 1.0, allowed: bool = True, **options: object) -> Page:
        video = y4m(shown, tmp_path / f"camera-{len(running)}.y4m", seconds)  # type: ignore[arg-type]
        running.append(_launch(playwright, *flags(video, allowed=allowed)))
        given = ["camera"] if allowed else []
        return opener(running[-1], permissions=given, **PHONE | options)

    yield make
    for browser in running:
        browser.close()


@pytest.fixture
def public_url() -> str:
    """Return the address of this test's server."""
    return f"http://localhost:{free_port()}"


@pytest.fixture
def server(app: Flask, database_url: str, public_url: str, tmp_path: Path) -> Iterator[Server]:
    """Return the running server; an error in its log fails the test."""
    running = Server(public_url, database_url, tmp_path / "data")
    running.start()
    yield running
    running.stop()
    crashes = [
        line for line in running.log.splitlines() if '"ERROR"' in line or "Traceback" in line
    ]
    assert not crashes, "the server wrote errors:\n" + "\n".join(crashes)
