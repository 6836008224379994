"""The seals of the audit log: rows in blocks, blocks in a chain, one chain for every source.

A block's seal covers its rows and the seal before it. What is changed, added or removed later
below the newest seal is found by ``flask audit verify``. That command also prints each chain's
head: somebody who can rewrite the whole chain is found out by comparing the head with one noted
down elsewhere.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click
import sqlalchemy as sa
from flask.cli import AppGroup
from sqlalchemy.orm import Mapped, mapped_column

from core import jobs
from core.append_only import append_only
from core.clock import now
from core.db import Model, db, insert, read_only_done, transaction
from core.errors import N_
from core.i18n import both
from core.sealed import seal

if TYPE_CHECKING:
    from flask import Flask

#: Rows in one block at most.
BLOCK = 1000
#: Rows younger than this are not sealed yet. PostgreSQL hands out ids when a row is inserted and
#: shows the row when its transaction commits, so a smaller id may appear after a larger one;
#: sealed too early, the late row would look smuggled in. No write transaction here lasts so long.
SETTLE = timedelta(seconds=60)


@append_only
class AuditSeal(Model):
    """The seal of one block of rows, the next link of its source's chain."""

    # A chain cannot fork: of two workers that seal the same rows one is refused.
    __table_args__ = (sa.UniqueConstraint("source", "previous"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    first_id: Mapped[int]
    last_id: Mapped[int]
    count: Mapped[int]
    #: Seal of the block before; empty for the first.
    previous: Mapped[str]
    seal: Mapped[str]
    at: Mapped[datetime]


@dataclass(frozen=True)
class Source:
    """A table whose rows are sealed."""

    name: str
    model: Any
    canonical: Callable[[Any], dict[str, Any]]
    #: The column with the server's time of writing.
    at: str

    def rows(self, after: int, until: int | None = None) -> list[Any]:
        """Return the rows with ``after < id <= until``, freshly read; one block without end."""
        wanted = sa.select(self.model).where(self.model.id > after).order_by(self.model.id)
        wanted = wanted.limit(BLOCK) if until is None else wanted.where(self.model.id <= until)
        return list(db.session.scalars(wanted.execution_options(populate_existing=True)))

    def seal(self, block: AuditSeal, rows: list[Any]) -> str:
        """Return the seal that ``block`` has if nothing was touched."""
        return seal(
            {
                "source": self.name,
                "first_id": block.first_id,
                "last_id": block.last_id,
                "count": block.count,
                "previous": block.previous,
                "at": block.at,
                "rows": [seal(self.canonical(row)) for row in rows],
            }
        )


_sources: dict[str, Source] = {}


def register_source(
    name: str, model: Any, canonical: Callable[[Any], dict[str, Any]], at: str = "at"
) -> None:
    """Have the rows of ``model`` sealed; ``canonical`` names what of a row is covered.

    ``at`` is the column with the server's time of writing, e.g. ``received_at``. A column added
    to the table later must not change the canonical form of the rows that are there already.
    """
    _sources[name] = Source(name, model, canonical, at)


def seal_all() -> int:
    """Seal what is not sealed yet and return the number of rows.

    Rows are read and hashed outside the write transaction, so the door does not wait for it.
    """
    return sum(sum(_seal(source)) for source in list(_sources.values()))


def _seal(source: Source) -> Iterator[int]:
    while block := _next_block(source):
        values = {c.key: getattr(block, c.key) for c in sa.inspect(AuditSeal).columns}
        del values["id"]
        added = insert(AuditSeal).values(values).on_conflict_do_nothing()
        read_only_done()
        with transaction() as session:
            if session.scalar(added.returning(AuditSeal.id)) is None:
                return  # another worker was faster and goes on from here
        yield block.count
    read_only_done()


def _next_block(source: Source) -> AuditSeal | None:
    newest = sa.select(AuditSeal).where(AuditSeal.source == source.name)
    head = db.session.scalars(newest.order_by(AuditSeal.id.desc()).limit(1)).first()
    settled = now() - SETTLE
    found = source.rows(head.last_id if head else 0)
    # Up to the first young row: those after it may be older and wait all the same.
    rows = list(itertools.takewhile(lambda row: getattr(row, source.at) <= settled, found))
    if not rows:
        return None
    block = AuditSeal(
        source=source.name,
        first_id=rows[0].id,
        last_id=rows[-1].id,
        count=len(rows),
        previous=head.seal if head else "",
        at=now(),
    )
    block.seal = source.seal(block, rows)
    return block


@dataclass(frozen=True)
class Broken:
    """A block that does not match: its place in the chain (from 1) and a code that says why."""

    source: str
    block: int
    code: str


@dataclass(frozen=True)
class Checked:
    """What the check of one source found."""

    source: str
    blocks: int
    rows: int
    #: Seal of the newest block.
    head: str
    broken: list[Broken]


def verify() -> list[Broken]:
    """Return every block that does not match its rows or the block before it."""
    return [broken for checked in check() for broken in checked.broken]


def check() -> list[Checked]:
    """Recompute the chain of every source."""
    return [_check(source) for source in _sources.values()]


def _check(source: Source) -> Checked:
    chain = sa.select(AuditSeal).where(AuditSeal.source == source.name).order_by(AuditSeal.id)
    blocks = db.session.scalars(chain.execution_options(populate_existing=True)).all()
    broken, previous, last_id, rows = [], "", 0, 0
    for place, block in enumerate(blocks, 1):
        if code := _problem(source, block, previous, last_id):
            broken.append(Broken(source.name, place, code))
        previous, last_id, rows = block.seal, block.last_id, rows + block.count
    return Checked(source.name, len(blocks), rows, previous, broken)


def _problem(source: Source, block: AuditSeal, previous: str, after: int) -> str | None:
    if block.previous != previous:
        return "chain_broken"
    rows = source.rows(after, block.last_id)
    if len(rows) != block.count:
        return "rows_missing" if len(rows) < block.count else "rows_added"
    return None if source.seal(block, rows) == block.seal else "rows_changed"


@jobs.handler("audit.seal")
def seal_job(_claim: jobs.Claim) -> dict[str, Any]:
    """Seal the log."""
    return {"rows": seal_all()}


jobs.every("audit.seal", 5)

audit_cli = AppGroup("audit", help="The audit log.")

_BROKEN = N_(
    "Block %(block)s of “%(source)s” does not match its seal (%(code)s). Change nothing, "
    "keep a copy of the database and compare it with the last backup."
)


@audit_cli.command("verify")
def verify_cli() -> None:
    """Recompute the chains; exit with 1 and the first broken block of each if any is broken."""
    found = check()
    for checked in found:
        click.echo(
            f"{checked.source}: {checked.blocks} blocks, {checked.rows} rows, "
            f"head {checked.head or '-'}"
        )
        for first in checked.broken[:1]:
            for sentence in both(_BROKEN, **vars(first)).values():
                click.echo(sentence, err=True)
    if any(checked.broken for checked in found):
        raise SystemExit(1)


def init_app(app: "Flask") -> None:
    """Register ``flask audit``."""
    app.cli.add_command(audit_cli)
