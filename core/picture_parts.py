"""PURE: a JPEG or PNG taken apart: its size, and what is needed to draw it, and nothing else.

Everything that says who, where and with what (EXIF, GPS, XMP, IPTC, maker notes, comments,
previews, a second picture or a film behind the end) is left out before any decoder sees the file.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from core.errors import N_, InvalidInput

#: Pixels, and the longest side, of a picture that is decoded at all.
PIXELS = 60_000_000
SIDE = 30_000
#: A progressive JPEG is drawn once for each scan: pixels of all scans together.
_DRAWN = 1_500_000_000
_SCANS = 128
#: Parts no camera exceeds; without a bound, empty parts would keep us busy.
_PARTS = 20_000
_PROFILE = 2**20

_EOI, _SOS, _APP0, _APP1, _APP2, _APP14 = 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE
_FRAMES = {0xC0, 0xC1, 0xC2}
#: Lossless, hierarchical and arithmetic frames, which no browser draws.
_STRANGE_FRAMES = {0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
#: Tables: DHT, DQT, DRI.
_TABLES = {0xC4, 0xDB, 0xDD}
_ICC = b"ICC_PROFILE\0"
_EXIF = b"Exif\0\0"
_FILL = re.compile(rb"\xff+")
_AFTER_SCAN = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
_PNG = b"\x89PNG\r\n\x1a\n"
#: The colour type whose pixels are numbers of a palette.
_PALETTE = 3
_PNG_KEPT = {b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs",
             b"IDAT", b"IEND"}  # fmt: skip


@dataclass(frozen=True)
class Parts:
    """A picture without what it says of people and places."""

    kind: Literal["JPEG", "PNG"]
    width: int
    height: int
    clean: bytes
    #: The EXIF block as it was sent; empty without one.
    exif: bytes


class PictureRefused(InvalidInput):
    """A picture that is not taken; ``reason`` says exactly why."""

    def __init__(self, reason: str) -> None:
        large = reason == "large"
        super().__init__(
            "picture_too_large" if large else "picture_broken",
            N_("The picture has more than %(pixels)s million pixels. Send a smaller copy.")
            if large
            else N_(
                "The picture is damaged or incomplete. Open it, save it again as JPG and send that."
            ),
            pixels=PIXELS // 1_000_000,
        )
        self.reason = reason


def take_apart(data: bytes) -> Parts:
    """Return the parts of a JPEG or PNG, or raise :class:`PictureRefused`; takes milliseconds."""
    return _png(data) if data.startswith(_PNG) else _jpeg(data)


def _check_size(width: int, height: int) -> None:
    if not width or not height:
        raise PictureRefused("empty")
    if width * height > PIXELS or max(width, height) > SIDE:
        raise PictureRefused("large")


def _jpeg(data: bytes) -> Parts:
    segments = list(_segments(data))
    frames = [s.head for s in segments if s.marker in _FRAMES | _STRANGE_FRAMES]
    scans = sum(s.marker == _SOS for s in segments)
    profile = sum(len(s.head) for s in segments if s.marker == _APP2 and _needed(s))
    if len(frames) != 1 or frames[0][1] in _STRANGE_FRAMES or not scans or profile > _PROFILE:
        raise PictureRefused("content")
    height, width = (int.from_bytes(frames[0][at : at + 2]) for at in (5, 7))
    _check_size(width, height)
    if scans > _SCANS or scans * width * height > _DRAWN:
        raise PictureRefused("scans")
    told = [s.head[4:] for s in segments if s.marker == _APP1 and s.head[4:].startswith(_EXIF)]
    kept = [data[:2], *(s.whole for s in segments if _needed(s)), b"\xff\xd9"]
    return Parts("JPEG", width, height, b"".join(kept), told[0] if told else b"")


class _Segment(NamedTuple):
    marker: int
    #: The marker with its own content.
    head: bytes
    #: The same with the drawing behind it.
    whole: bytes


def _needed(segment: _Segment) -> bool:
    """Say whether the picture cannot be drawn, in its colours, without this segment."""
    if segment.marker == _APP2:
        return segment.head[4:].startswith(_ICC)
    return segment.marker in _FRAMES | _TABLES | {_SOS, _APP0, _APP14}


def _segments(data: bytes) -> Iterator[_Segment]:
    """Yield the segments of a JPEG up to its end mark."""
    at = 2
    for _number in range(_PARTS):
        fill = _FILL.match(data, at)
        if fill is None or fill.end() >= len(data):
            raise PictureRefused("truncated")
        marker, start = data[fill.end()], fill.end() - 1
        if marker == _EOI:
            return
        length = int.from_bytes(data[start + 2 : start + 4])
        end = start + 2 + length
        if length < 2 or end > len(data):
            raise PictureRefused("truncated")
        at = end
        if marker == _SOS:
            after = _AFTER_SCAN.search(data, end)
            if after is None:
                raise PictureRefused("truncated")
            at = after.start()
        yield _Segment(marker, data[start:end], data[start:at])
    raise PictureRefused("parts")


def _png(data: bytes) -> Parts:
    if data[12:16] != b"IHDR" or data[8:12] != b"\0\0\0\r":
        raise PictureRefused("content")
    width, height = (int.from_bytes(data[at : at + 4]) for at in (16, 20))
    _check_size(width, height)
    kept, exif, seen = [_PNG], b"", set()
    for kind, chunk in _chunks(data):
        if kind in _PNG_KEPT and not (kind == b"iCCP" and len(chunk) > _PROFILE):
            kept.append(chunk)
        elif kind == b"eXIf":
            exif = chunk[8:-4]
        elif not kind[0] & 0x20:  # a chunk without which the picture cannot be drawn
            raise PictureRefused("content")
        seen.add(kind)
    if b"IDAT" not in seen or (data[25] == _PALETTE and b"PLTE" not in seen):
        raise PictureRefused("content")
    return Parts("PNG", width, height, b"".join(kept), exif)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the chunks of a PNG up to its end."""
    at = len(_PNG)
    for _number in range(_PARTS):
        kind = data[at + 4 : at + 8]
        end = at + 12 + int.from_bytes(data[at : at + 4])
        if len(kind) < 4 or end > len(data):
            raise PictureRefused("truncated")
        chunk = data[at:end]
        if zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:]):
            raise PictureRefused("checksum")
        yield kind, chunk
        if kind == b"IEND":
            return
        at = end
    raise PictureRefused("parts")
