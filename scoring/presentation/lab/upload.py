"""An uploaded workbook of a stage: which field each cell is, what it says, and what is wrong.

All or nothing: the caller stores :attr:`Upload.fields` only when nothing blocks.
"""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

from flask_babel import force_locale
from flask_babel import gettext as _

from core.errors import N_, InvalidInput
from core.findings import Finding, Level
from core.i18n import LANGUAGES, both
from core.sheets.cells import ENTRY, Cell, FileRefused, Sheet, letters
from core.sheets.reading import read as read_sheets
from scoring import entries, intake
from scoring.cement import number
from scoring.cement.catalogue import Parameter
from scoring.entries import Desk
from scoring.intake import Intake, is_reading
from scoring.messages import finding, of_sheet_cell
from scoring.presentation.lab import template
from scoring.presentation.lab.entry_form import TIMES
from scoring.presentation.lab.template import COLUMNS, HEAD, HEAD_VALUE, TOKEN, Line
from scoring.presentation.lab.uploaded import Upload

#: Kinds of cells that hold no typed value → the problem of the cell.
PROBLEMS = {
    "merged": "merged",
    "formula_without_result": "formula",
    "date": "date",
    "time": "date",
    "bool": "not_a_number",
    "error": "not_a_number",
}
#: More decimals than any instrument shows: what a formula leaves behind.
DECIMALS = 4


class SheetRefused(InvalidInput):
    """The table of a workbook is not the one of our template; ``finding`` says why."""

    def __init__(self, found: Finding) -> None:
        super().__init__(found.code, found.message)
        self.finding = found


def read(desk: Desk, editions: tuple[Parameter, ...], data: bytes, name: str) -> Upload:
    """Return what an uploaded file says; raise :class:`InvalidInput` where it is another file."""
    if not name.casefold().endswith(".xlsx"):
        raise FileRefused("name", ENTRY)
    sheet, head, columns = _table(read_sheets(data, name))
    _check_token(sheet, head, columns, desk)
    reader = _Reader(desk)
    reader.head(sheet, head, columns)
    reader.rows(sheet, head, columns, {line.code: line for line in template.lines(editions)})
    return reader.done()


def _table(sheets: Iterable[Sheet]) -> tuple[Sheet, int, dict[str, int]]:
    """Return the sheet with the table, the row of its titles, and its columns."""
    names = {text: key for key, title in COLUMNS.items() for text in both(title).values()}
    best: tuple[int, Sheet, int, dict[str, int]] | None = None
    for sheet in sheets:
        for y, row in enumerate(sheet.rows):
            found = {names[c.text.strip()]: x for x, c in enumerate(row) if c.text.strip() in names}
            if len(found) > (best[0] if best else 0) and not sheet.hidden:
                best = (len(found), sheet, y, found)
    missing = next((key for key in COLUMNS if best is None or key not in best[3]), None)
    if best is None or missing:
        title = COLUMNS[missing] if missing else COLUMNS["code"]
        raise SheetRefused(finding("E19", "", c=_(title)))
    return best[1], best[2], best[3]


def _check_token(sheet: Sheet, head: int, columns: Mapping[str, int], desk: Desk) -> None:
    """Refuse the template of another laboratory, stage or version."""
    for row in sheet.rows[:head]:
        if _cell(row, columns["code"]).text.strip() == TOKEN:
            said = _cell(row, columns[HEAD_VALUE]).text.strip()
            if hmac.compare_digest(said.encode(), template.token(desk).encode()):
                return
    raise InvalidInput(
        "other_template",
        N_(
            "This is the template of another stage or laboratory, or an old one. Download the "
            "template of this stage again and copy your values."
        ),
    )


def _cell(row: tuple[Cell, ...], column: int) -> Cell:
    return row[column] if column < len(row) else Cell("")


def _row_of(cell: Cell) -> str:
    """Return the number of the row a cell stands in."""
    return cell.address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


