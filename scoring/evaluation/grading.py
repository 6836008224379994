"""PURE: scores and verdicts of the results, on unrounded scores."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from scoring.evaluation.consensus import Consensus, Number, Score
from scoring.evaluation.policy import Row, combined
from scoring.evaluation.results import Result
from scoring.statistics import z_prime_scores, z_scores

#: Up to the first a score is satisfactory, from the second on it is unsatisfactory.
WARNING, ACTION = 2, 3


@dataclass(frozen=True)
class Grade:
    """Hold a result beside its score and verdict; ``matches`` is for pass or fail alone."""

    result: Result
    score: Number | None = None
    verdict: str | None = None
    matches: bool | None = None


def size(score: Number) -> Number:
    """Return a score without its sign."""
    return score if score >= 0 else -score


def word(score: Number) -> str:
    """Return the verdict of a score: 2 itself is satisfactory, 3 itself is unsatisfactory."""
    far = size(score)
    if far <= WARNING:
        return "SATISFACTORY"
    return "QUESTIONABLE" if far < ACTION else "UNSATISFACTORY"


def grade(consensus: Consensus, results: Sequence[Result], listed: Row) -> dict[str, Grade]:
    """Return the grades of the ``results`` of one parameter and item, by laboratory.

    ``listed`` is the policy row of a value that nobody is scored by.
    """
    if not consensus.graded:
        return {result.code: Grade(_listed(result, listed)) for result in results}
    if consensus.score is Score.PASS_FAIL:
        return {result.code: _verdict(consensus, result) for result in results}
    values = {
        result.code: result.value
        for result in results
        if result.row.scored and result.value is not None
    }
    scores = dict(zip(values, _scores(consensus, list(values.values())), strict=True))
    return {
        result.code: Grade(result, score, word(score))
        if (score := scores.get(result.code)) is not None
        else Grade(result)
        for result in results
    }


def _listed(result: Result, listed: Row) -> Result:
    if result.status != "value":
        return result
    rows = (*(row for row in result.rows if row.code not in {"P01", "P22"}), listed)
    return replace(result, rows=rows, row=combined(rows))


def _verdict(consensus: Consensus, result: Result) -> Grade:
    verdict = result.reduction.verdict
    if verdict is None or not result.row.scored:
        return Grade(result)
    return Grade(result, verdict=verdict, matches=verdict == consensus.verdict)


def _scores(consensus: Consensus, values: Sequence[Decimal]) -> Iterable[Number | None]:
    x_pt, sigma, u = (number or 0 for number in (consensus.x_pt, consensus.sigma, consensus.u))
    if consensus.score is Score.Z:
        return z_scores(values, x_pt, sigma)
    return z_prime_scores(values, x_pt, sigma, u)
