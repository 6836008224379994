"""PURE: both items of a parameter together: ZB between and ZW within laboratories, the ellipse."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from scoring.evaluation.consensus import Consensus, Score
from scoring.evaluation.grading import Grade
from scoring.statistics import (
    Ellipse,
    Quartiles,
    StatisticsError,
    ZeroSpread,
    between_scores,
    confidence_ellipse,
    within_scores,
)
from scoring.statistics.values import Floats


@dataclass(frozen=True)
class Pair:
    """Hold ZB and ZW of one laboratory; None where the results of all have no spread."""

    code: str
    zb: float | None
    zw: float | None


@dataclass(frozen=True)
class Pairing:
    """Hold what the two items of a parameter say together."""

    parameter: str
    pairs: tuple[Pair, ...] = ()
    ellipse: Ellipse | None = None

    def within(self, code: str) -> float | None:
        """Return ZW of a laboratory, if it has one."""
        return next((pair.zw for pair in self.pairs if pair.code == code), None)


_Both = Mapping[str, tuple[Decimal, Decimal]]
#: The grades of each item by laboratory.
Grades = tuple[Mapping[str, Grade], ...]


def pair(items: tuple[Consensus, ...], grades: Grades, quartiles: Quartiles) -> Pairing:
    """Return the pairing of a parameter of two items, empty unless both are scored.

    Every laboratory with two scored values has a pair; medians and spreads come from those that
    are in the consensus of both.
    """
    name = items[0].plan.code
    if len(items) != 2 or any(item.score not in {Score.Z, Score.Z_PRIME} for item in items):
        return Pairing(name)
    scored, known = _both(grades, consensus=False), _both(grades, consensus=True)
    if len(known) < 3:
        return Pairing(name)
    codes = sorted(scored)
    zb, zw = (_scores(of, scored, known, quartiles) for of in (between_scores, within_scores))
    return Pairing(
        name,
        tuple(Pair(code, zb.get(code), zw.get(code)) for code in codes),
        _ellipse(known),
    )


def _both(grades: Grades, *, consensus: bool) -> _Both:
    """Return both values of the laboratories that have them scored, or in the consensus."""
    first, second = (
        {
            code: grade.result.value
            for code, grade in of.items()
            if grade.score is not None and (grade.result.row.consensus or not consensus)
        }
        for of in grades
    )
    return {
        code: (a, b)
        for code, a in first.items()
        if a is not None and (b := second.get(code)) is not None
    }


def _scores(
    score: Callable[..., Floats], scored: _Both, known: _Both, quartiles: Quartiles
) -> dict[str, float]:
    """Return the scores by code, from medians and spreads of the laboratories ``known``."""
    codes = sorted(scored)
    first, second = ([scored[code][of] for code in codes] for of in (0, 1))
    try:
        found = score(first, second, quartiles, [code in known for code in codes])
    except ZeroSpread:
        return {}
    return dict(zip(codes, map(float, found), strict=True))


def _ellipse(known: _Both) -> Ellipse | None:
    codes = sorted(known)
    try:
        return confidence_ellipse(
            [known[code][0] for code in codes], [known[code][1] for code in codes]
        )
    except StatisticsError:
        return None
