"""The template of a stage as people bring it back: some cells filled in, some filled in wrongly."""

import io
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter

from core.sheets.cells import Sheet, letters, position
from core.sheets.reading import read


@dataclass(frozen=True)
class Formula:
    """A formula; without ``result`` it was never calculated."""

    text: str
    result: Any = ""


@dataclass(frozen=True)
class Merged:
    """A value in a cell that is merged with the one to its right."""

    text: str


def sheet_of(data: bytes) -> Sheet:
    """Return the only sheet of a workbook."""
    (sheet,) = read(data, "t.xlsx")
    return sheet


def address(data: bytes, row: str, column: str) -> str:
    """Return the cell of a row, by its code, and of a column, by its title."""
    sheet = sheet_of(data)
    titles = next(cells for cells in sheet.rows if "代码" in [cell.text for cell in cells])
    x = next(i for i, cell in enumerate(titles) if cell.text == column)
    y = next(i for i, cells in enumerate(sheet.rows) if cells and cells[0].text == row)
    return f"{letters(x)}{y + 1}"


def changed(
    data: bytes, values: dict[str, Any], *, without: str = "", twice: str = "", name: str = "S1"
) -> bytes:
    """Return the workbook with other values in some cells.

    ``without`` leaves out a column by its letters, ``twice`` repeats a row by its code at the end.
    """
    sheet, stream = sheet_of(data), io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    page = book.add_worksheet(name)
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    rows = [*sheet.rows, *(r for r in sheet.rows if twice and r and r[0].text == twice)]
    found: dict[tuple[int, int], Any] = {
        (y, x): cell.text
        for y, row in enumerate(rows)
        for x, cell in enumerate(row)
        if letters(x) != without
    }
    for (y, x), value in (found | {position(at): value for at, value in values.items()}).items():
        _put(page, y, x, value, day)
    book.close()
    return stream.getvalue()


def _put(page: Any, y: int, x: int, value: Any, day: Any) -> None:
    if isinstance(value, Formula):
        page.write_formula(y, x, value.text, None, value.result)
    elif isinstance(value, Merged):
        page.merge_range(y, x - 1, y, x, value.text)
    elif isinstance(value, date | datetime):
        page.write_datetime(y, x, value, day)
    elif isinstance(value, bool):
        page.write_boolean(y, x, value)
    elif isinstance(value, int | float):
        page.write_number(y, x, value)
    elif value:
        page.write_string(y, x, value)
