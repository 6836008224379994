"""Algorithm A, the robust mean and standard deviation of ISO 13528:2022, Annex C.3.

It starts at the median and MADe; where MADe is 0, at the standard deviation (C.3.1, NOTE 2), for a
start of 0 could never grow again. From about two thirds of identical results on, the scale has no
limit but 0: the estimate is the median, 0 and ``degenerate``. It works in float64.
"""

import math
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from scoring.statistics.errors import NotConverged, StatisticsError, TooFewResults, ZeroSpread
from scoring.statistics.robust import MADE_FACTOR
from scoring.statistics.values import Floats, Real, Values, distances, finite, reported

Stop: TypeAlias = Literal["converged", "three_figures"]

CLIP = 1.5
#: As printed in C.3.1; the exact factor of consistency is 1.13339.
CONSISTENCY = 1.134
TOLERANCE = 1e-10
COLLAPSED = 1e-9
ITERATIONS = 100_000


@dataclass(frozen=True, slots=True)
class RobustEstimate:
    """Hold what Algorithm A found; ``degenerate`` says that the scale fell to zero."""

    location: float
    scale: float
    iterations: int
    degenerate: bool


def algorithm_a(
    x: Values, *, fixed_scale: Real | None = None, stop: Stop = "converged"
) -> RobustEstimate:
    """Return robust mean and standard deviation by Algorithm A (iterated winsorising).

    Parameters
    ----------
    x : sequence or array, shape (p,), p ≥ 2
        One result per laboratory, gross blunders already removed; the unit of the answer.
    fixed_scale : number, optional
        Keep this scale, in that unit, and iterate the location alone.
    stop : {"converged", "three_figures"}
        Go on until both values move by less than 1e-10 of the scale, or, to follow a printed
        example, until neither changes in the third significant figure.

    Raises
    ------
    TooFewResults, ZeroSpread
        If there are fewer than two results; if ``fixed_scale`` is not positive.
    NotConverged, NotFinite
        If 100 000 steps do not settle it; if a number is NaN or infinite.

    References
    ----------
    ISO 13528:2022, C.3.1; C.3.2 with ``fixed_scale``.
    """
    if stop not in {"converged", "three_figures"}:
        raise StatisticsError(f"{stop} is no rule to stop by")
    values = np.sort(reported(x))
    if len(values) < 2:
        raise TooFewResults(f"{len(values)} results where 2 are needed")
    centre = float(np.median(values))
    deviations = distances(values, centre)
    start = _start(deviations) if fixed_scale is None else _positive(fixed_scale)
    if start == 0:
        return RobustEstimate(centre, 0.0, 0, degenerate=True)
    return _iterate(centre, deviations, start, fixed=fixed_scale is not None, stop=stop)


def _positive(scale: Real) -> float:
    found = finite(scale)
    if found <= 0:
        raise ZeroSpread("a fixed scale is above zero")
    return found


def _start(deviations: Floats) -> float:
    spread = float(MADE_FACTOR) * float(np.median(np.abs(deviations)))
    if spread > 0:
        return spread
    mean = math.fsum(deviations) / len(deviations)
    return math.hypot(*(deviations - mean)) / math.sqrt(len(deviations) - 1)


def _iterate(
    centre: float, deviations: Floats, start: float, *, fixed: bool, stop: Stop
) -> RobustEstimate:
    # In units of the start, so that no square overflows; a power of two, so that none is rounded.
    unit = math.ldexp(1.0, math.frexp(start)[1])
    sample = _Winsorised((deviations / unit).tolist())
    floor = 0.0 if fixed else COLLAPSED * sample.smallest_step
    now = (0.0, start / unit)
    for iteration in range(1, ITERATIONS + 1):
        mean, deviation = sample.moments(now[0] - CLIP * now[1], now[0] + CLIP * now[1])
        last, now = now, (mean, now[1] if fixed else CONSISTENCY * deviation)
        if now[1] < floor:
            return RobustEstimate(centre, 0.0, iteration, degenerate=True)
        # The starting values are no step: agreeing with them says nothing yet.
        if iteration > 1 and _settled(last, now, centre, unit, stop):
            return RobustEstimate(centre + now[0] * unit, now[1] * unit, iteration, False)
    raise NotConverged(f"Algorithm A did not settle in {ITERATIONS} steps")


def _settled(
    last: tuple[float, float], now: tuple[float, float], centre: float, unit: float, stop: Stop
) -> bool:
    if stop == "converged":
        return max(abs(now[0] - last[0]), abs(now[1] - last[1])) < TOLERANCE * now[1]
    before, after = (
        (f"{centre + place * unit:.2e}", f"{scale * unit:.2e}") for place, scale in (last, now)
    )
    return before == after


class _Winsorised:
    """Answer mean and SD of the clipped deviations; sums are made anew only as the clip moves."""

    def __init__(self, ordered: list[float]) -> None:
        self._ordered = ordered
        self._squares = [value * value for value in ordered]
        self._inside = (-1, -1)
        self._sums = (0.0, 0.0)
        #: A scale far below it can only go on to zero: what is not clipped is all equal.
        self.smallest_step = min((abs(value) for value in ordered if value != 0), default=0.0)

    def moments(self, low: float, high: float) -> tuple[float, float]:
        inside = bisect_left(self._ordered, low), bisect_right(self._ordered, high)
        if inside != self._inside:
            kept = slice(*inside)
            self._inside = inside
            self._sums = math.fsum(self._ordered[kept]), math.fsum(self._squares[kept])
        n, below, above = len(self._ordered), inside[0], len(self._ordered) - inside[1]
        mean = math.fsum((self._sums[0], below * low, above * high)) / n
        squares = (self._sums[1], below * low * low, above * high * high, -n * mean * mean)
        return mean, math.sqrt(max(0.0, math.fsum(squares)) / (n - 1))
