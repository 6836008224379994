"""PURE: figures by task and place: what bodies reported (填报) and what was counted (系统), apart.

Three rules hold everywhere: a figure nobody gave is missing (None), never 0; the two kinds are
never added to each other; and a sum says how many of the bodies it rests on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from campaign.figures import Figure, Source


@dataclass(frozen=True)
class Report:
    """The figures of one body's newest filed summary; none while it has not filed one."""

    #: Public id.
    body_id: str
    number: int
    name: str
    place: str
    place_id: int
    #: Public id of the filing; empty before the first.
    filing_id: str = ""
    figures: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Typed:
    """A sum of reported figures and what it rests on."""

    #: None when no body gave the figure.
    total: int | None
    #: Bodies that gave it.
    given: int
    #: Bodies that were asked.
    asked: int


@dataclass(frozen=True)
class Counted:
    """A sum of counted figures; None where nothing was counted."""

    total: int | None
    rows: tuple[Source, ...] = ()


def typed(reports: Iterable[Report], code: str, place_id: int | None = None) -> Typed:
    """Return the sum of a figure over the bodies of a place, or over all of them."""
    asked = [report for report in reports if place_id in (None, report.place_id)]
    given = [value for report in asked if (value := report.figures.get(code)) is not None]
    return Typed(sum(given) if given else None, len(given), len(asked))


def counted(figures: Iterable[Figure], code: str, place_id: int | None = None) -> Counted:
    """Return what the system counted of a figure in a place, or altogether, with its rows."""
    found = [f for f in figures if f.code == code and place_id in (None, f.place_id)]
    rows = tuple(row for figure in found for row in figure.rows)
    return Counted(sum(figure.value for figure in found) if found else None, rows)


def counted_codes(figures: Iterable[Figure]) -> set[str]:
    """Return the figures of which the system has counted anything."""
    return {figure.code for figure in figures}


def strangers(figures: Iterable[Figure], places: Sequence[int]) -> bool:
    """Say whether something was counted that belongs to none of the places."""
    return any(figure.place_id not in places for figure in figures)
