"""Reads pictures the product makes, so that tests need no imaging library."""

import struct
import zlib
from typing import Any

import numpy as np
import zxingcpp

Pixels = np.ndarray[Any, np.dtype[np.uint8]]
#: Colour type of PNG: samples per pixel.
SAMPLES = {0: 1, 2: 3, 6: 4}


def png(data: bytes) -> Pixels:
    """Return the grey values of a PNG of 1 or 8 bits (grey, RGB or RGBA), not interlaced."""
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    chunks: dict[bytes, bytes] = {}
    at = 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert zlib.crc32(kind + body) == struct.unpack(">I", data[at + 8 + length :][:4])[0]
        chunks[kind] = chunks.get(kind, b"") + body
        at += 12 + length
    width, height, bits, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    samples = SAMPLES[colour]
    rows = _unfiltered(zlib.decompress(chunks[b"IDAT"]), -(-width * bits * samples // 8), samples)
    if bits == 1:
        return np.unpackbits(rows, axis=1)[:, :width] * np.uint8(255)
    return rows.reshape(height, width, samples)[:, :, 0]


def qr(pixels: Pixels) -> str:
    """Return the text of the one QR symbol in a picture; fail when there is none."""
    (found,) = zxingcpp.read_barcodes(np.ascontiguousarray(pixels))
    return str(found.text)


def _unfiltered(raw: bytes, width: int, step: int) -> Pixels:
    rows, above = [], bytearray(width)
    for start in range(0, len(raw), width + 1):
        kind, row = raw[start], bytearray(raw[start + 1 : start + 1 + width])
        if kind:
            for i in range(width):
                left = row[i - step] if i >= step else 0
                corner = above[i - step] if i >= step else 0
                row[i] = (row[i] + _guess(kind, left, above[i], corner)) & 255
        rows.append(bytes(row))
        above = row
    return np.frombuffer(b"".join(rows), np.uint8).reshape(len(rows), width)


def _guess(kind: int, left: int, up: int, corner: int) -> int:
    if kind == 4:
        estimate = left + up - corner
        return min((left, up, corner), key=lambda value: abs(estimate - value))
    return {1: left, 2: up, 3: (left + up) // 2}[kind]
