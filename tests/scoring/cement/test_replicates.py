"""One determination, pairs, third runs and repeats."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.cement.reduction import reduce
from tests.scoring.cement.readings import loads, needles, row, sieve


def blaine(first: str, second: str = ""):
    readings = row("specific_surface", first) + row("specific_surface", second, attempt=2)
    return reduce("mean2_redo_2pct", readings, step=Decimal(1))


def density(first: str, second: str = ""):
    readings = row("density", first) + row("density", second, attempt=2)
    return reduce("mean2_redo_abs_0.02", readings, step=Decimal("0.01"))


def residue(text: str, factor: str = "1.00", rule: str = "sieve_10g_third_run"):
    return reduce(rule, sieve(text, factor), step=Decimal("0.1"))


def soundness(first: str, second: str = ""):
    repeat = needles(second, attempt=2) if second else ()
    return reduce("le_chatelier_repeat", needles(first) + repeat, step=Decimal("0.5"))


def test_water_is_percent_of_500_grams():
    found = reduce("water_500g", row("water_volume", "138.5"), step=Decimal("0.1"))
    assert (str(found.value), found.path, found.n_used) == ("27.7", "single", 1)


@pytest.mark.parametrize("text", ["206", "3.08", "2.75", "206.5"])
def test_a_time_is_what_was_typed(text):
    found = reduce("single_reading", row("elapsed", text), step=Decimal(1))
    assert str(found.value) == text


@pytest.mark.parametrize(
    ("pair", "step", "value"),
    [("212 209", "1", "210"), ("3.42 3.41", "0.01", "3.42"), ("0.024 0.025", "0.001", "0.024")],
)
def test_a_mean_of_two_is_rounded_once_to_even(pair, step, value):
    assert str(reduce("mean2", row("any", pair), step=Decimal(step)).value) == value


def test_alkali_is_rounded_once():
    readings = row("na2o", "0.12 0.13") + row("k2o", "0.68 0.70")
    found = reduce("alkali_sum", readings, step=Decimal("0.01"))
    assert (str(found.value), found.n_used) == ("0.58", 4)
    assert found.unrounded == Fraction("0.57902")
    assert dict(found.intermediate) == {"na2o": "0.125", "k2o": "0.69"}


@pytest.mark.parametrize(
    ("first", "second", "value", "path"),
    [
        ("352 359", "", "356", "mean2"),
        ("352 360", "", "356", "redo_missing"),
        ("352 360", "350 351", "350", "redo"),
        ("396 404", "", "400", "mean2"),
        ("396 405", "", "400", "redo_missing"),
        ("352 359", "300 300", "356", "mean2"),
        ("352 360", "350 -", None, "incomplete"),
    ],
)
def test_a_blaine_pair_more_than_two_percent_apart_is_redone(first, second, value, path):
    found = blaine(first, second)
    assert (found.value and str(found.value), found.path) == (value, path)
    assert ("redo_required" in found.findings) == (path == "redo_missing")


def test_a_redo_shows_how_far_the_first_pair_was_apart():
    assert blaine("352 360").intermediate == (("difference", "8"), ("limit", "7.12"))


@pytest.mark.parametrize(
    ("first", "second", "value", "path"),
    [
        ("3.04 3.06", "", "3.05", "mean2"),
        ("3.04 3.07", "", "3.06", "redo_missing"),
        ("3.04 3.07", "3.05 3.05", "3.05", "redo"),
    ],
)
def test_densities_more_than_two_hundredths_apart_are_redone(first, second, value, path):
    found = density(first, second)
    assert (str(found.value), found.path) == (value, path)


@pytest.mark.parametrize(
    ("text", "value", "path", "dropped"),
    [
        ("0.86 0.98 0.89", "8.8", "closest_two", (2,)),
        ("0.98 0.86 0.97", "9.8", "closest_two", (2,)),
        ("0.86 0.98", "9.2", "third_missing", ()),
        ("0.80 0.92 0.86", "8.6", "middle_of_three", (1, 2)),
        ("0.47 0.52", "5.0", "mean2", ()),
        ("0.47 0.53", "5.0", "third_missing", ()),
        ("0.46 0.56", "5.1", "mean2", ()),
        ("0.46 0.57", "5.2", "third_missing", ()),
        ("0.86 0.90 0.10", "8.8", "mean2", ()),
    ],
)
def test_two_runs_too_far_apart_need_a_third(text, value, path, dropped):
    found = residue(text)
    assert (str(found.value), found.path, found.dropped) == (value, path, dropped)
    assert ("third_run_required" in found.findings) == (path == "third_missing")


def test_a_run_is_rounded_once_after_the_factor():
    found = residue("0.26 0.26", "1.05", "sieve_25g_third_run")
    assert (str(found.value), dict(found.intermediate)["run.1"]) == ("1.1", "1.1")


def test_a_sieve_without_its_factor_is_incomplete():
    assert reduce("sieve_10g_third_run", row("residue", "1 1"), step=Decimal("0.1")).findings == (
        "missing_replicates",
    )


@given(st.permutations(["0.80", "0.93", "1.01"]))
def test_three_runs_give_the_two_closest_wherever_the_first_two_are_apart(texts):
    assert str(residue(" ".join(texts)).value) == "9.7"


@pytest.mark.parametrize(
    ("first", "second", "value", "path", "verdict"),
    [
        ("5.0 5.0", "", "5.0", "first", "PASS"),
        ("5.0 5.5", "", "5.0", "repeat_missing", "FAIL"),
        ("5.5 6.0", "1.0 1.5", "1.0", "repeat", "PASS"),
        ("5.5 6.0", "5.0 5.5", "5.0", "repeat", "FAIL"),
        ("1.0 1.5", "9.0 9.0", "1.0", "first", "PASS"),
    ],
)
def test_the_unrounded_expansion_decides_and_then_the_repeat(first, second, value, path, verdict):
    found = soundness(first, second)
    assert (str(found.value), found.path, found.verdict) == (value, path, verdict)
    assert ("repeat_required" in found.findings) == (path == "repeat_missing")


def test_a_failed_first_expansion_stays_visible_beside_the_repeat():
    assert soundness("5.0 5.5", "1.0 1.0").intermediate == (("mean", "5.25"), ("repeat", "1"))


@pytest.mark.parametrize(("choice", "verdict"), [("1", "PASS"), ("0", "FAIL")])
def test_a_pat_has_a_verdict_and_no_number(choice, verdict):
    found = reduce("visual", row("verdict", choice))
    assert (found.value, found.verdict, found.path, found.void) == (None, verdict, "visual", False)


def test_a_verdict_between_pass_and_fail_is_refused():
    with pytest.raises(ValueError, match="1 or 0"):
        reduce("visual", row("verdict", "2"))


def test_without_readings_every_rule_is_incomplete():
    for rule in ("mean2", "single_reading", "alkali_sum", "visual", "water_500g"):
        assert reduce(rule, (), step=Decimal("0.1")).path == "incomplete"


def test_one_rule_knows_one_quantity():
    with pytest.raises(ValueError, match="one quantity"):
        reduce("mean2", row("diameter", "1 1") + row("density", "1 1"), step=Decimal(1))


def test_a_number_needs_a_step_and_a_rule_its_name():
    with pytest.raises(ValueError, match="step"):
        reduce("flexural_3", loads("1 1 1"))
    with pytest.raises(KeyError):
        reduce("median", loads("1 1 1"), step=Decimal(1))


@given(st.permutations(["2.31", "2.35"]), st.sampled_from(["mean2", "mean2_redo_2pct"]))
def test_the_order_of_a_pair_decides_nothing(texts, rule):
    found = reduce(rule, row("any", " ".join(texts)), step=Decimal("0.01"))
    assert str(found.value) == "2.33"
