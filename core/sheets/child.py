"""The confined process that reads one workbook: bytes on standard input, lines of JSON out.

The library aborts its whole process over some files; nothing else lives in this one. It imports
neither Flask nor the database, cannot write a file, and dies when it takes too much.
"""

import io
import json
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Any, TextIO

from core.sheets import marks
from core.sheets.cells import CellKind, FileRefused, Limits, letters
from core.text import readable

#: Bytes of memory this process may address; a million cells need half of it.
MEMORY = 768 * 2**20

Grid = dict[int, dict[int, tuple[str, CellKind]]]
Value = float | str | bool | datetime | date | time | timedelta


def main(limits: Limits, data: bytes, out: TextIO) -> None:
    """Write what the workbook holds: a line per sheet, per row, and one at the end."""
    try:
        for line in lines(data, limits):
            out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
    except FileRefused as refusal:
        cell = refusal.params.get("cell", "")
        out.write(json.dumps({"refused": refusal.reason, "cell": cell}) + "\n")
    else:
        out.write(json.dumps({"end": True}) + "\n")


def confine(seconds: int) -> None:
    """Limit the memory, the processor time and the files of this process."""
    if sys.platform != "win32":
        import resource

        for what, limit in (
            (resource.RLIMIT_AS, MEMORY),
            (resource.RLIMIT_CPU, seconds),
            (resource.RLIMIT_FSIZE, 0),
            (resource.RLIMIT_CORE, 0),
        ):
            with suppress(ValueError, OSError):  # stricter already, or unknown to the system
                resource.setrlimit(what, (limit, limit))


def lines(data: bytes, limits: Limits) -> Iterator[dict[str, Any]]:
    """Yield the sheets of a workbook, and after each the rows that hold something."""
    import python_calamine as calamine

    book = calamine.load_workbook(io.BytesIO(data))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = marks.parts(archive)
        percent = marks.percent_styles(archive, parts[""]) if "" in parts else set()
        seen: set[str] = set()
        count = _Count(limits)
        for sheet in book.sheets_metadata:
            if sheet.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            part = parts.get(sheet.name, "")
            if part in seen:
                raise FileRefused("repeated", limits)
            seen.add(part)
            yield {
                "sheet": sheet.name,
                "hidden": sheet.visible != calamine.SheetVisibleEnum.Visible,
            }
            said = marks.read(archive, part, percent)
            yield from count.rows(_grid(book.get_sheet_by_name(sheet.name), said, limits))


class _Count:
    """Passes rows on while all sheets together stay within the limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._cells = 0
        self._characters = 0

    def rows(self, grid: Grid) -> Iterator[dict[str, Any]]:
        for row in sorted(grid):
            cells = [(column, *grid[row][column]) for column in sorted(grid[row])]
            self._cells += cells[-1][0] + 1
            self._characters += sum(len(text) for _, text, _ in cells)
            if self._cells > self._limits.cells:
                raise FileRefused("cells", self._limits)
            if self._characters > self._limits.characters:
                raise FileRefused("text", self._limits)
            for column, text, _ in cells:
                if not readable(text, allow="\t\r\n"):
                    address = f"{letters(column)}{row + 1}"
                    raise FileRefused("characters", self._limits, cell=address)
            yield {"row": row, "cells": cells}


def _grid(sheet: Any, said: marks.Marks, limits: Limits) -> Grid:
    """Return the filled cells of a sheet by row and column."""
    ends = [*said.fixed, sheet.end or (-1, -1)]
    if max(row for row, _ in ends) >= limits.rows:
        raise FileRefused("rows", limits)
    if max(column for _, column in ends) >= limits.columns:
        raise FileRefused("columns", limits)
    grid: Grid = defaultdict(dict)
    first = sheet.start[1] if sheet.start else 0
    length = 0
    for row, values in enumerate(sheet.iter_rows()):
        for column, value in enumerate(values, first):
            if value != "":
                text, kind = shown(value)
                text = said.numbers.get((row, column), text) if kind == "number" else text
                grid[row][column] = (text, kind)
                length += len(text)
        if length > limits.characters:
            raise FileRefused("text", limits)
    for (row, column), mark in said.fixed.items():
        grid[row][column] = mark
    _fill(grid, sheet.merged_cell_ranges or [], limits)
    return grid


def _fill(grid: Grid, ranges: list[tuple[marks.At, marks.At]], limits: Limits) -> None:
    """Repeat the text of each merged range in all of its cells, as far as the limits reach."""
    filled = 0
    for (top, left), (bottom, right) in ranges:
        text, _ = grid.get(top, {}).get(left, ("", "text"))
        rows = range(top, min(bottom + 1, limits.rows))
        columns = range(left, min(right + 1, limits.columns))
        filled += len(rows) * len(columns)
        if filled > limits.cells:
            raise FileRefused("cells", limits)
        for row, column in product(rows, columns) if text else ():
            if (row, column) != (top, left):
                grid[row][column] = (text, "merged")


def shown(value: Value) -> tuple[str, CellKind]:
    """Return the text and the kind of a value: dates in ISO form, times as Excel shows them."""
    if isinstance(value, str):
        return value, "text"
    if isinstance(value, bool):
        return str(value).upper(), "bool"
    if isinstance(value, float | int):
        return marks.number_text(value), "number"
    if isinstance(value, time):
        value = timedelta(
            hours=value.hour, minutes=value.minute, seconds=value.second + value.microsecond / 1e6
        )
    if isinstance(value, timedelta):
        return _hours(round(value.total_seconds())), "time"
    if isinstance(value, datetime):
        value += timedelta(seconds=value.microsecond >= 500_000)
        seconds = "seconds" if value.second else "minutes"
        return value.replace(microsecond=0).isoformat(timespec=seconds), "date"
    return value.isoformat(), "date"


def _hours(seconds: int) -> str:
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}" + (f":{seconds:02}" if seconds else "")


if __name__ == "__main__":
    allowed = Limits(*map(int, sys.argv[1:]))
    confine(allowed.seconds)
    with open(1, "w", encoding="utf-8", newline="\n") as standard_output:
        main(allowed, sys.stdin.buffer.read(), standard_output)
