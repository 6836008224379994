"""PURE: one column per label, for counts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.charts.scale import Scale, figure, nice_scale
from core.charts.svg import BAR, GRID, INK, QUIET, Svg, box, breadth, drawing, n, path, word

#: Room for the axis labels, in pixels: left, top, right, bottom.
LEFT, TOP, RIGHT, BOTTOM = 44, 26, 12, 30
#: Below this distance neighbouring labels under the axis would touch.
LABEL_ROOM = 7.0


def columns(
    labels: Sequence[str],
    values: Sequence[float],
    *,
    title: str,
    description: str,
    unit: str = "",
    width: int = 640,
    height: int = 240,
) -> Svg:
    """Draw one column per label, such as the arrivals of each ten minutes.

    Values are counts: not below 0, and a value that is not a finite number is drawn as nothing.
    """
    if len(labels) != len(values):
        raise ValueError("a chart needs one value per label")
    known = [max(0.0, v) if math.isfinite(v) else 0.0 for v in values]
    whole = all(v == int(v) for v in known)
    frame = Frame(width, height, nice_scale(max(known, default=0.0), whole=whole))
    parts = [
        *(grid(frame, tick) for tick in frame.scale.ticks()),
        *_bars(frame, known),
        *_labels(frame, labels),
        word(LEFT - 8, 14, unit, anchor="end") if unit else "",
    ]
    return drawing(width, height, title, description, parts)


@dataclass(frozen=True)
class Frame:
    """The room of a chart whose columns stand on a floor."""

    width: int
    height: int
    scale: Scale

    @property
    def right(self) -> int:
        """Return where the columns end."""
        return self.width - RIGHT

    @property
    def floor(self) -> int:
        """Return where the columns stand."""
        return self.height - BOTTOM

    def y(self, value: float) -> float:
        """Return the height of a value in the picture."""
        return self.floor - (self.floor - TOP) * value / self.scale.top

    def slot(self, count: int) -> float:
        """Return the breadth of one of ``count`` columns with its gap."""
        return (self.right - LEFT) / max(1, count)


def grid(frame: Frame, tick: float) -> str:
    """Draw one line of the vertical axis with its figure."""
    y = frame.y(tick)
    return path(f"M{LEFT} {n(y)}H{frame.right}", GRID if tick else QUIET) + word(
        LEFT - 8, y + 4, figure(tick), anchor="end"
    )


def _bars(frame: Frame, values: Sequence[float]) -> list[str]:
    slot = frame.slot(len(values))
    thick = min(slot * 0.72, 48)
    parts = []
    for i, value in enumerate(values):
        if not value:
            continue
        middle, y = LEFT + slot * (i + 0.5), frame.y(value)
        parts.append(box(middle - thick / 2, y, thick, frame.floor - y, BAR))
        if slot >= len(figure(value)) * LABEL_ROOM + 2:
            parts.append(word(middle, y - 5, figure(value), fill=INK))
    return parts


def _labels(frame: Frame, labels: Sequence[str]) -> list[str]:
    """Write every n-th label, so that neighbours never touch."""
    slot = frame.slot(len(labels))
    widest = max((breadth(label) for label in labels), default=0.0)
    every = max(1, math.ceil((widest + LABEL_ROOM) / slot))
    return [
        word(LEFT + slot * (i + 0.5), frame.floor + 18, label)
        for i, label in enumerate(labels)
        if i % every == 0
    ]
