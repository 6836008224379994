"""PURE: the tables of a folder, row by row with their line, and checks of single cells."""

import re
from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from core.clock import ZONE
from core.errors import N_
from core.sheets import separated
from core.sheets.cells import ROSTER, Cell, FileRefused, Sheet
from scoring.round_folder.problems import Problem

#: The columns each file must have; more are ignored but for conditions and two dates.
FILES = {
    "stages": ("stage", "opens_at", "closes_at", "parameters"),
    "labs": ("lab_code", "lab_name", "city", "qualification_no", "contact_name", "contact_mobile"),
    "samples": ("sample_no", "lab_code", "pack_label", "item", "condition"),
    "submissions": ("lab_code", "stage", "submitted_at", "cast_at", "broken_at", "sealed"),
    "readings": ("lab_code", "sample_no", "parameter", "attempt", "idx", "quantity", "value"),
    "reported": ("lab_code", "sample_no", "parameter", "status", "value"),
}
#: More characters than a name, a number or a list of parameters has; an index holds no more.
LONGEST = 500
#: A time as it is written by programs, or by Excel after it has opened the file.
_TIME = re.compile(
    r"(20[0-9]{2})[-/]([0-9]{1,2})[-/]([0-9]{1,2})[T ]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?"
    r"(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
#: The code of a stage names a sheet of a workbook, which has 31 characters at most.
_CODE = re.compile(r"[^\W_][\w.-]{0,29}")


@dataclass(frozen=True)
class Row:
    """A row with its line; what is missing at its end is empty."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def of(self, *columns: str) -> tuple[str, ...]:
        """Return several cells."""
        return tuple(self[column] for column in columns)


@dataclass
class Table:
    """A file of the folder and what is wrong with it; an unreadable one has no rows."""

    file: str
    rows: list[Row] = field(default_factory=list)
    readable: bool = False
    problems: list[Problem] = field(default_factory=list)
    _first: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = field(default_factory=dict)

    def wrong(self, row: Row | None, message: str, **values: str) -> None:
        """Note a problem of a row, or of the whole file."""
        self.problems.append(Problem(self.file, row.line if row else 0, message, values))

    def check_filled(self, row: Row, *columns: str) -> None:
        """Note columns that are empty and must not be."""
        for column in columns:
            if not row[column]:
                message = N_("{column} is empty. Fill it in, or delete the line.")
                self.wrong(row, message, column=column)

    def check_word(self, row: Row, column: str, *words: str) -> None:
        """Note a cell that holds none of the possible words."""
        if row[column] not in words:
            message = N_("{column} “{value}” is not possible. Write one of: {words}.")
            listed = ", ".join(word for word in words if word)
            self.wrong(row, message, column=column, value=row[column], words=listed)

    def check_code(self, row: Row, column: str) -> None:
        """Note a code that would not fit into addresses and names of sheets."""
        if row[column] and not _CODE.fullmatch(row[column]):
            message = N_(
                "{column} “{value}” is not possible. Use up to 30 letters, digits, dots, dashes "
                "and underscores, a letter or digit first."
            )
            self.wrong(row, message, column=column, value=row[column])

    def check_once(self, row: Row, *columns: str) -> None:
        """Note a row that repeats what an earlier one has in ``columns``."""
        values = row.of(*columns)
        first = self._first.setdefault((columns, values), row.line)
        if first != row.line and all(values):
            message = N_(
                "{column} “{value}” stands in line {first} already. Correct or delete one."
            )
            named, said = ", ".join(columns), ", ".join(values)
            self.wrong(row, message, column=named, value=said, first=str(first))

    def check_known(self, row: Row, column: str, known: Container[str], where: "Table") -> bool:
        """Say whether a cell names a row of ``where``; what that cannot tell is no problem."""
        value = row[column]
        if where.readable and value and value not in known:
            message = N_("{column} “{value}” is not in {other}. Correct it, or add it there.")
            self.wrong(row, message, column=column, value=value, other=where.file)
            return False
        return where.readable and value != ""

    def check_instant(self, row: Row, column: str) -> datetime | None:
        """Return the time in a cell; note one that cannot be read."""
        found = instant(row[column])
        if row[column] and not found:
            message = N_("{column} “{value}” is no time. Write it like 2024-09-10T09:48.")
            self.wrong(row, message, column=column, value=row[column])
        return found


Tables = Mapping[str, Table]


def is_round_code(text: str) -> bool:
    """Say whether ``text`` can be the code of a round, which is typed in addresses and commands."""
    return text.isascii() and _CODE.fullmatch(text) is not None


def instant(text: str) -> datetime | None:
    """Return a time such as 2024-09-10T09:48 or 2024/9/10 9:48, in Beijing unless it says where."""
    found = _TIME.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, offset = found.groups(default="")
    iso = f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute}:{second or '00'}{offset}"
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).astimezone(UTC)


def read_tables(files: Mapping[str, bytes | None]) -> dict[str, Table]:
    """Return the table of every file; what cannot be read is noted there."""
    return {name: _table(name, files.get(name)) for name in FILES}


def _table(name: str, data: bytes | None) -> Table:
    table = Table(f"{name}.csv")
    if data is None:
        table.wrong(None, N_("The file is missing or cannot be opened. Put it into the folder."))
    elif len(data) > ROSTER.size:
        message = N_("The file is larger than {max} MB. Delete what the round does not need.")
        table.wrong(None, message, max=str(ROSTER.size // 2**20))
    else:
        try:
            _fill(table, FILES[name], separated.read(data, table.file, ROSTER))
        except FileRefused as refusal:
            values = {key: str(value) for key, value in refusal.params.items()}
            table.wrong(None, refusal.message, **values)
    return table


def _fill(table: Table, columns: tuple[str, ...], sheet: Sheet) -> None:
    heading = [cell.text.strip() for cell in sheet.rows[0]] if sheet.rows else []
    missing = [column for column in columns if column not in heading]
    twice = [column for column, times in Counter(heading).items() if column and times > 1]
    if missing:
        message = N_("The heading has no column {columns}. Add it.")
        table.wrong(None, message, columns=", ".join(missing))
    if twice:
        message = N_("The heading has twice the column {columns}. Delete one.")
        table.wrong(None, message, columns=", ".join(twice))
    if missing or twice:
        return
    table.readable = True
    for line, cells in enumerate(sheet.rows[1:], 2):
        if any(cell.text.strip() for cell in cells):
            table.rows.append(_row(table, line, heading, cells))


def _row(table: Table, line: int, heading: list[str], cells: tuple[Cell, ...]) -> Row:
    found = {
        column: cell.text if column == "value" else cell.text.strip()
        for column, cell in zip(heading, cells, strict=False)
    }
    row = Row(line, found)
    if len(cells) > len(heading):
        message = N_(
            "The line has more cells than the heading. Put a text that holds a comma into "
            "quotation marks."
        )
        table.wrong(row, message)
    for column, text in found.items():
        if len(text) > LONGEST:
            message = N_("{column} has more than {max} characters. Shorten it.")
            table.wrong(row, message, column=column, max=str(LONGEST))
    return row
