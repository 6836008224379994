"""The database: model base, column types, and the one way to write.

SQLite (embedded default) and PostgreSQL run the same code. On SQLite every write transaction
starts with ``BEGIN IMMEDIATE`` behind a fair queue: a deferred transaction that reads first and
writes later loses most requests to "database is locked" under load.
"""

import enum
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

import sqlalchemy as sa
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite

from core import writer
from core.config import ROOT

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy.engine import Connection, Engine
    from sqlalchemy.pool import ConnectionPoolEntry

#: Every constraint has a name, so that a migration can speak of it on both databases.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(sa.types.TypeDecorator[datetime]):
    """An aware instant, stored in UTC; a naive one is a programming error."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse naive instants; SQLite keeps no zone, so it gets the UTC wall clock."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime was given to the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Return the instant in UTC, aware on both databases."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JSONDocument(sa.types.TypeDecorator[Any]):
    """A JSON value: JSONB on PostgreSQL, text on SQLite."""

    impl = sa.JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        """Choose the column type of the database at hand."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.JSONB())
        return dialect.type_descriptor(sa.JSON())


def _enum() -> sa.Enum:
    """Return enums stored by value behind a CHECK constraint."""
    return sa.Enum(
        enum.Enum,
        native_enum=False,
        create_constraint=True,
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )


class Model(orm.DeclarativeBase):
    """Base of every table; the table is named after the class, in the singular."""

    registry: ClassVar[orm.registry] = orm.registry(
        metadata=sa.MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: UTCDateTime(),
            enum.Enum: _enum(),
            dict[str, Any]: JSONDocument(),
            list[Any]: JSONDocument(),
            int: sa.Integer(),
            str: sa.Text(),
            bytes: sa.LargeBinary(),
        },
    )

    @orm.declared_attr.directive
    @classmethod
    def __tablename__(cls) -> str:
        """Return the class name in snake case."""
        name = cls.__name__
        return "".join(
            "_" + c.lower() if c.isupper() and i else c.lower() for i, c in enumerate(name)
        )


db = SQLAlchemy(
    metadata=Model.registry.metadata,
    session_options={"expire_on_commit": False},
    disable_autonaming=True,
)
migrate = Migrate(directory=str(ROOT / "core" / "migrations"), render_as_batch=True)


def public_id() -> str:
    """Return a random identifier for addresses: 80 bits, not guessable, not ordered."""
    return secrets.token_urlsafe(10)


class TransactionError(RuntimeError):
    """The discipline of one write transaction per request was broken."""


@contextmanager
def transaction() -> Iterator[orm.Session]:
    """Open the one write transaction of this request or command and commit it at the end.

    Nesting, or reading before the write transaction begins, is refused: what was read would be
    stale by the time it is written upon.
    """
    session = db.session()
    if session.in_transaction():
        raise TransactionError("transaction() is neither nested nor preceded by a read")
    with writer.turn(db.engine), session.begin():
        session.connection(execution_options={"write": True})
        yield session


def insert(model: type[Model]) -> Any:
    """Return an INSERT of the database at hand, the one that knows ON CONFLICT."""
    if db.engine.dialect.name == "postgresql":
        return postgresql.insert(model)
    return sqlite.insert(model)


def read_only_done() -> None:
    """End the reads of this request so that :func:`transaction` may begin."""
    db.session.rollback()


def init_app(app: "Flask") -> None:
    """Attach the database and its migrations to ``app``."""
    url = app.extensions["qm-settings"].database
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _engine_options(url)
    db.init_app(app)
    migrate.init_app(app, db)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _tame_sqlite(db.engine)


def _engine_options(url: str) -> dict[str, Any]:
    options: dict[str, Any] = {"pool_size": 32, "max_overflow": 0, "hide_parameters": True}
    if not url.startswith("sqlite"):
        return options | {"pool_pre_ping": True}
    options["connect_args"] = {"isolation_level": None, "timeout": 10, "check_same_thread": False}
    module = sqlite_module()
    return options | ({"module": module} if module else {})


def sqlite_module() -> Any:
    """Return the newer SQLite of PyPI where a wheel exists, else None for the system's."""
    try:
        import pysqlite3
    except ImportError:
        return None
    return pysqlite3


def _tame_sqlite(engine: "Engine") -> None:
    @sa.event.listens_for(engine, "connect")
    def pragmas(connection: Any, _record: "ConnectionPoolEntry") -> None:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "busy_timeout=10000",
            "foreign_keys=ON",
            # So that INSERT OR REPLACE cannot slip past the triggers of append-only tables.
            "recursive_triggers=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: "Connection") -> None:
        write = connection.get_execution_options().get("write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN DEFERRED")
