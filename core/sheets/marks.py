"""PURE: what a workbook's own XML says about its cells, which the reading library does not tell.

Formulas that were never calculated, error values, numbers exactly as the file wrote them, and
percentages, which the file keeps as fractions: a cell that shows 48% holds 0.48.
"""

import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import PurePosixPath
from typing import NamedTuple
from xml.parsers import expat

from core.sheets.cells import CellKind, number

_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"
_STRICT_RELATION = "http://purl.oclc.org/ooxml/officeDocument/relationships id"
_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
#: What most cells hold: a number written as we would write it.
_SHORTEST = re.compile(r"[1-9][0-9]{0,9}(\.[0-9]{0,4}[1-9])?")
#: Digits that Excel keeps of a number.
_DIGITS = 15
_LONGEST_FORMULA = 200
#: Excel's own formats "0%" and "0.00%".
_PERCENT = {9, 10}
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')

At = tuple[int, int]
Attributes = dict[str, str]


class Marks(NamedTuple):
    """What the XML of one sheet says, by row and column counted from 0."""

    #: Cells whose text and kind are decided here, whatever the library reads.
    fixed: dict[At, tuple[str, CellKind]]
    #: Texts of numbers that differ from the number's shortest form.
    numbers: dict[At, str]


def number_text(value: float) -> str:
    """Return a number as Excel shows it: at most 15 significant digits, no exponent if short."""
    text = format(value, f".{_DIGITS}g")
    if "e" in text and 1e-20 < abs(value) < 1e20:
        return format(Decimal(text), "f")
    return "0" if text == "-0" else text


def _tidy(written: str) -> str:
    """Return a number as the file wrote it if that is short and plain, else as Excel shows it."""
    if not float(written):
        return written.lstrip("-")
    if _PLAIN.fullmatch(written) and len(written.lstrip("-0.").replace(".", "")) <= _DIGITS:
        return written
    shown = number_text(float(written))
    return shown if shown not in {"inf", "-inf", "nan"} else written


def parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the file of each sheet by the sheet's name, and under ``""`` the one of styles."""
    related: dict[str, str] = {}
    found: dict[str, str] = {}

    def relation(name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            path = str(PurePosixPath("/xl", target)).removeprefix("/")
            related[attributes.get("Id", "")] = path
            if attributes.get("Type", "").endswith("/styles"):
                found[""] = path

    def sheet(name: str, attributes: Attributes) -> None:
        if name == "sheet":
            key = attributes.get(_RELATION) or attributes.get(_STRICT_RELATION, "")
            found[attributes.get("name", "")] = related.get(key, "")

    _parse(archive, "xl/_rels/workbook.xml.rels", relation)
    _parse(archive, "xl/workbook.xml", sheet)
    return found


def percent_styles(archive: zipfile.ZipFile, path: str) -> set[str]:
    """Return the numbers of the cell styles that show a fraction as a percentage."""
    formats = set(_PERCENT)
    styles: list[int] = []
    inside = [""]

    def element(name: str, attributes: Attributes) -> None:
        if name in {"cellStyleXfs", "cellXfs", "dxfs"}:
            inside[0] = name
        elif name == "numFmt" and "%" in _QUOTED.sub("", attributes.get("formatCode", "")):
            formats.add(int(attributes["numFmtId"]))
        elif name == "xf" and inside[0] == "cellXfs":
            styles.append(int(attributes.get("numFmtId", 0)))

    _parse(archive, path, element)
    return {str(index) for index, code in enumerate(styles) if code in formats}


def _parse(archive: zipfile.ZipFile, path: str, element: Callable[[str, Attributes], None]) -> None:
    """Call ``element`` for each start tag; attributes of a namespace are called "address name"."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, attributes: element(
        name.rpartition(" ")[2], attributes
    )
    with archive.open(path) as stream:
        parser.ParseFile(stream)


def read(archive: zipfile.ZipFile, path: str, percent: set[str]) -> Marks:
    """Return what the XML of the sheet at ``path`` says about its cells."""
    reader = _Reader(percent)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    with archive.open(path) as stream:
        parser.ParseFile(stream)
    return reader.marks


class _Reader:
    """Collects marks from the elements row, c, f and v of a sheet."""

    def __init__(self, percent: set[str]) -> None:
        self.marks = Marks({}, {})
        self._percent = percent
        self._at = (-1, -1)
        self._cell: Attributes = {}
        self._in = ""
        self._texts: dict[str, str] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self._cell = attributes
            self._texts = {}
            self._at = self._place(attributes.get("r"))
        elif name in {"f", "v"}:
            self._in = name
            self._texts[name] = ""
        elif name == "is":
            self._texts["v"] = "…"
        elif name == "row":
            self._at = (max(int(attributes.get("r", self._at[0] + 2)), 1) - 1, -1)

    def _place(self, address: str | None) -> At:
        """Return row and column of a cell; without an address it follows the one before."""
        found = _ADDRESS.fullmatch(address.upper()) if address else None
        if found:
            return int(found[2]) - 1, number(found[1])
        return self._at[0], self._at[1] + 1

    def text(self, text: str) -> None:
        if self._in:
            self._texts[self._in] += text

    def end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self._finish()
        elif name == self._in:
            self._in = ""

    def _finish(self) -> None:
        kind = self._cell.get("t", "n")
        value = self._texts.get("v")
        # An address given twice: the later cell counts, as it does for the library.
        self.marks.fixed.pop(self._at, None)
        self.marks.numbers.pop(self._at, None)
        if "f" in self._texts and (value is None or (not value and kind != "str")):
            formula = "=" + self._texts["f"][:_LONGEST_FORMULA]
            self.marks.fixed[self._at] = (formula, "formula_without_result")
        elif kind == "e":
            self.marks.fixed[self._at] = (value or "", "error")
        elif kind == "n" and value:
            self._number(value)

    def _number(self, value: str) -> None:
        percent = self._cell.get("s") in self._percent
        if not percent and _SHORTEST.fullmatch(value):
            return
        try:
            exact = float(value)
        except ValueError:
            return
        if "_" in value or value != value.strip():  # a number to Python, a text to the library
            return
        text = _tidy(value)
        if percent:
            shown = Decimal(text) * 100
            text = (format(shown.normalize(), "f") if shown else "0") + "%"
        if exact < 0:
            # Where the cell's format is a date, the library would make a time of it.
            self.marks.fixed[self._at] = (text, "number")
        elif text != number_text(exact):
            self.marks.numbers[self._at] = text
