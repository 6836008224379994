"""PURE: sorted score bars, one per participant, with the lines that decide."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from core.charts.scale import written
from core.charts.svg import (
    BAD,
    BAR,
    GRID,
    INK,
    LIT,
    PAPER,
    QUIET,
    WARN,
    Svg,
    area,
    box,
    breadth,
    drawing,
    mark,
    n,
    path,
    word,
)

LEFT, TOP, RIGHT, BOTTOM = 36, 24, 10, 8
#: The height of the field between the two ends of the axis.
FIELD = 264
#: Codes are written small and upright; each takes so much of the width.
SIZE, PITCH = 10, 12.0
#: The height in which a code's line runs from its bar to where the code has room.
FAN = 18
LEADER = "#aab4bd"
#: A code further than this from its bar would no longer be read as its own.
DRIFT = 90


@dataclass(frozen=True)
class Bar:
    """The score of one participant."""

    code: str
    score: float


def z_bars(
    bars: Sequence[Bar],
    *,
    title: str,
    description: str,
    limits: tuple[float, float] = (2.0, 3.0),
    symbol: str = "z",
    highlight: str = "",
    width: int = 960,
) -> Svg:
    """Draw the scores from the lowest to the highest, with lines at both limits.

    The axis ends at twice the outer limit, the same for every parameter; a longer bar is broken
    there and its number written. A ring marks a score beyond the inner limit, a triangle one at
    or beyond the outer, so colour says nothing alone. Scores that are not finite are left out.
    """
    known = sorted(
        (bar for bar in bars if math.isfinite(bar.score)), key=lambda bar: (bar.score, bar.code)
    )
    chart = _Chart(known, limits, symbol, highlight, width)
    parts = [*_lit(chart), *_axis(chart), *(_bar(chart, i) for i in range(len(known)))]
    return drawing(width, math.ceil(chart.height), title, description, [*parts, *_codes(chart)])


@dataclass(frozen=True)
class _Chart:
    bars: list[Bar]
    limits: tuple[float, float]
    symbol: str
    highlight: str
    width: int

    @cached_property
    def above(self) -> list[tuple[int, float]]:
        """Return whose codes stand above the field and where, the highest first."""
        return self._placed([i for i in reversed(self._spoken()) if self.bars[i].score >= 0], -1)

    @cached_property
    def below(self) -> list[tuple[int, float]]:
        """Return whose codes stand below the field and where, the lowest first."""
        return self._placed([i for i in self._spoken() if self.bars[i].score < 0], 1)

    def _spoken(self) -> list[int]:
        """Return whose codes are wanted: everybody's where there is room for all."""
        return [
            i
            for i, bar in enumerate(self.bars)
            if self.own(i) or self.slot >= PITCH or abs(bar.score) > self.limits[0]
        ]

    def _placed(self, outermost_first: list[int], inwards: int) -> list[tuple[int, float]]:
        """Fan the codes out from the end of the chart, as far as they stay near their bars."""
        placed: list[tuple[int, float]] = []
        for i in outermost_first:
            at, before = self.x(i), placed[-1][1] if placed else -math.inf * inwards
            if (at - before) * inwards < PITCH:
                at = before + PITCH * inwards
            if self.own(i) or abs(at - self.x(i)) <= DRIFT:
                placed.append((i, at))
        return placed

    def own(self, i: int) -> bool:
        """Say whether this is whom the reader asked for."""
        return self.bars[i].code == self.highlight

    @cached_property
    def slot(self) -> float:
        return (self.width - LEFT - RIGHT) / max(1, len(self.bars))

    @property
    def cut(self) -> float:
        return 2 * self.limits[1]

    @cached_property
    def flat(self) -> bool:
        """Say whether the bars stand so far apart that codes can lie."""
        longest = max((breadth(self.said(i)) for i in range(len(self.bars))), default=0)
        return self.slot >= 1.2 * longest + 6

    def said(self, i: int) -> str:
        """Return what is written at a bar: the code, with the number where the bar is cut."""
        bar = self.bars[i]
        if abs(bar.score) <= self.cut:
            return bar.code
        return f"{bar.code}  {written(bar.score, 1 if abs(bar.score) < 100 else 0)}"

    def band(self, placed: list[tuple[int, float]]) -> float:
        """Return the height that codes take."""
        if not placed or self.flat:
            return 22 if placed else 0
        return FAN + 4 + 1.1 * max(breadth(self.said(i), SIZE) for i, _at in placed)

    @cached_property
    def top(self) -> float:
        return TOP + self.band(self.above)

    @property
    def floor(self) -> float:
        return self.top + FIELD

    @property
    def height(self) -> float:
        return self.floor + self.band(self.below) + BOTTOM

    def x(self, i: int) -> float:
        return LEFT + self.slot * (i + 0.5)

    def y(self, value: float) -> float:
        inside = min(self.cut, max(-self.cut, value))
        return self.top + FIELD * (self.cut - inside) / (2 * self.cut)

    def colour(self, score: float) -> str:
        inner, outer = self.limits
        return BAD if abs(score) >= outer else WARN if abs(score) > inner else BAR


