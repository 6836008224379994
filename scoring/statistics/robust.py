"""Median, MADe and nIQR after ISO 13528:2022, Annex C.2, and the uncertainty of a consensus.

An estimator may answer 0 for the scale, that is what identical results say; whoever divides by it
is refused (:class:`~scoring.statistics.errors.ZeroSpread`). Exact results (int, Decimal, Fraction
throughout) give an exact Fraction; with one float among them, or from an array, a float. Floats
that differ only by the noise of their last bits count as equal.
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal, TypeAlias, overload

from scoring.statistics.errors import StatisticsError, TooFewResults
from scoring.statistics.values import Exact, Real, Values, difference, finite, numbers

Quartiles: TypeAlias = Literal["type7", "type6"]

MADE_FACTOR = Fraction(1483, 1000)
NIQR_FACTOR = Fraction(7413, 10000)


@overload
def median(x: Sequence[Exact]) -> Fraction: ...  # type: ignore[overload-overlap]  # int is a float too
@overload
def median(x: Values) -> float: ...
def median(x: Values) -> Real:
    """Return the median: the middle result, or the mean of the two middle ones.

    Parameters
    ----------
    x : sequence or array, shape (p,)
        One result per laboratory, in the unit of the results.

    Returns
    -------
    Fraction or float
        In the unit of the results; exact for exact results.

    Raises
    ------
    TooFewResults
        If there is none.
    NotFinite
        If one is NaN or infinite.

    References
    ----------
    ISO 13528:2022, C.2.1.
    """
    ordered = sorted(numbers(x, at_least=1))
    middle: Real = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
    return middle


@overload
def mad_e(x: Sequence[Exact]) -> Fraction: ...  # type: ignore[overload-overlap]
@overload
def mad_e(x: Values) -> float: ...
def mad_e(x: Values) -> Real:
    """Return 1.483 times the median absolute deviation from the median.

    Parameters
    ----------
    x : sequence or array, shape (p,), p ≥ 2
        One result per laboratory, in the unit of the results.

    Returns
    -------
    Fraction or float
        In the unit of the results; 0 if more than half of them are equal.

    Raises
    ------
    TooFewResults
        If there are fewer than two.
    NotFinite
        If one is NaN or infinite.

    References
    ----------
    ISO 13528:2022, C.2.2.
    """
    values = numbers(x, at_least=2)
    middle = median(values)
    spread: Real = MADE_FACTOR * median([abs(difference(value, middle)) for value in values])
    return spread


@overload
def niqr(  # type: ignore[overload-overlap]
    x: Sequence[Exact], quartiles: Quartiles = "type7"
) -> Fraction: ...
@overload
def niqr(x: Values, quartiles: Quartiles = "type7") -> float: ...
def niqr(x: Values, quartiles: Quartiles = "type7") -> Real:
    """Return the normalised interquartile range, 0.7413 (Q3 - Q1).

    Parameters
    ----------
    x : sequence or array, shape (p,), p ≥ 2, with ``type6`` p ≥ 3
        One result per laboratory, in the unit of the results.
    quartiles : {"type7", "type6"}
        Positions 1 + k(p-1)/4, the spreadsheet's QUARTILE.INC, or k(p+1)/4, QUARTILE.EXC; linear
        between neighbours. The standard does not choose, so a plan has to.

    Returns
    -------
    Fraction or float
        In the unit of the results; 0 if the middle half of them is equal.

    Raises
    ------
    TooFewResults
        If a quartile would lie outside the results.
    NotFinite
        If one is NaN or infinite.

    References
    ----------
    ISO 13528:2022, C.2.3; the default reproduces its Table E.5.
    """
    if quartiles not in {"type7", "type6"}:
        raise StatisticsError(f"{quartiles} is no definition of quartiles")
    ordered = sorted(numbers(x, at_least=2 if quartiles == "type7" else 3))
    first, third = (_quartile(ordered, k, quartiles) for k in (1, 3))
    spread: Real = NIQR_FACTOR * difference(third, first)
    return spread


def _quartile(ordered: list[Any], k: int, quartiles: Quartiles) -> Any:
    n = len(ordered)
    below, rest = divmod(k * (n - 1) if quartiles == "type7" else k * (n + 1) - 4, 4)
    above = min(below + 1, n - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * rest / 4


def assigned_value_uncertainty(scale: Real, n: int) -> float:
    """Return the standard uncertainty 1.25 s*/√p of a consensus value.

    Parameters
    ----------
    scale : number
        Robust standard deviation of the results, in their unit. 0 gives 0.
    n : int
        Number of laboratories behind the consensus.

    Returns
    -------
    float
        In the unit of the results.

    Raises
    ------
    TooFewResults
        If ``n`` is below 1.
    StatisticsError
        If the scale is negative; NotFinite if it is NaN or infinite.

    References
    ----------
    ISO 13528:2022, 7.7, formula (6).
    """
    if n < 1:
        raise TooFewResults("no result stands behind the value")
    if finite(scale) < 0:
        raise StatisticsError("a scale is not negative")
    return 1.25 * float(scale) / math.sqrt(n)
