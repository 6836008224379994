from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.statistics import NotFinite, StatisticsError, ZeroSpread, z_prime_scores, z_scores
from tests.scoring.statistics.references import TIED, answers, results, rows

CASE = answers("iso13528_E4_scores")
NAN = float("nan")


def reported(read):
    return [read(row["x"]) for row in rows("iso13528_E4_scores")]


@pytest.mark.parametrize("read", [float, Decimal])
def test_scores_agree_with_the_reference(read):
    x_pt, sigma, u = (read(str(CASE[key])) for key in ("x_pt", "sigma_pt", "U_x_pt"))
    z = z_scores(reported(read), x_pt, sigma)
    z_prime = z_prime_scores(reported(read), x_pt, sigma, u / 2)
    assert [float(v) for v in z] == pytest.approx([row["z"] for row in CASE["r"]], rel=1e-8)
    assert [float(v) for v in z_prime] == pytest.approx(
        [row["zprime"] for row in CASE["r"]], rel=1e-8
    )


def test_printed_scores_are_reproduced():
    z = z_scores(reported(float), 0.044, 0.0066)
    z_prime = z_prime_scores(reported(float), 0.044, 0.0066, 0.0041)
    assert z == pytest.approx([row["z"] for row in CASE["published"]], abs=0.00501)
    assert z_prime == pytest.approx([row["zprime"] for row in CASE["published"]], abs=0.00501)


def test_a_score_on_the_limit_is_exact():
    (score,) = z_scores([Decimal("27.1")], Decimal("26.5"), Decimal("0.3"))
    assert (score, type(score)) == (2, Fraction)
    assert z_scores(np.array([27.1]), 26.5, 0.3)[0] != 2  # what floats would have made of it


def test_z_prime_is_exact_where_its_root_is_rational():
    x = [Decimal("27.5"), None]
    assert z_prime_scores(x, Decimal("26.5"), Decimal("0.3"), Decimal("0.4")) == [2, None]
    assert z_prime_scores(x, 26, Decimal("0.75"), 0) == [2, None]


def test_an_irrational_root_keeps_sixty_digits():
    (score,) = z_prime_scores([3], 1, 1, 1)
    assert isinstance(score, Fraction)
    assert abs(score**2 - 2) < Fraction(1, 10**59)


@pytest.mark.parametrize("small", [Decimal("1E-40"), Decimal("1E+40")])
def test_the_digits_of_a_root_do_not_depend_on_the_unit(small):
    (score,) = z_prime_scores([3 * small], small, small, small)
    assert abs(score**2 - 2) < Fraction(1, 10**59)


@given(results, st.integers(1, 40), st.integers(0, 40))
def test_exact_and_float_scores_agree(x, sigma, u):
    exact = z_prime_scores([Fraction(v) for v in x], 5, Fraction(sigma, 8), Fraction(u, 8))
    found = z_prime_scores(x, 5, sigma / 8, u / 8)
    assert [float(v) for v in exact] == pytest.approx(found, rel=1e-12)


@given(results)
def test_scores_do_not_depend_on_unit_and_origin(x):
    exact = [Fraction(value) for value in x]
    moved = [100 + 3 * value for value in exact]
    assert z_scores(moved, 100 + 3 * 7, 3 * 2) == z_scores(exact, 7, 2)
    assert z_prime_scores(moved, 121, 9, 12) == z_prime_scores(exact, 7, 3, 4)


def test_an_uncertainty_shrinks_every_score():
    assert z_prime_scores([10.0], 7.0, 1.0, 0.75) == pytest.approx([2.4])


@pytest.mark.parametrize("missing", [None, NAN])
def test_what_was_not_reported_has_no_score(missing):
    scores = z_scores([1.0, missing, 3.0], 2.0, 0.5)
    assert scores.tolist() == pytest.approx([-2.0, NAN, 2.0], nan_ok=True)
    assert scores.dtype == np.float64


def test_what_was_not_reported_stays_none_among_exact_results():
    assert z_scores([1, None], 2, Fraction(1, 2)) == [-2, None]


@pytest.mark.parametrize(
    ("x", "assigned", "sigma"),
    [([1, 2.0], 1, 1), ([1, 2], 1.0, 1), ([1, 2], 1, 1.0), (np.array([1, 2]), 1, 1)],
)
def test_one_float_or_an_array_gives_floats(x, assigned, sigma):
    assert z_scores(x, assigned, sigma).dtype == np.float64
    assert isinstance(z_prime_scores(x, assigned, sigma, 0.0), np.ndarray)


def test_the_results_of_the_caller_stay_as_they_are():
    x = np.array([1.0, 2.0])
    z_scores(x, 1, 1)
    assert x.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("sigma", [0, 0.0, Decimal(0), -1])
def test_nothing_is_divided_by_a_spread_of_zero(sigma):
    with pytest.raises(ZeroSpread):
        z_scores(TIED, 180, sigma)
    with pytest.raises(ZeroSpread):
        z_prime_scores(TIED, 180, sigma, 1)


def test_a_prescribed_sigma_flags_the_blunder_among_ties_and_nobody_else():
    assert [abs(z) >= 3 for z in z_scores(TIED, 180, 5)] == [False] * 29 + [True]
    assert max(abs(z) for z in z_scores(TIED[:-1], 180, 5)) <= 2


def test_a_negative_uncertainty_is_refused():
    with pytest.raises(StatisticsError, match="negative"):
        z_prime_scores([1, 2], 1, 1, -1)


@pytest.mark.parametrize(
    ("x", "assigned", "sigma"),
    [
        ([1.0], NAN, 1.0),
        ([1.0], 1.0, NAN),
        ([1.0], 1.0, float("inf")),
        ([float("inf")], 1.0, 1.0),
        ([Decimal("NaN")], 1, 1),
        ([1], Decimal("inf"), 1),
    ],
)
def test_what_is_no_number_is_refused(x, assigned, sigma):
    with pytest.raises(NotFinite):
        z_scores(x, assigned, sigma)
