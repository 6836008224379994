"""PURE: films by telephones, without the place where they were taken.

The place stands in descriptions beside the film (``udta``, ``meta``, ``uuid``), which no player
needs. They are overwritten with empty space of the same length, so nothing in the file moves.
What a special camera records inside the film itself stays.
"""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from core.errors import N_, InvalidInput

_CHUNK = 2**18
_DESCRIPTIONS = {b"udta", b"meta", b"uuid"}
#: More boxes, and more descriptions, has no film; without a bound they would keep us busy.
_BOXES, _MOST = 10_000, 200


class VideoRefused(InvalidInput):
    """A film that is not whole."""

    def __init__(self) -> None:
        super().__init__(
            "video_broken",
            N_("The video is damaged or incomplete. Copy it from the camera again and send that."),
        )


class Box(NamedTuple):
    """A part of a film: its name, where it begins, where its content begins and ends."""

    name: bytes
    start: int
    content: int
    end: int


def without_place(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the film in pieces, descriptions blanked; raise :class:`VideoRefused` before that."""
    return _blanked(stream, descriptions(stream))


def descriptions(stream: BinaryIO) -> list[Box]:
    """Return the boxes of a film that describe it, in their order."""
    found, whole, left = [], False, iter(range(_BOXES))
    for box in _boxes(stream, 0, stream.seek(0, 2), left):
        if box.name in _DESCRIPTIONS:
            found.append(box)
        if box.name == b"moov":
            whole = True
            for part in _boxes(stream, box.content, box.end, left):
                track = part.name == b"trak"
                inner = _boxes(stream, part.content, part.end, left) if track else [part]
                found += [each for each in inner if each.name in _DESCRIPTIONS]
    if not whole or len(found) > _MOST:
        raise VideoRefused
    return found


def _boxes(stream: BinaryIO, start: int, end: int, left: Iterator[int]) -> Iterator[Box]:
    """Yield the boxes between two places; ``left`` counts those of the whole film."""
    for _number in left:
        if start + 8 > end:
            return
        stream.seek(start)
        head = stream.read(16)
        size, content = int.from_bytes(head[:4]), start + 8
        if size == 1:
            size, content = int.from_bytes(head[8:16]), start + 16
        elif size == 0:
            size = end - start
        if size < content - start or start + size > end:
            raise VideoRefused
        yield Box(head[4:8], start, content, start + size)
        start += size
    raise VideoRefused


def _blanked(stream: BinaryIO, boxes: list[Box]) -> Iterator[bytes]:
    stream.seek(0)
    at = 0
    while chunk := stream.read(_CHUNK):
        patched = bytearray(chunk)
        for box in boxes:
            for start, end, put in ((box.start + 4, box.start + 8, b"free"),
                                    (box.content, box.end, b"")):  # fmt: skip
                low, high = max(start, at), min(end, at + len(chunk))
                if low < high:
                    blank = put[low - start : high - start] if put else bytes(high - low)
                    patched[low - at : high - at] = blank
        yield bytes(patched)
        at += len(chunk)
