"""Rate limits as rows of the database: exact over any number of processes and machines.

For sign-in, look-up and registration; never on the scan, where a write more would cost the door
its speed. The windows are those of the library ``limits``; only the storage is ours.
"""

import hmac
import math
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import limits
import sqlalchemy as sa
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy.orm import Mapped, mapped_column

from core import jobs, writer
from core.clock import now
from core.config import settings
from core.data_map import SECURITY, personal
from core.db import Model, TransactionError, db, insert, read_only_done, transaction
from core.errors import N_, TooMany
from core.sealed import canonical

if TYPE_CHECKING:
    from flask import Flask


class Throttle(Model):
    """Hits in one window of one limit."""

    #: Keyed hash of what is counted, and the limit; no number or address of a person.
    key: Mapped[str] = mapped_column(
        primary_key=True,
        info=personal(
            N_("Keyed hash of an account, mobile or network address"),
            SECURITY,
            keep=N_("Until the window of the limit is over"),
            who=N_("Nobody"),
        ),
    )
    hits: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(index=True)


@contextmanager
def _write() -> Iterator[sa.Connection]:
    """Open a short write transaction beside the session, which no rollback of a request undoes."""
    with (
        writer.turn(db.engine),
        db.engine.connect().execution_options(write=True) as connection,
        connection.begin(),
    ):
        yield connection


class SqlStorage(Storage):
    """Counters of the library ``limits`` in the table ``throttle``."""

    STORAGE_SCHEME = None

    @property
    def base_exceptions(self) -> type[Exception]:
        """Return the errors this storage may raise."""
        return sa.exc.SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count and return the hits of the window; one statement, so no hit is lost."""
        at = now()
        until = at + timedelta(seconds=expiry)
        over = Throttle.expires_at <= at
        statement = (
            insert(Throttle)
            .values(key=key, hits=amount, expires_at=until)
            .on_conflict_do_update(
                index_elements=["key"],
                set_={
                    "hits": sa.case((over, amount), else_=Throttle.hits + amount),
                    "expires_at": sa.case((over, until), else_=Throttle.expires_at),
                },
            )
        )
        with _write() as connection:
            hits: int = connection.execute(statement.returning(Throttle.hits)).scalar_one()
        return hits

    def get(self, key: str) -> int:
        """Return the hits of the window that is open now."""
        alive = sa.select(Throttle.hits).where(Throttle.key == key, Throttle.expires_at > now())
        with db.engine.connect() as connection:
            return connection.scalar(alive) or 0

    def get_expiry(self, key: str) -> float:
        """Return the end of the window as a timestamp."""
        with db.engine.connect() as connection:
            until = connection.scalar(sa.select(Throttle.expires_at).where(Throttle.key == key))
        return (until or now()).timestamp()

    def check(self) -> bool:
        """Say whether the table can be read."""
        with db.engine.connect() as connection:
            connection.execute(sa.select(Throttle.key).limit(1))
        return True

    def reset(self) -> int:
        """Forget every counter and return how many there were."""
        with _write() as connection:
            return connection.execute(sa.delete(Throttle)).rowcount

    def clear(self, key: str) -> None:
        """Forget every counter whose key begins with ``key``."""
        with _write() as connection:
            connection.execute(sa.delete(Throttle).where(Throttle.key.startswith(key)))


_limiter = FixedWindowRateLimiter(SqlStorage())


def hit(name: str, *parts: str, limit: str) -> None:
    """Count an attempt, e.g. ``hit("sign-in", login, address, limit="5/15 minutes")``.

    Call it before the view's ``transaction()``: it counts on a connection of its own, ends the
    reads of the session, and so leaves the way to ``transaction()`` free. Raises
    :class:`TooMany` when the limit is exceeded.
    """
    _outside_transaction()
    item, who = limits.parse(limit), _hidden(name, parts)
    if _limiter.hit(item, who):
        return
    until = _limiter.storage.get_expiry(item.key_for(who))
    seconds = max(1, math.ceil(until - now().timestamp()))
    raise TooMany(
        "too_many_attempts",
        N_("Too many attempts. Wait %(minutes)s minutes and try again."),
        retry_after=seconds,
        minutes=math.ceil(seconds / 60),
    )


def reset(name: str, *parts: str) -> None:
    """Forget the attempts under every limit of this name, e.g. after a successful sign-in."""
    _outside_transaction()
    # Of "namespace/who/amount/multiple/unit" the last three belong to the limit.
    whole = limits.parse("1/second").key_for(_hidden(name, parts))
    _limiter.storage.clear(whole.rsplit("/", 3)[0] + "/")


def _hidden(name: str, parts: tuple[str, ...]) -> str:
    """Return a keyed hash: a plain one of a mobile number is found by trying all numbers."""
    secret = settings().secret_key.encode()
    return hmac.new(secret, canonical([name, *parts]), "sha256").hexdigest()


def _outside_transaction() -> None:
    session = db.session()
    if not session.in_transaction():
        return
    # A second turn inside the first would wait for itself for ever.
    if session.connection().get_execution_options().get("write"):
        raise TransactionError("throttle comes before transaction()")
    read_only_done()


def init_app(_app: "Flask") -> None:
    """Have the worker delete the windows that are over."""
    jobs.handler("throttle.purge")(_purge)
    jobs.every("throttle.purge", 60)


def _purge(_claim: jobs.Claim) -> None:
    with transaction() as session:
        session.execute(sa.delete(Throttle).where(Throttle.expires_at <= now()))
