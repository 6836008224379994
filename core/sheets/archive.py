"""PURE: the first look at an uploaded workbook, before any library may read it.

It reads the directory of the ZIP file and streams the XML, in constant memory; most of what is
wrong is refused before anything is unpacked. What it accepts is still read in a confined process
(:mod:`core.sheets.child`): a reader that understands a file differently can hurt only itself.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from core.sheets.cells import FileRefused, Limits, number

#: First bytes of the container of .xls workbooks, and of .xlsx workbooks with a password.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: The name of the stream that holds a workbook with a password.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CHUNK = 2**16
#: Longest text or tag; a cell of Excel holds 32 767 characters.
_TOKEN = 2**20
#: Length of the ZIP file's last record, which has no comment in a workbook.
_END = 22
_LOCAL_HEADER = 30
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"""<\?xml[^>]{0,100}?\sencoding\s*=\s*["']([^"']{0,40})""")
_ANY_CELL = re.compile(rb"<(?:\w{1,20}:)?c[\s/>]")
#: A cell that holds something. All lengths are bounded, so that no input makes it slow.
_FILLED_CELL = re.compile(
    rb"""<(?:\w{1,20}:)?c\s(?:[^<>]{0,100}?\s)?r=["']([A-Za-z]{1,7})([0-9]{1,9})["'][^<>]{0,200}(?<!/)>"""
)
_MAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def check(data: bytes, limits: Limits) -> None:
    """Refuse what is not a plain workbook of bearable size, in milliseconds."""
    if data.startswith(OLE):
        raise FileRefused("encrypted" if _ENCRYPTED in data else "old_format", limits)
    _check_end(data, limits)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_directory(archive.infolist(), len(data), limits)
            _check_content(archive, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeError) as error:
        raise FileRefused("broken", limits) from error


def _check_end(data: bytes, limits: Limits) -> None:
    """Check the last record of the file, so that a long directory is not even read."""
    end = data[-_END:]
    if not data.startswith(b"PK\x03\x04"):
        raise FileRefused("no_zip", limits)
    if not end.startswith(b"PK\x05\x06") or end[20:] != b"\0\0":
        raise FileRefused("broken", limits)
    entries, size, start = (
        int.from_bytes(end[at : at + width], "little") for at, width in ((10, 2), (12, 4), (16, 4))
    )
    if entries > limits.entries or size > 500 * limits.entries:
        raise FileRefused("entries", limits)
    if start + size + _END != len(data):
        raise FileRefused("broken", limits)


def _check_directory(entries: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    names = [entry.filename for entry in entries]
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused("encrypted", limits)
    if any(entry.compress_type not in _METHODS for entry in entries):
        raise FileRefused("method", limits)
    if not all(map(_harmless, names)):
        raise FileRefused("names", limits)
    if len({name.casefold() for name in names}) < len(names):
        raise FileRefused("duplicate", limits)
    if any(name.casefold().endswith("vbaproject.bin") for name in names):
        raise FileRefused("macros", limits)
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= set(names):
        raise FileRefused("content", limits)
    _check_sizes(entries, size, limits)


def _check_sizes(entries: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits.unpacked or unpacked > limits.ratio * size:
        raise FileRefused("unpacked", limits)
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise FileRefused("overlap", limits)
        end = entry.header_offset + _LOCAL_HEADER + entry.compress_size


def _harmless(name: str) -> bool:
    """Say whether a name stays inside the archive and holds nothing unusual."""
    parts = name.removesuffix("/").split("/")
    return name.isprintable() and "\\" not in name and not {"", ".", ".."} & set(parts)


def _check_content(archive: zipfile.ZipFile, limits: Limits) -> None:
    with archive.open("[Content_Types].xml") as part:
        types = part.read(_TOKEN)
    if b"macroenabled" in types.lower():
        raise FileRefused("macros", limits)
    if _MAIN not in types:
        raise FileRefused("content", limits)
    cells = 0
    for entry in archive.infolist():
        if entry.filename.casefold().endswith((".xml", ".rels", ".vml")):
            with archive.open(entry) as part:
                cells += _count_cells(part, limits)
            if cells > limits.cells:
                raise FileRefused("cells", limits)


def _count_cells(part: IO[bytes], limits: Limits) -> int:
    """Return how many cells stand in a stream of XML, and refuse one out of bounds."""
    cells = 0
    for text in _pieces(part, limits):
        if _FORBIDDEN.search(text):
            raise FileRefused("doctype", limits)
        cells += len(_ANY_CELL.findall(text))
        if cells > limits.cells:
            raise FileRefused("cells", limits)
        filled = _FILLED_CELL.findall(text)
        if max((int(row) for _, row in filled), default=0) > limits.rows:
            raise FileRefused("rows", limits)
        columns = {column for column, _ in filled}
        if any(number(name.decode().upper()) >= limits.columns for name in columns):
            raise FileRefused("columns", limits)
    return cells


def _pieces(part: IO[bytes], limits: Limits) -> Iterator[bytes]:
    """Yield a stream of XML in pieces that end where a tag begins."""
    rest = b""
    first = True
    while chunk := part.read(_CHUNK):
        if first and not _utf8(chunk):
            raise FileRefused("xml_encoding", limits)
        first = False
        text = rest + chunk
        cut = text.rfind(b"<")
        yield text[: max(cut, 0)]
        rest = text[max(cut, 0) :]
        if len(rest) > _TOKEN:
            raise FileRefused("token", limits)
    yield rest


def _utf8(start: bytes) -> bool:
    """Say whether XML that starts so is UTF-8: the checks above read bytes of it."""
    declared = _ENCODING.match(start.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].lower() not in {b"utf-8", b"us-ascii", b"ascii"}:
        return False
    return not start.startswith((b"\xff\xfe", b"\xfe\xff")) and b"\0" not in start
