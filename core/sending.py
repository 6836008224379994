"""How files are sent: never run by a browser, in parts where it asks, many as one ZIP."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from urllib.parse import quote

from flask import Response, send_file
from zipstream import ZIP_STORED, ZipStream

from core.errors import N_, Unavailable
from core.web import use_file_policy

#: A piece of a ZIP, put together from the small ones in which it is made.
_PIECE = 2**18
#: A name that every browser reads as it is.
_PLAIN = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True)
class File:
    """A file that is made for one answer: a table, a printed list, a copy of one's data."""

    content: bytes
    media_type: str
    name: str


def send_made(file: File) -> Response:
    """Answer with a file that was made for it, to be saved under its own name."""
    headers = {"Content-Disposition": saved_as(file.name)}
    return Response(file.content, mimetype=file.media_type, headers=headers)


def saved_as(name: str) -> str:
    """Return the header by which a browser, old ones too, saves a file as ``name`` (RFC 6266)."""
    if _PLAIN.fullmatch(name):
        return f"attachment; filename={name}"
    return f"attachment; filename=file{PurePath(name).suffix}; filename*=UTF-8''{quote(name)}"


def send(path: Path, name: str, media_type: str, *, etag: str, inline: bool = False) -> Response:
    """Answer with a file to be saved as ``name``; only pictures we drew ourselves are ``inline``.

    Ranges are answered, so that a film that broke off goes on; the file never runs as a page.
    """
    if not path.is_file():
        raise missing(name)
    use_file_policy()
    return send_file(
        path,
        mimetype=media_type,
        as_attachment=not inline,
        download_name=name,
        conditional=True,
        etag=etag,
    )


def send_zip(entries: Iterable[tuple[str, Path | bytes]], name: str) -> Response:
    """Answer with files as one ZIP, made while it is sent and with its size known before.

    ``entries`` are names inside the ZIP, each once, and a file or the content itself.
    """
    archive = ZipStream(compress_type=ZIP_STORED, sized=True)
    for inside, source in entries:
        if isinstance(source, bytes):
            archive.add(source, inside)
        elif source.is_file():
            archive.add_path(source, inside)
        else:
            raise missing(inside)
    use_file_policy()
    headers = {"Content-Length": str(len(archive)), "Content-Disposition": saved_as(name)}
    return Response(_pieces(archive), mimetype="application/zip", headers=headers)


def _pieces(archive: Iterable[bytes]) -> Iterator[bytes]:
    piece = bytearray()
    for part in archive:
        piece += part
        if len(piece) >= _PIECE:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece)


def missing(name: str) -> Unavailable:
    """Return the refusal for a file that is not on the disk."""
    return Unavailable(
        "file_missing",
        N_(
            "The stored file %(name)s is missing. "
            "Ask the administrator to restore it from the backup."
        ),
        name=name,
    )
