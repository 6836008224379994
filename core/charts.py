"""PURE: our own charts, drawn as SVG on the server.

Only presentation attributes are used: no class, style or script, so a chart obeys the page's
policy and prints unchanged in a PDF. A table with the same figures belongs under every chart;
``<title>`` and ``<desc>`` name it for readers who cannot see it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

INK = "#1f2933"
QUIET = "#52606d"
GRID = "#d9dee3"
BAR = "#1d5a8c"
#: Room for the axis labels, in pixels: left, top, right, bottom.
LEFT, TOP, RIGHT, BOTTOM = 44, 26, 12, 30
#: Below this distance neighbouring labels under the axis would touch.
LABEL_ROOM = 7.0


class Svg(str):
    """A drawing of ours that a template shows without a filter.

    Safe to show unescaped: it is made only in :mod:`core.charts` and :mod:`core.qr`, from numbers
    and from text that went through :func:`text`, which escapes it.
    """

    __slots__ = ()

    def __html__(self) -> str:
        """Return the drawing as markup, for template engines."""
        return str(self)


@dataclass(frozen=True)
class Scale:
    """A vertical axis from 0 to ``top`` with a line every ``step``."""

    top: float
    step: float

    def ticks(self) -> list[float]:
        """Return the marked values, 0 and ``top`` included."""
        return [self.step * i for i in range(round(self.top / self.step) + 1)]


def text(value: object) -> str:
    """Return ``value`` escaped for the content of an element, without control characters."""
    kept = (c for c in str(value) if c >= " " and c not in "\ufffe\uffff" and not _surrogate(c))
    return escape("".join(kept))


def _surrogate(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"


def nice_scale(highest: float, *, whole: bool = True, lines: int = 5) -> Scale:
    """Return the axis of round numbers (1, 2, 5 × 10ⁿ) that covers ``highest``."""
    if not math.isfinite(highest) or highest <= 0:
        return Scale(1, 1)
    raw = highest / lines
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(f * power for f in (1, 2, 5, 10) if f * power >= raw * (1 - 1e-9))
    if whole:
        step = max(1, round(step))
    return Scale(step * math.ceil(highest / step - 1e-9), step)


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
    scale = nice_scale(max(known, default=0.0), whole=whole)
    frame = _Frame(width, height, scale)
    parts = [
        *(_grid(frame, tick) for tick in scale.ticks()),
        *_bars(frame, known),
        *_labels(frame, labels),
        _word(LEFT - 8, 14, unit, anchor="end") if unit else "",
    ]
    return drawing(width, height, title, description, parts)


def drawing(width: int, height: int, title: str, description: str, parts: Sequence[str]) -> Svg:
    """Wrap ``parts``, already escaped markup, into a complete picture with title and text."""
    return Svg(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" font-family="system-ui, PingFang SC, '
        f'Microsoft YaHei, Noto Sans CJK SC, Noto Sans SC, sans-serif">'
        f"<title>{text(title)}</title><desc>{text(description)}</desc>"
        f"{''.join(parts)}</svg>"
    )


@dataclass(frozen=True)
class _Frame:
    width: int
    height: int
    scale: Scale

    @property
    def right(self) -> int:
        return self.width - RIGHT

    @property
    def floor(self) -> int:
        return self.height - BOTTOM

    def y(self, value: float) -> float:
        return self.floor - (self.floor - TOP) * value / self.scale.top

    def slot(self, count: int) -> float:
        return (self.right - LEFT) / max(1, count)


def _grid(frame: _Frame, tick: float) -> str:
    y = _n(frame.y(tick))
    colour = QUIET if tick == 0 else GRID
    return (
        f'<path d="M{LEFT} {y}H{frame.right}" stroke="{colour}" stroke-width="1" fill="none"/>'
        + _word(LEFT - 8, frame.y(tick) + 4, _figure(tick), anchor="end")
    )


def _bars(frame: _Frame, values: Sequence[float]) -> list[str]:
    slot = frame.slot(len(values))
    thick = min(slot * 0.72, 48)
    parts = []
    for i, value in enumerate(values):
        if not value:
            continue
        middle, y = LEFT + slot * (i + 0.5), frame.y(value)
        parts.append(
            f'<rect x="{_n(middle - thick / 2)}" y="{_n(y)}" width="{_n(thick)}" '
            f'height="{_n(frame.floor - y)}" fill="{BAR}"/>'
        )
        if slot >= len(_figure(value)) * LABEL_ROOM + 2:
            parts.append(_word(middle, y - 5, _figure(value), fill=INK))
    return parts


def _labels(frame: _Frame, labels: Sequence[str]) -> list[str]:
    """Write every n-th label, so that neighbours never touch."""
    slot = frame.slot(len(labels))
    widest = max((_breadth(label) for label in labels), default=0.0)
    every = max(1, math.ceil((widest + LABEL_ROOM) / slot))
    return [
        _word(LEFT + slot * (i + 0.5), frame.floor + 18, label)
        for i, label in enumerate(labels)
        if i % every == 0
    ]


def _breadth(label: str) -> float:
    """Return about how many pixels a label takes: 12 for a Chinese character, else 7."""
    return sum(12.0 if ord(c) > 0x2E7F else 7.0 for c in label)


def _word(x: float, y: float, word: str, *, anchor: str = "middle", fill: str = QUIET) -> str:
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" font-size="12" text-anchor="{anchor}" fill="{fill}">'
        f"{text(word)}</text>"
    )


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.6g}"


def _n(value: float) -> str:
    """Return a coordinate with at most two decimals and no superfluous zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
