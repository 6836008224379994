"""PURE: the statistical plan of a round: how each parameter is reduced, scored and ranked.

The plan is sealed with the notice, so it repeats what it needs of the catalogue (rule, step, hard
limits): a later correction there changes no evaluation.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from fractions import Fraction
from typing import Any

from scoring.cement import catalogue
from scoring.cement.catalogue import Parameter
from scoring.cement.reduction import Options
from scoring.evaluation.policy import Answers
from scoring.statistics import Quartiles

#: Below six results there is no consensus, up to eleven it is only listed (statistics.md §11).
LEAST = 12
WEIGHTS = {
    "rf3": Decimal("0.15"),
    "rc3": Decimal("0.15"),
    "rf28": Decimal("0.15"),
    "rc28": Decimal("0.15"),
    "water": Decimal("0.1"),
    "init": Decimal("0.1"),
    "final": Decimal("0.1"),
}
#: The first of these in the plan carries the weight of fineness.
FINENESS = ("r45", "blaine", "r80")
FINENESS_WEIGHT = Decimal("0.1")

_CHOICES = {
    "estimator": ("algorithm_a", "median", "reference"),
    "sigma": ("algorithm_a", "niqr", "prescribed"),
    "quartiles": ("type7", "type6"),
    "labels": ("cnas", "gbt28043", "traditional"),
    "result_source": ("computed",),
}


class PlanError(ValueError):
    """A plan that cannot be evaluated; the text names the field."""


@dataclass(frozen=True, kw_only=True)
class ParameterPlan:
    """Hold how one parameter is reduced, scored and weighted."""

    code: str
    #: First day of the edition of the method; its rule, step and limits follow.
    edition: str
    kind: str
    unit: str
    rule: str
    step: Decimal | None
    hard_lo: Decimal | None = None
    hard_hi: Decimal | None = None
    plausible_lo: Decimal | None = None
    plausible_hi: Decimal | None = None
    #: Nominal age in days, where the method names one.
    age_days: int | None = None
    estimator: str = "algorithm_a"
    #: Assigned value and its standard uncertainty per item, where the estimator is ``reference``.
    reference: Mapping[str, Decimal] = field(default_factory=dict)
    reference_u: Decimal = Decimal(0)
    sigma: str = "algorithm_a"
    #: Standard deviation for proficiency assessment, where ``sigma`` is ``prescribed``.
    sigma_pt: Decimal | None = None
    #: Fewer results than this are listed, not scored, unless value and deviation are external.
    min_n: int = LEAST
    weight: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        _choose(self, "estimator")
        _choose(self, "sigma")
        _require(self.quantitative or self.weight == 0, self.code, "weight")
        _require(not self.quantitative or self.step is not None, self.code, "step")
        _require((self.sigma == "prescribed") == (self.sigma_pt is not None), self.code, "sigma_pt")
        _require(self.sigma_pt is None or self.sigma_pt > 0, self.code, "sigma_pt")
        _require((self.estimator == "reference") == bool(self.reference), self.code, "reference")
        _require(self.reference_u >= 0, self.code, "reference_u")
        _require(self.min_n >= LEAST, self.code, "min_n")
        _require(self.weight >= 0, self.code, "weight")

    @property
    def quantitative(self) -> bool:
        """Tell whether results are scored by z; the others are graded pass or fail."""
        return self.kind == "quantitative"

    @property
    def grain(self) -> Fraction:
        """Return the rounding step as a fraction; 0 where nothing is rounded."""
        return Fraction(self.step or 0)

    @property
    def external(self) -> bool:
        """Tell whether neither assigned value nor deviation comes from this round's results."""
        return self.estimator == "reference" and self.sigma == "prescribed"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Hold the whole plan: parameters in catalogue order and what holds for all of them."""

    parameters: tuple[ParameterPlan, ...]
    items: tuple[str, ...] = ("A", "B")
    quartiles: Quartiles = "type7"
    labels: str = "cnas"
    result_source: str = "computed"
    options: Options = field(default_factory=Options)
    answers: Answers = field(default_factory=Answers)
    #: First, second and third prize as shares of the eligible laboratories.
    shares: tuple[Decimal, ...] = (Decimal("0.05"), Decimal("0.1"), Decimal("0.2"))
    #: The parameter whose mean score breaks the last tie.
    decider: str = "rc28"

    def __post_init__(self) -> None:
        for name in ("quartiles", "labels", "result_source"):
            _choose(self, name)
        codes = [parameter.code for parameter in self.parameters]
        _require(len(set(codes)) == len(codes) > 0, "plan", "parameters")
        _require(list(self.items) == sorted(set(self.items)) != [], "plan", "items")
        _require(len(self.shares) == 3 and min(self.shares) >= 0, "plan", "shares")
        _require(sum(self.shares) <= 1, "plan", "shares")
        for parameter in self.parameters:
            known = not parameter.reference or set(parameter.reference) == set(self.items)
            _require(known, parameter.code, "reference")

    def document(self) -> dict[str, Any]:
        """Return the plan as JSON's own types, decimals as strings; made to be sealed."""
        found: dict[str, Any] = _plain(asdict(self))
        return found


