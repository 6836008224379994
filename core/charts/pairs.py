"""PURE: the Youden plot: one item against the other, one point per participant."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from core.charts.placing import Placing
from core.charts.scale import ticks, written
from core.charts.svg import (
    BAD,
    BAR,
    GRID,
    INK,
    LIT,
    PAPER,
    QUIET,
    Svg,
    area,
    box,
    drawing,
    mark,
    n,
    path,
    word,
)

LEFT, TOP, RIGHT, BOTTOM = 56, 28, 16, 48
SIZE = 10
#: Spreads further apart than this get an axis each; else both axes have one scale.
ALIKE = 3.0


@dataclass(frozen=True)
class Point:
    """The results of one participant for both items, in the unit of the data."""

    code: str
    a: float
    b: float


@dataclass(frozen=True)
class Ellipse:
    """A region of confidence: its centre, half axes, and the first one's angle in radians."""

    centre: tuple[float, float]
    axes: tuple[float, float]
    angle: float

    def reach(self) -> tuple[float, float]:
        """Return how far the ellipse goes from its centre, along either item."""
        (major, minor), cos, sin = self.axes, math.cos(self.angle), math.sin(self.angle)
        return math.hypot(major * cos, minor * sin), math.hypot(major * sin, minor * cos)

    def holds(self, a: float, b: float) -> bool:
        """Say whether a point lies inside or on the ellipse; a flat one holds nothing."""
        x, y = a - self.centre[0], b - self.centre[1]
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        along, across = x * cos + y * sin, y * cos - x * sin
        major, minor = self.axes
        return min(self.axes) > 0 and (along / major) ** 2 + (across / minor) ** 2 <= 1

    def outline(self, pieces: int = 72) -> list[tuple[float, float]]:
        """Return points around the ellipse."""
        (major, minor), cos, sin = self.axes, math.cos(self.angle), math.sin(self.angle)
        turns = [2 * math.pi * k / pieces for k in range(pieces)]
        return [
            (
                self.centre[0] + major * math.cos(t) * cos - minor * math.sin(t) * sin,
                self.centre[1] + major * math.cos(t) * sin + minor * math.sin(t) * cos,
            )
            for t in turns
        ]


@dataclass(frozen=True)
class Guide:
    """What the points are read against: both medians, and the ellipse where there is one."""

    medians: tuple[float, float]
    ellipse: Ellipse | None = None


def youden(
    points: Sequence[Point],
    guide: Guide,
    *,
    title: str,
    description: str,
    axes: tuple[str, str] = ("A", "B"),
    highlight: str = "",
    width: int = 560,
) -> Svg:
    """Draw the results of both items against each other.

    Lines mark the medians and, at 45°, where both items deviate alike; the latter only where both
    axes have one scale, that is unless the items spread very differently. A participant outside
    the ellipse is a square with its code, one beyond the field an arrow at the border; a code
    without room is left to the table. Points that are not finite are left out.
    """
    known = [p for p in points if math.isfinite(p.a) and math.isfinite(p.b)]
    chart = _Chart(known, guide, highlight, width)
    parts = [*_axes(chart, axes), *_guides(chart), *(_point(chart, p) for p in chart.ordered)]
    return drawing(width, chart.height, title, description, [*parts, *_codes(chart)])


