"""How to write a test here.

``def test_a_rule_in_words(app, client)`` — fixtures give what it stands on, ``factories`` make
the rest (``from tests import factories``), the name says the rule, 20 lines suffice.

=================  ==========================================================================
``app``            the real application on SQLite, its own database, its context entered
``each_app``       the same, once on SQLite and once on PostgreSQL; with it ``client``,
                   ``office`` … work on both too. For whatever SQL or locking decides
``client``         an anonymous browser; every answer is checked by :mod:`tests.page_checker`
``browser``        makes more of them: ``browser()``, ``browser(user)``
``office``         a browser signed in with the role office; ``admin`` likewise
``organiser``      the organiser of ``occasion`` only, signed in
``occasion``       an occasion that runs now: registration and sign-in are open
``month``          the current campaign with one body, its liaison officer and a filed slip
``officer``        a browser of that officer
``gate``           a paired phone at ``occasion``: ``gate.client`` (door pages, by cookie),
                   ``gate.bearer`` and ``gate.scan(code=…)`` (API)
``clock``          ``clock.forward(hours=2)``, ``clock.to(instant)``
``no_noise``       an empty campaign instead of one with strangers (:func:`factories.noise`)
``unshared``       an application made for this test alone, which it may give views of its own
=================  ==========================================================================

Reading and writing in a test: read freely; write inside ``with factories.writing():``, which
ends the reads first. Requests are answered outside the test's context and never inside its
transaction. Threads enter ``app.app_context()`` of their own (see :func:`tests.racing.race`).
"""

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from werkzeug.test import TestResponse

from checkin import devices
from checkin.models import Occasion
from checkin.models.occasion import Profile
from checkin.views import scanning
from core import accounts
from core import clock as product_clock
from core.access import Role
from core.accounts import User
from core.signin import TOKEN
from tests import databases, factories
from tests.campaign import worlds as months
from tests.clients import Client

# A slow machine is no failure of the product: nothing here is judged by the time it takes.
settings.register_profile("product", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("product")

# A developer's own settings are no part of the tests.
for _name in [name for name in os.environ if name.startswith("QM_")]:
    del os.environ[_name]

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for ``each_app`` on both databases."""
    if "each_app" in metafunc.fixturenames:
        metafunc.parametrize("database", BOTH)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say loudly which parts of this machine are missing: a skipped test proves nothing."""
    missing: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = str(report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr)
        if databases.MISSING in reason:
            what = reason.partition(databases.MISSING)[2]
            missing[what] = missing.get(what, 0) + 1
    if missing:
        terminalreporter.section("NOT TESTED", sep="!", red=True, bold=True)
        for what, count in missing.items():
            terminalreporter.line(f"{count} tests skipped. {what}", red=True, bold=True)


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> databases.SQLite:
    """Return the maker of SQLite databases."""
    return databases.SQLite(tmp_path_factory.mktemp("databases"))


@pytest.fixture(scope="session")
def postgresql(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, testrun_uid: str
) -> Iterator[databases.PostgreSQL]:
    """Start the PostgreSQL server of this run when the first test asks for it."""
    maker = databases.PostgreSQL(tmp_path_factory.mktemp("postgresql"), testrun_uid, worker_id)
    yield maker
    maker.close()


@pytest.fixture
def database() -> str:
    """Return the kind of database; ``each_app`` gives both in turn."""
    return "sqlite"


@pytest.fixture
def no_noise() -> None:
    """Ask for a database without strangers."""


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database: str) -> Iterator[str]:
    """Return the address of a fresh database."""
    maker = request.getfixturevalue(database)
    with maker.copy(noisy="no_noise" not in request.fixturenames) as url:
        yield url


@pytest.fixture
def public_url() -> str:
    """Return the address people know; links and tickets begin with it."""
    return databases.PUBLIC_URL


@pytest.fixture(scope="session")
def applications() -> databases.Applications:
    """Return the keeper of this worker's applications."""
    return databases.Applications()


@pytest.fixture
def unshared() -> None:
    """Ask for an application of this test's own, made anew: it gives it views or other parts."""


