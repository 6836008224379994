"""Work outside requests: one table, claimed with a lease, run by any number of workers.

A job is enqueued in the caller's transaction, so it exists exactly if the reason for it does. It
runs **at least once**: a worker that is killed leaves a lease behind, and when that expires
another worker claims the job again. A handler therefore does the same thing twice without harm
(``Job.key`` makes a good Message-ID), and one that takes longer than :data:`LEASE` calls
:meth:`Claim.progress` now and then. No rule of the product depends on a job being punctual.
"""

import logging
import secrets
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import click
import sqlalchemy as sa
from flask.cli import with_appcontext
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import now
from core.db import Model, db, insert, read_only_done, transaction
from core.errors import AppError

if TYPE_CHECKING:
    from flask import Flask

log = logging.getLogger("qm.jobs")

#: How long a claim lasts without a sign of life from its worker.
LEASE = timedelta(minutes=5)
#: After so many tries a job is left failed.
MAX_ATTEMPTS = 5
#: The first wait after a failure; it doubles each time.
BACK_OFF = timedelta(seconds=30)
#: Finished jobs, and with them their keys, are forgotten after this time.
KEEP = timedelta(days=30)


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(Model):
    """One piece of work outside a request."""

    __table_args__ = (
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
        sa.Index("ix_job_state_run_after", "state", "run_after"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Name of the handler.
    kind: Mapped[str]
    #: What it is about, e.g. a public id; found again by whoever waits for the result.
    subject: Mapped[str] = mapped_column(default="")
    #: At most one job has this key.
    key: Mapped[str | None] = mapped_column(unique=True)
    state: Mapped[JobState] = mapped_column(default=JobState.QUEUED)
    #: Per cent.
    progress: Mapped[int] = mapped_column(default=0)
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: Class and code of the last failure, never its words.
    error: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    #: Not claimed earlier.
    run_after: Mapped[datetime] = mapped_column(default=now)
    #: A running job whose lease is over is claimed again.
    lease_until: Mapped[datetime | None]
    #: Only the worker that holds it may finish the job.
    lease_token: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]


class LeaseLostError(RuntimeError):
    """The job belongs to another worker now, or was taken away; stop."""


@dataclass(frozen=True)
class Claim:
    """What a handler receives; it opens its own transaction."""

    id: int
    kind: str
    subject: str
    payload: dict[str, Any]
    attempts: int
    token: str

    def progress(self, percent: int) -> None:
        """Note how far the work is and renew the lease, in a transaction of its own."""
        with transaction():
            if not self._update(progress=percent, lease_until=now() + LEASE):
                raise LeaseLostError(f"job {self.id}")

    def _update(self, **values: object) -> bool:
        mine = sa.update(Job).where(
            Job.id == self.id, Job.state == JobState.RUNNING, Job.lease_token == self.token
        )
        return db.session.scalar(mine.values(**values).returning(Job.id)) is not None

    def _finish(self, state: JobState, **values: object) -> None:
        with transaction():
            self._update(state=state, finished_at=now(), lease_until=None, lease_token="", **values)


Handler = Callable[[Claim], dict[str, Any] | None]
_handlers: dict[str, Handler] = {}
_periods: dict[str, int] = {}


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Name the function that does jobs of ``kind``; what it returns becomes the result."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def every(kind: str, minutes: int) -> None:
    """Have a job of ``kind`` once in every slot of ``minutes``, however many workers there are.

    A slot that passes while no worker runs is not made up for.
    """
    _periods[kind] = minutes


def enqueue(
    kind: str,
    subject: str = "",
    *,
    key: str | None = None,
    payload: dict[str, Any] | None = None,
    run_after: datetime | None = None,
) -> Job:
    """Add a job to the caller's transaction; with a known ``key`` return the job that has it."""
    values = {
        "kind": kind,
        "subject": subject,
        "key": key,
        "payload": payload or {},
        "run_after": run_after or now(),
    }
    added = insert(Job).values(values).on_conflict_do_nothing(index_elements=["key"])
    number = db.session.scalar(added.returning(Job.id))
    mine = Job.key == key if number is None else Job.id == number
    return db.session.scalars(sa.select(Job).where(mine)).one()


def cancel(job_id: int) -> bool:
    """Cancel a job that has not begun, in the caller's transaction; say whether it was so."""
    queued = sa.update(Job).where(Job.id == job_id, Job.state == JobState.QUEUED)
    values = {"state": JobState.CANCELLED, "finished_at": now()}
    return db.session.scalar(queued.values(values).returning(Job.id)) is not None


def run_once(limit: int = 1) -> int:
    """Run up to ``limit`` jobs that are due, one after the other, and return how many it was."""
    _plan()
    for done in range(limit):
        claim = _claim()
        if claim is None:
            return done
        _run(claim)
    return limit


def _plan() -> None:
    """Enqueue the periodic jobs of this moment that nobody has enqueued yet."""
    at = int(now().timestamp())
    slots = {f"{kind}@{at - at % (60 * minutes)}": kind for kind, minutes in _periods.items()}
    known = set(db.session.scalars(sa.select(Job.key).where(Job.key.in_(slots))))
    read_only_done()
    if missing := slots.keys() - known:
        with transaction():
            for key in sorted(missing):
                enqueue(slots[key], key=key)


def _claim() -> Claim | None:
    at, token = now(), secrets.token_hex(8)
    queued = sa.and_(Job.state == JobState.QUEUED, Job.run_after <= at)
    lost = sa.and_(Job.state == JobState.RUNNING, Job.lease_until < at)
    due = (
        sa.select(Job.id)
        # A kind this process does not know waits for one that does, e.g. during an upgrade.
        .where(Job.kind.in_(_handlers), sa.or_(queued, lost))
        .order_by(Job.run_after, Job.id)
        .limit(1)
        # SQLite ignores this; there BEGIN IMMEDIATE keeps the other workers out.
        .with_for_update(skip_locked=True)
    )
    claimed = (
        sa.update(Job)
        .where(Job.id == due.scalar_subquery())
        .values(
            state=JobState.RUNNING,
            attempts=Job.attempts + 1,
            lease_until=at + LEASE,
            lease_token=token,
        )
        .returning(Job.id, Job.kind, Job.subject, Job.payload, Job.attempts)
        .execution_options(synchronize_session=False)
    )
    with transaction() as session:
        row = session.execute(claimed).first()
    return Claim(**row._mapping, token=token) if row else None


def _run(claim: Claim) -> None:
    if claim.attempts > MAX_ATTEMPTS:  # its workers died each time: it may be what kills them
        claim._finish(JobState.FAILED, error="WorkerLost")
        return
    try:
        result = _handlers[claim.kind](claim)
    except Exception as error:  # noqa: BLE001 - one bad job must not stop the worker
        _failed(claim, error)
    else:
        read_only_done()
        claim._finish(JobState.DONE, progress=100, result=result or {}, error="")


def _failed(claim: Claim, error: Exception) -> None:
    read_only_done()
    code = f":{error.code}" if isinstance(error, AppError) else ""
    name = type(error).__name__ + code
    # The message may quote a person's data, and the database's messages do: only lines of code.
    trace = traceback.format_tb(error.__traceback__)
    data = {"job": claim.id, "kind": claim.kind, "error": name, "trace": trace}
    log.error("job failed", extra={"data": data})
    if claim.attempts >= MAX_ATTEMPTS:
        claim._finish(JobState.FAILED, error=name)
        return
    with transaction():
        claim._update(
            state=JobState.QUEUED,
            error=name,
            run_after=now() + BACK_OFF * 2 ** (claim.attempts - 1),
            lease_until=None,
            lease_token="",
        )


def work(stop: threading.Event, poll: float = 1.0) -> None:
    """Run jobs until ``stop`` is set; a job in hand is finished first."""
    while not stop.is_set():
        try:
            busy = run_once()
        except sa.exc.OperationalError as error:  # the database is away: it will come back
            read_only_done()
            log.error("database", extra={"data": {"error": type(error.orig).__name__}})
            busy = 0
        if not busy:
            stop.wait(poll)


@handler("jobs.purge")
def purge(_claim: Claim) -> None:
    """Forget jobs that were finished long ago."""
    with transaction() as session:
        session.execute(sa.delete(Job).where(Job.finished_at < now() - KEEP))


every("jobs.purge", 24 * 60)


@click.command("work")
@click.option("--once", is_flag=True, help="Run what is due now, then stop.")
@with_appcontext
def work_cli(once: bool) -> None:
    """Send messages, seal the audit log and do other work outside requests."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        # In a thread, because the main thread may hold the event's lock when the signal arrives.
        signal.signal(number, lambda *_: threading.Thread(target=stop.set).start())
    if not once:
        work(stop)
    while once and not stop.is_set() and run_once():
        pass


def init_app(app: "Flask") -> None:
    """Register ``flask work``."""
    app.cli.add_command(work_cli)
