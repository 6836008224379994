"""The guards: on which side of each limit they speak."""

from decimal import Decimal
from fractions import Fraction
from string import Formatter

import pytest

from scoring.evaluation import guards
from scoring.evaluation.guards import GUARDS, Alarm, Guard

STEP = Fraction(1, 10)
SPREAD = [Decimal(value) for value in ["48.0", "48.1", "48.2", "48.3"]]
HALF = [Decimal("48.0")] * 2 + SPREAD[1:3]
MOST = [Decimal("48.0")] * 3 + SPREAD[1:3]


def codes(found):
    return [guard.code for guard in found]


@pytest.mark.parametrize(("n", "expected"), [(11, ["G1"]), (12, []), (13, [])])
def test_g1_speaks_below_the_least_number(n, expected):
    assert codes(guards.few(n, 12)) == expected


@pytest.mark.parametrize(
    ("values", "niqr", "scale", "sigma", "expected"),
    [
        (SPREAD, 0.1, 0.1, 0.1, []),
        (HALF, 0.1, 0.1, 0.1, []),
        (MOST, 0.1, 0.1, 0.1, ["G2"]),
        (SPREAD, 0, 0.1, 0.1, ["G2"]),
        (SPREAD, 0.1, 0.0, 0.1, ["G2"]),
        (SPREAD, 0.1, 0.1, Fraction("0.075"), []),
        (SPREAD, 0.1, 0.1, Fraction("0.0749"), ["G2"]),
    ],
)
def test_g2_speaks_where_there_is_no_spread_to_score_by(values, niqr, scale, sigma, expected):
    assert codes(guards.no_spread(values, niqr, scale, sigma, STEP)) == expected


@pytest.mark.parametrize(
    ("u", "expected"), [(Fraction("0.3"), ["G3"]), (Fraction("0.2999"), []), (0.31, ["G3"])]
)
def test_g3_speaks_from_three_tenths_on(u, expected):
    assert codes(guards.uncertain(u, Fraction(1))) == expected


@pytest.mark.parametrize(("sigma", "expected"), [("0.29", ["G8"]), ("0.3", [])])
def test_g8_speaks_below_three_steps(sigma, expected):
    assert codes(guards.coarse(Fraction(sigma), STEP)) == expected


@pytest.mark.parametrize(
    ("scale", "expected"), [(0.49, ["G9"]), (0.5, []), (2.0, []), (2.01, ["G9"])]
)
def test_g9_speaks_beyond_half_and_double(scale, expected):
    assert codes(guards.implausible(Decimal(1), scale)) == expected


@pytest.mark.parametrize(("lost", "expected"), [(2, []), (3, ["G10"])])
def test_g10_speaks_above_a_tenth(lost, expected):
    assert codes(guards.lost(lost, 20)) == expected


def test_nothing_is_lost_of_nothing():
    assert guards.lost(0, 0) == []


def test_red_guards_need_a_decision_and_the_others_are_printed():
    red = {code for code in GUARDS if Guard(code).level is Alarm.RED}
    assert red == {"G1", "G2", "G11"}


def test_every_guard_names_what_its_words_need():
    spoken = [
        *guards.few(3, 12),
        *guards.no_spread(MOST, 0, 0, 0, STEP),
        *guards.uncertain(1, Fraction(1)),
        *guards.coarse(Fraction(0), STEP),
        *guards.implausible(Decimal(1), 5),
        *guards.lost(1, 2),
        Guard("G11"),
    ]
    assert codes(spoken) == list(GUARDS)
    for guard in spoken:
        names = {name for _, name, _, _ in Formatter().parse(GUARDS[guard.code][1]) if name}
        assert names <= guard.values.keys()
