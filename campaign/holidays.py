"""The announced days of the years: read as a calendar, kept by the office."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from campaign import workdays
from campaign.models import DayKind, Holiday
from core import audit
from core.access import Actor
from core.db import db
from core.errors import N_, Conflict, InvalidInput, NotFound

#: Words for the two kinds in pasted lines.
SAID = {
    "off": DayKind.OFF, "休": DayKind.OFF, "放假": DayKind.OFF, "休息": DayKind.OFF,
    "work": DayKind.WORK, "班": DayKind.WORK, "上班": DayKind.WORK, "调休": DayKind.WORK,
}  # fmt: skip
#: Days from the first to the last of one pasted line.
LONGEST = 31
_LINE = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})(?:\s*[~至]\s*(\d{4}-\d{1,2}-\d{1,2}))?[\s,]+(\S.*)")


@dataclass(frozen=True)
class Entry:
    """One announced day as somebody typed it."""

    day: date
    kind: DayKind
    name: str


def calendar() -> workdays.Calendar:
    """Return the calendar of everything announced; one statement."""
    found = db.session.execute(sa.select(Holiday.day, Holiday.kind, Holiday.verified))
    return workdays.calendar({row.day: (row.kind.value, row.verified) for row in found})


def of_year(year: int) -> list[Holiday]:
    """Return the announced days of a year in their order."""
    return list(db.session.scalars(sa.select(Holiday).where(_in(year)).order_by(Holiday.day)))


def years() -> list[int]:
    """Return the years with an announced day, the newest first."""
    return sorted({day.year for day in db.session.scalars(sa.select(Holiday.day))}, reverse=True)


def _in(year: int) -> sa.ColumnElement[bool]:
    return Holiday.day.between(date(year, 1, 1), date(year, 12, 31))


def add(entries: list[Entry], actor: Actor) -> None:
    """Add days; raise :class:`Conflict` when one is there already."""
    for entry in entries:
        check(entry)
    days = [entry.day for entry in entries]
    known = db.session.scalar(
        sa.select(Holiday.day).where(Holiday.day.in_(days)).order_by(Holiday.day).limit(1)
    )
    if known or len(set(days)) < len(days):
        raise Conflict(
            "day_exists",
            N_("%(day)s is in the table already. Change that row instead."),
            day=known or next(day for day in days if days.count(day) > 1),
        )
    for entry in entries:
        db.session.add(Holiday(day=entry.day, kind=entry.kind, name=entry.name, verified=False))
        audit.record("holiday.add", "day", entry.day.isoformat(), actor=actor, kind=entry.kind)
    _doubt({day.year for day in days})


def change(entry: Entry, actor: Actor) -> bool:
    """Change kind or name of a day; say whether that was a change."""
    row = _find(entry.day)
    if (row.kind, row.name) == (entry.kind, entry.name):
        return False
    check(entry)
    row.kind, row.name = entry.kind, entry.name
    audit.record("holiday.change", "day", entry.day.isoformat(), actor=actor, kind=entry.kind)
    _doubt({entry.day.year})
    return True


def remove(day: date, actor: Actor) -> None:
    """Take a day out: it follows the week again."""
    db.session.delete(_find(day))
    audit.record("holiday.remove", "day", day.isoformat(), actor=actor)
    _doubt({day.year})


def verify(year: int, actor: Actor) -> None:
    """Note that somebody compared the whole year with the announcement."""
    if not of_year(year):
        raise Conflict(
            "year_empty", N_("This year has no announced day yet. Enter the days, then verify.")
        )
    db.session.execute(sa.update(Holiday).where(_in(year)).values(verified=True))
    audit.record("holiday.verify", "year", str(year), actor=actor)


def _doubt(changed: set[int]) -> None:
    """Take the verification of a year back: it spoke of another table."""
    db.session.flush()
    for year in changed:
        db.session.execute(sa.update(Holiday).where(_in(year)).values(verified=False))


def _find(day: date) -> Holiday:
    row = db.session.get(Holiday, day)
    if row is None:
        raise NotFound("unknown_day", N_("This day is not in the table. Open the page again."))
    return row


def check(entry: Entry) -> None:
    """Raise :class:`InvalidInput` unless the entry says something the week does not."""
    if entry.kind is DayKind.WORK and entry.day.weekday() < 5:
        raise InvalidInput(
            "weekday_worked",
            N_("%(day)s is no Saturday or Sunday: people work anyway. Leave it out."),
            day=entry.day,
        )


def read(text: str) -> list[Entry]:
    """Return the entries of pasted lines such as ``2030-10-01~2030-10-07 off 国庆节``.

    Raises :class:`InvalidInput` with the number of the first line that cannot be read.
    """
    entries = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            entries += _read_line(unicodedata.normalize("NFKC", line).strip(), number)
    return entries


def _read_line(line: str, number: int) -> list[Entry]:
    found = _LINE.fullmatch(line)
    word, _space, name = re.sub(r"[,\s]+", " ", found[3]).partition(" ") if found else ("", "", "")
    try:
        if found is None:
            raise ValueError
        first = _day(found[1])
        last = _day(found[2]) if found[2] else first
        kind = SAID[word.lower()]
        count = (last - first).days + 1
        if not 1 <= count <= LONGEST or len(name) > 50:
            raise ValueError
    except (ValueError, KeyError) as error:
        raise InvalidInput(
            "line_unreadable",
            N_(
                "Line %(number)s cannot be read. Write the date, off or work, and the name, e.g. "
                "“%(example)s”."
            ),
            number=number,
            example="2030-10-01 放假 国庆节",
        ) from error
    return [Entry(first + timedelta(n), kind, name) for n in range(count)]


def _day(text: str) -> date:
    year, month, day = (int(part) for part in text.split("-"))
    if not 2000 <= year <= 2100:
        raise ValueError("no year of ours")
    return date(year, month, day)
