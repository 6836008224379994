"""What copied, rounded or invented readings look like: questions for judges, never verdicts.

Nothing here knows what a column stands for. Compare twice, by item and by the label of the pack:
a copy between laboratories whose packs lie in opposite order shows by label alone.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, count
from math import lcm
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scoring.statistics.errors import NotFinite, StatisticsError, TooFewResults, ZeroSpread
from scoring.statistics.values import Exact, fraction

Counts = NDArray[np.int32]

#: The 99.9 % quantile of χ² with 9 degrees of freedom. Digits are counted, so χ² moves in steps:
#: of 24 even digits 28.5 is the first value above, reached with probability 0.0012. Between 12 and
#: 24 digits that probability is nowhere above 0.0017.
DIGITS_LIMIT = Fraction("27.877")
#: With fewer digits the steps are too coarse for that quantile.
LEAST_DIGITS = 12


class Near(NamedTuple):
    """Name two rows and the largest distance between them, column by column."""

    first: int
    second: int
    distance: Fraction


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """Hold for each pair of rows how many values both have, and how many of those are equal."""

    equal: Counts
    common: Counts

    def pairs(self, share: Fraction, at_least: int) -> list[tuple[int, int]]:
        """Return the pairs with ``at_least`` values in common that agree in ``share`` or more."""
        enough = self.equal * share.denominator >= self.common * share.numerator
        found = np.argwhere(np.triu(enough & (self.common >= max(at_least, 1)), k=1))
        return [(int(first), int(second)) for first, second in found]

    def share(self, first: int, second: int) -> Fraction:
        """Return the share of equal values of two rows; ZeroSpread if they have none in common."""
        common = int(self.common[first, second])
        if not common:
            raise ZeroSpread("the two have no value in common")
        return Fraction(int(self.equal[first, second]), common)


def equal_pairs(keys: Sequence[Hashable | None]) -> list[tuple[int, int]]:
    """Return the pairs of rows with the same key, in order.

    Parameters
    ----------
    keys : sequence, shape (p,)
        What must agree, such as six sorted loads as a tuple; None where a row has nothing.
    """
    found: dict[Hashable, list[int]] = {}
    for row, key in enumerate(keys):
        if key is not None:
            found.setdefault(key, []).append(row)
    return sorted(pair for rows in found.values() for pair in combinations(rows, 2))


def near_pairs(rows: Sequence[Sequence[Exact] | None], limit: Exact) -> list[Near]:
    """Return the pairs of rows that differ by ``limit`` or less in every column.

    Parameters
    ----------
    rows : sequence, shape (p, k)
        Exact values in one unit, such as sorted loads; None or empty where a row is not complete.
    limit : int, Fraction or Decimal
        In the unit of the values; a distance of exactly this is near.

    Raises
    ------
    StatisticsError
        If rows have different lengths; NotFinite if a value is no number.
    """
    known = [row for row, values in enumerate(rows) if values]
    widths = {len(rows[row] or ()) for row in known}
    if len(widths) > 1:
        raise StatisticsError("rows of different lengths cannot be compared")
    if not widths:
        return []
    width = widths.pop()
    # Whole multiples of the finest unit compare as fast as floats and stay exact.
    flat, unit = _whole([value for row in known for value in rows[row] or ()])
    lines = sorted((flat[at * width : (at + 1) * width], row) for at, row in enumerate(known))
    return sorted(_windowed(lines, fraction(limit) * unit // 1, unit))


def _windowed(lines: Sequence[tuple[list[int], int]], reach: int, unit: int) -> Iterator[Near]:
    """Yield near pairs of lines sorted by their first column, which bounds where to look."""
    for at, (values, row) in enumerate(lines):
        for others, other in lines[at + 1 :]:
            if others[0] - values[0] > reach:
                break
            if all(abs(a - b) <= reach for a, b in zip(values, others, strict=True)):
                apart = max(abs(a - b) for a, b in zip(values, others, strict=True))
                yield Near(min(row, other), max(row, other), Fraction(apart, unit))


def _whole(values: Sequence[Exact]) -> tuple[list[int], int]:
    """Return exact values as whole multiples of 1/unit, and that unit."""
    try:
        ratios = [value.as_integer_ratio() for value in values]
    except (ValueError, OverflowError) as error:
        raise NotFinite("a value is no number") from error
    unit = lcm(*{denominator for _numerator, denominator in ratios})
    return [numerator * (unit // denominator) for numerator, denominator in ratios], unit


def shared_values(rows: Sequence[Mapping[Any, Hashable]]) -> Shared:
    """Return how many values each pair of rows shares at the same place.

    Parameters
    ----------
    rows : sequence, shape (p,)
        For each laboratory its values by place; a place without a value is left out.

    Returns
    -------
    Shared
        Counts, shape (p, p) each; a row shares with itself all it has.
    """
    places: dict[Any, int] = defaultdict(count().__next__)
    values: dict[Hashable, int] = defaultdict(count().__next__)
    cells = [
        (list(map(places.__getitem__, row)), list(map(values.__getitem__, row.values())))
        for row in rows
    ]
    table = np.full((len(places), len(rows)), -1, np.int32)
    for row, (at, numbers) in enumerate(cells):
        table[at, row] = numbers
    there = (table >= 0).astype(np.int32)
    equal = np.zeros((len(rows), len(rows)), np.int32)
    for column in table:
        # A row without a value has -2 on one side and -1 on the other: never equal.
        equal += np.where(column < 0, -2, column)[:, None] == column
    return Shared(equal, np.einsum("ki,kj->ij", there, there))


def last_digits(values: Sequence[Decimal], places: int = 1) -> tuple[int, ...]:
    """Return the last digit of each value at the finest resolution that was typed among them.

    Parameters
    ----------
    values : sequence of Decimal
        As typed: 42.50 has two decimals. A value with fewer than the others ends in 0.
    places : int
        Decimals that the instrument shows at least; values typed with fewer all end in 0.

    Raises
    ------
    NotFinite
        If a value is no number.
    """
    shapes = [value.as_tuple() for value in values]
    ends = []
    for shape in shapes:
        if not isinstance(shape.exponent, int):
            raise NotFinite("a value is no number")
        ends.append((-shape.exponent, shape.digits[-1]))
    finest = max((places, *(decimals for decimals, _digit in ends)))
    return tuple(digit if decimals == finest else 0 for decimals, digit in ends)


def digit_chi_square(digits: Sequence[int]) -> Fraction:
    """Return χ² of digits against all ten being equally frequent, to hold beside DIGITS_LIMIT.

    Parameters
    ----------
    digits : sequence of int
        At least ``LEAST_DIGITS`` digits from 0 to 9.

    Raises
    ------
    TooFewResults
        If there are fewer.

    References
    ----------
    Pearson's χ² with 9 degrees of freedom, which for equal expectations is 10 Σ O²/n - n.
    """
    n = len(digits)
    if n < LEAST_DIGITS:
        raise TooFewResults(f"{n} digits where {LEAST_DIGITS} are needed")
    return Fraction(10 * sum(often**2 for often in Counter(digits).values()), n) - n


def spread(values: Sequence[Exact]) -> Fraction:
    """Return the range: largest less smallest, exact and in their unit.

    Raises
    ------
    TooFewResults, NotFinite
        If there is no value; if a value is no number.
    """
    if not values:
        raise TooFewResults("no values have no range")
    whole, unit = _whole(values)
    return Fraction(max(whole) - min(whole), unit)


def relative_range(values: Sequence[Exact]) -> Fraction:
    """Return the range divided by the mean, exact and without unit.

    Raises
    ------
    TooFewResults, NotFinite
        If there is no value; if a value is no number.
    ZeroSpread
        If the mean is not above 0.
    """
    if not values:
        raise TooFewResults("no values have no range")
    whole, _unit = _whole(values)
    if sum(whole) <= 0:
        raise ZeroSpread("a relative range needs a mean above 0")
    return Fraction((max(whole) - min(whole)) * len(whole), sum(whole))


def mean(values: Sequence[Exact]) -> Fraction:
    """Return the exact mean, in their unit.

    Raises
    ------
    TooFewResults, NotFinite
        If there is no value; if a value is no number.
    """
    if not values:
        raise TooFewResults("no values have no mean")
    whole, unit = _whole(values)
    return Fraction(sum(whole), unit * len(whole))
