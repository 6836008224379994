"""Files that attack whoever reads them, or are simply wrong: name → (file name, data, reason).

Data are made when asked for, so that collecting the tests costs nothing.
"""

import random
import re
import struct
import zipfile
import zlib
from collections.abc import Callable

from tests.core.hostile import packages
from tests.core.hostile.packages import SHEET, packed, parts, row, workbook

File = tuple[str, Callable[[], bytes], str]

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
_LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in ("ab", "bc", "cd", "de", "ef"))
    + "]>"
)
_EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
_TEXT = "<c r='A1' t='str'><v>&a;</v></c>"


def cell(address: str) -> str:
    """Return a row of one number, at ``address``."""
    number = address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return f'<row r="{number}"><c r="{address}"><v>1</v></c></row>'


def noise(length: int) -> str:
    """Return text that hardly packs."""
    return random.Random(1).randbytes(length // 2).hex()


def encrypted_entries() -> bytes:
    """Return a workbook whose directory says that its parts are encrypted."""
    data = bytearray(workbook())
    for found in re.finditer(b"PK\x01\x02", bytes(data)):
        data[found.start() + 8] |= 1
    return bytes(data)


def wrong_checksum() -> bytes:
    data = workbook()
    checksum = struct.pack("<L", zlib.crc32(parts()[SHEET].encode()))  # type: ignore[union-attr]
    return data.replace(checksum, b"\x01\x02\x03\x04")


def duplicate() -> bytes:
    """Return a workbook with two sheets of the same name, one for each reader."""
    data = packed(parts() | {"xl/worksheets/sheet2.xml": parts()[SHEET]})
    return data.replace(b"xl/worksheets/sheet2.xml", SHEET.encode())


def overlapping() -> bytes:
    """Return a workbook whose directory points twice to the same bytes."""
    data = bytearray(workbook())
    first, second = [found.start() for found in re.finditer(b"PK\x01\x02", bytes(data))][:2]
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    return bytes(data)


def nested() -> bytes:
    """Return a ZIP file of ZIP files of nothing: tiny outside, vast inside."""
    inner = packed({f"{i}.txt": bytes(2**20) for i in range(5)})
    return packed({f"{i}.zip": inner for i in range(5)}, zipfile.ZIP_STORED)


def long_directory() -> bytes:
    """Return a file whose last record promises a directory longer than any we read."""
    data = bytearray(workbook())
    data[-10:-6] = struct.pack("<L", 2**20)
    return bytes(data)


def shared_text(count: int) -> bytes:
    """Return a workbook in which many cells hold the same long text."""
    cells = "".join(f'<row r="{i}"><c r="A{i}" t="s"><v>0</v></c></row>' for i in range(1, count))
    return workbook(cells, strings=packages.strings(noise(30_000)))


def merged(*ranges: str) -> str:
    cells = "".join(f'<mergeCell ref="{span}"/>' for span in ranges)
    return f"<mergeCells>{cells}</mergeCells>"


def wide_chain() -> bytes:
    """Return a CSV of lines that are one row, for each ends inside a quotation."""
    return b',"\n",' * 300_000


def _named(*names: str) -> Callable[[], bytes]:
    return lambda: packages.packed(parts() | dict.fromkeys(names, b"x"))


XLSX: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "empty"),
    "larger than allowed": (lambda: bytes(5 * 2**20 + 1), "size"),
    "text": ("标准,48.6".encode, "no_zip"),
    "html": (lambda: b"<html><table><tr><td>48.6</td></tr></table></html>", "no_zip"),
    "old xls": (lambda: OLE + "Workbook".encode("utf-16-le"), "old_format"),
    "password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    "encrypted parts": (encrypted_entries, "encrypted"),
    "macros": (_named("xl/vbaProject.bin"), "macros"),
    "macro content type": (
        lambda: workbook(types=packages.content_types("x.sheet.macroEnabled.main+xml")),
        "macros",
    ),
    "zip bomb": (lambda: workbook(sheet=" " * 50_000_000), "unpacked"),
    "bomb of other parts": (lambda: packages.with_part("xl/media/a.png", bytes(2**24)), "unpacked"),
    "nested zip": (nested, "content"),
    "sparse corner": (lambda: workbook(row("<v>1</v>") + cell("XFD1048576")), "rows"),
    "sparse corner in a namespace": (
        lambda: workbook('<x:row r="9"><x:c s="0" r="XFD9"><x:v>1</x:v></x:c></x:row>'),
        "columns",
    ),
    "sparse corner hidden": (
        lambda: workbook(
            row("<v>1</v>") + cell("XFD1048576").replace("<c ", f'<c x="{"x" * 120}" ')
        ),
        "crash",
    ),
    "column of seven letters": (lambda: workbook(cell("ZZZZZZZ1")), "columns"),
    "too many rows": (lambda: workbook(cell("A20002")), "rows"),
    "too many columns": (lambda: workbook(cell("CW1")), "columns"),
    "billion laughs": (lambda: workbook(sheet=_LAUGHS + parts(_TEXT)[SHEET]), "doctype"),  # type: ignore[operator]
    "external entity": (lambda: workbook(sheet=_EXTERNAL + parts(_TEXT)[SHEET]), "doctype"),  # type: ignore[operator]
    "entity in a far part": (
        lambda: packages.with_part("docProps/custom.xml", "<!doctype x []><x/>"),
        "doctype",
    ),
    "utf-16 parts": (
        lambda: workbook(sheet=(_LAUGHS + str(parts()[SHEET])).encode("utf-16")),
        "xml_encoding",
    ),
    "declared encoding": (
        lambda: workbook(sheet=f'<?xml version="1.0" encoding="UTF-7"?>{parts()[SHEET]}'),
        "xml_encoding",
    ),
    "endless text": (lambda: workbook(sheet="<a>" + noise(2_500_000)), "token"),
    "truncated": (lambda: workbook()[:-200], "broken"),
    "half": (lambda: workbook()[:700], "broken"),
    "wrong checksum": (wrong_checksum, "broken"),
    "comment": (lambda: packed(parts(), comment=b"PK\x05\x06" + bytes(18)), "broken"),
    "bytes before it": (lambda: b"PK\x03\x04" + workbook(), "broken"),
    "path traversal": (_named("../../wsgi.py"), "names"),
    "absolute path": (_named("/etc/cron.d/x"), "names"),
    "backslash": (_named("xl\\..\\..\\x"), "names"),
    "duplicate part": (duplicate, "duplicate"),
    "duplicate in capitals": (_named("XL/Workbook.xml"), "duplicate"),
    "overlapping parts": (overlapping, "overlap"),
    "300 parts": (_named(*(f"xl/media/{i}.png" for i in range(300))), "entries"),
    "long directory": (long_directory, "entries"),
    "another compression": (lambda: packed(parts(), zipfile.ZIP_BZIP2), "method"),
    "a text document": (
        lambda: workbook(types=packages.content_types("wordprocessingml.document.main+xml")),
        "content",
    ),
    "no workbook": (lambda: packed({"a.txt": b"x"}), "content"),
    "merged too often": (lambda: workbook(after=merged("A1:XFD20000", "A1:B9000")), "cells"),
    "long text merged": (
        lambda: workbook(
            '<row r="1"><c r="A1" t="s"><v>0</v></c></row>',
            merged("A1:B9000"),
            strings=packages.strings(noise(30_000)),
        ),
        "text",
    ),
    "one text 2 000 times": (lambda: shared_text(2_000), "text"),
    "one text 20 000 times": (lambda: shared_text(20_000), "text"),
    "one sheet twice": (lambda: workbook(book=packages.book("a", "b")), "repeated"),
    "unclosed tag": (lambda: workbook(sheet=str(parts()[SHEET])[:-20]), "crash"),
    "no such sheet": (lambda: workbook(relations=packages.relations()), "crash"),
    "string that is not there": (
        lambda: workbook('<row r="1"><c r="A1" t="s"><v>9</v></c></row>'),
        "crash",
    ),
    "NUL in a cell": (
        lambda: workbook('<row r="1"><c r="B1" t="str"><v>a_x0000_</v></c></row>'),
        "characters",
    ),
}