@dataclass(frozen=True)
class _Chart:
    points: list[Point]
    guide: Guide
    highlight: str
    width: int

    @property
    def side(self) -> int:
        return self.width - LEFT - RIGHT

    @property
    def height(self) -> int:
        return self.side + TOP + BOTTOM

    @cached_property
    def spans(self) -> tuple[float, float]:
        """Return how far either axis goes from its median."""
        x, y = self._span(0), self._span(1)
        return (max(x, y),) * 2 if max(x, y) <= ALIKE * min(x, y) else (x, y)

    def _span(self, item: int) -> float:
        """Return the room for the ellipse, and for most points, but not for a wrong unit."""
        middle = self.guide.medians[item]
        away = sorted(abs((p.a, p.b)[item] - middle) for p in self.points)
        needed, ellipse = 0.0, self.guide.ellipse
        if ellipse:
            needed = abs(ellipse.centre[item] - middle) + ellipse.reach()[item]
        half, most = (away[len(away) // 2], away[-1]) if away else (0.0, 0.0)
        usual = needed or 4 * half
        return max(needed, min(most, 1.7 * usual)) * 1.08 or max(abs(middle), 1) * 0.01

    @cached_property
    def ordered(self) -> list[Point]:
        """Return the points with those that matter most drawn last, on top."""
        return sorted(
            self.points,
            key=lambda p: (self.own(p), self.far(p), self.outside(p), p.code),
        )

    def x(self, a: float) -> float:
        return LEFT + self.side / 2 * (1 + self._share(a, 0))

    def y(self, b: float) -> float:
        return TOP + self.side / 2 * (1 - self._share(b, 1))

    def _share(self, value: float, item: int) -> float:
        return max(-1.0, min(1.0, (value - self.guide.medians[item]) / self.spans[item]))

    def own(self, p: Point) -> bool:
        return p.code == self.highlight

    def far(self, p: Point) -> bool:
        (a, b), (across, up) = self.guide.medians, self.spans
        return abs(p.a - a) > across or abs(p.b - b) > up

    def outside(self, p: Point) -> bool:
        ellipse = self.guide.ellipse
        return self.far(p) or (ellipse is not None and not ellipse.holds(p.a, p.b))


def _axes(chart: _Chart, names: tuple[str, str]) -> list[str]:
    floor, right = TOP + chart.side, LEFT + chart.side
    (a, b), (across, up) = chart.guide.medians, chart.spans
    lines = 4 if chart.side < 400 else 6
    parts = []
    for value, said in ticks(a - across, a + across, lines):
        x = chart.x(value)
        parts.append(path(f"M{n(x)} {TOP}V{floor}", GRID) + word(x, floor + 16, said))
    for value, said in ticks(b - up, b + up, lines):
        y = chart.y(value)
        parts.append(path(f"M{LEFT} {n(y)}H{right}", GRID))
        parts.append(word(LEFT - 6, y + 4, said, anchor="end"))
    parts.append(word(right, floor + 36, names[0], anchor="end", fill=INK))
    parts.append(word(LEFT, 16, names[1], anchor="start", fill=INK))
    return [*parts, box(LEFT, TOP, chart.side, chart.side, "none", f'stroke="{QUIET}"')]


def _guides(chart: _Chart) -> list[str]:
    (a, b), (across, up) = chart.guide.medians, chart.spans
    x, y = n(chart.x(a)), n(chart.y(b))
    parts = [path(f"M{x} {TOP}v{chart.side}M{LEFT} {y}h{chart.side}", QUIET)]
    if across == up:
        corner = f"M{LEFT} {TOP + chart.side}L{LEFT + chart.side} {TOP}"
        parts.append(path(corner, QUIET, dash="6 4"))
    if chart.guide.ellipse:
        round_ = "L".join(
            f"{n(chart.x(x))} {n(chart.y(y))}" for x, y in chart.guide.ellipse.outline()
        )
        parts.append(path(f"M{round_}z", BAR, width=1.5))
    return parts


def _point(chart: _Chart, p: Point) -> str:
    x, y = chart.x(p.a), chart.y(p.b)
    own = chart.own(p)
    ring = f'<circle cx="{n(x)}" cy="{n(y)}" r="9" fill="{LIT}" stroke="{INK}"/>' if own else ""
    return mark(f"{p.code}: A = {_said(p.a)}, B = {_said(p.b)}", ring, _shape(chart, p, x, y))


def _said(value: float) -> str:
    """Write a result with the decimals it has, at most six."""
    short = written(value, 6)
    return short.rstrip("0").rstrip(".")


def _shape(chart: _Chart, p: Point, x: float, y: float) -> str:
    if chart.far(p):
        (a, b), (across, up) = chart.guide.medians, chart.spans
        turn = math.degrees(math.atan2(-(p.b - b) / up, (p.a - a) / across))
        return (
            f'<path d="M2 0L-8 -5V5z" fill="{BAD}" stroke="{PAPER}" '
            f'transform="translate({n(x)} {n(y)}) rotate({n(turn)})"/>'
        )
    if chart.outside(p):
        return area(f"M{n(x - 3.5)} {n(y - 3.5)}h7v7h-7z", BAD, PAPER)
    return f'<circle cx="{n(x)}" cy="{n(y)}" r="3.2" fill="{BAR}" stroke="{PAPER}"/>'


def _codes(chart: _Chart) -> list[str]:
    """Write the codes of those outside where they touch no mark and no other code."""
    placing = Placing(LEFT, TOP, LEFT + chart.side, TOP + chart.side, SIZE)
    for p in chart.points:
        placing.take(chart.x(p.a), chart.y(p.b), 3)
    spoken = [p for p in chart.ordered if chart.own(p) or chart.outside(p)]
    return [_code(chart, p, placing) for p in reversed(spoken)]


def _code(chart: _Chart, p: Point, placing: Placing) -> str:
    """Write a code where there is room; whom the reader asked for even across the points."""
    x, y, own = chart.x(p.a), chart.y(p.b), chart.own(p)
    leftwards = p.a < chart.guide.medians[0]
    place = placing.find(x, y, p.code, away=13 if own else 8, leftwards=leftwards)
    if place is None and not own:
        return ""
    # A rim of paper keeps lines and points from running through the letters.
    more = f'stroke="{PAPER}" stroke-width="3" paint-order="stroke"'
    if own:
        more += ' font-weight="700"'
    fill = BAD if chart.outside(p) else INK
    at_x, at_y = place or (x + 13, y + 4)
    return word(at_x, at_y, p.code, anchor="start", size=SIZE, fill=fill, more=more)