class _Reader:
    """Collects fields and findings while the rows go by."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._fields: dict[str, str] = {}
        self._cells: dict[str, str] = {}
        self._found: list[Finding] = []
        self._texts: dict[str, str] = {}
        self._lines: set[str] = set()
        self._required: dict[str, set[str]] = {}

    def head(self, sheet: Sheet, head: int, columns: Mapping[str, int]) -> None:
        """Read the lines above the table."""
        for row in sheet.rows[:head]:
            code = _cell(row, columns["code"])
            if (key := code.text.strip()) in HEAD:
                column = columns[HEAD_VALUE]
                self._take(key, _cell(row, column), f"{letters(column)}{_row_of(code)}")

    def rows(
        self, sheet: Sheet, head: int, columns: Mapping[str, int], lines: Mapping[str, Line]
    ) -> None:
        """Read the rows of readings."""
        for row in sheet.rows[head + 1 :]:
            code = _cell(row, columns["code"])
            line = lines.get(code.text.strip())
            if line is None:
                self._unknown(code)
                continue
            if line.code in self._lines:
                self._texts[code.address] = line.code
                self._found.append(of_sheet_cell(code.address, line.code, "duplicate"))
                continue
            self._lines.add(line.code)
            self._row(row, columns, line)

    def _unknown(self, code: Cell) -> None:
        """Say that the values of a row were not read; an empty code is an empty row."""
        if text := code.text.strip():
            self._texts[code.address] = text
            self._found.append(of_sheet_cell(code.address, text, "unknown_row"))

    def _row(self, row: tuple[Cell, ...], columns: Mapping[str, int], line: Line) -> None:
        y = _row_of(row[columns["code"]])
        sample = _cell(row, columns["number"])
        if sample.text.strip() != self._desk.sample_numbers.get(line.pack, ""):
            at = self._cells[template.number_key(line.code)] = f"{letters(columns['number'])}{y}"
            self._texts[at] = sample.text
            self._found.append(of_sheet_cell(at, sample.text, "sample"))
        for name, key in line.keys.items():
            self._take(key, _cell(row, columns[name]), f"{letters(columns[name])}{y}")
        needed = {
            line.keys[v] for v, s in zip(template.VALUES, line.slots, strict=False) if s.required
        }
        self._required.setdefault(line.group, set()).update(needed)

    def _take(self, key: str, cell: Cell, at: str) -> None:
        """Keep what a cell says, or say why it says nothing."""
        text = cell.text.strip()
        self._cells[key], self._texts[at] = at, text
        self._fields[key] = _stored(key, text)
        problem = _problem(key, cell, text)
        if problem:
            self._found.append(of_sheet_cell(at, text, problem))

    def done(self) -> Upload:
        """Return the whole, checked by the rules of the form."""
        wrong = {found.address for found in self._found}
        clean = {k: t for k, t in self._fields.items() if self._cells[k] not in wrong}
        checked = entries.read(self._desk, clean)
        said = [*self._found, *self._blanks(checked), *self._of_form(checked, wrong)]
        said.sort(key=lambda found: (found.level is not Level.BLOCK, _order(found.address)))
        return Upload(self._fields, self._cells, tuple(said), self._texts, checked)

    def _blanks(self, checked: Intake) -> Iterable[Finding]:
        """Yield the empty cells of groups that are reported, one for a group wholly empty."""
        for group in checked.groups:
            prefix = f"{group.parameter}.{group.pack}"
            if group.status == "not_tested" and group.reason:
                continue
            needed = [k for k in self._cells if k in self._required.get(prefix, ())]
            empty = [key for key in needed if not self._fields[key]]
            for key in empty[:1] if empty == needed else empty:
                yield of_sheet_cell(self._cells[key], "", "blank")

    def _of_form(self, checked: Intake, wrong: set[str]) -> Iterable[Finding]:
        """Yield what the rules say, at the cells they speak of; a wrong cell is not empty."""
        for found in checked.findings:
            at = self._cells.get(found.address, "")
            typed = self._fields.get(found.address, "")
            group = ".".join(found.address.split(".")[:2])
            if found.code == "E04" and at:
                if found.address not in self._required.get(group, ()):  # else said by the cell
                    yield of_sheet_cell(at, "", "blank")
            elif found.code == "E39":
                if at not in wrong:
                    yield of_sheet_cell(at, "", "required")
            elif found.code == "E05":
                yield of_sheet_cell(at, typed, _beyond(found), found.values.get("alt", ""))
            elif found.code == "E02":
                quantity = found.address.split(".")[3]
                problem = number.parse(typed, quantity).problem or ""
                yield of_sheet_cell(at, typed, problem)
            else:
                values = {**found.values, "cell": at} if "cell" in found.values else found.values
                yield replace(found, address=at, values=values)


def _beyond(found: Finding) -> str:
    """Return what is wrong with a value that is not possible."""
    if "lo" not in found.values:
        return "negative"
    return "outside" if found.values.get("alt") else "outside_any"


def _problem(key: str, cell: Cell, text: str) -> str:
    """Return what is wrong with a cell before its text is read; empty where nothing is."""
    if cell.kind in ("merged", "formula_without_result"):
        return PROBLEMS[cell.kind]
    if choices := _choices(key):
        return "" if not text or text in choices else "choice"
    if not is_reading(key):
        return ""
    if cell.kind == "time" and ".elapsed." in key:
        return ""
    if cell.kind in PROBLEMS:
        return PROBLEMS[cell.kind]
    _whole, _point, decimals = text.partition(".")
    fine = number.parse(text, key.split(".")[3]).value is not None
    return "decimals" if fine and len(decimals) > DECIMALS else ""


@cache
def _choices(key: str) -> dict[str, str]:
    """Return what a field may hold, by its words in both languages and by itself."""
    found: dict[str, str] = {}
    for locale in LANGUAGES.values():
        with force_locale(locale):
            for stored, title in template.words_of(key).items():
                found.setdefault(title, stored)
                found.setdefault(stored, stored)
    return found


def _stored(key: str, text: str) -> str:
    """Return the text of a cell as the form would send it."""
    if text in (choices := _choices(key)):
        return choices[text]
    if key in TIMES:
        return _instant(text, "%Y-%m-%dT%H:%M" if TIMES[key] == "datetime-local" else "%Y-%m-%d")
    return text[: intake.LONGEST]


def _instant(text: str, form: str) -> str:
    """Return a time as the form sends it, where it can be read."""
    at = intake.moment(text)
    return at.strftime(form) if at else text


def _order(address: str) -> tuple[int, str]:
    digits = "".join(sign for sign in address if sign.isdigit())
    return (int(digits or 0), address)
