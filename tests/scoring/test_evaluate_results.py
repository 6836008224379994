"""What a snapshot may hold, and how its groups are read back."""

from dataclasses import replace

import pytest

from scoring.evaluation.evaluate import evaluate
from scoring.evaluation.plan import PlanError
from tests.scoring.rounds_played import plan_of
from tests.scoring.small_rounds import (
    ORDINARY,
    entry,
    lab,
    labs,
    one_item,
    play,
    result,
    snapshot,
)

STRENGTHS = ("rf3", "rc3", "rf28", "rc28")


def rows(*labs, plan):
    return evaluate(plan, snapshot(labs))["results"]


def test_a_pat_is_a_verdict_without_a_number():
    plan = plan_of("sound_pat", items=("A",))
    output = evaluate(plan, snapshot(labs({"A": ["1"] * 6 + ["0"]}, "sound_pat")))
    assert [row["verdict"] for row in output["results"]] == ["PASS"] * 6 + ["FAIL"]
    assert output["parameters"][0]["step"] is None
    assert output["results"][0]["value"] is None


@pytest.mark.parametrize(
    ("reported", "findings", "shown"),
    [
        (None, [], None),
        ({"status": "reported", "value": "180"}, [], "180"),
        ({"status": "reported", "value": "180.0"}, [], "180.0"),
        ({"status": "reported", "value": "181"}, ["E26"], "181"),
        ({"status": "void", "value": None}, ["E26"], "void"),
        ({"status": "reported", "value": None, "text": "about 180"}, ["E26"], "about 180"),
    ],
)
def test_the_own_result_is_compared_and_shown(reported, findings, shown):
    given = lab("L1", entry(result("init", "A", "180", reported=reported)))
    (row,) = rows(given, plan=one_item())
    assert (row["findings"], row["reported"], row["value"]) == (findings, shown, "180")


def test_a_reading_without_a_value_is_not_there():
    given = result("init", "A", "180")
    given["readings"][0] |= {"text": "abc", "value": None}
    (row,) = rows(lab("L1", entry(given)), plan=one_item())
    assert (row["status"], row["policy"], row["path"]) == ("not_tested", ["P10"], "incomplete")
    assert row["findings"] == ["E04"]


@pytest.mark.parametrize(
    ("cast_at", "broken_at", "policy"),
    [
        ("2024-09-10T02:00:00Z", "2024-09-13T02:45:00Z", ["P01"]),
        ("2024-09-10T02:00:00Z", "2024-09-13T02:45:01Z", ["P16"]),
        ("2024-09-10T02:00:00Z", None, ["P01"]),
        (None, None, ["P01"]),
    ],
)
def test_the_age_is_looked_at_where_both_times_are_known(cast_at, broken_at, policy):
    loads = result("rc3", "A", "42.9 43.0 43.2 42.5 42.7 43.1")
    given = lab("L1", entry(loads, cast_at=cast_at, broken_at=broken_at))
    plan = plan_of("rc3", items=("A",))
    many = [lab(f"M{k}", entry(loads)) for k in range(20)]
    row = rows(*many, given, plan=plan)[0]
    assert row["code"] == "L1"
    assert [code for code in row["policy"] if code != "P21"] == [c for c in policy if c != "P01"]
    assert row["findings"] == (["E07"] if policy == ["P16"] else [])


def test_ages_are_compared_across_stages():
    low, high = "42.9 43.0 43.2 42.5 42.7 43.1", "80.9 81.0 81.2 80.5 80.7 81.1"
    given = lab(
        "L1",
        entry(result("rc3", "A", high), stage="S1"),
        entry(result("rc28", "A", low), stage="S2"),
    )
    stages = {"S1": ["rc3"], "S2": ["rc28"]}
    output = evaluate(plan_of("rc3", "rc28", items=("A",)), snapshot([given], **stages))
    assert {row["parameter"]: row["findings"] for row in output["results"]} == {
        "rc3": ["E33"], "rc28": ["E10", "E33"],
    }  # fmt: skip


def test_the_limits_of_the_plan_hold_and_not_those_of_today():
    plan = one_item()
    tight = replace(plan, parameters=(replace(plan.parameters[0], hard_lo=None, hard_hi=185),))
    output = play(ORDINARY, tight)
    assert [row["policy"] for row in output["results"][-4:]] == [["P01"]] + [["P15"]] * 3
    assert output["results"][-1]["findings"] == ["E05"]


@pytest.mark.parametrize(
    ("limits", "policy"),
    [
        ((170, None), ["P15"]),
        ((169, 170), ["P01"]),
        ((None, 168), ["P15"]),
        ((None, None), ["P01"]),
    ],
)
def test_a_limit_itself_is_possible(limits, policy):
    low, high = limits
    (parameter,) = one_item(
        estimator="reference", reference={"A": 170}, sigma="prescribed", sigma_pt=5
    ).parameters
    plan = replace(one_item(), parameters=(replace(parameter, hard_lo=low, hard_hi=high),))
    (row,) = play(["169"], plan)["results"]
    assert row["policy"] == policy


def test_an_edition_the_catalogue_does_not_have_is_refused():
    plan = one_item(edition="1999-01-01")
    with pytest.raises(PlanError, match="1999-01-01"):
        play(ORDINARY, plan)


def test_another_definition_of_quartiles_can_be_planned():
    plan = replace(one_item(), quartiles="type6")
    assert play(ORDINARY, plan)["parameters"][0]["niqr"] == "5.55975"
