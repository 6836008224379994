"""GB/T 8170: exact, ties to even, once."""

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.cement.rounding import decimals, gb8170, shown, written

TABLE = [
    ("12.1498", "0.1", "12.1"),
    ("10.5002", "1", "11"),
    ("1.050", "0.1", "1.0"),
    ("0.35", "0.1", "0.4"),
    ("0.325", "0.01", "0.32"),
    ("44.75", "0.1", "44.8"),
    ("44.65", "0.1", "44.6"),
    ("7.25", "0.1", "7.2"),
    ("2500", "1000", "2000"),
    ("3500", "1000", "4000"),
    ("-355", "10", "-360"),
    ("-325", "10", "-320"),
    ("-0.0365", "0.001", "-0.036"),
    ("15.4546", "1", "15"),
    ("60.25", "0.5", "60.0"),
    ("60.38", "0.5", "60.5"),
    ("-60.75", "0.5", "-61.0"),
    ("830", "20", "840"),
    ("842", "20", "840"),
    ("-930", "20", "-920"),
    ("0.04", "0.1", "0.0"),
    ("-0.04", "0.1", "0.0"),
]


@pytest.mark.parametrize(("x", "step", "result"), TABLE)
def test_the_examples_of_the_standard(x, step, result):
    assert written(gb8170(x, step), step) == result
    assert written(gb8170(Decimal(x), Decimal(step)), Decimal(step)) == result


@given(
    x=st.decimals(min_value=-(10**9), max_value=10**9, places=6),
    places=st.integers(min_value=-3, max_value=5),
)
def test_powers_of_ten_round_as_decimals_do(x, places):
    step = Decimal(1).scaleb(-places)
    expected = x.quantize(step, ROUND_HALF_EVEN)
    assert gb8170(x, step) == Fraction(expected)
    assert Decimal(written(gb8170(x, step), step)) == expected


@given(x=st.fractions(), step=st.sampled_from(["0.1", "0.5", "20", "1"]))
def test_rounding_is_the_nearest_multiple_and_keeps_the_sign_symmetric(x, step):
    result, unit = gb8170(x, step), Fraction(step)
    assert abs(result - x) <= unit / 2
    assert (result / unit).denominator == 1
    assert gb8170(-x, step) == -result


@pytest.mark.parametrize(("x", "step"), [(1.05, "0.1"), ("2", 0.1), (True, "1"), (None, "1")])
def test_a_float_has_lost_the_tie_and_is_refused(x, step):
    with pytest.raises(TypeError):
        gb8170(x, step)


@pytest.mark.parametrize(
    ("x", "step"), [("nan", "1"), (Decimal("Infinity"), "1"), ("1", "0"), ("1", "-1"), ("x", "1")]
)
def test_what_is_no_number_or_no_step_is_refused(x, step):
    with pytest.raises(ValueError, match=r"finite|positive|Fraction"):
        gb8170(x, step)


def test_a_mean_of_six_is_rounded_from_its_fraction():
    six = [Fraction(text) for text in ("47.8", "48.2", "49.2", "47.2", "48.7", "48.1")]
    assert written(gb8170(sum(six) / 6, "0.1"), "0.1") == "48.2"


def test_writing_never_rounds_a_second_time():
    assert written(48, "0.1") == "48.0"
    with pytest.raises(ValueError, match="round before writing"):
        written("15.46", "0.1")


@pytest.mark.parametrize(("value", "count"), [("0.1", 1), ("0.001", 3), ("0.5", 1), ("20", 0)])
def test_a_step_has_as_many_decimals_as_it_is_written_with(value, count):
    assert decimals(value) == count


def test_a_third_has_no_decimals_to_write():
    with pytest.raises(ValueError, match="no short decimal"):
        decimals(Fraction(1, 3))


@pytest.mark.parametrize(
    ("value", "text"), [(Fraction(563, 12), "46.917"), ("48.060", "48.06"), ("50", "50"), (0, "0")]
)
def test_values_on_the_way_are_shown_without_trailing_zeros(value, text):
    assert shown(value) == text
    assert shown(Fraction(500, 3), 0) == "167"
