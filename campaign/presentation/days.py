"""How much time is left until a deadline, in days and in working days."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from campaign.workdays import Calendar
from core.clock import local


@dataclass(frozen=True)
class Left:
    """The time until a deadline: today is day 0, a day that is over counts below 0."""

    days: int
    #: Working days after today, up to and with the last day.
    working: int
    #: Every announced day of these years was verified.
    certain: bool


def left(due_at: datetime, at: datetime, days: Calendar) -> Left:
    """Return the time from ``at`` until ``due_at``; midnight belongs to the day before."""
    today, last = local(at).date(), local(due_at - timedelta(microseconds=1)).date()
    return Left((last - today).days, days.between(today, last), days.is_certain(today, last))
