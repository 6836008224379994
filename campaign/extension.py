"""PURE: an extension as the office types it: which items, until when, and why."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from campaign.board import ITEMS
from core.errors import N_, InvalidInput
from core.text import LINES, check_line

#: Shorter reasons say nothing to whoever reads them a year later.
REASON_LEAST = 4
REASON_MOST = 500
_TIME = re.compile(r"(\d{1,2})[:：](\d{2})")


@dataclass(frozen=True)
class Extension:
    """More time for some items of one body."""

    items: tuple[str, ...]
    #: Beijing wall clock; what arrives at this instant or later is late.
    until: datetime
    reason: str


def check_reason(text: str) -> str:
    """Return a reason that says something, or raise :class:`InvalidInput`."""
    said = text.strip()
    if len(said) < REASON_LEAST:
        raise InvalidInput(
            "reason_missing", N_("Say why in a few words: the reporting body reads it.")
        )
    if len(said) > REASON_MOST:
        raise InvalidInput("text_too_long", N_("Shorten this text."))
    return check_line(said, LINES)


def read(items: Sequence[str], typed: Mapping[str, str]) -> Extension:
    """Return what the form says; ``typed`` holds day, time and reason.

    24:00 is the end of the day, as official notices say it. Raises :class:`InvalidInput` with a
    sentence for each field that cannot be used.
    """
    wrong: dict[str, str] = {}
    until, reason = None, ""
    wanted = tuple(item for item in ITEMS if item in items)
    if not wanted:
        wrong["items"] = N_("Choose at least one item.")
    try:
        until = moment(typed.get("day", ""), typed.get("time", ""))
    except ValueError:
        wrong["day"] = N_("Enter a day, and a time from 00:00 to 24:00.")
    try:
        reason = check_reason(typed.get("reason", ""))
    except InvalidInput as error:
        wrong["reason"] = error.message
    if until is None or wrong:
        raise InvalidInput(
            "invalid", N_("Something in the form is not right. Check the fields."), fields=wrong
        )
    return Extension(wanted, until, reason)


def moment(day: str, hour: str) -> datetime:
    """Return the wall-clock instant of a day and a time up to 24:00, or raise ``ValueError``."""
    when = date.fromisoformat(day.strip())
    if not 2000 <= when.year <= 2100:
        raise ValueError("no year of ours")
    found = _TIME.fullmatch(hour.strip() or "24:00")
    if found is None:
        raise ValueError("no time of day")
    hours, minutes = int(found[1]), int(found[2])
    if (hours, minutes) == (24, 0):
        return datetime.combine(when, time()) + timedelta(days=1)
    return datetime.combine(when, time(hours, minutes))
