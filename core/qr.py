"""PURE: QR symbols as module matrix, SVG and PNG.

``qrcode`` computes the matrix; we draw it ourselves, so no imaging library is installed. Text of
capitals, digits and ``$%*+-./:`` becomes one alphanumeric segment, which stores a ticket's link
in the smallest symbol: 61 such characters fit version 3 at level M.
"""

import struct
import zlib
from itertools import groupby

from qrcode import QRCode, constants
from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, QRData

from core.charts import Svg, text

ALPHANUMERIC = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
#: Error correction: M (15 %) on screens, Q (25 %) on paper that gets wet and creased.
LEVELS = {"M": constants.ERROR_CORRECT_M, "Q": constants.ERROR_CORRECT_Q}
#: Modules of white around the symbol; the standard (ISO/IEC 18004) asks for four.
QUIET = 4


def matrix(content: str, level: str = "M") -> list[list[bool]]:
    """Return the rows of modules, True for dark, without the quiet zone."""
    code = QRCode(error_correction=LEVELS[level], border=0)
    if ALPHANUMERIC.issuperset(content):
        segment = QRData(content.encode("ascii"), mode=MODE_ALPHA_NUM)
    else:
        segment = QRData(content.encode("utf-8"), mode=MODE_8BIT_BYTE)
    code.add_data(segment, optimize=0)
    code.make(fit=True)
    return [[bool(cell) for cell in row] for row in code.get_matrix()]


def svg(
    content: str, level: str = "M", module: int = 8, quiet: int = QUIET, title: str = "QR"
) -> Svg:
    """Return the symbol as SVG of ``module`` pixels per module, in one path."""
    rows = matrix(content, level)
    side = len(rows) + 2 * quiet
    runs = []
    for y, row in enumerate(rows, quiet):
        x = quiet
        for dark, cells in groupby(row):
            length = len(list(cells))
            if dark:
                runs.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return Svg(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side * module}" '
        f'height="{side * module}" viewBox="0 0 {side} {side}" role="img" '
        f'shape-rendering="crispEdges"><title>{text(title)}</title>'
        f'<rect width="{side}" height="{side}" fill="#fff"/>'
        f'<path d="{"".join(runs)}" fill="#000"/></svg>'
    )


def png(content: str, level: str = "M", scale: int = 8, quiet: int = QUIET) -> bytes:
    """Return the symbol as PNG of one bit per pixel, ``scale`` pixels per module."""
    rows = matrix(content, level)
    side = (len(rows) + 2 * quiet) * scale
    margin = [False] * quiet
    blank = [False] * (len(rows) + 2 * quiet)
    lines = [*[blank] * quiet, *(margin + row + margin for row in rows), *[blank] * quiet]
    body = b"".join(_line(cells, scale) * scale for cells in lines)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            # One bit deep, greyscale, deflate, filter method 0, not interlaced.
            _chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(body, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _line(cells: list[bool], scale: int) -> bytes:
    """Return one row of pixels: a filter byte 0, then bits, 1 for white, padded to a byte."""
    bits = "".join(("0" if dark else "1") * scale for dark in cells)
    padded = bits.ljust(-(-len(bits) // 8) * 8, "1")
    return b"\0" + int(padded, 2).to_bytes(len(padded) // 8, "big")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
