"""The ranking of a contest, by the rule ``capped_z``, with the arithmetic that explains it.

Every step is exact: scores become fractions as they are, and only the sum C is rounded.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Literal, TypeAlias

from scoring.statistics.errors import NotFinite, StatisticsError, TooFewResults

CAP = 3
STORED_DECIMALS = 9

_Key: TypeAlias = tuple[Fraction, int, tuple[tuple[bool, Fraction], ...]]


@dataclass(frozen=True, slots=True)
class Term:
    """Hold one parameter of one laboratory: a score per evaluated item, None counting 3."""

    parameter: str
    weight: Fraction
    scores: tuple[float | Fraction | None, ...]


@dataclass(frozen=True, slots=True)
class Entrant:
    """Hold what one laboratory is ranked by.

    ``tie`` are the criteria that follow the largest score, smaller first, None last.
    """

    code: str
    terms: tuple[Term, ...]
    tie: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Hold one term of the sum: the capped scores and their mean ``c``."""

    parameter: str
    weight: Fraction
    capped: tuple[float, ...]
    c: float


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold the place of one laboratory and how it came about."""

    code: str
    rank: int
    #: Weighted mean of the parts, rounded to 0.0001; smaller is better.
    c: Decimal
    #: 100 (1 - c/3) of that rounded ``c``, rounded to 0.1; larger is better.
    score: Decimal
    parts: tuple[Part, ...]
    #: Scores beyond 2, and the largest, without their signs; what is missing is 3 in both.
    over_two: int
    worst: float
    #: Another laboratory has the same place.
    shared: bool


@dataclass(frozen=True, slots=True)
class _Sum:
    entrant: Entrant
    c: Fraction
    parts: tuple[Part, ...]
    over_two: int
    worst: Fraction

    @property
    def key(self) -> _Key:
        later = (self.worst, *self.entrant.tie)
        return self.c, self.over_two, tuple(_stored(criterion) for criterion in later)


def rank(entrants: Iterable[Entrant], rule: Literal["capped_z"] = "capped_z") -> list[Standing]:
    """Return the standings, best first; equal ones share a place and the next is skipped (1, 1, 3).

    c = mean of min(|score|, 3) over the items of a parameter, C = Σ w c / Σ w. The order is C
    rounded to 0.0001 (half to even), fewer scores beyond 2, smaller largest score, then the
    criteria of ``tie``; these compare 9 decimals. Within a shared place the code orders the lines.

    Parameters
    ----------
    entrants : iterable of Entrant, n in any order
        Terms of weight 0 are left out. A parameter or item that nobody was evaluated in, or that a
        policy excuses, is left out by the caller.
    rule : {"capped_z"}

    Raises
    ------
    TooFewResults
        If an entrant has no weighted term, or a term no item.
    NotFinite
        If a score or criterion is NaN or infinite.
    StatisticsError
        If the rule is unknown, a weight negative, or entrants differ in their number of criteria.

    References
    ----------
    The contest's own rule: ISO 13528:2022, 9.9 gives no formula for a combined score.
    """
    if rule != "capped_z":
        raise StatisticsError(f"{rule} is no rule of ranking")
    sums = sorted((_sum(entrant) for entrant in entrants), key=lambda s: (s.key, s.entrant.code))
    if len({len(each.entrant.tie) for each in sums}) > 1:
        raise StatisticsError("everyone is compared by the same criteria")
    standings: list[Standing] = []
    for _, group in groupby(sums, key=lambda each: each.key):
        equal, place = list(group), len(standings) + 1
        standings += [_standing(each, place, shared=len(equal) > 1) for each in equal]
    return standings


def _sum(entrant: Entrant) -> _Sum:
    if any(term.weight < 0 for term in entrant.terms):
        raise StatisticsError(f"{entrant.code} has a negative weight")
    terms = [term for term in entrant.terms if term.weight > 0]
    if not terms or not all(term.scores for term in terms):
        raise TooFewResults(f"{entrant.code} has nothing to be ranked by")
    sizes = [[_size(score) for score in term.scores] for term in terms]
    means = [_mean(of) for of in sizes]
    weights = [Fraction(term.weight) for term in terms]
    c = sum(w * mean for w, mean in zip(weights, means, strict=True)) / sum(weights)
    parts = [_part(*each) for each in zip(terms, sizes, means, strict=True)]
    every = [size for of in sizes for size in of]
    over_two = sum(size > 2 for size in every)
    return _Sum(entrant, round(Fraction(c), 4), tuple(parts), over_two, max(every))


def _mean(sizes: list[Fraction]) -> Fraction:
    return sum((min(size, Fraction(CAP)) for size in sizes), Fraction(0)) / len(sizes)


def _part(term: Term, sizes: list[Fraction], mean: Fraction) -> Part:
    capped = tuple(float(min(size, Fraction(CAP))) for size in sizes)
    return Part(term.parameter, term.weight, capped, float(mean))


def _size(score: float | Fraction | None) -> Fraction:
    if score is None:
        return Fraction(CAP)
    if not math.isfinite(score):
        raise NotFinite(f"{score} is no score")
    return abs(Fraction(score))


def _stored(criterion: float | Fraction | None) -> tuple[bool, Fraction]:
    if criterion is None:
        return True, Fraction(0)
    if not math.isfinite(criterion):
        raise NotFinite(f"{criterion} is no criterion")
    return False, round(Fraction(criterion), STORED_DECIMALS)


def _standing(each: _Sum, place: int, *, shared: bool) -> Standing:
    score = 100 * (1 - each.c / CAP)
    return Standing(
        code=each.entrant.code,
        rank=place,
        c=_decimal(each.c, 4),
        score=_decimal(score, 1),
        parts=each.parts,
        over_two=each.over_two,
        worst=float(each.worst),
        shared=shared,
    )


def _decimal(value: Fraction, places: int) -> Decimal:
    return Decimal(round(value * 10**places)).scaleb(-places)