def default_plan(
    parameters: Iterable[Parameter],
    *,
    weights: Mapping[str, Decimal] | None = None,
    prescribed: Mapping[str, Decimal] | None = None,
    **settings: Any,
) -> Plan:
    """Return the usual plan of a provincial round over ``parameters`` of the catalogue.

    ``weights`` replaces the usual weights, ``prescribed`` gives standard deviations declared
    beforehand; ``settings`` are fields of :class:`Plan`. Raises :class:`PlanError`.
    """
    order = catalogue.codes()
    chosen = sorted(parameters, key=lambda parameter: order.index(parameter.code))
    share = default_weights([one.code for one in chosen]) if weights is None else weights
    sigmas = prescribed or {}
    return Plan(
        parameters=tuple(
            ParameterPlan(
                code=one.code,
                edition=one.valid_from.isoformat(),
                kind=one.kind,
                unit=one.unit,
                rule=one.rule,
                step=one.step,
                hard_lo=one.hard_lo,
                hard_hi=one.hard_hi,
                plausible_lo=one.plausible_lo,
                plausible_hi=one.plausible_hi,
                age_days=catalogue.age(one.code),
                sigma="prescribed" if one.code in sigmas else "algorithm_a",
                sigma_pt=sigmas.get(one.code),
                weight=share.get(one.code, Decimal(0)),
            )
            for one in chosen
        ),
        **settings,
    )


def default_weights(codes: Collection[str]) -> dict[str, Decimal]:
    """Return the usual weights of the parameters ``codes``; the others weigh nothing."""
    found = {code: weight for code, weight in WEIGHTS.items() if code in codes}
    fineness = next((code for code in FINENESS if code in codes), None)
    return found if fineness is None else {**found, fineness: FINENESS_WEIGHT}


def from_document(document: Mapping[str, Any]) -> Plan:
    """Return the plan of a sealed document; raise :class:`PlanError` if it is not one."""
    try:
        rest = _known(Plan, document)
        rest["parameters"] = tuple(_parameter(row) for row in document["parameters"])
        rest["options"] = Options(**document["options"])
        rest["answers"] = Answers(**document["answers"])
        rest["items"] = tuple(document["items"])
        rest["shares"] = tuple(Decimal(share) for share in document["shares"])
        return Plan(**rest)
    except (AttributeError, LookupError, TypeError, ArithmeticError, ValueError) as error:
        raise PlanError(f"not a plan: {error}") from error


def _parameter(document: Mapping[str, Any]) -> ParameterPlan:
    found = _known(ParameterPlan, document)
    for name in ("step", "hard_lo", "hard_hi", "plausible_lo", "plausible_hi", "sigma_pt"):
        found[name] = None if found[name] is None else Decimal(found[name])
    for name in ("reference_u", "weight"):
        found[name] = Decimal(found[name])
    found["reference"] = {item: Decimal(value) for item, value in document["reference"].items()}
    return ParameterPlan(**found)


def _known(kind: type[Plan | ParameterPlan], document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of ``document``, which names every field of ``kind`` and nothing else."""
    names = {one.name for one in fields(kind)}
    if names != document.keys():
        raise PlanError(f"fields of a plan: {sorted(names ^ document.keys())}")
    return dict(document)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _choose(plan: Plan | ParameterPlan, name: str) -> None:
    chosen = getattr(plan, name)
    if chosen not in _CHOICES[name]:
        raise PlanError(f"{name} of a plan is one of {_CHOICES[name]}, not {chosen!r}")


def _require(held: bool, what: str, name: str) -> None:
    if not held:
        raise PlanError(f"{name} of {what} cannot be used")
