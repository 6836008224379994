"""PURE: working days with 调休, and how sure they are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Calendar:
    """The announced days: those off, the weekend days worked, and the years that are certain."""

    off: Collection[date]
    work: Collection[date]
    #: Years whose every announced day was verified; of others a count is only probable.
    verified: Collection[int]

    def is_working(self, day: date) -> bool:
        """Say whether people work on ``day``."""
        return day in self.work or (day.weekday() < 5 and day not in self.off)

    def between(self, after: date, until: date) -> int:
        """Return the working days after ``after`` up to and with ``until``; 0 when over."""
        days = (until - after).days
        return sum(self.is_working(after + timedelta(n)) for n in range(1, days + 1))

    def is_certain(self, *days: date) -> bool:
        """Say whether the years of all these days were verified."""
        return all(day.year in self.verified for day in days)


def calendar(rows: Mapping[date, tuple[str, bool]]) -> Calendar:
    """Return the calendar of ``rows``: day → (``off`` or ``work``, verified)."""
    years = {day.year for day in rows}
    doubtful = {day.year for day, (_kind, verified) in rows.items() if not verified}
    return Calendar(
        off={day for day, (kind, _sure) in rows.items() if kind == "off"},
        work={day for day, (kind, _sure) in rows.items() if kind == "work"},
        verified=years - doubtful,
    )
