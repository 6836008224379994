"""PURE: the ranking of a round: who is ranked by what, who may win, and who wins."""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from scoring.evaluation.consensus import Consensus
from scoring.evaluation.grading import ACTION, Grade, size
from scoring.evaluation.pairing import Grades, Pairing
from scoring.evaluation.plan import Plan
from scoring.evaluation.policy import Counts
from scoring.statistics import Entrant, Standing, Term, rank

AWARDS = ("first", "second", "third")
#: The reason, beside the policy rows, why a laboratory is ranked but cannot win.
TOO_FAR = "UNSATISFACTORY"


@dataclass(frozen=True)
class Evaluated:
    """Hold one parameter after grading: its items and the grades of each."""

    items: tuple[Consensus, ...]
    grades: Grades
    pairing: Pairing

    @property
    def weight(self) -> Fraction:
        """Return its weight in the ranking; 0 where no item is evaluated for anybody."""
        graded = any(item.graded for item in self.items)
        return Fraction(self.items[0].plan.weight) if graded else Fraction(0)

    def of(self, code: str) -> Iterator[Grade]:
        """Yield the grades of a laboratory in the items that are evaluated."""
        for item, grades in zip(self.items, self.grades, strict=True):
            if item.graded:
                yield grades[code]


@dataclass(frozen=True)
class Place:
    """Hold the place of one laboratory, by which scores, and whether it wins."""

    standing: Standing
    terms: Mapping[str, Term]
    reasons: tuple[str, ...]
    award: str | None


@dataclass(frozen=True)
class Ranking:
    """Hold the places, best first, and why the other laboratories have none."""

    places: tuple[Place, ...] = ()
    unranked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def order(plan: Plan, codes: Iterable[str], evaluated: Sequence[Evaluated]) -> Ranking:
    """Return the ranking of the laboratories ``codes`` and the awards; none without weights."""
    weighted = [one for one in evaluated if one.weight > 0]
    if not weighted:
        return Ranking()
    entrants, unranked = {}, {}
    decider = next((one for one in weighted if one.items[0].plan.code == plan.decider), None)
    for code in sorted(codes):
        terms = tuple(_terms(code, weighted))
        out = _excluded(code, evaluated)
        if out or not terms:
            unranked[code] = out or _reasons(code, evaluated)
        else:
            entrants[code] = Entrant(code, terms, tuple(_ties(code, weighted, decider)))
    standings = rank(entrants.values())
    reasons = {code: _reasons(code, evaluated) for code in entrants}
    awards = _awards(standings, [code for code, why in reasons.items() if not why], plan.shares)
    return Ranking(
        tuple(
            Place(
                standing,
                {term.parameter: term for term in entrants[standing.code].terms},
                reasons[standing.code],
                awards.get(standing.code),
            )
            for standing in standings
        ),
        unranked,
    )


def _terms(code: str, weighted: Iterable[Evaluated]) -> Iterator[Term]:
    """Yield the terms of a laboratory; what counts 3 has no score, what is left out no place."""
    for one in weighted:
        scores = tuple(
            grade.score if grade.result.row.counts is Counts.SCORE else None
            for grade in one.of(code)
            if grade.result.row.counts is not Counts.LEFT_OUT
        )
        if scores:
            yield Term(one.items[0].plan.code, one.weight, scores)


def _excluded(code: str, evaluated: Iterable[Evaluated]) -> tuple[str, ...]:
    """Return the policy rows that keep a laboratory out of the ranking."""
    return _codes(
        row.code
        for one in evaluated
        for grades in one.grades
        for row in grades[code].result.rows
        if row.counts is Counts.UNRANKED
    )


def _reasons(code: str, evaluated: Iterable[Evaluated]) -> tuple[str, ...]:
    """Return why a laboratory cannot win: something weighted, or a wrong verdict."""
    found = []
    for one in evaluated:
        for grade in one.of(code):
            if grade.matches is False:
                found.append("P22")
            if one.weight > 0:
                found += [row.code for row in grade.result.rows if not row.award]
                if grade.score is not None and size(grade.score) >= ACTION:
                    found.append(TOO_FAR)
    return _codes(found)


def _codes(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(codes)))


def _ties(
    code: str, weighted: Iterable[Evaluated], decider: Evaluated | None
) -> Iterator[float | None]:
    """Yield the criteria that follow the largest score: mean |ZW|, mean |score| of the decider."""
    within = [one.pairing.within(code) for one in weighted]
    yield _mean(size(zw) for zw in within if zw is not None)
    if decider is not None:
        yield _mean(size(grade.score) for grade in decider.of(code) if grade.score is not None)


def _mean(sizes: Iterable[float | Fraction]) -> float | None:
    found = [float(each) for each in sizes]
    return math.fsum(found) / len(found) if found else None


def _awards(
    standings: Sequence[Standing], eligible: Collection[str], shares: Sequence[Decimal]
) -> dict[str, str]:
    """Return who wins what: each line falls after a share of the eligible, behind the last.

    A share is rounded down, to one at least. Whoever shares the place at a line is above it.
    """
    running = [standing for standing in standings if standing.code in eligible]
    found: dict[str, str] = {}
    line = 0
    for award, share in zip(AWARDS, shares, strict=True):
        line = min(line + _count(share, len(running)), len(running))
        last = running[line - 1].rank if line else 0
        for standing in running:
            if standing.rank <= last:
                found.setdefault(standing.code, award)
    return found


def _count(share: Decimal, eligible: int) -> int:
    return max(1, math.floor(share * eligible)) if share > 0 else 0
