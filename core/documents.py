"""Issued documents: numbered, kept unchanged, and open to verification by anyone.

The row holds number, seal (SHA-256) and the token of the verification page; the bytes lie under
a random name in ``data_dir/documents`` (:mod:`core.files`).
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import files
from core.clock import local, now
from core.config import settings
from core.data_map import DOCUMENTS, personal
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
#: Directory of the files.
PLACE = "documents"


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
    file: Mapped[str] = mapped_column(
        unique=True, info=personal(N_("The file: names, units and masked mobiles"), DOCUMENTS)
    )
    #: What it is about, as ``occasion:`` and a public id.
    subject: Mapped[str] = mapped_column(index=True)
    issued_at: Mapped[datetime]
    #: Kind and number of the actor, as ``account:7``.
    issued_by: Mapped[str] = mapped_column(
        info=personal(N_("Number of the account that issued it"), DOCUMENTS)
    )
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
    kept = files.keep(PLACE, data)
    document = Document(
        kind=kind,
        number=number,
        title=title,
        sha256=kept.sha256,
        token=token,
        media_type=media_type,
        file=kept.name,
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
    return files.directory(PLACE)


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
