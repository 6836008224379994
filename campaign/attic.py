"""What attached files leave behind: files without a row, and rows taken out long ago."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from campaign.attachments import PLACE
from campaign.models import Act, Filing, FilingFile
from core import audit, files, uploads
from core.clock import now
from core.db import db
from core.errors import N_
from core.retention import Rule, register

#: How long a file that was taken out can be put back.
KEPT = timedelta(days=30)
#: A file younger than this may belong to a request that still runs.
YOUNG = timedelta(days=1)


@dataclass(frozen=True)
class Swept:
    """What was cleared away, or would be."""

    #: Files on the disk that no row speaks of, small copies included.
    orphans: int
    #: Rows taken out long ago that no filed version lists.
    rows: int
    #: Bytes of both.
    size: int


def orphans() -> list[str]:
    """Return the names of files on the disk that no row speaks of and no request still writes."""
    known = set(db.session.scalars(sa.select(FilingFile.file).where(FilingFile.file != "")))
    before = now() - YOUNG
    return [
        name
        for name, written in _on_disk()
        if uploads.whole(name) not in known and written < before
    ]


def _on_disk() -> Iterator[tuple[str, datetime]]:
    folder = files.directory(PLACE)
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        yield path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC)


def sweep(*, dry_run: bool = False) -> Swept:
    """Clear away what nothing speaks of any more; files go when the transaction is committed.

    A version that was filed keeps what it lists, for ever.
    """
    lost, rows = orphans(), _unlisted(now() - KEPT)
    size = sum((files.directory(PLACE) / name).stat().st_size for name in lost)
    swept = Swept(len(lost), len(rows), size + sum(row.size for row in rows))
    if not dry_run:
        files.delete(PLACE, *lost)
        for row in rows:
            if row.file:
                files.delete(PLACE, row.file, uploads.small(row.file))
            audit.record("file.purge", "file", row.public_id, actor=audit.SYSTEM)
            db.session.delete(row)
        db.session.flush()
    return swept


def _unlisted(before: datetime) -> list[FilingFile]:
    """Return rows that were taken out before an instant and that no filed version lists."""
    removed = db.session.scalars(
        sa.select(FilingFile).where(FilingFile.removed_at < before).order_by(FilingFile.id)
    ).all()
    bodies = {row.body_id for row in removed}
    documents = db.session.scalars(
        sa.select(Filing.document).where(Filing.body_id.in_(bodies), Filing.act == Act.FILED)
    )
    filed = {entry["id"] for document in documents for entry in document.get("files", [])}
    return [row for row in removed if row.public_id not in filed]


def _next_due(_at: datetime) -> datetime | None:
    removed = [row.removed_at + KEPT for row in _unlisted(now()) if row.removed_at]
    return min(removed, default=None)


def init_app() -> None:
    """Register the rule."""
    register(
        Rule(
            "attached_files",
            N_("Attached files that were taken out and never filed"),
            N_("30 days after they were taken out"),
            due=lambda _at: _things(sweep(dry_run=True)),
            forget=lambda _at: _things(sweep()),
            next_due=_next_due,
        )
    )


def _things(swept: Swept) -> int:
    return swept.orphans + swept.rows
