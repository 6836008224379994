"""Each screen at its limit, on laboratories made by hand."""

from typing import Any

import pytest

from scoring.screens import screens
from tests.scoring.small_rounds import entry, lab, result, snapshot

Json = dict[str, Any]

#: Two ordinary sets at each age, their end digits mixed.
RC3 = {"A": "42.1 43.2 41.9 42.6 43.4 42.8", "B": "40.3 41.7 40.9 41.2 40.5 42.0"}
RC28 = {"A": "76.4 77.2 78.8 75.6 77.9 76.9", "B": "74.1 75.3 73.7 74.6 75.8 74.0"}
OTHER = {"A": "70.4 71.2 72.8 69.6 71.9 70.1", "B": "80.1 81.3 79.7 80.6 81.8 80.0"}


def sets(parameter: str, typed: dict[str, str], **more: Any) -> list[Json]:
    return [result(parameter, item, loads, **more) for item, loads in typed.items()]


def play(*labs: list[Json], packs: dict[str, int] | None = None) -> list[Json]:
    """Return what fires between laboratories L1, L2, …; ``packs`` are those of the last one."""
    for row in labs[-1]:
        row["pack"] = (packs or {"A": 1, "B": 2})[row["item"]]
    made = [lab(f"L{number}", entry(*rows)) for number, rows in enumerate(labs, 1)]
    return screens(snapshot(made))


def kinds(rows: list[Json]) -> set[tuple[str, bool]]:
    return {(row["rule"], row["strong"]) for row in rows}


def shuffled(typed: dict[str, str]) -> dict[str, str]:
    return {item: " ".join(reversed(loads.split())) for item, loads in typed.items()}


def test_one_equal_set_of_28_days_is_strong_in_whatever_order():
    other = {"A": shuffled(RC28)["A"], "B": OTHER["B"]}
    rows = play(sets("rc28", RC28), sets("rc28", other))
    assert kinds(rows) == {("equal_28d", True)}
    assert [(row["by"], row["where"]) for row in rows] == [
        ("item", ["rc28.A"]),
        ("pack", ["rc28.1"]),
    ]


def test_an_equal_set_of_3_days_alone_is_weak():
    three = {"A": RC3["A"], "B": "50.1 51.3 52.7 50.6 53.8 51.0"}
    rows = play(sets("rc3", RC3) + sets("rc28", RC28), sets("rc3", three) + sets("rc28", OTHER))
    assert kinds(rows) == {("equal_3d", False)}


def test_an_equal_set_at_both_ages_is_one_strong_row():
    rows = play(sets("rc3", RC3) + sets("rc28", RC28), sets("rc3", RC3) + sets("rc28", RC28))
    (row,) = [row for row in rows if row["screen"] == "S1" and row["by"] == "pack"]
    assert (row["rule"], row["statistic"]) == ("equal_28d", "4")


def test_three_near_sets_of_four_ask_nothing():
    moved = {"A": "42.2 43.3 42.0 42.7 43.5 42.9", "B": RC3["B"]}
    three = sets("rc3", moved) + sets("rc28", {"A": OTHER["A"], "B": RC28["B"]})
    rows = play(sets("rc3", RC3) + sets("rc28", RC28), three)
    assert "near" not in {row["rule"] for row in rows}
    assert play(sets("rc3", RC3), sets("rc3", moved))[0]["rule"] == "equal_3d"


def test_an_incomplete_set_and_equal_flexural_sets_ask_nothing():
    five = {"A": "76.4 77.2 78.8 75.6 77.9", "B": "74.1 75.3 - 74.6 75.8 74.0"}
    assert play(sets("rc28", five), sets("rc28", five)) == []
    flexural = {"A": "3560 3540 3610", "B": "3470 3450 3500"}
    assert play(sets("rf28", flexural), sets("rf28", flexural)) == []


def setting_time(parameter: int, item: str, value: int) -> Json:
    """Return a single reading under a made-up code."""
    return result("init", item, str(value)) | {"parameter": f"p{parameter}"}


def reported(equal: int, of: int, start: int) -> list[Json]:
    """Return results of one laboratory; the readings differ by ``start``, the first few do not."""
    return [
        setting_time(place, "A", start + place)
        | {"reported": {"status": "reported", "value": str(0 if place < equal else start)}}
        for place in range(of)
    ]


@pytest.mark.parametrize(("equal", "of", "fires"), [(22, 40, 2), (21, 40, 0), (29, 29, 0)])
def test_results_are_too_many_from_55_percent_of_30(equal, of, fires):
    rows = play(reported(equal, of, 1000), reported(equal, of, 5000))
    assert [row["rule"] for row in rows] == ["results"] * fires
    assert all(len(row["where"]) == equal for row in rows)


def numbered(parameters: int, equal: int, start: int, *, crossed: bool = False) -> list[Json]:
    """Return one reading for A and B of each parameter; the first few are everybody's.

    With ``crossed`` the first few of A are what everybody has for B.
    """
    return [
        setting_time(
            place // 2, "AB"[place % 2], 100 + (place ^ crossed) if place < equal else start + place
        )
        for place in range(2 * parameters)
    ]


@pytest.mark.parametrize(
    ("parameters", "equal", "fires"), [(50, 40, 2), (50, 39, 0), (44, 88, 0), (45, 90, 2)]
)
def test_readings_are_too_many_from_40_percent_of_90(parameters, equal, fires):
    rows = play(numbered(parameters, equal, 1000), numbered(parameters, equal, 5000))
    assert [row["rule"] for row in rows] == ["readings"] * fires


