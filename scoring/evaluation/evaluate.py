"""PURE: the evaluation of a round: a plan and a snapshot of locked entries give the output.

The same two give the same output on every machine and in whatever order the snapshot lists its
laboratories; nothing here knows names, times of day or earlier runs.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from scoring.evaluation.consensus import Consensus, assign
from scoring.evaluation.grading import Grade, grade
from scoring.evaluation.guards import Guard
from scoring.evaluation.pairing import Pairing, pair
from scoring.evaluation.plan import Plan
from scoring.evaluation.policy import table
from scoring.evaluation.results import Result, gather
from scoring.evaluation.standings import Evaluated, Place, Ranking, order
from scoring.figures import figure, figure_or_none
from scoring.screens import screens

#: Sealed with every run. Raise it whenever the output for the same input changes: the file of the
#: golden round (``tests/scoring/golden``) tells.
ENGINE = "1"

Json = dict[str, Any]


def evaluate(plan: Plan, snapshot: Mapping[str, Any]) -> Json:
    """Return the output of a run as JSON's own types, every number as text.

    Raises :class:`~scoring.evaluation.plan.PlanError` for a plan that names an unknown edition,
    ``KeyError`` for a snapshot without what its shape promises.
    """
    results = gather(plan, snapshot)
    listed = table(plan.answers)["P21"]
    evaluated = []
    for parameter in plan.parameters:
        own = [result for result in results if result.parameter == parameter.code]
        items = tuple(assign(plan, parameter, own))
        grades = tuple(
            grade(item, [result for result in own if result.item == item.item], listed)
            for item in items
        )
        evaluated.append(Evaluated(items, grades, pair(items, grades, plan.quartiles)))
    codes = sorted({result.code for result in results})
    output = _output(plan, evaluated, order(plan, codes, evaluated), codes)
    return {**output, "screens": screens(snapshot, output["results"])}


def _output(plan: Plan, evaluated: list[Evaluated], ranking: Ranking, codes: list[str]) -> Json:
    summaries = [
        _summary(plan, item, list(grades.values()))
        for one in evaluated
        for item, grades in zip(one.items, one.grades, strict=True)
    ]
    return {
        "parameters": summaries,
        "results": _results(evaluated, codes),
        "pairs": [row for one in evaluated for row in _pairs(one.pairing)],
        "ellipses": [row for one in evaluated for row in _ellipses(one.pairing)],
        "ranking": [_place(place) for place in ranking.places],
        "unranked": [
            {"code": code, "reasons": list(why)} for code, why in sorted(ranking.unranked.items())
        ],
        "guards": [
            {"parameter": summary["parameter"], "item": summary["item"], **guard}
            for summary in summaries
            for guard in summary["guards"]
        ],
    }


def _results(evaluated: list[Evaluated], codes: list[str]) -> list[Json]:
    return [_result(grades[code]) for code in codes for one in evaluated for grades in one.grades]


def _summary(plan: Plan, item: Consensus, grades: list[Grade]) -> Json:
    """Return what is printed of a parameter and item: the seven statistics and the choice made."""
    robust = item.robust
    return {
        "parameter": item.plan.code,
        "item": item.item,
        "kind": item.plan.kind,
        "unit": item.plan.unit,
        "step": figure_or_none(item.plan.step),
        "n": str(item.n),
        **_spread(item),
        "algorithm_a": robust
        and {"location": figure(robust.location), "scale": figure(robust.scale)},
        "x_pt": figure_or_none(item.x_pt),
        "sigma_pt": figure_or_none(item.sigma),
        "sigma_source": item.source,
        "u": figure_or_none(item.u),
        "score": item.score.value,
        "verdict": item.verdict,
        "label_set": plan.labels,
        "counts": _counts(grades),
        "guards": [_guard(guard) for guard in item.guards],
    }


def _spread(item: Consensus) -> Json:
    low, high = (item.values[0], item.values[-1]) if item.values else (None, None)
    return {
        "median": figure_or_none(item.median),
        "niqr": figure_or_none(item.niqr),
        "robust_cv": figure_or_none(item.robust_cv),
        "min": figure_or_none(low),
        "max": figure_or_none(high),
        "range": None if low is None or high is None else figure(high - low),
    }


def _counts(grades: list[Grade]) -> Json:
    verdicts = [grade.verdict for grade in grades if grade.verdict]
    return {verdict: str(verdicts.count(verdict)) for verdict in sorted(set(verdicts))}


def _guard(guard: Guard) -> Json:
    values = {name: figure(value) for name, value in guard.values.items()}
    return {"code": guard.code, "level": guard.level.value, "values": values}


def _result(grade: Grade) -> Json:
    result: Result = grade.result
    reduction = result.reduction
    return {
        "code": result.code,
        "parameter": result.parameter,
        "item": result.item,
        "stage": result.stage,
        "status": result.status,
        "policy": [row.code for row in result.rows],
        # A result keeps the decimals of its step, as the standard writes it: 48.0, not 48.
        "value": None if result.value is None else f"{result.value:f}",
        "in_consensus": result.row.consensus,
        "z": figure_or_none(grade.score),
        "verdict": grade.verdict,
        "matches": grade.matches,
        "path": reduction.path,
        "n_used": str(reduction.n_used),
        "dropped": [str(idx) for idx in reduction.dropped],
        "intermediate": [list(text) for text in reduction.intermediate],
        "findings": list(result.findings),
        "reported": result.reported,
    }


def _pairs(pairing: Pairing) -> Iterator[Json]:
    for pair_ in pairing.pairs:
        yield {
            "code": pair_.code,
            "parameter": pairing.parameter,
            "zb": figure_or_none(pair_.zb),
            "zw": figure_or_none(pair_.zw),
        }


def _ellipses(pairing: Pairing) -> Iterator[Json]:
    ellipse = pairing.ellipse
    if ellipse is not None:
        yield {
            "parameter": pairing.parameter,
            "centre": [figure(value) for value in ellipse.centre],
            "axes": [figure(value) for value in ellipse.semi_axes],
            "angle": figure(ellipse.angle),
            "variances": [figure(value) for value in ellipse.variances],
            "covariance": figure(ellipse.covariance),
            "limit": figure(ellipse.limit),
        }


def _place(place: Place) -> Json:
    standing = place.standing
    return {
        "code": standing.code,
        "rank": str(standing.rank),
        "c": figure(standing.c),
        "score": str(standing.score),
        "award": place.award,
        "eligible": not place.reasons,
        "reasons": list(place.reasons),
        "shared": standing.shared,
        "terms": [
            {
                "parameter": part.parameter,
                "weight": figure(part.weight),
                "scores": [figure_or_none(z) for z in place.terms[part.parameter].scores],
                "capped": [figure(capped) for capped in part.capped],
                "c": figure(part.c),
            }
            for part in standing.parts
        ],
        "over_two": str(standing.over_two),
        "worst": figure(standing.worst),
    }
