"""The retention clock: what is forgotten when its time is over, one rule per kind of data.

Features register their rules; ``flask purge`` and a daily job carry them out, each in its own
transaction and on record. Doing it twice changes nothing. The audit log is never deleted here.
"""

import calendar
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from core import accounts, audit, jobs, logs
from core.clock import from_local, local, now
from core.db import db, read_only_done, transaction
from core.errors import N_

if TYPE_CHECKING:
    from flask import Flask

log = logging.getLogger("qm.retention")

JOB = "retention.purge"


def _unknown(_at: datetime) -> datetime | None:
    return None


@dataclass(frozen=True)
class Rule:
    """One kind of data with an end: how much of it is due, and how it is forgotten."""

    name: str
    #: Message ids: what is forgotten, and when.
    label: str
    when: str
    #: How many things are due at an instant; reads only.
    due: Callable[[datetime], int]
    #: Forgets them in the caller's transaction and returns how many it was.
    forget: Callable[[datetime], int]
    #: When the next thing that is stored today becomes due, if that can be said.
    next_due: Callable[[datetime], datetime | None] = _unknown


_rules: dict[str, Rule] = {}


def register(rule: Rule) -> None:
    """Add a rule, or replace the one of its name."""
    _rules[rule.name] = rule


def rules() -> list[Rule]:
    """Return the rules by name."""
    return [_rules[name] for name in sorted(_rules)]


def later(at: datetime, months: int) -> datetime:
    """Return the same day and time, Beijing time, some months later; a shorter month ends early."""
    here = local(at)
    years, month = divmod(here.month - 1 + months, 12)
    year, month = here.year + years, month + 1
    last = calendar.monthrange(year, month)[1]
    wall = here.replace(year=year, month=month, day=min(here.day, last), tzinfo=None)
    return from_local(wall)


@dataclass(frozen=True)
class Outlook:
    """Where a rule stands: what a purge would do now, and when it has work next."""

    rule: Rule
    due: int
    next_due: datetime | None


def outlook() -> list[Outlook]:
    """Return where every rule stands; changes nothing."""
    at = now()
    return [Outlook(rule, rule.due(at), rule.next_due(at)) for rule in rules()]


def carry_out(rule: Rule) -> int:
    """Forget what is due under a rule, in the caller's transaction, and put it on record."""
    count = rule.forget(now())
    if count:
        audit.record("forget", "retention", rule.name, actor=audit.SYSTEM, count=count)
    return count


@click.command("purge")
@click.option("--dry-run", is_flag=True, help="Say what would be forgotten; change nothing.")
@with_appcontext
def purge_cli(dry_run: bool) -> None:
    """Forget the data of persons whose time is over."""
    if dry_run:
        for found in outlook():
            click.echo(f"{found.rule.name}\t{found.due} due")
        return
    for rule in rules():
        with transaction():
            count = carry_out(rule)
        click.echo(f"{rule.name}\t{count} forgotten")


@jobs.handler(JOB)
def _daily(_claim: jobs.Claim) -> dict[str, Any]:
    """Carry every rule out; one that fails holds up no other, and the job is tried again."""
    done: dict[str, Any] = {}
    failed: Exception | None = None
    for rule in rules():
        try:
            with transaction():
                done[rule.name] = carry_out(rule)
        except Exception as error:  # noqa: BLE001 (told below, after the other rules)
            read_only_done()
            log.error("retention", extra={"data": {"rule": rule.name} | logs.trace(error)})
            failed = error
    if failed is not None:
        raise failed
    return done


jobs.every(JOB, 24 * 60)


def _old_jobs(at: datetime) -> sa.ColumnElement[bool]:
    return jobs.Job.finished_at < at - jobs.KEEP


def _count(model: Any, where: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(where)) or 0


def _delete(model: Any, where: sa.ColumnElement[bool]) -> int:
    key = sa.inspect(model).primary_key[0]
    return len(db.session.scalars(sa.delete(model).where(where).returning(key)).all())


def _next_job(_at: datetime) -> datetime | None:
    first = db.session.scalar(sa.select(sa.func.min(jobs.Job.finished_at)))
    return first + jobs.KEEP if first else None


def init_app(app: "Flask") -> None:
    """Register ``flask purge`` and the rules of the core."""
    app.cli.add_command(purge_cli)
    register(
        Rule(
            "sessions",
            N_("Signed-in browsers and sign-in links that open nothing any more"),
            N_("30 minutes without use, 12 hours at most; links at their end"),
            due=lambda at: sum(_count(*dead) for dead in accounts.dead(at)),
            forget=lambda at: sum(_delete(*dead) for dead in accounts.dead(at)),
        )
    )
    register(
        Rule(
            "jobs",
            N_("Finished jobs"),
            N_("30 days after they were finished"),
            due=lambda at: _count(jobs.Job, _old_jobs(at)),
            forget=lambda at: _delete(jobs.Job, _old_jobs(at)),
            next_due=_next_job,
        )
    )
