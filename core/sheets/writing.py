"""Export of tables as XLSX and CSV that open safely in a spreadsheet program.

A cell of a text column that starts like a formula is defused; numbers are left alone, for a
z score of −2.31 must stay negative. Times are Beijing time, identifiers and mobiles are text.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from core.clock import local

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["text", "int", "figure", "decimal", "datetime"]

#: What a spreadsheet program may take for the start of a formula, full-width forms included.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: 49 is Excel's own format "text", which keeps what is typed into the cell later text, too.
FORMATS = {
    "text": 49,
    "int": "0",
    "figure": "0",
    "decimal": "General",
    "datetime": "yyyy-mm-dd hh:mm",
}
#: The header stands in the third row: title, note, header.
HEADER = 2
#: Excel holds no longer text in a cell.
CELL_LIMIT = 32_767


@dataclass(frozen=True)
class Column:
    """One column of an export: where it is in the frame, and how it is written."""

    #: Name of the column in the frame.
    key: str
    #: Heading people read.
    title: str
    #: A ``figure`` is a whole number, or a word where the number is missing.
    kind: Kind = "text"
    #: Width in characters of the spreadsheet's default font.
    width: float = 14


@dataclass(frozen=True)
class Table:
    """One sheet of a workbook."""

    name: str
    frame: "pd.DataFrame"
    columns: Sequence[Column]


def new_book(stream: io.BytesIO) -> Any:
    """Return a workbook that takes every text for a text: no formula, no link, no number."""
    import xlsxwriter

    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    return xlsxwriter.Workbook(stream, options)


def xlsx(
    frame: "pd.DataFrame",
    columns: Sequence[Column],
    *,
    title: str,
    note: str,
    sheet_name: str = "Sheet1",
) -> bytes:
    """Return a workbook of one sheet: title, note (who, when, masked or full), table."""
    return workbook([Table(sheet_name, frame, columns)], title=title, note=note)


def workbook(tables: Sequence[Table], *, title: str, note: str) -> bytes:
    """Return a workbook of several sheets, each with title, note and table."""
    stream = io.BytesIO()
    book = new_book(stream)
    book.set_properties({"title": title, "comments": note})
    styles = _styles(book)
    for table in tables:
        sheet = book.add_worksheet(table.name)
        sheet.write_string(0, 0, title, styles["title"])
        sheet.write_string(1, 0, note, styles["note"])
        last = _fill(sheet, table, styles)
        _arrange(sheet, last, len(table.columns), note)
    book.close()
    return stream.getvalue()


def _fill(sheet: Any, table: Table, styles: dict[str, Any]) -> int:
    """Write header and rows of a table and return the number of its last row."""
    for x, column in enumerate(table.columns):
        sheet.set_column(x, x, column.width)
        sheet.write_string(HEADER, x, column.title, styles["header"])
    last = HEADER
    for last, row in enumerate(_rows(table.frame, table.columns), HEADER + 1):
        for x, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            _write(sheet, (last, x), value, column.kind, styles)
    return last


def csv_bytes(frame: "pd.DataFrame", columns: Sequence[Column]) -> bytes:
    """Return the table as CSV in UTF-8 with a byte order mark, which Excel needs."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([column.title for column in columns])
    for row in _rows(frame, columns):
        writer.writerow([_plain(value) for value in row])
    return stream.getvalue().encode("utf-8-sig")


def defused(value: str) -> str:
    """Return ``value`` with an apostrophe before it when it starts like a formula."""
    return "'" + value if value.startswith(FORMULA_STARTS) else value


def _rows(frame: "pd.DataFrame", columns: Sequence[Column]) -> Iterator[list[Any]]:
    """Yield each row as values: None, str, int, Decimal or float, naive Beijing time."""
    import pandas as pd

    # Each column on its own, as objects: together, integers beside a float become floats.
    series = [frame[column.key].astype(object).tolist() for column in columns]
    for row in zip(*series, strict=True):
        yield [
            None if pd.isna(value) else _value(value, column.kind)
            for column, value in zip(columns, row, strict=True)
        ]


def _value(value: Any, kind: Kind) -> Any:
    if kind == "text" or (kind == "figure" and isinstance(value, str)):
        return str(value)
    if kind in ("int", "figure"):
        return int(value)
    if kind == "decimal":
        return value if isinstance(value, Decimal) else float(value)
    if value.tzinfo is None:
        raise ValueError("a naive datetime was given to a spreadsheet")
    return local(value).replace(tzinfo=None)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return defused(value)
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else str(value)


def _styles(book: Any) -> dict[str, Any]:
    base = {"valign": "vcenter", "border": 1, "border_color": "#d9dee3"}
    header = {"bold": True, "bg_color": "#eef1f4", "text_wrap": True, "align": "center"}
    styles = {kind: book.add_format(base | {"num_format": f}) for kind, f in FORMATS.items()}
    styles["header"] = book.add_format(base | header)
    styles["title"] = book.add_format({"bold": True, "font_size": 14})
    styles["note"] = book.add_format({"font_color": "#52606d"})
    # The apostrophe of Excel itself: not part of the text, kept when the cell is edited.
    styles["defused"] = book.add_format(base | {"num_format": "@", "quote_prefix": True})
    return styles


def _write(sheet: Any, at: tuple[int, int], value: Any, kind: Kind, styles: dict[str, Any]) -> None:
    style = styles[kind]
    if value is None:
        sheet.write_blank(*at, None, style)
    elif kind == "datetime":
        sheet.write_datetime(*at, value, style)
    elif not isinstance(value, str):
        sheet.write_number(*at, value, style)
    elif len(value) > CELL_LIMIT:
        raise ValueError(f"a cell of {len(value)} characters does not fit a spreadsheet")
    else:
        if value.startswith(FORMULA_STARTS):
            style = styles["defused"]
        sheet.write_string(*at, value, style)


def _arrange(sheet: Any, last: int, width: int, note: str) -> None:
    """Freeze and filter the header, and prepare the sheet for printing on A4."""
    sheet.freeze_panes(HEADER + 1, 0)
    sheet.autofilter(HEADER, 0, last, width - 1)
    sheet.repeat_rows(HEADER)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    # In headers and footers of Excel an ampersand starts a code; doubled, it is one.
    sheet.set_footer("&L" + note.replace("&", "&&")[:200] + "&R&P / &N")
