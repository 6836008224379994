"""PURE: reading CSV files, which Chinese Excel saves in GB 18030 and everything else in UTF-8."""

import csv
import io
from pathlib import PurePosixPath

from core.sheets.cells import Cell, FileRefused, Limits, Sheet, dense, letters
from core.text import readable

#: In the order of preference when a line holds equally many of them.
_DELIMITERS = ",\t;"


def read(data: bytes, name: str, limits: Limits) -> Sheet:
    """Return the one sheet of a CSV file; all of its cells are text."""
    text = _decoded(data, limits)
    heading = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=heading.count)
    # Before the table is built: each delimiter and each line makes a cell.
    if text.count(delimiter) + text.count("\n") > limits.cells:
        raise FileRefused("cells", limits)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[Cell, ...]] = []
    try:
        for number, values in enumerate(reader):
            rows.append(_row(number, values, limits))
            if number >= limits.rows and rows[-1]:
                raise FileRefused("rows", limits)
    except csv.Error as error:
        raise FileRefused("csv", limits, line=reader.line_num) from error
    while rows and not rows[-1]:
        del rows[-1]
    return Sheet(PurePosixPath(name).stem, tuple(rows))


def _decoded(data: bytes, limits: Limits) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused("encoding", limits)


def _row(number: int, values: list[str], limits: Limits) -> tuple[Cell, ...]:
    while values and not values[-1]:
        del values[-1]
    if len(values) > limits.columns:
        raise FileRefused("columns", limits)
    for column, text in enumerate(values):
        if not readable(text, allow="\t\r\n"):
            raise FileRefused("characters", limits, cell=f"{letters(column)}{number + 1}")
    return dense(number, [(column, text, "text") for column, text in enumerate(values)])
