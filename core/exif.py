"""PURE: two facts out of a picture's EXIF block: which way is up, and when it was taken.

Blocks come from strangers: only two directories are read, each entry is bounded, and what does
not fit is simply not known.
"""

import struct
from collections.abc import Iterator
from datetime import date

_PREFIX = b"Exif\0\0"
_ORIENTATION, _CHANGED, _DETAILS, _TAKEN = 0x0112, 0x0132, 0x8769, 0x9003
_ASCII, _SHORT, _LONG = 2, 3, 4
_TIME_LENGTH = 20
#: More entries than this has no camera.
_ENTRIES = 500
_EARLIEST = 1990


def read(block: bytes) -> tuple[int, date | None]:
    """Return the orientation (1 to 8, 1 while unknown) and the day of a block."""
    block = block.removeprefix(_PREFIX)
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[:4])
    if order is None:
        return 1, None
    main = dict(_entries(block, order, _number(block, order, 4)))
    orientation = _short(main, _ORIENTATION, order)
    details: dict[int, tuple[int, int, bytes]] = {}
    if main.get(_DETAILS, (0, 0, b""))[0] == _LONG:
        details = dict(_entries(block, order, _number(main[_DETAILS][2], order, 0)))
    taken = _day(block, order, details.get(_TAKEN)) or _day(block, order, main.get(_CHANGED))
    return (orientation if 1 <= orientation <= 8 else 1), taken


def _number(data: bytes, order: str, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little" if order == "<" else "big")


def _entries(block: bytes, order: str, start: int) -> Iterator[tuple[int, tuple[int, int, bytes]]]:
    """Yield the entries of a directory: tag, and (type, count, value or where it stands)."""
    if not 8 <= start <= len(block) - 2:
        return
    (count,) = struct.unpack_from(f"{order}H", block, start)
    for number in range(min(count, _ENTRIES)):
        at = start + 2 + 12 * number
        if at + 12 > len(block):
            return
        tag, kind, length = struct.unpack_from(f"{order}HHI", block, at)
        yield tag, (kind, length, block[at + 8 : at + 12])


def _short(entries: dict[int, tuple[int, int, bytes]], tag: int, order: str) -> int:
    kind, count, value = entries.get(tag, (0, 0, b""))
    if (kind, count) != (_SHORT, 1):
        return 0
    return int(struct.unpack(f"{order}H", value[:2])[0])


def _day(block: bytes, order: str, entry: tuple[int, int, bytes] | None) -> date | None:
    """Return the day of a text like ``2024:09:12 08:30:00``."""
    if entry is None or entry[:2] != (_ASCII, _TIME_LENGTH):
        return None
    at = _number(entry[2], order, 0)
    text = block[at : at + 10].decode("ascii", "replace")
    parts = text.split(":")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return None
    try:
        day = date(*map(int, parts))
    except ValueError:
        return None
    return day if day.year >= _EARLIEST else None
