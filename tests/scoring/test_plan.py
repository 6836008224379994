"""The plan: its usual content, its document, and what it refuses."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from core.sealed import seal
from scoring.cement.reduction import Options
from scoring.evaluation.plan import Plan, PlanError, default_plan, default_weights, from_document
from scoring.evaluation.policy import Answers
from tests.scoring.rounds_played import plan_of

FULL = plan_of()
ONE = plan_of("rc28").parameters[0]


def test_the_usual_plan_takes_algorithm_a_and_two_items():
    assert (FULL.items, FULL.quartiles, FULL.labels) == (("A", "B"), "type7", "cnas")
    assert {(one.estimator, one.sigma) for one in FULL.parameters} == {
        ("algorithm_a", "algorithm_a")
    }
    assert FULL.shares == (Decimal("0.05"), Decimal("0.1"), Decimal("0.2"))


def test_the_plan_repeats_what_it_needs_of_the_catalogue():
    assert (ONE.rule, ONE.step, ONE.hard_lo, ONE.hard_hi) == (
        "compressive_6",
        Decimal("0.1"),
        5,
        100,
    )
    assert (ONE.edition, ONE.age_days, ONE.unit) == ("2022-07-01", 28, "MPa")


def test_parameters_stand_in_the_order_of_the_catalogue():
    assert plan_of("rc28", "water", "rf3") == plan_of("water", "rf3", "rc28")


def test_the_usual_weights_are_sixty_percent_strength():
    weights = {one.code: one.weight for one in FULL.parameters if one.weight}
    strength = dict.fromkeys(("rf3", "rc3", "rf28", "rc28"), Decimal("0.15"))
    others = dict.fromkeys(("water", "init", "final", "r45"), Decimal("0.1"))
    assert weights == strength | others
    assert sum(weights.values()) == 1


@pytest.mark.parametrize(
    ("codes", "carrier"),
    [({"r80", "blaine", "r45"}, "r45"), ({"r80", "blaine"}, "blaine"), ({"r80"}, "r80")],
)
def test_fineness_is_the_first_of_three(codes, carrier):
    assert default_weights(codes) == {carrier: Decimal("0.1")}


def test_weights_and_prescribed_deviations_can_be_given():
    plan = plan_of("init", "final", weights={"init": Decimal(1)}, prescribed={"init": Decimal(9)})
    init, final = plan.parameters
    assert (init.weight, init.sigma, init.sigma_pt) == (1, "prescribed", 9)
    assert (final.weight, final.sigma, final.sigma_pt) == (0, "algorithm_a", None)


CHANGED = replace(
    plan_of("init", "sound"),
    parameters=(
        replace(
            plan_of("init").parameters[0],
            estimator="reference",
            reference={"A": Decimal("180.5"), "B": Decimal(190)},
            reference_u=Decimal("0.5"),
            sigma="prescribed",
            sigma_pt=Decimal("9.50"),
            min_n=14,
        ),
        plan_of("sound").parameters[0],
    ),
    quartiles="type6",
    options=Options(strength_edition="1999"),
    answers=Answers(late_scored=False),
)


@pytest.mark.parametrize("plan", [FULL, CHANGED])
def test_a_plan_is_the_same_after_a_journey_as_a_document(plan):
    document = plan.document()
    again = from_document(json.loads(json.dumps(document)))
    assert again == plan
    assert seal(again.document()) == seal(document)


@pytest.mark.parametrize(
    "change",
    [
        {"estimator": "mean"},
        {"sigma": "sd"},
        {"sigma": "prescribed"},
        {"sigma_pt": Decimal(1)},
        {"sigma": "prescribed", "sigma_pt": Decimal(0)},
        {"estimator": "reference"},
        {"reference": {"A": Decimal(1)}},
        {"reference_u": Decimal(-1)},
        {"min_n": 11},
        {"weight": Decimal(-1)},
        {"step": None},
        {"kind": "threshold"},
    ],
)
def test_a_parameter_that_cannot_be_evaluated_is_refused(change):
    with pytest.raises(PlanError):
        replace(ONE, **change)


@pytest.mark.parametrize(
    "change",
    [
        {"quartiles": "type5"},
        {"labels": "grades"},
        {"result_source": "reported"},
        {"parameters": ()},
        {"parameters": (ONE, ONE)},
        {"items": ()},
        {"items": ("B", "A")},
        {"shares": (Decimal("0.5"), Decimal("0.5"))},
        {"shares": (Decimal("0.5"), Decimal("0.4"), Decimal("0.2"))},
        {"shares": (Decimal("0.5"), Decimal("0.4"), Decimal("-0.2"))},
        {"parameters": (replace(ONE, estimator="reference", reference={"A": Decimal(48)}),)},
    ],
)
def test_a_plan_that_cannot_be_evaluated_is_refused(change):
    with pytest.raises(PlanError):
        replace(FULL, **change)


def broken(**changes):
    return FULL.document() | changes


PARAMETER = FULL.document()["parameters"][0]


@pytest.mark.parametrize(
    "document",
    [
        {},
        broken(more="1"),
        {key: value for key, value in FULL.document().items() if key != "answers"},
        broken(parameters=[{"code": "rc28"}]),
        broken(parameters=[PARAMETER | {"weight": "much"}]),
        broken(parameters=[PARAMETER | {"weight": None}]),
        broken(parameters=[PARAMETER | {"reference": None}]),
        broken(parameters=3),
        broken(options={"strength": "2021"}),
        broken(options={"strength_edition": "2030"}),
        broken(shares=None),
    ],
)
def test_a_document_that_is_no_plan_is_refused(document):
    with pytest.raises(PlanError):
        from_document(document)


def test_a_plan_of_no_parameter_is_refused():
    with pytest.raises(PlanError, match="parameters"):
        default_plan([])
    assert isinstance(FULL, Plan)
