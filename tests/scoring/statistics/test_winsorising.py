from decimal import Decimal
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.statistics import (
    NotConverged,
    NotFinite,
    StatisticsError,
    TooFewResults,
    ZeroSpread,
    algorithm_a,
    assigned_value_uncertainty,
    mad_e,
    median,
    winsorising,
    z_scores,
)
from tests.scoring.statistics.references import (
    TIED,
    UNIVARIATE,
    answers,
    floats,
    printed,
    results,
    texts,
)


def both(estimate):
    return [estimate.location, estimate.scale]


@pytest.mark.parametrize("name", UNIVARIATE)
@pytest.mark.parametrize("kind", [list, np.array])
def test_algorithm_a_agrees_with_the_reference(name, kind):
    found, r = algorithm_a(kind(floats(name))), answers(name)["r"]
    assert both(found) == pytest.approx([r["algA_iso_mu"], r["algA_iso_s"]], rel=1e-8)
    assert not found.degenerate


@pytest.mark.parametrize("name", UNIVARIATE)
def test_the_rule_of_three_figures_stops_where_the_reference_stops(name):
    found, r = algorithm_a(floats(name), stop="three_figures"), answers(name)["r"]
    assert both(found) == pytest.approx([r["algA_iso_3fig_mu"], r["algA_iso_3fig_s"]], rel=1e-8)
    assert found.iterations == r["algA_iso_3fig_iterations"]


@pytest.mark.parametrize(
    ("name", "quantity", "answer", "stop"),
    [
        ("iso13528_E1_censored_deleted", "algA x*", 0, "converged"),
        ("iso13528_E1_censored_deleted", "algA s*", 1, "converged"),
        ("iso13528_E1_censored_half", "algA s* (converged)", 1, "converged"),
        ("iso13528_E1_censored_ignored", "algA x*", 0, "converged"),
        ("iso13528_E1_censored_ignored", "algA s* (three-figure rule)", 1, "three_figures"),
        ("iso13528_E3_atrazine", "algA x*", 0, "converged"),
        ("iso13528_E3_atrazine", "algA s*", 1, "converged"),
        ("mass_chem", "hubers mu", 0, "converged"),
        ("mass_chem", "hubers s", 1, "converged"),
        ("mass_abbey", "hubers mu", 0, "converged"),
        ("mass_abbey", "hubers s", 1, "converged"),
    ],
)
def test_printed_examples_are_reproduced(name, quantity, answer, stop):
    value, tolerance = printed(name, quantity)
    found = both(algorithm_a(floats(name), stop=stop))
    assert found[answer] == pytest.approx(value, abs=tolerance, rel=0)


def test_the_printed_uncertainty_of_the_consensus_is_reproduced():
    x = floats("iso13528_E3_atrazine")
    value, tolerance = printed("iso13528_E3_atrazine", "algA u")
    assert assigned_value_uncertainty(algorithm_a(x).scale, len(x)) == pytest.approx(
        value, abs=tolerance
    )


@pytest.mark.parametrize("shift", [0, 48.5])
def test_the_clipped_mean_and_scale_reproduce_themselves(shift):
    x = np.array(floats("mass_abbey")) + shift
    found = algorithm_a(x)
    clipped = np.clip(x, found.location - 1.5 * found.scale, found.location + 1.5 * found.scale)
    assert both(found) == pytest.approx([clipped.mean(), 1.134 * clipped.std(ddof=1)], rel=1e-9)


@given(results, st.sampled_from([0.5, 1.0, 4.0]))
def test_with_a_fixed_scale_the_location_alone_reproduces_itself(x, scale):
    found = algorithm_a(x, fixed_scale=scale)
    clipped = np.clip(x, found.location - 1.5 * scale, found.location + 1.5 * scale)
    assert found.location == pytest.approx(clipped.mean(), abs=1e-6)
    assert (found.scale, found.degenerate) == (scale, False)


@given(results)
def test_algorithm_a_follows_a_change_of_unit_and_origin(x):
    found, moved = algorithm_a(x), algorithm_a([1024.0 - 2 * value for value in x])
    assert moved.location == pytest.approx(1024.0 - 2 * found.location, abs=1e-6)
    assert moved.scale == pytest.approx(2 * found.scale, abs=1e-6)
    assert moved.degenerate == found.degenerate


@given(results)
def test_the_order_of_laboratories_does_not_matter(x):
    assert algorithm_a(Random(1).sample(x, len(x))) == algorithm_a(x)


