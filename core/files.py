"""Files on disk: kept safely before a row speaks of them, and removed when none comes to do so.

A file lies under a random name in a directory of ``data_dir``, outside everything that is served
as static; rows hold name, size and SHA-256. It is on the disk before its row is committed. A
rollback, or the end of a request that committed nothing, removes it; :func:`delete` waits for the
commit, so that no row is ever left without its file.
"""

import hashlib
import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import sqlalchemy as sa
from sqlalchemy import orm

from core.config import settings
from core.db import TransactionError, db
from core.errors import N_, Unavailable

if TYPE_CHECKING:
    from flask import Flask

#: Files written and not yet committed; files to remove at the commit. Both in ``session.info``.
_PENDING = "qm-unfinished-files"
_DOOMED = "qm-files-to-delete"
#: Windows would otherwise translate line ends.
_BINARY = getattr(os, "O_BINARY", 0)
_CHUNK = 2**18


@dataclass(frozen=True)
class Kept:
    """A file that lies on the disk: what its row will say of it."""

    #: Directory below ``data_dir``.
    place: str
    name: str
    size: int
    #: SHA-256 in hexadecimal.
    sha256: str


def init_app(app: "Flask") -> None:
    """Remove what a request wrote and never committed; attach after the database."""

    @app.teardown_appcontext
    def clear(_error: BaseException | None) -> None:
        if db.session.registry.has():
            _forget(db.session())


def directory(place: str) -> Path:
    """Return where the files of ``place`` lie."""
    return Path(settings().data_dir) / place


def chunks(stream: BinaryIO) -> Iterator[bytes]:
    """Yield a stream from its beginning in pieces of bearable size."""
    stream.seek(0)
    while chunk := stream.read(_CHUNK):
        yield chunk


def keep(place: str, content: bytes | Iterable[bytes], *, name: str = "") -> Kept:
    """Write a file so that it survives a power cut; the next commit makes it stay.

    It takes constant memory when ``content`` comes in pieces. Call it inside the transaction, or
    before it and after ``read_only_done()``; a rollback in between removes the file again.
    """
    session = db.session()
    if session.in_transaction() and not session.connection().get_execution_options().get("write"):
        raise TransactionError("keep() comes after read_only_done()")
    name = name or secrets.token_hex(16)
    directory(place).mkdir(parents=True, exist_ok=True, mode=0o700)
    path = directory(place) / name
    session.info.setdefault(_PENDING, []).append(path)
    try:
        size, digest = _write(path, [content] if isinstance(content, bytes) else content)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise Unavailable(
            "not_stored",
            N_(
                "The file could not be stored; nothing was changed. Try again later, and tell the "
                "administrator that the disk may be full."
            ),
        ) from error
    return Kept(place, name, size, digest)


def _write(path: Path, content: Iterable[bytes]) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        for chunk in content:
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        file.flush()
        os.fsync(file.fileno())
    if sys.platform != "win32":  # the name must survive too
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return size, digest.hexdigest()


def discard(place: str, *names: str) -> None:
    """Remove files of this request at once: nothing will speak of them."""
    pending = db.session().info.get(_PENDING, [])
    for path in (directory(place) / name for name in names):
        path.unlink(missing_ok=True)
        if path in pending:
            pending.remove(path)


def delete(place: str, *names: str) -> None:
    """Remove files when the transaction is committed, and not before."""
    doomed = db.session().info.setdefault(_DOOMED, [])
    doomed += [directory(place) / name for name in names]


@sa.event.listens_for(orm.Session, "after_commit")
def _settle(session: orm.Session) -> None:
    if session.get_nested_transaction() is None:  # a released savepoint is no commit
        session.info.pop(_PENDING, None)
        for path in session.info.pop(_DOOMED, []):
            path.unlink(missing_ok=True)


@sa.event.listens_for(orm.Session, "after_rollback")
def _undo(session: orm.Session) -> None:
    if session.get_nested_transaction() is None:  # what a savepoint undoes may be older than it
        _forget(session)


def _forget(session: orm.Session) -> None:
    session.info.pop(_DOOMED, None)
    for path in session.info.pop(_PENDING, []):
        path.unlink(missing_ok=True)