def _lit(chart: _Chart) -> list[str]:
    """Lay a light behind whom the reader asked for."""
    wide = max(chart.slot, 5)
    return [
        box(chart.x(i) - wide / 2, chart.top, wide, FIELD, LIT)
        for i in range(len(chart.bars))
        if chart.own(i)
    ]


def _axis(chart: _Chart) -> list[str]:
    inner, outer = chart.limits
    parts = [word(LEFT - 8, chart.top - 14, chart.symbol, anchor="end", fill=INK)]
    drawn = [(0.0, QUIET, ""), (inner, WARN, "5 4"), (outer, BAD, ""), (chart.cut, GRID, "")]
    for value, colour, dash in [*drawn, *((-v, c, d) for v, c, d in drawn[1:])]:
        y = chart.y(value)
        parts.append(path(f"M{LEFT} {n(y)}H{chart.width - RIGHT}", colour, dash=dash))
        places = 0 if value == int(value) else 1
        parts.append(word(LEFT - 8, y + 4, written(value, places), anchor="end"))
    return parts


def _bar(chart: _Chart, i: int) -> str:
    bar = chart.bars[i]
    x, tip, zero = chart.x(i), chart.y(bar.score), chart.y(0)
    thick, colour = min(chart.slot * 0.72, 48), chart.colour(bar.score)
    said = f"{bar.code}: {chart.symbol} = {written(bar.score, 2)}"
    return mark(
        said,
        box(x - thick / 2, min(tip, zero), thick, max(abs(tip - zero), 1), colour),
        _sign(chart, x, tip, bar.score),
        # A bar near zero is too low to point at: the whole height of its place answers.
        box(x - chart.slot / 2, chart.top, chart.slot, FIELD, "none", 'pointer-events="all"'),
    )


def _sign(chart: _Chart, x: float, tip: float, score: float) -> str:
    """Draw the shape that says what the colour says, and the break of a bar that goes on."""
    radius = min(4.0, max(2.0, chart.slot * 0.45))
    out = -1 if score > 0 else 1
    colour = chart.colour(score)
    if colour == BAR:
        return ""
    if colour == WARN:
        return (
            f'<circle cx="{n(x)}" cy="{n(tip)}" r="{n(radius)}" fill="{PAPER}" '
            f'stroke="{WARN}" stroke-width="1.5"/>'
        )
    peak = area(f"M{n(x - radius)} {n(tip)}h{n(2 * radius)}l{n(-radius)} {n(out * 7)}z", BAD)
    if abs(score) <= chart.cut:
        return peak
    half = min(chart.slot * 0.72, 48) / 2 + 1
    rise = min(half, 3)
    gaps = "".join(
        f"M{n(x - half)} {n(tip - out * away + rise)}l{n(2 * half)} {n(-2 * rise)}"
        for away in (8, 14)
    )
    return peak + path(gaps, PAPER, width=2)


def _codes(chart: _Chart) -> list[str]:
    """Write the codes outside the field, each at the end of a line from its bar."""
    return [
        *(_code(chart, i, at, chart.top, -1) for i, at in chart.above),
        *(_code(chart, i, at, chart.floor, 1) for i, at in chart.below),
    ]


def _code(chart: _Chart, i: int, at: float, edge: float, out: int) -> str:
    bar, said = chart.bars[i], chart.said(i)
    own = chart.own(i)
    colour = INK if own or chart.colour(bar.score) == BAR else chart.colour(bar.score)
    heavy = 'font-weight="700"' if own else ""
    if chart.flat:
        y = edge + (18 if out > 0 else -11)
        return word(chart.x(i), y, said, fill=colour, more=heavy)
    x, tip = chart.x(i), chart.y(bar.score) + out * 8
    line = path(f"M{n(x)} {n(tip)}V{n(edge + out * 8)}L{n(at)} {n(edge + out * (FAN - 2))}", LEADER)
    y = edge + out * FAN
    turned = f'transform="rotate(-90 {n(at + 3.5)} {n(y)})"'
    anchor = "start" if out < 0 else "end"
    more = f"{turned} {heavy}".strip()
    return line + word(at + 3.5, y, said, anchor=anchor, fill=colour, size=SIZE, more=more)
