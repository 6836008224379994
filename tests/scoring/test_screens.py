"""The screens on the synthetic round and on honest ones: what they find, whom they leave alone."""

import json
from copy import deepcopy
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from scoring.evaluation.evaluate import evaluate
from scoring.screens import RULES, SCREENS, screens
from tests.scoring.honest_rounds import honest
from tests.scoring.rounds_played import plan_of, synthetic

Json = dict[str, Any]
SAME, OPPOSITE = ("SN24-017", "SN24-030"), ("SN24-053", "SN24-059")


@cache
def found(source: str = "reported") -> list[Json]:
    """Return what fires in the synthetic round, on own results or on recomputed ones."""
    if source == "reported":
        return screens(synthetic())
    return screens(synthetic(), evaluate(plan_of(), synthetic())["results"])


def pairs(rows: list[Json], *names: str, by: str | None = None) -> set[tuple[str, str]]:
    return {
        (row["code"], row["other"])
        for row in rows
        if row["screen"] in names and by in (None, row["by"])
    }


def alone(rows: list[Json], screen: str, rule: str | None = None) -> set[str]:
    return {row["code"] for row in rows if row["screen"] == screen and rule in (None, row["rule"])}


@pytest.mark.parametrize("source", ["reported", "computed"])
@pytest.mark.parametrize("name", ["S1", "S2", "S3"])
def test_both_copied_pairs_show_by_pack_but_only_the_same_order_by_item(source, name):
    assert pairs(found(source), name, by="pack") == {SAME, OPPOSITE}
    assert pairs(found(source), name, by="item") == {SAME}
    assert all(row["strong"] for row in found(source) if row["screen"] == name)


@pytest.mark.parametrize("source", ["reported", "computed"])
def test_copies_share_too_many_results_and_too_many_readings(source):
    rows = [row for row in found(source) if row["screen"] == "S3"]
    assert {(row["rule"], row["by"]) for row in rows if row["code"] == SAME[0]} == {
        (rule, by) for rule in ("results", "readings") for by in ("item", "pack")
    }
    assert {(row["rule"], row["by"]) for row in rows if row["code"] == OPPOSITE[0]} == {
        ("results", "pack"),
        ("readings", "pack"),
    }


def test_the_opposite_order_alone_follows_the_labels():
    assert pairs(found(), "S6") == {OPPOSITE}


def test_what_one_laboratory_did_alone_is_found_by_its_screen():
    rows = found()
    assert alone(rows, "S5") == {"SN24-069"}
    assert alone(rows, "S4") == {"SN24-006", "SN24-069", "SN24-018"}
    assert alone(rows, "S8", "same_packs") == {"SN24-075"}
    assert alone(rows, "S8", "not_increasing") == {"SN24-112"}
    assert alone(rows, "S8", "ratio") == {"SN24-018", "SN24-072"}
    assert alone(rows, "S8", "identical_loads") == {"SN24-069"}


def test_a_row_says_where_and_how_far():
    (row,) = [row for row in found() if row["rule"] == "near" and row["code"] == OPPOSITE[0]]
    assert row == {
        "screen": "S2",
        "rule": "near",
        "strong": True,
        "code": OPPOSITE[0],
        "other": OPPOSITE[1],
        "by": "pack",
        "where": ["rc28.1", "rc28.2", "rc3.1", "rc3.2"],
        "statistic": "0.0625",
        "limit": "0.3",
    }


def test_what_fired_does_not_depend_on_the_order_of_the_snapshot():
    turned = deepcopy(synthetic())
    turned["participants"].reverse()
    for lab in turned["participants"]:
        lab["entries"].reverse()
        for entry in lab["entries"]:
            entry["results"].reverse()
    assert screens(turned) == found()
    assert json.loads(json.dumps(found(), allow_nan=False)) == found()


def test_every_row_finds_its_words():
    for row in found():
        assert SCREENS[row["screen"]].question
        text = RULES[row["rule"]].format(**row)
        assert text != RULES[row["rule"]] or "{" not in text


def test_an_empty_round_asks_nothing():
    assert screens({"participants": []}) == []
    assert screens({"participants": [{"code": "L1", "entries": []}]}) == []


def test_twenty_honest_rounds_of_350_raise_next_to_no_strong_question():
    asked: dict[str, set[Any]] = {"S1": set(), "S2": set()}
    digits = 0
    for seed in range(20):
        rows = screens(honest(seed))
        digits += len(alone(rows, "S4"))
        for name, known in asked.items():
            strong = [row for row in rows if row["strong"]]
            known.update((seed, *pair) for pair in pairs(strong, name))
    assert len(asked["S1"]) <= 2
    assert len(asked["S2"]) <= 1
    assert digits <= 20  # 0.4 a round are expected


def test_an_honest_round_of_all_parameters_asks_no_pair():
    snapshot = honest(1, whole=True)
    (first, *_) = snapshot["participants"]
    given = [row for entry in first["entries"] for row in entry["results"]]
    assert len(given) >= 30
    assert sum(len(row["readings"]) for row in given) >= 90
    assert [row for row in screens(snapshot) if row["strong"] or row["screen"] == "S6"] == []


def copied(shift: str) -> list[Json]:
    """Return what fires after H002 took the loads of H001, each moved up or down by turns."""
    snapshot = honest(3, 40)
    one, other = snapshot["participants"][:2]
    other["entries"] = deepcopy(one["entries"])
    move = Decimal(shift)
    for row in (row for entry in other["entries"] for row in entry["results"]):
        for reading in row["readings"]:
            reading["value"] = str(Decimal(reading["value"]) + move)
            move = -move
    return screens(snapshot)


def test_a_copy_that_moves_every_value_by_two_tenths_is_flagged():
    rows = copied("0.32")  # 0.2 MPa
    assert pairs(rows, "S2") == {("H001", "H002")}
    assert {row["statistic"] for row in rows if row["screen"] == "S2"} == {"0.2"}


def test_near_ends_at_three_tenths():
    assert pairs(copied("0.48"), "S2") == {("H001", "H002")}
    assert pairs(copied("0.481"), "S2") == set()