CSV: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "empty"),
    "NUL": (lambda: b"a,b\n1,\0", "characters"),
    "control character": (lambda: b"a,b\x1b[2J", "characters"),
    "utf-16": (lambda: "编号,结果\n1,48.6".encode("utf-16"), "encoding"),
    "utf-16 without mark": (lambda: "1,48.6".encode("utf-16-be"), "characters"),
    "latin 1": (lambda: "caf\xe9".encode("latin-1"), "encoding"),
    "million columns": (lambda: b"1," * 999_999 + b"1", "columns"),
    "more cells than allowed": (lambda: b"1," * 1_100_000, "cells"),
    "lines that are one row": (wide_chain, "columns"),
    "very long field": (lambda: b"a," + b"x" * 200_000, "csv"),
    "unclosed quotation": (lambda: b'a,b\n1,"2\n3,4', "csv"),
    "text after a quotation": (lambda: b'a,"b"c', "csv"),
    "too many rows": (lambda: b"1\n" * 20_002, "rows"),
    "workbook": (workbook, "name"),
    "old xls": (lambda: OLE, "old_format"),
}

NAMED: dict[str, File] = {
    "xlsm": ("a.XLSM", workbook, "macros"),
    "xlsb": ("a.xlsb", workbook, "name"),
    "xls": ("a.xls", lambda: OLE, "old_format"),
    "pdf": ("a.pdf", lambda: b"%PDF-1.7", "name"),
    "no suffix": ("readings", lambda: b"1,2", "name"),
    "name inside a path": ("a.csv/b.exe", lambda: b"1,2", "name"),
}

CORPUS: dict[str, File] = {
    **{f"xlsx: {what}": ("a.xlsx", *case) for what, case in XLSX.items()},
    **{f"csv: {what}": ("a.csv", *case) for what, case in CSV.items()},
    **{f"name: {what}": case for what, case in NAMED.items()},
}
