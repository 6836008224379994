"""Copied, rounded and invented readings: what is found, and exactly where the limits lie."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.statistics import NotFinite, StatisticsError, TooFewResults, ZeroSpread
from scoring.statistics.integrity import (
    DIGITS_LIMIT,
    LEAST_DIGITS,
    Near,
    digit_chi_square,
    equal_pairs,
    last_digits,
    mean,
    near_pairs,
    relative_range,
    shared_values,
    spread,
)

LOADS = st.decimals(0, 3, places=1, allow_nan=False)
ROWS = st.lists(st.none() | st.lists(LOADS, min_size=3, max_size=3), max_size=12)
PLACED = st.lists(st.dictionaries(st.integers(0, 5), st.integers(0, 2)), max_size=8)


def decimals(text: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(number) for number in text.split())


def test_pairs_with_the_same_key_are_found_and_rows_without_one_are_not():
    one, other = decimals("42.9 43"), decimals("42.90 43.0")
    assert equal_pairs([one, None, other, decimals("43 42.9"), None, one]) == [
        (0, 2),
        (0, 5),
        (2, 5),
    ]


def test_the_limit_itself_is_near_and_a_hair_more_is_not():
    rows = [decimals("40.1 50"), decimals("40.4 50"), decimals("40.400001 50")]
    assert near_pairs(rows, Decimal("0.3")) == [
        Near(0, 1, Fraction("0.3")),
        Near(1, 2, Fraction("0.000001")),
    ]


def test_one_far_column_is_enough_to_be_innocent():
    assert near_pairs([decimals("1 2 3"), decimals("1 2 9")], Decimal("0.3")) == []


@given(ROWS)
def test_near_pairs_are_those_that_a_look_at_every_pair_finds(rows):
    limit, found = Fraction(7, 10), []
    for (i, one), (j, other) in combinations(enumerate(rows), 2):
        if one and other:
            apart = max(abs(Fraction(a) - Fraction(b)) for a, b in zip(one, other, strict=True))
            found += [Near(i, j, apart)] * (apart <= limit)
    assert near_pairs(rows, limit) == found


def test_rows_that_cannot_be_compared_are_refused():
    assert near_pairs([None, ()], 1) == []
    with pytest.raises(StatisticsError, match="different lengths"):
        near_pairs([decimals("1 2"), decimals("1")], 1)
    for odd in ("NaN", "Infinity"):
        with pytest.raises(NotFinite):
            near_pairs([decimals("1"), decimals(odd)], 1)


@given(PLACED)
def test_shared_values_are_those_that_a_look_at_every_pair_finds(rows):
    found = shared_values(rows)
    for i, one in enumerate(rows):
        for j, other in enumerate(rows):
            common = one.keys() & other.keys()
            assert found.common[i, j] == len(common)
            assert found.equal[i, j] == sum(one[place] == other[place] for place in common)


def test_a_pair_is_named_at_the_share_itself_with_as_many_values_as_it_takes():
    rows = [dict(enumerate("abcde")), dict(enumerate("abxyz")), dict(enumerate("abxy"))]
    shared = shared_values(rows)
    assert shared.share(0, 1) == Fraction(2, 5)
    assert shared.pairs(Fraction(2, 5), 5) == [(0, 1)]
    assert shared.pairs(Fraction(2, 5), 4) == [(0, 1), (0, 2), (1, 2)]
    assert shared.pairs(Fraction(41, 100), 5) == []


def test_two_without_a_common_value_have_no_share_and_are_never_named():
    shared = shared_values([{"a": 1}, {"b": 1}])
    assert shared.pairs(Fraction(0), 0) == []
    with pytest.raises(ZeroSpread):
        shared.share(0, 1)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("42.9 43 40.5", (9, 0, 5)),
        ("42.90 43.07 40.5", (0, 7, 0)),
        ("42 43 45", (0, 0, 0)),
        ("-1.3 1E+2 0.0", (3, 0, 0)),
        ("", ()),
    ],
)
def test_last_digits_stand_at_the_finest_resolution_that_was_typed(typed, digits):
    assert last_digits(decimals(typed)) == digits


def test_a_digit_of_no_number_is_refused():
    with pytest.raises(NotFinite):
        last_digits(decimals("1.5 NaN"))


def test_digits_in_equal_numbers_give_nothing_and_all_alike_give_the_most():
    assert digit_chi_square([*range(10)] * 2) == 0
    assert digit_chi_square([5] * 24) == 216
    with pytest.raises(TooFewResults):
        digit_chi_square([0] * (LEAST_DIGITS - 1))


def chances(n: int) -> Counter[int]:
    """Count the sequences of ``n`` digits by the sum of their squared frequencies."""
    ways = Counter({(0, 0): 1})
    for _digit in range(10):
        more: Counter[tuple[int, int]] = Counter()
        for (used, squares), count in ways.items():
            for often in range(n - used + 1):
                found = used + often, squares + often**2
                more[found] += count * comb(n - used, often)
        ways = more
    return Counter({squares: count for (used, squares), count in ways.items() if used == n})


@pytest.mark.parametrize(("n", "chance"), [(12, "0.00157"), (18, "0.00139"), (24, "0.00124")])
def test_even_digits_pass_the_limit_with_a_chance_of_about_a_thousandth(n, chance):
    beyond = {s: c for s, c in chances(n).items() if Fraction(10 * s, n) - n >= DIGITS_LIMIT}
    assert float(Fraction(sum(beyond.values()), 10**n)) == pytest.approx(float(chance), abs=5e-6)
    if n == 24:
        assert Fraction(10 * min(beyond), n) - n == Fraction("28.5")


def test_range_and_mean_are_exact():
    assert spread(decimals("42.9 40.1 41")) == Fraction("2.8")
    assert relative_range(decimals("42.9 40.1 41")) == Fraction("8.4") / 124
    assert mean([*decimals("0.1 0.2"), Fraction(1, 3), 1]) == Fraction(49, 120)


@pytest.mark.parametrize("of", [spread, relative_range, mean])
def test_nothing_has_neither_range_nor_mean(of):
    with pytest.raises(TooFewResults):
        of(())
    with pytest.raises(NotFinite):
        of(decimals("1 NaN"))


@pytest.mark.parametrize("typed", ["0 0", "-1 1", "-2 -1"])
def test_a_mean_that_is_not_above_zero_has_no_relative_range(typed):
    with pytest.raises(ZeroSpread):
        relative_range(decimals(typed))
