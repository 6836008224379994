import math
from decimal import Decimal
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.statistics import (
    NotFinite,
    StatisticsError,
    TooFewResults,
    ZeroSpread,
    confidence_ellipse,
    pair_scores,
)
from tests.scoring.statistics.references import answers, rows

NAME = "pair_cement_28d_strength_sim"
CASE = answers(NAME)
A, B = ([float(row[item]) for row in rows(NAME)] for item in "AB")
NAN = float("nan")


@pytest.mark.parametrize("quartiles", ["type6", "type7"])
@pytest.mark.parametrize("kind", [float, lambda value: Decimal(str(value))])
def test_pair_scores_agree_with_the_reference(quartiles, kind):
    r = CASE[f"r_{quartiles}"]
    found = pair_scores([kind(value) for value in A], [kind(value) for value in B], quartiles)
    assert found.zb == pytest.approx(r["ZB_between"], rel=1e-8, abs=1e-12)
    assert found.zw == pytest.approx(r["ZW_within"], rel=1e-8, abs=1e-12)


def test_the_difference_is_taken_from_the_higher_item():
    one, other = pair_scores(A, B), pair_scores(B, A)
    assert one.zb == pytest.approx(other.zb)
    assert one.zw == pytest.approx(other.zw)
    assert pair_scores([*A, 50.0], [*B, 47.0]).zw[-1] < -3  # samples swapped


@pytest.mark.parametrize("missing", [None, NAN])
def test_only_laboratories_with_both_results_count(missing):
    found, whole = pair_scores([*A, missing, 47.0], [*B, 48.0, missing]), pair_scores(A, B)
    assert found.zb.tolist() == pytest.approx([*whole.zb, NAN, NAN], nan_ok=True)
    assert found.zw.tolist() == pytest.approx([*whole.zw, NAN, NAN], nan_ok=True)


@given(st.permutations(range(len(A))))
def test_the_order_of_laboratories_does_not_matter(order):
    whole, found = pair_scores(A, B), pair_scores([A[i] for i in order], [B[i] for i in order])
    assert (found.zb == whole.zb[order]).all()
    assert (found.zw == whole.zw[order]).all()


def test_only_the_laboratories_used_make_median_and_spread():
    used = [True] * len(A) + [False]
    found, whole = pair_scores([*A, 90.0], [*B, 20.0], used=used), pair_scores(A, B)
    assert list(found.zb[:-1]) == list(whole.zb)
    assert list(found.zw[:-1]) == list(whole.zw)
    assert abs(found.zw[-1]) > 3
    with pytest.raises(StatisticsError, match="marks"):
        pair_scores(A, B, used=used)


def test_pair_scores_do_not_depend_on_unit_and_origin():
    whole = pair_scores(A, B)
    found = pair_scores([100 + 4 * value for value in A], [200 + 4 * value for value in B])
    assert found.zb == pytest.approx(whole.zb, abs=1e-9)
    assert found.zw == pytest.approx(whole.zw, abs=1e-9)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ([48.1, 48.1, 48.1, 48.1], [46.6, 46.6, 46.6, 46.6]),
        ([45.3, 46.2, 47.2, 48.1], [45.2, 46.1, 47.1, 48.0]),  # all 0.1 apart, but for noise
        ([45.3, 46.2, 47.2, 48.1], [48.1, 47.2, 46.2, 45.3]),
    ],
)
def test_pairs_that_all_agree_are_refused(a, b):
    with pytest.raises(ZeroSpread):
        pair_scores(a, b)


@pytest.mark.parametrize(
    ("a", "b", "quartiles"),
    [([], [], "type7"), ([1.0, NAN], [2.0, 1.0], "type7"), ([1, 2], [2, 1], "type6")],
)
def test_too_few_pairs_are_refused(a, b, quartiles):
    with pytest.raises(TooFewResults):
        pair_scores(a, b, quartiles)


@pytest.mark.parametrize("scores", [pair_scores, confidence_ellipse])
def test_pairs_have_two_results_and_they_are_finite(scores):
    with pytest.raises(StatisticsError, match="no pairs"):
        scores([1.0, 2.0, 3.0], [1.0, 2.0])
    with pytest.raises(NotFinite):
        scores([1.0, 2.0, math.inf], [3.0, 2.0, 4.0])


@pytest.mark.parametrize(("level", "key"), [(0.95, "T2_95_hotelling"), (0.99, "T2_99_hotelling")])
def test_the_ellipse_agrees_with_the_reference(level, key):
    found, r = confidence_ellipse(A, B, level), CASE["youden"]
    assert found.limit == pytest.approx(r[key], rel=1e-8)
    assert found.centre == pytest.approx(r["mean"], rel=1e-8)
    (va, cov), (_, vb) = r["cov"]
    assert (*found.variances, found.covariance) == pytest.approx((va, vb, cov), rel=1e-8)


def test_the_laboratories_outside_are_those_of_the_reference():
    found = confidence_ellipse(A, B)
    distances = found.distances(A, B)
    assert distances == pytest.approx(CASE["youden"]["mahalanobis2"], rel=1e-8)
    assert [lab for lab, d in enumerate(distances, 1) if d > found.limit] == [7, 19]
    assert np.isnan(found.distances([48.0, None], [NAN, 47.0])).all()


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("slope", [-1.5, 0.0, 0.8])
def test_the_ends_of_the_axes_lie_on_the_ellipse(seed, slope):
    draw = Random(seed)
    a = [draw.gauss(48, 1.2) for _ in range(20)]
    found = confidence_ellipse(a, [slope * value + draw.gauss(10, 0.7) for value in a])
    longer, shorter = found.semi_axes
    assert longer > shorter
    for half, angle in ((longer, found.angle), (shorter, found.angle + math.pi / 2)):
        end = [c + half * f(angle) for c, f in zip(found.centre, (math.cos, math.sin), strict=True)]
        assert found.distances(end[:1], end[1:]) == pytest.approx([found.limit], rel=1e-9)


def test_a_circle_has_equal_axes_along_the_items():
    found = confidence_ellipse([0, 0, 1, -1], [1, -1, 0, 0])
    assert found.semi_axes[0] == pytest.approx(found.semi_axes[1])
    assert found.angle == 0


def test_three_pairs_are_needed():
    assert confidence_ellipse([1, 2, 3], [1, 3, 1]).limit == pytest.approx(2 * (0.05**-2 - 1))
    with pytest.raises(TooFewResults):
        confidence_ellipse([1, 2, None], [1, 3, 1])


@pytest.mark.parametrize("b", [[5.0] * 4, [45.2, 46.1, 47.1, 48.0]])
def test_pairs_on_one_line_have_no_ellipse(b):
    with pytest.raises(ZeroSpread):
        confidence_ellipse([45.3, 46.2, 47.2, 48.1], b)


@pytest.mark.parametrize("level", [0, 1, 1.5, NAN])
def test_a_level_lies_between_zero_and_one(level):
    with pytest.raises(StatisticsError, match="level"):
        confidence_ellipse(A, B, level)


def test_there_is_a_mark_for_every_pair():
    with pytest.raises(StatisticsError):
        pair_scores([1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 3.0, 5.0], used=[True, False])