@given(st.lists(st.integers(400, 500), min_size=10, max_size=25), st.floats(1e3, 1e12))
def test_one_laboratory_has_bounded_influence(steps, blunder):
    x = [step / 10 for step in steps]
    found = algorithm_a([*x, blunder])
    assert min(x) <= found.location <= max(x) + 2
    assert found.scale < 2 * (max(x) - min(x)) + 1e-9


@given(results)
def test_every_answer_is_finite_and_a_zero_scale_says_so(x):
    found = algorithm_a(x)
    assert np.isfinite(both(found)).all()
    assert found.degenerate == (found.scale == 0)


def test_decimals_are_taken_as_they_are_written():
    name = "iso13528_E3_atrazine"
    assert algorithm_a([Decimal(text) for text in texts(name)]) == algorithm_a(floats(name))


def test_a_majority_of_identical_results_still_lets_the_others_speak():
    found = algorithm_a(TIED)
    assert mad_e(TIED) == 0
    assert not found.degenerate
    assert both(found) == pytest.approx([180.2, 3.85], abs=0.01)


@pytest.mark.parametrize("x", [[5] * 3, [180] * 25 + [175] * 3 + [185] * 2, [0.3, 0.1 + 0.2]])
@pytest.mark.parametrize("stop", ["converged", "three_figures"])
def test_two_thirds_of_identical_results_have_no_scale(x, stop):
    found = algorithm_a(x, stop=stop)
    assert (found.location, found.scale, found.degenerate) == (median(x), 0, True)


def test_a_far_blunder_does_not_make_a_scale_look_like_zero():
    assert both(algorithm_a([*TIED[:-1], 1.8e12])) == pytest.approx(
        both(algorithm_a(TIED)), rel=1e-9
    )


@pytest.mark.parametrize("unit", [1e-200, 1e200])
def test_no_unit_is_too_large_or_too_small(unit):
    x = [39.5, 40.0, 40.5, 41.0, 80.0]
    found = algorithm_a([value * unit for value in x])
    assert both(found) == pytest.approx([value * unit for value in both(algorithm_a(x))], rel=1e-9)


def test_a_doubled_value_among_five_never_looks_satisfactory():
    x = [39.5, 40.0, 40.5, 41.0, 80.0]
    found = algorithm_a(x)
    assert z_scores(x, found.location, found.scale)[-1] > 3
    assert abs(z_scores(x, np.mean(x), np.std(x, ddof=1))).max() < 2


@pytest.mark.parametrize("seed", range(20))
def test_two_outliers_do_not_hide_each_other(seed):
    draw = Random(seed)
    x = [draw.gauss(48.5, 1.2) for _ in range(18)] + [58.0, 59.0]
    found = algorithm_a(x)
    assert (z_scores(x, found.location, found.scale)[-2:] > 3).all()


def test_the_starting_values_are_no_step():
    assert algorithm_a([1.0, 2.0, 3.0], fixed_scale=5).iterations == 2
    assert algorithm_a([1.0, 2.0, 3.0], fixed_scale=5, stop="three_figures").iterations == 2


@pytest.mark.parametrize("x", [[], [1.0]])
def test_too_few_results_are_refused(x):
    with pytest.raises(TooFewResults):
        algorithm_a(x)


@pytest.mark.parametrize("scale", [0, -1.0, Decimal(0)])
def test_a_fixed_scale_of_zero_is_refused(scale):
    with pytest.raises(ZeroSpread):
        algorithm_a([1, 2, 3], fixed_scale=scale)


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), None])
def test_what_is_no_number_is_refused(wrong):
    with pytest.raises(NotFinite):
        algorithm_a([1.0, 2.0, wrong])


def test_distances_beyond_float64_are_refused():
    with pytest.raises(NotFinite):
        algorithm_a([1.7e308, -1.7e308, -1.7e308])


def test_an_unknown_rule_to_stop_by_is_refused():
    with pytest.raises(StatisticsError, match="two_figures"):
        algorithm_a([1, 2, 3], stop="two_figures")


def test_a_scale_that_neither_settles_nor_vanishes_is_refused(monkeypatch):
    monkeypatch.setattr(winsorising, "ITERATIONS", 2000)
    # 1.701 √(394/1140) is 1 but for the eighth digit: the scale shrinks by that much per step.
    with pytest.raises(NotConverged):
        algorithm_a([0.0] * 747 + [1.0] * 197 + [-1.0] * 197)