@pytest.mark.parametrize(("equal", "fires"), [(10, ["label_order"]), (8, [])])
def test_a_quarter_shared_by_label_alone_follows_the_other_order(equal, fires):
    one, other = numbered(20, equal, 1000), numbered(20, equal, 5000, crossed=True)
    rows = play(one, other, packs={"A": 2, "B": 1})
    assert [row["rule"] for row in rows] == fires
    assert all(row["by"] == "pack" and not row["strong"] for row in rows)


def test_what_is_shared_by_item_too_is_no_label_order():
    rows = play(numbered(20, 10, 1000), numbered(20, 10, 5000))
    assert rows == []


def ending(digits: str) -> str:
    return " ".join(f"{70 + 2 * number}.{digit}" for number, digit in enumerate(digits))


@pytest.mark.parametrize(
    ("a", "b", "fires"),
    [("050505", "505050", True), ("123456", "789055", False), ("000000", "", False)],
)
def test_end_digits_speak_from_twelve_on(a, b, fires):
    rows = play([result("rc28", item, ending(of)) for item, of in (("A", a), ("B", b))])
    assert [row["screen"] for row in rows] == ["S4"] * fires


def test_two_machines_may_have_two_resolutions():
    fine = {"A": "76.41 77.27 78.83 75.65 77.98 76.92", "B": "74.14 75.36 73.79 74.60 75.87 74.01"}
    assert play(sets("rc3", RC3) + sets("rc28", fine)) == []


@pytest.mark.parametrize(("second", "fires"), [("74.8", ["range"]), ("74.9", [])])
def test_a_range_under_049_in_two_sets_is_too_tight(second, fires):
    tight = {"A": "76.1 76.2 76.3 76.5 76.6 76.8", "B": f"74.1 74.2 74.5 74.6 74.7 {second}"}
    rows = play(sets("rc28", tight))
    assert [row["rule"] for row in rows] == fires
    assert all(row["statistic"] == "0.4375" for row in rows)


@pytest.mark.parametrize(
    ("ends", "fires"), [(("79.61", "80.39"), ["mean_range"]), (("79.6", "80.4"), [])]
)
def test_four_sets_with_a_mean_relative_range_under_15_percent_are_too_tight(ends, fires):
    low, high = ends
    early = {"A": "39.6 39.8 40.0 40.0 40.2 40.4", "B": "39.6 39.7 40.1 40.0 40.2 40.4"}  # 2 %
    late = {"A": f"{low} 79.8 80.0 80.0 80.2 {high}", "B": "79.6 79.7 80.1 80.0 80.2 80.4"}  # 1 %
    rows = play(sets("rc3", early) + sets("rc28", late))
    assert [row["rule"] for row in rows if row["screen"] == "S5"] == fires


def test_sets_without_any_load_have_no_relative_range():
    zero = {"A": " ".join(["0"] * 6), "B": RC28["B"]}
    rows = play(sets("rc3", RC3) + sets("rc28", zero) + sets("rf28", {"A": "1 1 1"}))
    assert kinds(rows) == {("identical_loads", False)}


@pytest.mark.parametrize(("last", "fires"), [("77.1", ["not_increasing"]), ("77.0", [])])
def test_strength_must_grow(last, fires):
    same = "76.1 76.2 77.3 75.9 77.0"
    rows = play(sets("rc28", {"A": f"{same} 77.1"}) + sets("rc3", {"A": f"{same} {last}"}))
    assert [row["rule"] for row in rows] == fires
    assert all(row["statistic"] == "1" for row in rows)


@pytest.mark.parametrize(
    ("flexural", "statistic"), [("5120", None), ("5121", "0.250048828"), ("2270", "0.110839844")]
)
def test_flexural_strength_is_between_a_ninth_and_a_quarter(flexural, statistic):
    loads = "76.5 77.1 76.9 76.7 77.2 76.4"  # 48 MPa in the mean
    rows = play(sets("rf28", {"A": " ".join([flexural] * 3)}) + sets("rc28", {"A": loads}))
    assert [row["statistic"] for row in rows] == ([statistic] if statistic else [])


def test_of_several_impossible_ratios_the_farthest_is_told():
    flexural = {"A": "5200 5200 5200", "B": "1000 1000 1000"}
    rows = play(sets("rf28", flexural) + sets("rc28", RC28))
    (row,) = rows
    assert row["where"] == ["rf28.A", "rc28.A", "rf28.B", "rc28.B"]
    assert row["statistic"].startswith("0.05")


@pytest.mark.parametrize(("loads", "fires"), [("76.4 " * 5 + "79.1", True), ("76.4 " * 4, False)])
def test_five_identical_loads_are_asked_about(loads, fires):
    typed = loads.strip() if fires else f"{loads}79.1 78.3"
    rows = play(sets("rc28", {"A": typed}))
    assert [row["rule"] for row in rows] == ["identical_loads"] * fires


def test_the_same_six_loads_in_both_samples_are_asked_about():
    twice = {"A": RC28["A"], "B": shuffled(RC28)["A"]}
    rows = play(sets("rc28", twice))
    assert [(row["rule"], row["where"]) for row in rows] == [("same_packs", ["rc28.A", "rc28.B"])]
