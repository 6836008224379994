"""PURE: the first look at a ZIP file that somebody sent, before anything in it is unpacked.

Only the directory is read, in constant memory; a file whose directory lies, overlaps or promises
too much is refused. Workbooks and documents of a word processor are such files.
"""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, NamedTuple, Protocol

#: Length of the file's last record, which has no comment where a program wrote the file.
_END = 22
_LOCAL_HEADER = 30
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


class ZipRefused(Exception):
    """A ZIP file that is not read; ``reason`` says exactly why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Bounds(Protocol):
    """How much a ZIP file may promise."""

    @property
    def unpacked(self) -> int:
        """Bytes of everything in it, unpacked."""

    @property
    def ratio(self) -> int:
        """Unpacked bytes for one byte of the file."""

    @property
    def entries(self) -> int:
        """Files inside the file."""


class ZipBounds(NamedTuple):
    """Bounds of a file in which nothing but a few names is looked at."""

    unpacked: int
    ratio: int
    entries: int


@contextmanager
def opened(stream: BinaryIO, bounds: Bounds) -> Iterator[zipfile.ZipFile]:
    """Open a ZIP file whose directory is honest, or raise :class:`ZipRefused`."""
    size = _check_end(stream, bounds)
    try:
        with zipfile.ZipFile(stream) as archive:
            _check_directory(archive.infolist(), size, bounds)
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeError) as error:
        raise ZipRefused("broken") from error


def _check_end(stream: BinaryIO, bounds: Bounds) -> int:
    """Check the last record, so that a long directory is not even read; return the size."""
    stream.seek(0)
    begin = stream.read(4)
    size = stream.seek(0, 2)
    stream.seek(max(size - _END, 0))
    end = stream.read(_END)
    if begin != b"PK\x03\x04":
        raise ZipRefused("no_zip")
    if not end.startswith(b"PK\x05\x06") or end[20:] != b"\0\0":
        raise ZipRefused("broken")
    entries, length, start = (
        int.from_bytes(end[at : at + width], "little") for at, width in ((10, 2), (12, 4), (16, 4))
    )
    if entries > bounds.entries or length > 500 * bounds.entries:
        raise ZipRefused("entries")
    if start + length + _END != size:
        raise ZipRefused("broken")
    return size


def _check_directory(entries: list[zipfile.ZipInfo], size: int, bounds: Bounds) -> None:
    names = [entry.filename for entry in entries]
    if any(entry.flag_bits & 1 for entry in entries):
        raise ZipRefused("encrypted")
    if any(entry.compress_type not in _METHODS for entry in entries):
        raise ZipRefused("method")
    if not all(map(_harmless, names)):
        raise ZipRefused("names")
    if len({name.casefold() for name in names}) < len(names):
        raise ZipRefused("duplicate")
    if any(name.casefold().endswith("vbaproject.bin") for name in names):
        raise ZipRefused("macros")
    _check_sizes(entries, size, bounds)


def _check_sizes(entries: list[zipfile.ZipInfo], size: int, bounds: Bounds) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > bounds.unpacked or unpacked > bounds.ratio * size:
        raise ZipRefused("unpacked")
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise ZipRefused("overlap")
        end = entry.header_offset + _LOCAL_HEADER + entry.compress_size


def _harmless(name: str) -> bool:
    """Say whether a name stays inside the archive and holds nothing unusual."""
    parts = name.removesuffix("/").split("/")
    return name.isprintable() and "\\" not in name and not {"", ".", ".."} & set(parts)
