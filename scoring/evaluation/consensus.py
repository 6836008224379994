"""PURE: assigned value and standard deviation of each parameter and item, and how it is scored."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from scoring.evaluation import guards
from scoring.evaluation.guards import Guard
from scoring.evaluation.plan import ParameterPlan, Plan
from scoring.evaluation.results import Result
from scoring.statistics import (
    NotConverged,
    RobustEstimate,
    algorithm_a,
    assigned_value_uncertainty,
    median,
    niqr,
)

Number = float | Fraction

#: A robust deviation below so many rounding steps is raised to them.
FLOOR = 2


class Score(StrEnum):
    """Name how the results of a parameter are scored."""

    Z = "z"
    Z_PRIME = "z_prime"
    NONE = "none"
    PASS_FAIL = "pass_fail"


@dataclass(frozen=True, kw_only=True)
class Consensus:
    """Hold what the results of one parameter and item say together."""

    plan: ParameterPlan
    item: str
    n: int
    score: Score
    values: tuple[Decimal, ...] = ()
    median: Fraction | None = None
    niqr: Fraction | None = None
    robust: RobustEstimate | None = None
    x_pt: Number | None = None
    sigma: Number | None = None
    source: str | None = None
    u: Number | None = None
    #: The verdict of the majority, where the parameter is graded pass or fail.
    verdict: str | None = None
    guards: tuple[Guard, ...] = field(default=())

    @property
    def scale(self) -> float:
        """Return the robust standard deviation s*; 0 where there is none."""
        return self.robust.scale if self.robust else 0.0

    @property
    def robust_cv(self) -> Fraction | None:
        """Return nIQR in percent of the median, where both are known and the median is not 0."""
        return 100 * self.niqr / self.median if self.niqr is not None and self.median else None

    @property
    def graded(self) -> bool:
        """Tell whether results get a class here: by a score or by the verdict."""
        return self.score is not Score.NONE


def assign(plan: Plan, parameter: ParameterPlan, results: Sequence[Result]) -> list[Consensus]:
    """Return the consensus of each item of a parameter from all its ``results``.

    Where the assigned value of one item is uncertain, every item of the parameter has z′.
    """
    judged = _of_numbers if parameter.quantitative else _of_verdicts
    found = []
    for item in plan.items:
        here = [result for result in results if result.item == item]
        consensus = judged(plan, parameter, item, here)
        found.append(replace(consensus, guards=(*consensus.guards, *_lost(here))))
    if not any(_uncertain(consensus) for consensus in found):
        return found
    return [
        replace(consensus, score=Score.Z_PRIME) if consensus.score is Score.Z else consensus
        for consensus in found
    ]


def _uncertain(consensus: Consensus) -> bool:
    if consensus.score is not Score.Z:
        return False
    few = consensus.plan.estimator != "reference" and consensus.n < guards.ENOUGH
    return few or any(guard.code == "G3" for guard in consensus.guards)


def _lost(results: Sequence[Result]) -> list[Guard]:
    arrived = [result for result in results if result.status in {"value", "void"}]
    return guards.lost(
        sum(result.late or result.status == "void" for result in arrived), len(arrived)
    )


def _of_verdicts(
    _plan: Plan, parameter: ParameterPlan, item: str, results: Sequence[Result]
) -> Consensus:
    """Return the verdict of the majority; the numbers behind it are never scored."""
    verdicts = [result.reduction.verdict for result in results if result.row.consensus]
    passed, n = verdicts.count("PASS"), len(verdicts)
    found = tuple(guards.few(n, guards.LEAST_VERDICTS))
    tied = 2 * passed == n
    return Consensus(
        plan=parameter,
        item=item,
        n=n,
        score=Score.NONE if found or tied else Score.PASS_FAIL,
        verdict=None if found or tied else "PASS" if 2 * passed > n else "FAIL",
        guards=found,
    )


def _of_numbers(
    plan: Plan, parameter: ParameterPlan, item: str, results: Sequence[Result]
) -> Consensus:
    values = tuple(
        sorted(
            result.value for result in results if result.row.consensus and result.value is not None
        )
    )
    few = () if parameter.external else tuple(guards.few(len(values), parameter.min_n))
    found = Consensus(plan=parameter, item=item, n=len(values), score=Score.NONE, values=values)
    if values:
        found = replace(found, median=median(values))
    try:
        found = _spread(found, plan)
    except NotConverged:
        return replace(found, guards=(*few, Guard("G11")))
    return replace(found, guards=few) if few else _with_sigma(found)


def _spread(consensus: Consensus, plan: Plan) -> Consensus:
    """Add the measures of spread; a quartile needs three results, as does anything robust."""
    if consensus.n < 3:
        return consensus
    return replace(
        consensus,
        niqr=niqr(consensus.values, quartiles=plan.quartiles),
        robust=algorithm_a(consensus.values),
    )


def _with_sigma(consensus: Consensus) -> Consensus:
    """Choose the standard deviation, unless the results have no spread to take it from."""
    plan, scale = consensus.plan, consensus.scale
    if plan.sigma_pt is not None:
        found = replace(consensus, sigma=Fraction(plan.sigma_pt), source="prescribed")
        spread = guards.implausible(plan.sigma_pt, scale) if consensus.robust else []
        return _with_value(replace(found, guards=tuple(spread)))
    iqr = consensus.niqr or Fraction(0)
    sigma: Number = iqr if plan.sigma == "niqr" else scale
    flat = guards.no_spread(consensus.values, iqr, scale, sigma, plan.grain)
    if flat:
        return replace(consensus, guards=tuple(flat))
    floor = FLOOR * plan.grain
    if sigma < floor:
        return _with_value(replace(consensus, sigma=floor, source="floor"))
    return _with_value(replace(consensus, sigma=sigma, source=plan.sigma))


def _with_value(consensus: Consensus) -> Consensus:
    """Add the assigned value, its uncertainty, and what they say beside the deviation."""
    plan, sigma = consensus.plan, consensus.sigma or Fraction(0)
    u: Number = Fraction(plan.reference_u)
    if plan.estimator != "reference":
        u = assigned_value_uncertainty(consensus.scale, consensus.n)
    return replace(
        consensus,
        score=Score.Z,
        x_pt=_value(consensus),
        u=u,
        guards=(
            *consensus.guards,
            *guards.uncertain(u, sigma),
            *guards.coarse(sigma, plan.grain),
        ),
    )


def _value(consensus: Consensus) -> Number | None:
    plan = consensus.plan
    if plan.estimator == "reference":
        return Fraction(plan.reference[consensus.item])
    robust = consensus.robust
    if plan.estimator == "median" or robust is None or robust.degenerate:
        return consensus.median  # exact, where the iteration has collapsed to it
    return robust.location
