"""What a liaison officer types: the rows of the slip, figures and notes, kept as they came.

A draft keeps everything, right or wrong, so that nothing typed is lost; filing asks for more.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from campaign import slip, tasks
from campaign.slip import COLUMNS, Person
from core.errors import N_, AppError, InvalidInput

#: Rows a slip shows at first.
ROWS = 2
#: No honest cell or figure is longer; the note may be as long as a page.
CELL_LENGTH = 500
NOTE_LENGTH = 5000

Row = dict[str, str]


@dataclass(frozen=True)
class SlipEntry:
    """The person rows of a slip as they were typed."""

    rows: list[Row]
    #: The people named were told what is done with their data.
    informed: bool = False
    persons: Sequence[Person] = ()
    #: What is wrong, by row and column.
    wrong: dict[tuple[int, str], AppError] = field(default_factory=dict)

    @property
    def document(self) -> dict[str, Any]:
        """Return what the draft keeps."""
        return {"rows": self.rows}

    @property
    def filed(self) -> dict[str, Any]:
        """Return what a version says beside its persons."""
        return {"informed": True}

    @property
    def shown(self) -> list[Row]:
        """Return the rows of the form: those typed, and empty ones up to the usual number."""
        return padded(self.rows)


def padded(rows: Sequence[Row]) -> list[Row]:
    """Return rows with empty ones behind them, up to the usual number of a form."""
    empty = [dict.fromkeys(COLUMNS, "") for _ in range(max(0, ROWS - len(rows)))]
    return [*rows, *empty]


def typed_rows(column: Callable[[str], list[str]]) -> list[Row]:
    """Return the rows that were sent; ``column`` gives the cells of a column in their order."""
    cells = [[text[:CELL_LENGTH] for text in column(name)] for name in COLUMNS]
    return [
        dict(zip(COLUMNS, row, strict=True))
        for row in zip_longest(*[column[: 2 * slip.MOST] for column in cells], fillvalue="")
    ]


def slip_entry(rows: list[Row], *, informed: bool) -> SlipEntry:
    """Return the rows with what is wrong in them; empty rows at the end are no rows."""
    while rows and slip.is_empty(rows[-1]):
        rows = rows[:-1]
    persons, wrong = slip.check(rows)
    if not informed:
        wrong[-1, "informed"] = InvalidInput(
            "not_informed", N_("Tell the people named how their data is used, then tick the box.")
        )
    return SlipEntry(rows, informed, persons, wrong)


@dataclass(frozen=True)
class NoteEntry:
    """A plan or a summary: a note and, in a summary, the figures."""

    note: str
    #: Figure by code; None is 未报, never 0.
    figures: dict[str, int | None] = field(default_factory=dict)
    #: What was typed and is no figure, by code.
    typed: dict[str, str] = field(default_factory=dict)
    wrong: dict[str, AppError] = field(default_factory=dict)
    persons: Sequence[Person] = ()

    @property
    def filed(self) -> dict[str, Any]:
        """Return what a version says."""
        return {"note": self.note} | ({"figures": self.figures} if self.figures else {})

    @property
    def document(self) -> dict[str, Any]:
        """Return what the draft keeps, also what is no figure yet."""
        return self.filed | ({"typed": self.typed} if self.typed else {})

    @property
    def given(self) -> int:
        """Return how many figures are given; 0 is one."""
        return sum(value is not None for value in self.figures.values())

    def text(self, code: str) -> str:
        """Return what stands in the field of a figure."""
        value = self.figures.get(code)
        return self.typed.get(code, "") if value is None else str(value)


def note_entry(sent: Mapping[str, str]) -> NoteEntry:
    """Return a plan as it was sent."""
    note = _note(sent.get("note", ""))
    wrong = _too_long(note)
    return NoteEntry(note, wrong=wrong)


def summary_entry(sent: Mapping[str, str]) -> NoteEntry:
    """Return a summary as it was sent: each figure a number, missing, or wrong."""
    note = _note(sent.get("note", ""))
    figures: dict[str, int | None] = {}
    typed: dict[str, str] = {}
    wrong = _too_long(note)
    for counter in tasks.counters():
        text = sent.get(counter.code, "").strip()[:CELL_LENGTH]
        try:
            figures[counter.code] = tasks.parse_figure(text)
        except AppError as error:
            figures[counter.code] = None
            typed[counter.code], wrong[counter.code] = text, error
    return NoteEntry(note, figures, typed, wrong)


def kept(document: Mapping[str, Any], *, figures: bool) -> NoteEntry:
    """Return a draft or a version as the form shows it again."""
    if not figures:
        return note_entry({"note": document.get("note", "")})
    given = {
        code: "" if value is None else str(value)
        for code, value in document.get("figures", {}).items()
    }
    return summary_entry({"note": document.get("note", "")} | given | document.get("typed", {}))


def _note(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _too_long(note: str) -> dict[str, AppError]:
    if len(note) <= NOTE_LENGTH:
        return {}
    said = N_("Shorten the note to at most %(most)s characters, or attach it as a document.")
    return {"note": InvalidInput("note_too_long", said, most=NOTE_LENGTH)}