@pytest.fixture
def app(
    request: pytest.FixtureRequest, database_url: str, public_url: str, tmp_path: Path
) -> Iterator[Flask]:
    """Return the real application, its context entered."""
    if "unshared" in request.fixturenames or public_url != databases.PUBLIC_URL:
        keeper = databases.Applications()
    else:
        keeper = request.getfixturevalue("applications")
    with keeper.at(database_url, tmp_path / "data", public_url) as made:
        made.test_client_class = Client
        with made.app_context():
            yield made


@pytest.fixture
def each_app(app: Flask) -> Flask:
    """Return the application, once on each database."""
    return app


Browser = Callable[..., Client]


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Return a maker of browsers: anonymous, or signed in as a user."""

    def make(user: User | None = None) -> Client:
        client: Client = app.test_client()  # type: ignore[assignment]
        if user is not None:
            with factories.writing():
                token = accounts.open_session(user.id)
            with client.session_transaction() as session:
                session[TOKEN] = token
        return client

    return make


@pytest.fixture
def client(browser: Browser) -> Client:
    """Return an anonymous browser."""
    return browser()


@pytest.fixture
def occasion(app: Flask) -> Occasion:
    """Return an occasion that runs now."""
    return factories.occasion()


@pytest.fixture
def office(browser: Browser) -> Client:
    """Return a browser signed in with the role office."""
    return browser(factories.user(Role.OFFICE))


@pytest.fixture
def admin(browser: Browser) -> Client:
    """Return a browser signed in as administrator."""
    return browser(factories.user(Role.ADMIN))


@pytest.fixture
def organiser(browser: Browser, occasion: Occasion) -> Client:
    """Return a browser of the organiser of ``occasion``, who may see no other."""
    return browser(factories.user(Role.ORGANISER, occasion=occasion))


class GatePhone:
    """A phone paired with a gate: its browser, its bearer and what it sends."""

    def __init__(self, client: Client, occasion: Occasion, profile: Profile) -> None:
        self.client = client
        self.device = factories.device(occasion, profile=profile)
        self.gate = factories.gate(self.device, occasion)
        self.bearer = devices.bearer(self.gate)
        self.checkpoint = occasion.checkpoints[0].public_id
        client.set_cookie(scanning.cookie_name(), devices.cookie(self.device, occasion))

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers of an API call."""
        return {"Authorization": f"Bearer {self.bearer}"}

    def scan(self, **body: Any) -> TestResponse:
        """Send one scan to the API, e.g. ``gate.scan(code=…)``."""
        whole = {"checkpoint": self.checkpoint, "nonce": factories.nonce()} | body
        return self.client.post("/api/v1/scans", json=whole, headers=self.headers)


@pytest.fixture
def gate(browser: Browser, occasion: Occasion) -> GatePhone:
    """Return a paired phone at ``occasion``."""
    return GatePhone(browser(), occasion, Profile.STAFF)


@pytest.fixture
def supervisor(browser: Browser, occasion: Occasion) -> GatePhone:
    """Return a paired phone of a supervisor at ``occasion``."""
    return GatePhone(browser(), occasion, Profile.SUPERVISOR)


class Clock:
    """Moves the product's clock until the test ends."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch

    def forward(self, **duration: float) -> datetime:
        """Move the clock by a duration, e.g. ``forward(hours=2)``, and return the new time."""
        offset = product_clock._offset + timedelta(**duration)
        self._patch.setattr(product_clock, "_offset", offset)
        return product_clock.now()

    def to(self, instant: datetime) -> datetime:
        """Move the clock to an instant (it goes on from there) and return it."""
        return self.forward(seconds=(instant - product_clock.now()).total_seconds())


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return the hand on the product's clock."""
    return Clock(monkeypatch)


@pytest.fixture
def month(app: Flask) -> months.Month:
    """Return the current campaign with one body, its officer and a filed slip."""
    return months.make()


@pytest.fixture
def officer(browser: Browser, month: months.Month) -> Client:
    """Return a browser of the officer of ``month.body``, who may see no other body."""
    return browser(month.officer)
