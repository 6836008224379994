"""Workbooks written part by part, as no spreadsheet program would write them."""

import io
import zipfile
from collections.abc import Mapping

SHEET = "xl/worksheets/sheet1.xml"
TYPES = "[Content_Types].xml"
BOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
STYLES = "xl/styles.xml"
STRINGS = "xl/sharedStrings.xml"

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
NAMESPACES = (
    'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    f'xmlns:r="{_OFFICE}" xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
)


def content_types(main: str = _MAIN_TYPE) -> str:
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{main}"/></Types>'
    )


def relations(*targets: tuple[str, str]) -> str:
    """Return relationships rId1, rId2 … to ``(type, target)``."""
    lines = "".join(
        f'<Relationship Id="rId{i}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'


def sheet(rows: str, after: str = "") -> str:
    return f"<worksheet {NAMESPACES}><sheetData>{rows}</sheetData>{after}</worksheet>"


def row(*cells: str) -> str:
    """Return a row of numbers or texts of formulas: whatever stands between <c> and </c>."""
    inner = "".join(f'<c r="{chr(65 + i)}1">{cell}</c>' for i, cell in enumerate(cells))
    return f'<row r="1">{inner}</row>'


def book(*sheets: str) -> str:
    """Return a workbook part of sheets called so, all of them in the first sheet's file."""
    lines = "".join(
        f'<sheet name="{name}" sheetId="{i}" r:id="rId1"/>' for i, name in enumerate(sheets, 1)
    )
    return f"<workbook {NAMESPACES}><sheets>{lines}</sheets></workbook>"


def styles(*formats: int, custom: str = "") -> str:
    """Return cell styles 0, 1 … with these number formats; ``custom`` is format 170."""
    cells = "".join(f'<xf numFmtId="{code}"/>' for code in formats)
    own = f'<numFmts><numFmt numFmtId="170" formatCode="{custom}"/></numFmts>'
    base = '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
    return f"<styleSheet {NAMESPACES}>{own}{base}<cellXfs>{cells}</cellXfs></styleSheet>"


def strings(*texts: str) -> str:
    items = "".join(f"<si><t>{text}</t></si>" for text in texts)
    return f"<sst {NAMESPACES}>{items}</sst>"


def parts(rows: str = row("<v>48.6</v>"), after: str = "") -> dict[str, str | bytes]:
    """Return the parts of a small workbook of one sheet."""
    related = (
        ("worksheet", "worksheets/sheet1.xml"),
        ("styles", "styles.xml"),
        ("sharedStrings", "/xl/sharedStrings.xml"),
    )
    return {
        TYPES: content_types(),
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        BOOK: book("数据"),
        RELATIONS: relations(*related),
        STYLES: styles(0),
        STRINGS: strings("文本"),
        SHEET: sheet(rows, after),
    }


def packed(
    content: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED, comment: bytes = b""
) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.comment = comment
        for name, data in content.items():
            archive.writestr(name, data)
    return stream.getvalue()


def workbook(rows: str = row("<v>48.6</v>"), after: str = "", **changed: str | bytes) -> bytes:
    """Return a workbook; parts by the names of this module in lower case replace its own."""
    content = parts(rows, after)
    for name, data in changed.items():
        content[globals()[name.upper()]] = data
    return packed(content)


def with_part(name: str, data: str | bytes = b"x") -> bytes:
    """Return a workbook with one part more."""
    return packed(parts() | {name: data})
