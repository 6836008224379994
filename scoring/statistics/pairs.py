"""Split-level pairs A and B: between- and within-laboratory scores and the Youden ellipse."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scoring.statistics.errors import StatisticsError, TooFewResults, ZeroSpread
from scoring.statistics.robust import Quartiles, median, niqr
from scoring.statistics.values import NOISE, Floats, Reported, reported

#: Which laboratories make the median and the spread; None for all.
Used = Sequence[bool] | None


@dataclass(frozen=True, slots=True, eq=False)
class PairScores:
    """Hold ZB and ZW of every laboratory, NaN where it has not both results."""

    zb: Floats
    zw: Floats


@dataclass(frozen=True, slots=True)
class Ellipse:
    """Hold the points whose squared distance from the centre is ``limit``."""

    centre: tuple[float, float]
    #: Variances of A and of B, and their covariance.
    variances: tuple[float, float]
    covariance: float
    #: T² at the level that was asked for.
    limit: float

    @property
    def semi_axes(self) -> tuple[float, float]:
        """Return the longer and the shorter half axis, in the unit of the results."""
        a, b = self.variances
        middle, reach = (a + b) / 2, math.hypot((a - b) / 2, self.covariance)
        longer = middle + reach
        shorter = (a * b - self.covariance**2) / longer  # without the cancelling difference
        return math.sqrt(self.limit * longer), math.sqrt(self.limit * shorter)

    @property
    def angle(self) -> float:
        """Return the angle from the A axis to the longer half axis, in radians."""
        a, b = self.variances
        return math.atan2(2 * self.covariance, a - b) / 2

    def distances(self, a: Reported, b: Reported) -> Floats:
        """Return the squared distance of each laboratory, NaN where it has not both results.

        Above ``limit`` it lies outside; (b, a) inside while (a, b) is not hints at swapped samples.
        """
        da, db = reported(a) - self.centre[0], reported(b) - self.centre[1]
        (va, vb), cov = self.variances, self.covariance
        squared: Floats = (vb * da**2 - 2 * cov * da * db + va * db**2) / (va * vb - cov**2)
        return squared


def pair_scores(
    a: Reported, b: Reported, quartiles: Quartiles = "type7", used: Used = None
) -> PairScores:
    """Return ZB and ZW together: :func:`between_scores` and :func:`within_scores`.

    Parameters, errors and references are theirs.
    """
    return PairScores(between_scores(a, b, quartiles, used), within_scores(a, b, quartiles, used))


def between_scores(
    a: Reported, b: Reported, quartiles: Quartiles = "type7", used: Used = None
) -> Floats:
    """Return ZB: the robust z of the sum of a pair.

    Parameters
    ----------
    a, b : sequence or array, shape (p,)
        Results of both items in the same unit and order of laboratories; None or NaN where a
        laboratory reported none.
    quartiles : {"type7", "type6"}
        As in :func:`~scoring.statistics.robust.niqr`.
    used : sequence of bool, shape (p,), optional
        Which laboratories make the median and nIQR; all with both results by default.

    Returns
    -------
    float64 array, shape (p,)
        Without unit; a score for every laboratory with both results, NaN for the others.

    Raises
    ------
    TooFewResults
        If fewer laboratories than nIQR needs are used and have both results.
    ZeroSpread
        If the nIQR of the sums is 0.
    StatisticsError
        If the lengths differ; NotFinite if a result is infinite.

    References
    ----------
    CNAS-GL002, annex on split-level pairs. The factor 1/√2 of the sum cancels.
    """
    pairs = _paired(a, b, used)
    return _robust_z(pairs.first + pairs.second, pairs, quartiles)


def within_scores(
    a: Reported, b: Reported, quartiles: Quartiles = "type7", used: Used = None
) -> Floats:
    """Return ZW: the robust z of the difference of a pair.

    The difference is taken from the item with the higher median, so that a large negative ZW means
    samples swapped or their distance underrated.

    Parameters
    ----------
    a, b, quartiles, used
        As in :func:`between_scores`.

    Returns
    -------
    float64 array, shape (p,)
        Without unit; a score for every laboratory with both results, NaN for the others.

    Raises
    ------
    TooFewResults, ZeroSpread, StatisticsError
        As :func:`between_scores`, for the nIQR of the differences.

    References
    ----------
    CNAS-GL002, annex on split-level pairs. The factor 1/√2 of the difference cancels.
    """
    pairs = _paired(a, b, used)
    first, second = pairs.first, pairs.second
    sign = 1 if median(first[pairs.used]) >= median(second[pairs.used]) else -1
    return _robust_z(sign * (first - second), pairs, quartiles)


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Hold both results of every laboratory, and which pairs make median and spread."""

    first: Floats
    second: Floats
    used: np.ndarray


def _paired(a: Reported, b: Reported, used: Used = None) -> _Pairs:
    first, second = reported(a), reported(b)
    if len(first) != len(second):
        raise StatisticsError(f"{len(first)} and {len(second)} results make no pairs")
    both = ~np.isnan(first + second)
    if used is not None:
        mask = np.asarray(used, dtype=bool)
        if mask.shape != both.shape:
            raise StatisticsError(f"{len(mask)} marks for {len(both)} pairs")
        both = both & mask
    return _Pairs(first, second, both)


def _robust_z(x: Floats, pairs: _Pairs, quartiles: Quartiles) -> Floats:
    used = pairs.used
    noise = NOISE * float(np.max(np.abs([pairs.first[used], pairs.second[used]]), initial=0.0))
    spread = niqr(x[used], quartiles)
    if spread <= noise:
        raise ZeroSpread("the middle half of the pairs agrees")
    scores: Floats = (x - median(x[used])) / spread
    return scores


def confidence_ellipse(a: Reported, b: Reported, level: float = 0.95) -> Ellipse:
    """Return the ellipse that holds a share ``level`` of laboratories, from means and covariance.

    Parameters
    ----------
    a, b : sequence or array, shape (p,)
        Results of both items in the same order of laboratories; None or NaN where a laboratory
        reported none. The ellipse is in their unit.
    level : float
        Between 0 and 1.

    Raises
    ------
    TooFewResults, ZeroSpread
        If fewer than three laboratories have both results; if the points lie on one line.
    StatisticsError
        If lengths differ or the level is none; NotFinite if a result is infinite.

    References
    ----------
    ISO 13528:2022, 10.5; Hotelling's T² for one new observation without its own share.
    """
    if not 0 < level < 1:
        raise StatisticsError(f"{level} is no level between 0 and 1")
    pairs = _paired(a, b)
    x, y = pairs.first[pairs.used], pairs.second[pairs.used]
    p = len(x)
    if p < 3:
        raise TooFewResults(f"{p} pairs where 3 are needed")
    centre = math.fsum(x) / p, math.fsum(y) / p
    dx, dy = x - centre[0], y - centre[1]
    va, vb, cov = (math.fsum(product) / (p - 1) for product in (dx * dx, dy * dy, dx * dy))
    if va * vb - cov * cov <= 1e-12 * va * vb:
        raise ZeroSpread("the pairs lie on one line")
    # 2 (p-1)/(p-2) F(level; 2, p-2): with 2 degrees of freedom above, F has a closed form.
    limit = (p - 1) * math.expm1(-2 / (p - 2) * math.log1p(-level))
    return Ellipse(centre, (va, vb), cov, limit)
