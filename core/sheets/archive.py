"""PURE: the first look at an uploaded workbook, before any library may read it.

It reads the directory of the ZIP file and streams the XML, in constant memory; most of what is
wrong is refused before anything is unpacked. What it accepts is still read in a confined process
(:mod:`core.sheets.child`): a reader that understands a file differently can hurt only itself.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO

from core import zips
from core.sheets.cells import FileRefused, Limits, number

#: First bytes of the container of .xls workbooks, and of .xlsx workbooks with a password.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: The name of the stream that holds a workbook with a password.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CHUNK = 2**16
#: Longest text or tag; a cell of Excel holds 32 767 characters.
_TOKEN = 2**20
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
    try:
        with zips.opened(io.BytesIO(data), limits) as archive:
            if not {"[Content_Types].xml", "xl/workbook.xml"} <= set(archive.namelist()):
                raise FileRefused("content", limits)
            _check_content(archive, limits)
    except zips.ZipRefused as error:
        raise FileRefused(error.reason, limits) from error


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
