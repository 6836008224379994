"""Every policy row as a laboratory meets it: consensus, score, ranking and award."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from scoring.evaluation.evaluate import evaluate
from scoring.evaluation.policy import Answers
from tests.scoring.rounds_played import plan_of
from tests.scoring.small_rounds import ORDINARY, entry, lab, result, snapshot

Json = dict[str, Any]

PARAMETERS = ("init", "sound", "rf3", "rc3")
PLAN = plan_of(*PARAMETERS)
CAST, BROKEN, TOO_LATE = (
    f"2024-09-{when}Z" for when in ("10T02:00:00", "13T02:30:00", "13T03:00:00")
)
SOUND, UNSOUND = "10 11 10 11", "10 16 10 16 10 16 10 16"
FLEXURAL, THREE_OUT = "2310 2250 2400", "2500 2540 4400"
COMPRESSIVE, VOID = "42.9 43.0 43.2 42.5 42.7 43.1", "65 64 64 53 66 70"


def strength(shift: int = 0) -> list[Json]:
    """Return strengths that differ a little from laboratory to laboratory."""
    loads = " ".join(str(round(float(load) + 0.7 * shift, 1)) for load in COMPRESSIVE.split())
    prisms = " ".join(str(int(load) + 40 * shift) for load in FLEXURAL.split())
    return [
        result(code, item, text)
        for code, text in (("rf3", prisms), ("rc3", loads))
        for item in "AB"
    ]


def physical(value: str = "180", sound: str = SOUND) -> list[Json]:
    return [
        result(code, item, text)
        for code, text in (("init", value), ("sound", sound))
        for item in "AB"
    ]


def first(*results: Json, **more: Any) -> Json:
    return entry(*(results or physical()), **more)


def second(*results: Json, broken_at: str = BROKEN, **more: Any) -> Json:
    results = results or tuple(strength())
    return entry(*results, stage="S2", cast_at=CAST, broken_at=broken_at, **more)


def others() -> list[Json]:
    return [
        lab(f"L{k:02}", first(*physical(text)), second(*strength(k % 7 - 3)))
        for k, text in enumerate(ORDINARY)
    ]


def played(special: Json, plan: Any = PLAN) -> Json:
    stages = {"S1": PARAMETERS[:2], "S2": PARAMETERS[2:]}
    output = evaluate(plan, snapshot([*others(), special], **stages))
    return {
        "rows": {
            (row["parameter"], row["item"]): row for row in output["results"] if row["code"] == "X"
        },
        "place": next((row for row in output["ranking"] if row["code"] == "X"), None),
        "unranked": next((r["reasons"] for r in output["unranked"] if r["code"] == "X"), None),
        "n": {(row["parameter"], row["item"]): row["n"] for row in output["parameters"]},
    }


def special(change: Callable[[Json], None] | None = None, **more: Any) -> Json:
    given = lab("X", first(), second(), **more)
    if change:
        change(given)
    return given


def void(given: Json) -> None:
    given["entries"][1]["results"][2] = result("rc3", "A", VOID, status="void")


def three_out(given: Json) -> None:
    given["entries"][1]["results"][0] = result("rf3", "A", THREE_OUT)


def without_second(given: Json) -> None:
    del given["entries"][1]


CASES = {
    # case: (laboratory, parameter, rows, in the consensus, scored, reasons against an award)
    "P01": (special(), "init", ["P01"], True, True, []),
    "P02": (lab("X", first(), second(late=True)), "rc3", ["P02"], False, True, ["P02"]),
    "P10": (lab("X", first(*physical()[1:]), second()), "init", ["P10"], False, False, ["P10"]),
    "P11": (special(without_second), "rc3", ["P11"], False, False, ["P11"]),
    "P12": (special(void), "rc3", ["P12"], False, False, ["P12"]),
    "P13": (special(three_out), "rf3", ["P13"], False, False, ["P13"]),
    "P15": (
        lab("X", first(*physical("3")), second()),
        "init", ["P15"], False, True, ["P15", "UNSATISFACTORY"],
    ),
    "P16": (lab("X", first(), second(broken_at=TOO_LATE)), "rc3", ["P16"], True, True, []),
    "P22": (special(), "sound", ["P22"], True, False, []),
    "P22 wrong": (
        lab("X", first(*physical(sound=UNSOUND)), second()), "sound", ["P22"], True, False, ["P22"],
    ),
    "P23": (
        lab("X", first(*physical()[2:]), second(), parameters=list(PARAMETERS[1:])),
        "init", ["P23"], False, False, ["P23"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_row_decides_consensus_score_and_award(case):
    given, parameter, codes, consensus, scored, reasons = CASES[case]
    output = played(given)
    row = output["rows"][parameter, "A"]
    assert (row["policy"], row["in_consensus"], row["z"] is not None) == (codes, consensus, scored)
    assert output["n"][parameter, "A"] == str(20 + consensus)
    assert output["place"]["reasons"] == reasons
    assert output["place"]["eligible"] is not bool(reasons)


@pytest.mark.parametrize("case", ["P10", "P11", "P12", "P13", "P23"])
def test_what_is_missing_or_void_counts_three(case):
    given, parameter, *_ = CASES[case]
    terms = {term["parameter"]: term for term in played(given)["place"]["terms"]}
    assert terms[parameter]["scores"][0] is None
    assert terms[parameter]["capped"][0] == "3"


def test_p04_is_not_ranked_and_in_no_consensus():
    output = played(lab("X"))
    assert {tuple(row["policy"]) for row in output["rows"].values()} == {("P04",)}
    assert {row["status"] for row in output["rows"].values()} == {"not_reported"}
    assert output["place"] is None
    assert output["unranked"] == ["P04"]
    assert set(output["n"].values()) == {"20"}


def test_p21_leaves_all_weights_and_bars_nobody():
    only = [
        lab(one["code"], first(*physical(text)))
        for one, text in zip(others(), ORDINARY, strict=True)
    ]
    given = lab("X", first(), second(late=True))
    output = evaluate(PLAN, snapshot([*only, given], S1=PARAMETERS[:2], S2=PARAMETERS[2:]))
    row = next(row for row in output["results"] if (row["code"], row["parameter"]) == ("X", "rc3"))
    assert (row["policy"], row["verdict"]) == (["P02", "P21"], None)
    assert {term["parameter"] for term in output["ranking"][0]["terms"]} == {"init"}
    assert all(place["eligible"] for place in output["ranking"])


def answered(**answers: bool) -> Any:
    return replace(PLAN, answers=Answers(**answers))


def test_q1_a_late_result_may_stay_without_score():
    output = played(CASES["P02"][0], answered(late_scored=False))
    assert output["rows"]["rc3", "A"]["z"] is None
    assert output["rows"]["rc3", "A"]["value"] == "26.8"
    terms = {term["parameter"]: term["capped"] for term in output["place"]["terms"]}
    assert terms["rc3"] == ["3", "3"]


def test_q2_a_void_set_may_be_left_out():
    output = played(special(void), answered(void_counts=False))
    terms = {term["parameter"]: term for term in output["place"]["terms"]}
    assert len(terms["rc3"]["scores"]) == 1
    assert output["place"]["reasons"] == ["P12"]


def test_q2_what_is_void_altogether_leaves_the_weights_of_that_laboratory():
    given = special(void)
    given["entries"][1]["results"][3] = result("rc3", "B", VOID)
    terms = played(given, answered(void_counts=False))["place"]["terms"]
    assert [term["parameter"] for term in terms] == ["init", "rf3"]


def test_q2_nothing_but_void_sets_is_not_ranked():
    plan = replace(plan_of("rc3"), answers=Answers(void_counts=False))
    voids = lab("X", second(result("rc3", "A", VOID), result("rc3", "B", VOID)))
    fine = [lab(one["code"], one["entries"][1]) for one in others()]
    output = evaluate(plan, snapshot([*fine, voids], S2=["rc3"]))
    assert output["unranked"] == [{"code": "X", "reasons": ["P12"]}]


def test_q3_a_missing_stage_may_mean_no_place():
    output = played(special(without_second), answered(missing_stage_ranked=False))
    assert output["place"] is None
    assert output["unranked"] == ["P11"]


def test_q4_the_wrong_age_may_bar_from_awards():
    output = played(CASES["P16"][0], answered(age_may_win=False))
    assert output["place"]["reasons"] == ["P16"]


def test_a_late_void_set_falls_under_both_rows():
    given = special(void)
    given["entries"][1]["late"] = True
    row = played(given)["rows"]["rc3", "A"]
    assert (row["policy"], row["status"]) == (["P02", "P12"], "void")


def test_readings_decide_and_not_what_was_declared():
    given = special()
    given["entries"][1]["results"][2] = result(
        "rc3", "A", COMPRESSIVE, status="void", reported={"status": "void", "value": None}
    )
    row = played(given)["rows"]["rc3", "A"]
    assert (row["status"], row["value"], row["reported"]) == ("value", "26.8", "void")
    assert row["findings"] == ["E26", "E38"]


@pytest.mark.parametrize(
    ("text", "status", "policy"), [("42.9 43.0", "void", "P12"), ("42.9 43.0", "value", "P10")]
)
def test_an_incomplete_set_is_void_only_if_declared(text, status, policy):
    given = special()
    given["entries"][1]["results"][2] = result("rc3", "A", text, status=status)
    assert played(given)["rows"]["rc3", "A"]["policy"] == [policy]


def test_a_set_declared_as_not_tested_stays_so():
    given = special()
    given["entries"][1]["results"][2] = result(
        "rc3",
        "A",
        "",
        status="not_tested",
        reason="broken",
        reported={"status": "reported", "value": "1"},
    )
    row = played(given)["rows"]["rc3", "A"]
    assert (row["status"], row["policy"], row["findings"]) == ("not_tested", ["P10"], [])


def test_g10_speaks_where_many_are_void_or_late():
    some = others()
    for one in some[:3]:
        one["entries"][1]["late"] = True
    output = evaluate(PLAN, snapshot(some, S1=PARAMETERS[:2], S2=PARAMETERS[2:]))
    spoken = {(guard["code"], guard["parameter"], guard["item"]) for guard in output["guards"]}
    assert ("G10", "rc3", "A") in spoken
    assert ("G10", "init", "A") not in spoken
