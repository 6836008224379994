"""Issued documents: numbered, kept unchanged, and open to verification by anyone.

The row holds number, seal (SHA-256) and the token of the verification page; the bytes lie under
a random name in ``data_dir/documents``, outside everything that is served as static. They are on
the disk before the row is committed, and removed when the transaction does not come to that.
"""

import hashlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import local, now
from core.config import settings
from core.db import Model, db, insert, public_id
from core.errors import N_, Conflict, Unavailable
from core.typesetting import fonts_ok, render

if TYPE_CHECKING:
    from core.access import Actor

__all__ = ["Document", "Draft", "State", "fonts_ok", "issue", "read", "render", "revoke", "verify"]

#: The letters a number starts with, for each kind of document.
PREFIXES = {"attendance": "QD"}
#: Crockford's base32 in small letters: what a person types from paper cannot be misread.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
TOKEN_LENGTH = 26
_LOOKALIKES = str.maketrans("ilo", "110")
#: Files written in a transaction that is still open, kept in ``session.info``.
_PENDING = "qm-unfinished-files"
#: Windows would otherwise translate line ends.
_BINARY = getattr(os, "O_BINARY", 0)


class State(StrEnum):
    """Whether a document still holds."""

    ISSUED = "issued"
    REVOKED = "revoked"


class Document(Model):
    """A file that was issued under a number; what was issued never changes."""

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Random identifier for addresses inside the office.
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    #: A key of :data:`PREFIXES`.
    kind: Mapped[str]
    #: Printed on the document: prefix, year, running number.
    number: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    #: SHA-256 of the file, in hexadecimal.
    sha256: Mapped[str]
    #: Opens the verification page; printed on the document.
    token: Mapped[str] = mapped_column(unique=True)
    media_type: Mapped[str]
    #: Name of the file in the directory of issued documents.
    file: Mapped[str] = mapped_column(unique=True)
    #: What it is about, as ``occasion:`` and a public id.
    subject: Mapped[str] = mapped_column(index=True)
    issued_at: Mapped[datetime]
    #: Kind and number of the actor, as ``account:7``.
    issued_by: Mapped[str]
    revoked_at: Mapped[datetime | None]

    @property
    def state(self) -> State:
        """Say whether the document still holds."""
        return State.ISSUED if self.revoked_at is None else State.REVOKED


class DocumentSeries(Model):
    """The running number of one kind of document in one year."""

    kind: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    #: The number given last.
    last: Mapped[int]


@dataclass(frozen=True)
class Draft:
    """What a document says of itself before it exists: its number and where to verify it."""

    number: str
    #: Absolute address of the verification page.
    link: str


def issue(
    kind: str,
    title: str,
    content: bytes | Callable[[Draft], bytes],
    media_type: str,
    subject: str,
    actor: "Actor",
) -> Document:
    """Give the file a number and keep it; the caller's transaction decides whether it stays.

    ``content`` may be a function, called with the :class:`Draft`, for a file that prints its own
    number. It runs inside the write transaction, so it only renders: everything is read before.
    """
    moment = now()
    token = "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LENGTH))
    number = _next_number(kind, local(moment).year)
    link = f"{settings().public_url.rstrip('/')}/v/{token}"
    data = content if isinstance(content, bytes) else content(Draft(number, link))
    document = Document(
        kind=kind,
        number=number,
        title=title,
        sha256=hashlib.sha256(data).hexdigest(),
        token=token,
        media_type=media_type,
        file=_store(data),
        subject=subject,
        issued_at=moment,
        issued_by=f"{actor.kind}:{actor.id}",
    )
    db.session.add(document)
    db.session.flush()
    return document


def read(document: Document) -> bytes:
    """Return the file as it was issued; raise :class:`Unavailable` when it is not that file."""
    try:
        data = (directory() / document.file).read_bytes()
    except OSError:
        data = b""
    if hashlib.sha256(data).hexdigest() != document.sha256:
        raise Unavailable(
            "document_damaged",
            N_(
                "The stored file of document %(number)s is missing or damaged. "
                "Ask the administrator to restore it from the backup."
            ),
            number=document.number,
        )
    return data


def revoke(document: Document) -> None:
    """Declare the document void from now on; it stays on record."""
    done = db.session.execute(
        sa.update(Document)
        .where(Document.id == document.id, Document.revoked_at.is_(None))
        .values(revoked_at=now())
        .returning(Document.id)
    )
    if done.first() is None:
        raise Conflict(
            "already_revoked",
            N_("Document %(number)s is void already. Reload the page."),
            number=document.number,
        )
    db.session.refresh(document)


def verify(token: str) -> Document | None:
    """Return the document a verification address speaks of; capitals and l, o, i are forgiven."""
    typed = token.strip().lower().translate(_LOOKALIKES)
    return db.session.scalar(sa.select(Document).filter_by(token=typed))


def directory() -> Path:
    """Return where the files of issued documents lie."""
    return Path(settings().data_dir) / "documents"


def _next_number(kind: str, year: int) -> str:
    """Move the series by one. The row stays locked until the commit, so numbers have no gaps."""
    prefix = PREFIXES[kind]
    last = db.session.scalar(
        insert(DocumentSeries)
        .values(kind=kind, year=year, last=1)
        .on_conflict_do_update(
            index_elements=[DocumentSeries.kind, DocumentSeries.year],
            set_={"last": DocumentSeries.last + 1},
        )
        .returning(DocumentSeries.last)
    )
    return f"{prefix}-{year}-{last:06d}"


def _store(data: bytes) -> str:
    """Write the file so that it survives a power cut, and remember it until the commit."""
    name = secrets.token_hex(16)
    directory().mkdir(parents=True, exist_ok=True, mode=0o700)
    path = directory() / name
    session = db.session()
    session.info.setdefault(_PENDING, []).append(path)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return name


@sa.event.listens_for(orm.Session, "after_commit")
def _keep(session: orm.Session) -> None:
    if session.get_nested_transaction() is None:  # a released savepoint is no commit
        session.info.pop(_PENDING, None)


@sa.event.listens_for(orm.Session, "after_rollback")
def _remove(session: orm.Session) -> None:
    if session.get_nested_transaction() is None:  # what a savepoint undoes may be older than it
        for path in session.info.pop(_PENDING, []):
            path.unlink(missing_ok=True)
