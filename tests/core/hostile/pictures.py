"""Pictures that mean harm: name → (bytes, reason of the refusal)."""

import struct
import zlib
from collections.abc import Callable

from tests import sent_files

GOOD = sent_files.photo(64, 48)
PNG = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, content: bytes = b"", crc: int | None = None) -> bytes:
    check = zlib.crc32(kind + content) if crc is None else crc
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def header(
    width: int, height: int, bits: int = 8, colour: int = 2, rest: bytes = b"\0\0\0"
) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBB", width, height, bits, colour) + rest)


def png(*chunks: bytes) -> bytes:
    return PNG + b"".join(chunks) + chunk(b"IEND")


def packed(size: int) -> bytes:
    return chunk(b"IDAT", zlib.compress(bytes(size), 9))


def segment(marker: int, content: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(content) + 2) + content


def after_soi(more: bytes) -> bytes:
    return GOOD[:2] + more + GOOD[2:]


def resized(width: int, height: int) -> bytes:
    """Return the good JPEG with another size in its frame."""
    at = GOOD.index(b"\xff\xc0")
    return GOOD[: at + 5] + struct.pack(">HH", height, width) + GOOD[at + 9 :]


def scans(count: int) -> bytes:
    """Return a JPEG whose last scan comes again and again."""
    start, end = GOOD.index(b"\xff\xda"), len(GOOD) - 2
    return GOOD[:end] + GOOD[start:end] * count + GOOD[end:]


def wrong_frame() -> bytes:
    return GOOD.replace(b"\xff\xc0", b"\xff\xc3", 1)


def two_frames() -> bytes:
    at = GOOD.index(b"\xff\xc0")
    length = struct.unpack(">H", GOOD[at + 2 : at + 4])[0] + 2
    return GOOD[:at] + GOOD[at : at + length] + GOOD[at:]


def big_profile() -> bytes:
    part = segment(0xE2, b"ICC_PROFILE\0\1\1" + bytes(65_000))
    return after_soi(part * 20)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "png: bomb of 2 GB": (lambda: png(header(30_000, 30_000), packed(10_000_000)), "large"),
    "png: 60 000 wide, 1 high": (lambda: png(header(60_000, 1), packed(180_001)), "large"),
    "png: huge numbers": (lambda: png(header(2**31 - 1, 2**31 - 1), packed(9)), "large"),
    "png: no width": (lambda: png(header(0, 10), packed(9)), "empty"),
    "png: header alone": (lambda: png(header(10, 10)), "content"),
    "png: nothing behind the mark": (lambda: PNG, "content"),
    "png: no header": (lambda: png(packed(10)), "content"),
    "png: chunk longer than the file": (
        lambda: PNG + header(9, 9) + b"\x7f\xff\xff\xffIDAT", "truncated"),
    "png: ends in a chunk": (lambda: sent_files.screenshot()[:-40], "truncated"),
    "png: too little to draw": (lambda: png(header(500, 500), packed(100)), "decoder"),
    "png: wrong checksum": (
        lambda: png(header(4, 4), chunk(b"IDAT", zlib.compress(bytes(52)), crc=1)), "checksum"),
    "png: no compressed data": (lambda: png(header(4, 4), chunk(b"IDAT", b"x" * 99)), "decoder"),
    "png: bits that do not exist": (lambda: png(header(4, 4, bits=7), packed(99)), "decoder"),
    "png: palette without palette": (lambda: png(header(4, 4, colour=3), packed(20)), "content"),
    "png: unknown part that matters": (
        lambda: png(header(4, 4), chunk(b"EVIL"), packed(52)), "content"),
    "png: 200 000 empty parts": (
        lambda: png(header(4, 4), chunk(b"IDAT") * 200_000, packed(52)), "parts"),
    "jpeg: begins, and ends": (lambda: b"\xff\xd8\xff\xd9", "content"),
    "jpeg: HTML behind the mark": (
        lambda: b"\xff\xd8\xff<html><script>alert(1)</script>", "truncated"),
    "jpeg: cut off in the drawing": (lambda: GOOD[: len(GOOD) - 300], "truncated"),
    "jpeg: cut off in the head": (lambda: GOOD[:200], "truncated"),
    "jpeg: 65 000 x 65 000": (lambda: resized(65_000, 65_000), "large"),
    "jpeg: no height": (lambda: resized(64, 0), "empty"),
    "jpeg: 100 000 scans": (lambda: scans(30_000), "parts"),
    "jpeg: 1 000 scans": (lambda: scans(1_000), "scans"),
    "jpeg: lossless": (wrong_frame, "content"),
    "jpeg: two frames": (two_frames, "content"),
    "jpeg: profile of a megabyte": (big_profile, "content"),
    "jpeg: a million comments": (lambda: after_soi(segment(0xFE, b"") * 1_000_000), "parts"),
    "jpeg: length below two": (lambda: after_soi(b"\xff\xfe\0\1"), "truncated"),
    "jpeg: ten megabytes of fill": (lambda: b"\xff\xd8" + b"\xff" * 10_000_000, "truncated"),
    "jpeg: no tables": (lambda: GOOD.replace(b"\xff\xdb", b"\xff\xfe"), "decoder"),
}  # fmt: skip
