"""Scores of laboratories: ISO 13528:2022, clause 9.

A verdict compares the unrounded score with 2 and 3, so a score on the limit has to be exact:
fractions and decimals give fractions. From an array, or with one float, the scores are float64.
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import overload

import numpy as np

from scoring.statistics.errors import StatisticsError, ZeroSpread
from scoring.statistics.values import (
    Exact,
    Floats,
    Real,
    Reported,
    finite,
    fraction,
    is_exact,
    reported,
)

#: Digits to which an irrational root is taken; no result comes that close to a limit.
ROOT = 10**60


@overload
def z_scores(  # type: ignore[overload-overlap]  # int is a float too
    x: Sequence[Exact | None], assigned: Exact, sigma: Exact
) -> list[Fraction | None]: ...
@overload
def z_scores(x: Reported, assigned: Real, sigma: Real) -> Floats: ...
def z_scores(x: Reported, assigned: Real, sigma: Real) -> list[Fraction | None] | Floats:
    """Return (x - x_pt) / σ_pt for every laboratory.

    Parameters
    ----------
    x : sequence or array, shape (p,)
        Results in their unit; None or NaN where a laboratory reported none.
    assigned, sigma : number
        x_pt and σ_pt, in the unit of the results.

    Returns
    -------
    list of Fraction, or float64 array; shape (p,)
        Without unit; None or NaN where nothing was reported.

    Raises
    ------
    ZeroSpread
        If σ_pt is not positive.
    NotFinite
        If x_pt or σ_pt is NaN or infinite, or a result is infinite.

    References
    ----------
    ISO 13528:2022, 9.4.
    """
    if finite(sigma) <= 0:
        raise ZeroSpread("a standard deviation for the assessment is above zero")
    if is_exact(assigned) and is_exact(sigma) and not isinstance(x, np.ndarray):
        exact = [value for value in x if value is None or is_exact(value)]
        if len(exact) == len(x):
            return _exact_scores(exact, fraction(assigned), fraction(sigma))
    scores: Floats = (reported(x) - finite(assigned)) / finite(sigma)
    return scores


def _exact_scores(
    x: Sequence[Exact | None], assigned: Fraction, sigma: Fraction
) -> list[Fraction | None]:
    return [None if value is None else (fraction(value) - assigned) / sigma for value in x]


@overload
def z_prime_scores(  # type: ignore[overload-overlap]
    x: Sequence[Exact | None], assigned: Exact, sigma: Exact, uncertainty: Exact
) -> list[Fraction | None]: ...
@overload
def z_prime_scores(x: Reported, assigned: Real, sigma: Real, uncertainty: Real) -> Floats: ...
def z_prime_scores(
    x: Reported, assigned: Real, sigma: Real, uncertainty: Real
) -> list[Fraction | None] | Floats:
    """Return (x - x_pt) / √(σ_pt² + u²(x_pt)) for every laboratory.

    Parameters
    ----------
    x : sequence or array, shape (p,)
        Results in their unit; None or NaN where a laboratory reported none.
    assigned, sigma, uncertainty : number
        x_pt, σ_pt and u(x_pt), in the unit of the results.

    Returns
    -------
    list of Fraction, or float64 array; shape (p,)
        Without unit. Exact input gives fractions: exact where the root is rational, elsewhere to
        60 digits, which cannot change the side of a limit.

    Raises
    ------
    ZeroSpread
        If σ_pt is not positive.
    StatisticsError
        If u(x_pt) is negative.
    NotFinite
        If a parameter is NaN or infinite, or a result is infinite.

    References
    ----------
    ISO 13528:2022, 9.5.
    """
    if finite(sigma) <= 0:
        raise ZeroSpread("a standard deviation for the assessment is above zero")
    if finite(uncertainty) < 0:
        raise StatisticsError("an uncertainty is not negative")
    if is_exact(sigma) and is_exact(uncertainty):
        return z_scores(x, assigned, _root(fraction(sigma) ** 2 + fraction(uncertainty) ** 2))
    return z_scores(x, assigned, math.hypot(finite(sigma), finite(uncertainty)))


def _root(square: Fraction) -> Fraction:
    over, under = math.isqrt(square.numerator), math.isqrt(square.denominator)
    if (over**2, under**2) == (square.numerator, square.denominator):
        return Fraction(over, under)
    digits = math.isqrt(square.numerator * square.denominator * ROOT**2)
    return Fraction(digits, square.denominator * ROOT)
