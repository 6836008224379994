"""Numbers as text: nine decimals, one spelling."""

from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.figures import figure, figure_or_none


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (-1e-12, "0"),
        (Fraction(-1, 10**12), "0"),
        (Decimal("48.0"), "48"),
        (Decimal("1E+3"), "1000"),
        (100, "100"),
        (Fraction(-7, 3), "-2.333333333"),
        (Fraction(1, 20), "0.05"),
        (2 / 3, "0.666666667"),
        (Decimal("0.0000000005"), "0"),
        (Fraction(3, 2 * 10**9), "0.000000002"),
    ],
)
def test_a_number_has_one_spelling(value, text):
    assert figure(value) == text


def test_none_stays_none():
    assert figure_or_none(None) is None
    assert figure_or_none(Decimal("0.10")) == "0.1"
