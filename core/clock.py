"""The only reader of the clock, and the product's one time zone."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

#: Official time of the whole country; people see no other.
ZONE = ZoneInfo("Asia/Shanghai")

_offset = timedelta()


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC) + _offset


def local(instant: datetime) -> datetime:
    """Return ``instant`` in Beijing time."""
    return instant.astimezone(ZONE)


def from_local(naive: datetime) -> datetime:
    """Return the UTC instant of a Beijing wall-clock time such as a form sends."""
    return naive.replace(tzinfo=ZONE).astimezone(UTC)


@contextmanager
def moved(by: timedelta) -> Iterator[None]:
    """Move the clock of this process; rehearsals and tests play a deadline with it."""
    global _offset
    before, _offset = _offset, _offset + by
    try:
        yield
    finally:
        _offset = before
