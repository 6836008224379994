"""PURE: the cells of a draft: who typed what last, and what lost against it but is not thrown away.

A cell is ``{"text", "rev", "by", "at", "past", "copies"}``: ``rev`` is the save that changed it
last, ``past`` its earlier texts by their save, ``copies`` what was sent from a page that had not
seen the present text.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

#: So many earlier texts of a field are kept, to tell what a page has changed from what it has not.
PAST = 20
#: So many copies are kept beside a field, until one of the texts is chosen.
COPIES = 5
_BLANK: dict[str, Any] = {"text": "", "rev": 0, "by": "", "at": "", "past": []}

Cells = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Copy:
    """One text of a field: who typed it, and when it was sent."""

    text: str
    by: str
    at: str


@dataclass(frozen=True)
class Clash:
    """A field that was changed elsewhere since the page was opened (E17)."""

    name: str
    #: What was sent afterwards; it is kept beside the field until a text is chosen.
    copies: tuple[Copy, ...]
    #: The text of the field.
    standing: Copy


@dataclass(frozen=True)
class Sent:
    """What a page sent: its fields, the save it showed, by whom and when."""

    fields: Mapping[str, str]
    rev: int
    by: str
    at: str
    #: Fields of which one of the texts was chosen: their copies are dropped.
    chosen: Collection[str] = ()


@dataclass
class Merged:
    """The cells afterwards; ``changed`` says whether a text is another one."""

    cells: dict[str, Any]
    changed: bool = False
    clashes: list[Clash] = field(default_factory=list)


def clash(name: str, cell: Mapping[str, Any]) -> Clash:
    """Return the texts of a field between which somebody has to choose."""
    copies = tuple(Copy(**copy) for copy in cell.get("copies", ()))
    return Clash(name, copies, Copy(cell["text"], cell["by"], cell["at"]))


def clashes(cells: Cells) -> list[Clash]:
    """Return the fields that wait for a choice."""
    return [clash(name, cell) for name, cell in cells.items() if cell.get("copies")]


def merge(cells: Cells, rev: int, sent: Sent) -> Merged:
    """Return ``cells`` after save ``rev``; what changed elsewhere stays, with a copy beside it."""
    merged = Merged(dict(cells))
    for name, text in sent.fields.items():
        cell = cells.get(name, _BLANK)
        copies = cell.get("copies", [])
        if name in sent.chosen and cell["rev"] <= sent.rev:
            copies = []
        # The same, or left as the page showed it while a colleague went on.
        same = text in (cell["text"], _as_of(cell, sent.rev))
        if not same and cell["rev"] > sent.rev:
            copies = _with_copy(copies, Copy(text, sent.by, sent.at))
            merged.clashes.append(clash(name, {**cell, "copies": copies}))
        elif not same:
            past = [*cell["past"], [cell["rev"], cell["text"]]][-PAST:]
            cell = {"text": text, "rev": rev, "by": sent.by, "at": sent.at, "past": past}
            merged.changed = True
        if name in cells or not same:
            merged.cells[name] = {**cell, "copies": copies}
    return merged


def _as_of(cell: Mapping[str, Any], rev: int) -> str | None:
    """Return the text of a field at an earlier save; None when that is too long ago."""
    known = [text for at, text in [*cell["past"], [cell["rev"], cell["text"]]] if at <= rev]
    return known[-1] if known else None


def _with_copy(copies: list[dict[str, str]], copy: Copy) -> list[dict[str, str]]:
    others = [other for other in copies if other["text"] != copy.text]
    return [*others, vars(copy)][-COPIES:]
