"""PURE: what reading an uploaded table gives, how large it may be, and why it is refused.

Every cell is text with an address. Whether "48.6MPa" is a number is not decided here: the caller
answers with the address, and nothing is guessed.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

from core.errors import N_, InvalidInput

CellKind = Literal[
    "text", "number", "date", "time", "bool", "error", "formula_without_result", "merged"
]

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


class Cell(NamedTuple):
    """A cell: where it stands, its text, and what the file says it is; an empty one is "text"."""

    address: str
    text: str = ""
    kind: CellKind = "text"


class Sheet(NamedTuple):
    """One sheet; row 1 is ``rows[0]``, column A its first cell. Empty ends are cut off."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    #: People who opened the file did not see this sheet.
    hidden: bool = False

    def at(self, address: str) -> Cell:
        """Return the cell at ``address``, an empty one where the sheet holds none."""
        row, column = position(address)
        cells = self.rows[row] if row < len(self.rows) else ()
        return cells[column] if column < len(cells) else Cell(address)


class Limits(NamedTuple):
    """How large an upload may be, packed and unpacked, and how long reading it may take."""

    #: Bytes of the file as it was sent.
    size: int = 5 * 2**20
    #: Bytes of everything in it, unpacked.
    unpacked: int = 64 * 2**20
    #: Unpacked bytes for one byte of the file.
    ratio: int = 120
    #: Files inside the file.
    entries: int = 200
    rows: int = 20_001
    columns: int = 100
    #: Cells of all sheets together, empty ones between filled ones included.
    cells: int = 1_000_000
    #: Characters in all of them: one text of a workbook may stand in very many cells.
    characters: int = 16 * 2**20
    #: Seconds that reading it may take, of the clock and of the processor.
    seconds: int = 20


#: The media type of a workbook.
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: A laboratory's upload.
ENTRY = Limits()
#: An organiser's list of people or units.
ROSTER = Limits(size=20 * 2**20, rows=100_001, seconds=60)

#: The refusal of anything that is no workbook we read; its exact reason goes to the log.
NO_WORKBOOK = (
    "E30",
    N_(
        "The file is not an unencrypted .xlsx or is too large (limit {max} MB). "
        "Use the downloaded template."
    ),
)
#: reason → (code, sentence), where a sentence of its own helps the person further.
REFUSALS = {
    "encrypted": (
        "file_encrypted",
        N_("The file has a password. Remove it in Excel or WPS, save, and upload again."),
    ),
    "macros": (
        "file_macros",
        N_("The file contains macros. Save it as a workbook without macros (.xlsx)."),
    ),
    "old_format": (
        "file_old_format",
        N_("This is an old .xls workbook. Save it as .xlsx and upload that."),
    ),
    "rows": (
        "file_too_many_rows",
        N_("A sheet has more than {rows} rows. Delete what is not needed, or split the file."),
    ),
    "columns": (
        "file_too_many_columns",
        N_("A sheet has more than {columns} columns. Delete those to the right of the table."),
    ),
    "cells": (
        "file_too_many_cells",
        N_("The file has more than {cells} cells. Delete what is not needed, or split the file."),
    ),
    "encoding": (
        "file_encoding",
        N_("The CSV file is neither UTF-8 nor GB 18030. Save it again as “CSV UTF-8”."),
    ),
    "characters": (
        "file_characters",
        N_("Cell {cell} contains characters that cannot be shown. Type it again."),
    ),
    "csv": (
        "file_csv_broken",
        N_("Line {line} of the CSV file is broken. Check whether a quotation mark is missing."),
    ),
}


class FileRefused(InvalidInput):
    """An upload that is not read; ``reason`` says exactly why, for the log and for tests."""

    def __init__(self, reason: str, limits: Limits, **params: object) -> None:
        code, message = REFUSALS.get(reason, NO_WORKBOOK)
        bounds = {"max": limits.size // 2**20} | limits._asdict()
        super().__init__(code, message)
        self.params = bounds | params
        self.reason = reason


@lru_cache(1024)
def letters(column: int) -> str:
    """Return the name of a column counted from 0: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(65 + letter) + name
    return name


def position(address: str) -> tuple[int, int]:
    """Return row and column of an address, both counted from 0."""
    found = _ADDRESS.fullmatch(address)
    if not found:
        raise ValueError(f"{address!r} is not the address of a cell")
    return int(found[2]) - 1, number(found[1])


@lru_cache(1024)
def number(name: str) -> int:
    """Return the number of a column called ``name``: A is 0, AA is 26."""
    column = 0
    for letter in name:
        column = column * 26 + ord(letter) - 64
    return column - 1


def dense(row: int, filled: Iterable[tuple[int, str, CellKind]]) -> tuple[Cell, ...]:
    """Return a row from column A on, from its filled cells in order."""
    cells: list[Cell] = []
    for column, text, kind in filled:
        while len(cells) < column:
            cells.append(Cell(f"{letters(len(cells))}{row + 1}"))
        cells.append(Cell(f"{letters(column)}{row + 1}", text, kind))
    return tuple(cells)
