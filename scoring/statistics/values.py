"""The two kinds of numbers of this library: exact ones stay exact, the others are float64."""

import math
import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias, TypeGuard

import numpy as np
from numpy.typing import NDArray

from scoring.statistics.errors import NotFinite, TooFewResults

Exact: TypeAlias = int | Fraction | Decimal
Real: TypeAlias = float | Fraction | Decimal
Floats: TypeAlias = NDArray[np.float64]
Values: TypeAlias = Sequence[Real] | Floats
Reported: TypeAlias = Sequence[Real | None] | Floats

#: Floats that differ by less are the same written number reached by different sums.
NOISE = 8 * sys.float_info.epsilon


def is_exact(value: object) -> TypeGuard[Exact]:
    """Tell whether a number carries no binary rounding."""
    return isinstance(value, int | Fraction | Decimal)


def fraction(value: Exact) -> Fraction:
    """Return an exact number as a fraction; raise NotFinite for a decimal that is no number."""
    if isinstance(value, Decimal) and not value.is_finite():
        raise NotFinite(f"{value} is no result")
    return Fraction(value)


def finite(value: Real) -> float:
    """Return a number as float64; raise NotFinite for NaN and infinities."""
    number = float(value)
    if not math.isfinite(number):
        raise NotFinite(f"{value} is no result")
    return number


def numbers(x: Values, at_least: int) -> list[Any]:
    """Return ``x`` as fractions if every one is exact, else as floats; refuse too few."""
    exact = [value for value in x if is_exact(value)]
    found: list[Any] = [fraction(value) for value in exact]
    if len(exact) < len(x):
        found = [finite(value) for value in x]
    if len(found) < at_least:
        raise TooFewResults(f"{len(found)} results where {at_least} are needed")
    return found


def reported(x: Iterable[Real | None] | Floats) -> Floats:
    """Return ``x`` as float64 with NaN for None; raise NotFinite for infinities."""
    found = (
        x.astype(np.float64)
        if isinstance(x, np.ndarray)
        else np.array([math.nan if value is None else float(value) for value in x], np.float64)
    )
    if np.isinf(found).any():
        raise NotFinite("a result is infinite")
    return found


def distances(x: Floats, centre: float) -> Floats:
    """Return ``x - centre`` for every one, as :func:`difference` does; refuse NaN and overflow."""
    with np.errstate(over="ignore", invalid="ignore"):
        found = x - centre
    if not np.isfinite(found).all():
        raise NotFinite("a result is no number, or too far from the others for float64")
    found[np.abs(found) <= NOISE * np.maximum(np.abs(x), abs(centre))] = 0.0
    return found


def difference(a: Any, b: Any) -> Any:
    """Return ``a - b``, and zero where two floats differ by the noise of their last bits."""
    gap = a - b
    if isinstance(gap, float) and abs(gap) <= NOISE * max(abs(a), abs(b)):
        return 0.0
    return gap
