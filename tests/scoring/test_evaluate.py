"""What an evaluation must never do: fail honest laboratories, or miss what is far away."""

import json
import random
import re
from copy import deepcopy
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sealed import canonical, seal
from scoring.evaluation import consensus
from scoring.evaluation.evaluate import evaluate
from scoring.evaluation.plan import Plan
from scoring.statistics import NotConverged
from tests.scoring.rounds_played import plan_of, synthetic
from tests.scoring.small_rounds import (
    ORDINARY,
    entry,
    guards,
    lab,
    labs,
    one_item,
    play,
    result,
    snapshot,
    verdicts,
)

SETTING = ["180"] * 17 + ["175"] * 6 + ["185"] * 6 + ["230"]


def prescribed(sigma: str, **more) -> Plan:
    return one_item(sigma="prescribed", sigma_pt=Decimal(sigma), **more)


def test_without_spread_nobody_is_classified_by_the_artefact():
    output = play(SETTING)
    assert guards(output) == ["G2"]
    assert set(verdicts(output)) == {None}
    assert {tuple(row["policy"]) for row in output["results"]} == {("P21",)}
    assert output["ranking"] == []


def test_with_a_prescribed_deviation_only_the_far_one_is_flagged():
    output = play(SETTING, prescribed("10"))
    assert "G2" not in guards(output)
    assert verdicts(output) == ["SATISFACTORY"] * 29 + ["UNSATISFACTORY"]


def test_two_far_laboratories_do_not_mask_each_other():
    near = [str(Decimal("48.5") + Decimal(k) * Decimal("0.15")) for k in range(-8, 10)]
    output = play([*near, "58.0", "59.0"], one_item(step="0.1"))
    assert verdicts(output) == ["SATISFACTORY"] * 18 + ["UNSATISFACTORY"] * 2
    assert all(abs(Decimal(row["z"])) > 3 for row in output["results"][-2:])


FEW = ["39.5", "40", "40.5", "41", "80"]


@pytest.mark.parametrize(
    "plan",
    [
        one_item(step="0.1"),
        prescribed("1", step="0.1"),
        prescribed("1", step="0.1", estimator="median"),
        one_item(step="0.1", estimator="reference", reference={"A": Decimal(40)}),
    ],
)
def test_of_few_results_the_doubled_one_is_never_satisfactory(plan):
    output = play(FEW, plan)
    assert "G1" in guards(output)
    assert verdicts(output) == [None] * 5


def test_external_value_and_deviation_score_even_few_results():
    plan = prescribed("1", step="0.1", estimator="reference", reference={"A": Decimal("40.2")})
    output = play(FEW, plan)
    assert guards(output) == ["G9"]
    assert verdicts(output) == ["SATISFACTORY"] * 4 + ["UNSATISFACTORY"]
    assert [row["z"] for row in output["results"]] == ["-0.7", "-0.2", "0.3", "0.8", "39.8"]
    assert output["parameters"][0]["score"] == "z"


@pytest.mark.parametrize(
    ("typed", "z", "verdict"),
    [
        ("27.1", "2", "SATISFACTORY"),
        ("25.9", "-2", "SATISFACTORY"),
        ("27.2", "2.333333333", "QUESTIONABLE"),
        ("27.4", "3", "UNSATISFACTORY"),
        ("25.6", "-3", "UNSATISFACTORY"),
    ],
)
def test_a_score_on_a_limit_is_exact(typed, z, verdict):
    # In floating point (27.1 - 26.5) / 0.3 is a little more than 2.
    exact = {"step": "0.1", "estimator": "reference", "reference": {"A": Decimal("26.5")}}
    (row,) = play([typed], prescribed("0.3", **exact))["results"]
    assert (row["z"], row["verdict"]) == (z, verdict)


def test_median_and_floor_are_exact_too():
    values = ["179"] * 5 + ["180"] * 10 + ["181"] * 7 + ["184", "186"]
    output = play(values, one_item(estimator="median"))
    summary = output["parameters"][0]
    assert (summary["x_pt"], summary["sigma_pt"], summary["sigma_source"]) == ("180", "2", "floor")
    assert [row["z"] for row in output["results"][-2:]] == ["2", "3"]
    assert verdicts(output)[-2:] == ["SATISFACTORY", "UNSATISFACTORY"]


def test_the_robust_deviation_can_be_niqr():
    output = play(ORDINARY, one_item(sigma="niqr", estimator="median"))
    summary = output["parameters"][0]
    assert summary["sigma_source"] == "niqr"
    assert summary["sigma_pt"] == summary["niqr"] == "4.81845"
    assert summary["x_pt"] == summary["median"] == "180"


def test_up_to_seventeen_results_everybody_has_z_prime():
    assert play(ORDINARY[:17])["parameters"][0]["score"] == "z_prime"
    assert "G3" in guards(play(ORDINARY[:17]))
    assert play(ORDINARY[:18])["parameters"][0]["score"] == "z"
    assert guards(play(ORDINARY[:18])) == []


def test_z_prime_holds_the_uncertainty_of_the_assigned_value():
    summary, first = (play(ORDINARY[:12])[part][0] for part in ("parameters", "results"))
    x_pt, sigma, u = (float(summary[name]) for name in ("x_pt", "sigma_pt", "u"))
    assert u == pytest.approx(1.25 * sigma / 12**0.5)
    assert float(first["z"]) == pytest.approx((171 - x_pt) / (sigma**2 + u**2) ** 0.5)


