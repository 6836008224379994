"""A camera for Chromium: a short video in which a QR code is held up.

Chromium plays it, over and over, in place of its camera when it is started with
``--use-file-for-fake-video-capture``. Y4M holds raw frames, so nothing but NumPy is needed.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from core import qr

WIDTH, HEIGHT = 640, 480
FPS = 10
#: Side of the symbol with its quiet zone, at most: a ticket held at arm's length.
SIDE = 360
GREY, WHITE, BLACK = 118, 235, 20

Picture = NDArray[np.uint8]


def flags(video: Path, *, allowed: bool = True) -> list[str]:
    """Return the flags that put ``video`` in the place of Chromium's camera."""
    return [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream" if allowed else "--deny-permission-prompts",
        f"--use-file-for-fake-video-capture={video}",
    ]


def empty() -> Picture:
    """Return a frame that shows nothing but a grey wall."""
    return np.full((HEIGHT, WIDTH), GREY, np.uint8)


def showing(text: str) -> Picture:
    """Return a frame with the QR code of ``text`` in its middle."""
    modules = np.pad(np.array(qr.matrix(text), dtype=bool), qr.QUIET)
    scale = SIDE // len(modules)
    symbol = np.where(modules, BLACK, WHITE).astype(np.uint8).repeat(scale, 0).repeat(scale, 1)
    frame, side = empty(), len(symbol)
    top, left = (HEIGHT - side) // 2, (WIDTH - side) // 2
    frame[top : top + side, left : left + side] = symbol
    return frame


def holding(picture: Picture) -> Picture:
    """Return a frame in whose middle somebody holds up a grey picture, e.g. of a ticket."""
    step = -(-max(picture.shape[0] - HEIGHT, picture.shape[1] - WIDTH, 0) // HEIGHT) + 1
    small, frame = picture[::step, ::step], empty()
    top, left = (HEIGHT - small.shape[0]) // 2, (WIDTH - small.shape[1]) // 2
    frame[top : top + small.shape[0], left : left + small.shape[1]] = small.clip(BLACK, WHITE)
    return frame


def y4m(shown: Sequence[str | Picture | None], path: Path, seconds: float = 1.0) -> Path:
    """Write a video to ``path`` and return it.

    Each entry of ``shown`` stays for ``seconds``: a text as its QR code, a grey picture of
    640 × 480 as it is, None as an empty view.
    """
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FPS}:1 Ip A1:1 C420jpeg\n".encode())
        for entry in shown:
            _write(file, _picture(entry), max(1, round(seconds * FPS)))
    return path


def _picture(entry: str | Picture | None) -> Picture:
    if entry is None:
        return empty()
    return showing(entry) if isinstance(entry, str) else entry


def _write(file: BinaryIO, picture: Picture, times: int) -> None:
    colour = np.full(WIDTH * HEIGHT // 2, 128, np.uint8)  # both planes at a quarter of the size
    file.write((b"FRAME\n" + picture.tobytes() + colour.tobytes()) * times)
