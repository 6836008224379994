"""PURE: a histogram of results, with the assigned value and the reader's own."""

import math
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from core.charts.counts import LEFT, Frame, grid
from core.charts.counts import TOP as CEILING
from core.charts.scale import nice_scale, nice_step, ticks, written
from core.charts.svg import INK, SOFT, Svg, area, box, breadth, drawing, mark, n, path, word

#: So many interquartile ranges beyond the quartiles a value is counted at the border.
FENCE = 3.0
#: The width of the border where values beyond the field are counted.
BORDER = 44
#: Room under the axis for what it shows.
NAME = 16


@dataclass(frozen=True)
class Line:
    """A value marked in a histogram, with the words above its line."""

    value: float
    said: str


def histogram(
    values: Sequence[float],
    lines: Sequence[Line] = (),
    *,
    title: str,
    description: str,
    step: float = 0.0,
    axis: str = "",
    width: int = 640,
) -> Svg:
    """Draw how many results lie where.

    ``lines`` are the assigned value and then, if wanted, the reader's own. ``step`` is the last
    written digit of the results: columns hold whole steps, so rounding makes no false gaps. Wrong
    units do not squeeze the rest: values far off are counted at the border.
    """
    known = sorted(v for v in values if math.isfinite(v))
    if not known:
        frame = Frame(width, 240, nice_scale(0))
        empty = [grid(frame, tick) for tick in frame.scale.ticks()]
        return drawing(width, 240 + NAME, title, description, empty)
    bins = _Bins.of(known, step)
    heights = Counter(bins.of_value(v) for v in known if bins.low <= v <= bins.high)
    first, last = min(heights), max(heights)
    chart = _Chart(Frame(width, 240, nice_scale(max(heights.values()))), bins, first, last)
    parts = [
        *(grid(chart.frame, tick) for tick in chart.frame.scale.ticks()),
        *(_column(chart, k, count) for k, count in sorted(heights.items())),
        *_beyond(chart, known),
        *_axis(chart, axis),
        *_lines(chart, lines),
    ]
    return drawing(width, 240 + NAME, title, description, parts)


@dataclass(frozen=True)
class _Bins:
    """Columns of equal width; ``low`` and ``high`` fence off what is counted at the border."""

    width: float
    step: float
    low: float
    high: float

    @classmethod
    def of(cls, values: list[float], step: float) -> "_Bins":
        """Choose the width after Freedman and Diaconis, as a round number of whole steps."""
        middle = statistics.median(values)
        quarters = statistics.quantiles(values, method="inclusive") if len(values) > 1 else [middle]
        low, high = quarters[0], quarters[-1]
        spread = (high - low) or step or max(abs(middle), 1) * 0.01
        wanted = 2 * spread / len(values) ** (1 / 3)
        width = step * max(1, round(wanted / step)) if step else nice_step(wanted, 1)
        return cls(width, step, low - FENCE * spread, high + FENCE * spread)

    def of_value(self, value: float) -> int:
        return math.floor((value + self.step / 2) / self.width + 1e-9)

    def start(self, k: int) -> float:
        return k * self.width - self.step / 2

    def ends(self, k: int) -> tuple[str, str]:
        """Return the first and the last value that a column holds, as they are written."""
        places = max(0, -math.floor(math.log10(self.step or self.width) + 1e-9))
        first, last = k * self.width, (k + 1) * self.width - self.step
        return written(first, places), written(last, places)


@dataclass(frozen=True)
class _Chart:
    frame: Frame
    bins: _Bins
    first: int
    last: int

    @property
    def ends(self) -> tuple[float, float]:
        return self.bins.start(self.first), self.bins.start(self.last + 1)

    def x(self, value: float) -> float:
        """Return the place of a value; one beyond the columns stands in the border."""
        (low, high), left = self.ends, LEFT + BORDER
        room = self.frame.right - BORDER - left
        share = (value - low) / (high - low)
        return left + max(-BORDER * 0.3, min(room + BORDER * 0.3, room * share))


def _column(chart: _Chart, k: int, count: int) -> str:
    left, right = chart.x(chart.bins.start(k)), chart.x(chart.bins.start(k + 1))
    y = chart.frame.y(count)
    first, last = chart.bins.ends(k)
    return mark(
        f"{first if first == last else f'{first}–{last}'}: {count}",
        box(left + 0.5, y, max(right - left - 1, 1), chart.frame.floor - y, SOFT),
    )


def _beyond(chart: _Chart, values: list[float]) -> list[str]:
    """Count what lies beyond the fences, with an arrow that says on which side."""
    below = sum(v < chart.bins.low for v in values)
    above = sum(v > chart.bins.high for v in values)
    first, last = chart.bins.ends(chart.first)[0], chart.bins.ends(chart.last)[1]
    parts = []
    if below:
        parts.append(_arrow(chart, LEFT + BORDER * 0.3, -5, f"< {first}", below))
    if above:
        parts.append(_arrow(chart, chart.frame.right - BORDER * 0.3, 5, f"> {last}", above))
    return parts


def _arrow(chart: _Chart, x: float, out: int, said: str, count: int) -> str:
    floor = chart.frame.floor
    return mark(
        f"{said}: {count}",
        area(f"M{n(x - out)} {floor - 14}v12l{2 * out} -6z", INK),
        word(x, floor - 20, str(count), fill=INK),
    )


def _axis(chart: _Chart, axis: str) -> list[str]:
    floor, (low, high) = chart.frame.floor, chart.ends
    marked = ticks(low, high, max(2, int(chart.frame.width / 80)))
    return [
        *(word(chart.x(value), floor + 16, said) for value, said in marked),
        word(chart.frame.right, floor + 36, axis, anchor="end", fill=INK) if axis else "",
    ]


def _lines(chart: _Chart, lines: Sequence[Line]) -> list[str]:
    """Draw the assigned value as a line and the reader's own as a broken line with a point."""
    parts = []
    for i, line in enumerate(lines):
        x, other = chart.x(line.value), lines[1 - i].value if len(lines) > 1 else math.inf
        dash = "4 3" if i else ""
        parts.append(path(f"M{n(x)} {CEILING - 6}V{chart.frame.floor}", INK, width=2, dash=dash))
        if i:
            top = CEILING - 6
            parts.append(area(f"M{n(x)} {top - 5}l5 5l-5 5l-5 -5z", INK))
        parts.append(_name(chart, x, line, before=line.value < other))
    return parts


def _name(chart: _Chart, x: float, line: Line, *, before: bool) -> str:
    """Write the words of a line on the side where the other line is not, if they fit there."""
    wide = breadth(line.said) + 8
    if before and x - wide < 0:
        before = False
    elif not before and x + wide > chart.frame.width:
        before = True
    return word(
        x - 8 if before else x + 8, 16, line.said, anchor="end" if before else "start", fill=INK
    )