def test_an_uncertain_item_gives_every_item_z_prime():
    some = labs({"A": ORDINARY, "B": ORDINARY})
    for one in some[12:]:
        one["entries"][0]["results"].pop()
    output = evaluate(plan_of("init"), snapshot(some))
    assert [row["n"] for row in output["parameters"]] == ["20", "12"]
    assert [row["score"] for row in output["parameters"]] == ["z_prime", "z_prime"]


def test_the_uncertainty_of_a_reference_value_counts():
    given = {"estimator": "reference", "reference": {"A": Decimal(180)}}
    output = play(ORDINARY, prescribed("4", reference_u=Decimal(3), **given))
    assert output["parameters"][0]["score"] == "z_prime"
    assert output["results"][-1]["z"] == "1.8"  # 9 / √(4² + 3²)


def test_an_estimate_that_does_not_converge_scores_nobody(monkeypatch):
    def never(values):
        raise NotConverged

    monkeypatch.setattr(consensus, "algorithm_a", never)
    output = play(ORDINARY)
    assert guards(output) == ["G11"]
    assert set(verdicts(output)) == {None}


def test_the_summary_has_the_seven_statistics():
    summary = play(ORDINARY)["parameters"][0]
    names = ("n", "median", "niqr", "robust_cv", "min", "max", "range")
    assert [summary[name] for name in names] == [
        "20", "180", "4.81845", "2.676916667", "171", "189", "18",
    ]  # fmt: skip


def test_nothing_at_all_gives_an_empty_summary():
    output = evaluate(one_item(), snapshot([lab("L1", entry())], S1=["init"]))
    summary = output["parameters"][0]
    assert (summary["n"], summary["median"], summary["range"]) == ("0", None, None)
    assert summary["algorithm_a"] is None
    assert guards(output) == ["G1"]


def test_soundness_is_matched_with_the_majority_and_never_scored():
    sound, unsound = "10 11 10 11", "10 16 10 16"
    plan = plan_of("sound", items=("A",))
    output = evaluate(plan, snapshot(labs({"A": [sound] * 6 + [unsound]}, "sound")))
    assert output["parameters"][0]["score"] == "pass_fail"
    assert output["parameters"][0]["verdict"] == "PASS"
    assert output["parameters"][0]["counts"] == {"FAIL": "1", "PASS": "6"}
    assert [row["matches"] for row in output["results"]] == [True] * 6 + [False]
    assert {row["z"] for row in output["results"]} == {None}


@pytest.mark.parametrize(("passed", "failed"), [(3, 3), (5, 0)])
def test_a_tied_or_thin_verdict_judges_nobody(passed, failed):
    values = ["10 11 10 11"] * passed + ["10 16 10 16"] * failed
    plan = plan_of("sound", items=("A",))
    output = evaluate(plan, snapshot(labs({"A": values}, "sound")))
    assert output["parameters"][0]["score"] == "none"
    assert {tuple(row["policy"]) for row in output["results"]} == {("P21",)}


def test_the_order_of_a_snapshot_does_not_matter():
    plan, once = plan_of(), seal(evaluate(plan_of(), synthetic()))
    mixed = deepcopy(synthetic())
    shuffle = random.Random(17).shuffle
    for participant in mixed["participants"]:
        shuffle(participant["entries"])
        for one in participant["entries"]:
            shuffle(one["results"])
            for row in one["results"]:
                shuffle(row["readings"])
    shuffle(mixed["participants"])
    shuffle(mixed["stages"])
    assert seal(evaluate(plan, mixed)) == once


@settings(max_examples=25)
@given(st.permutations(labs({"A": ORDINARY, "B": ORDINARY[::-1]})))
def test_no_permutation_of_laboratories_changes_a_byte(permuted):
    assert canonical(evaluate(plan_of("init"), snapshot(permuted))) == canonical(
        evaluate(plan_of("init"), snapshot(labs({"A": ORDINARY, "B": ORDINARY[::-1]})))
    )


def test_a_parameter_outside_the_plan_is_left_alone():
    results = result("init", "A", "180"), result("final", "A", "240"), result("init", "B", "180")
    output = evaluate(one_item(), snapshot([lab("L1", entry(*results))]))
    assert [(row["parameter"], row["item"]) for row in output["results"]] == [("init", "A")]


def numbers(value):
    """Yield every leaf of an output."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from numbers(inner)
    else:
        yield value


def test_every_number_is_text_with_at_most_nine_decimals():
    output = evaluate(plan_of(), synthetic())
    leaves = set(numbers(output))
    assert {type(leaf) for leaf in leaves} == {str, bool, type(None)}
    assert json.loads(json.dumps(output)) == output
    scores = [row["z"] for row in output["results"] if row["z"] is not None]
    assert all(re.fullmatch(r"-?[0-9]+(\.[0-9]{0,8}[1-9])?", z) for z in scores)
    assert "-0" not in leaves


def test_a_score_is_exact_where_most_results_are_equal_and_the_deviation_is_prescribed():
    """Twenty at 180, one at 200, σ 10: exactly 2, which is satisfactory."""
    output = play(["180"] * 20 + ["200"], prescribed("10"))
    assert set(verdicts(output)) == {"SATISFACTORY"}
    assert max(Decimal(row["z"]) for row in output["results"]) == 2
