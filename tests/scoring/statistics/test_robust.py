import unicodedata
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given

from scoring.statistics import (
    NotFinite,
    StatisticsError,
    TooFewResults,
    assigned_value_uncertainty,
    mad_e,
    median,
    niqr,
)
from tests.scoring import rounds_played
from tests.scoring.statistics.references import (
    TIED,
    UNIVARIATE,
    answers,
    floats,
    printed,
    results,
    texts,
)


def exact(name):
    return [Decimal(text) for text in texts(name)]


@pytest.mark.parametrize("name", UNIVARIATE)
@pytest.mark.parametrize("read", [floats, exact, lambda name: np.array(floats(name))])
def test_simple_estimators_agree_with_the_reference(name, read):
    r, x = answers(name)["r"], read(name)
    found = [median(x), mad_e(x), niqr(x), niqr(x, "type6")]
    keys = ["median", "made_1.483", "niqr_type7", "niqr_type6"]
    assert [float(value) for value in found] == pytest.approx([r[key] for key in keys], rel=1e-8)


@pytest.mark.parametrize(
    ("name", "quantity", "estimate"),
    [
        ("iso13528_E3_atrazine", "median", median),
        ("iso13528_E3_atrazine", "nIQR (type-7 quartiles)", niqr),
        ("iso13528_E3_atrazine", "MADe", mad_e),
        (
            "iso13528_E3_atrazine",
            "u(median)=1.25 nIQR/sqrt p",
            lambda x: assigned_value_uncertainty(niqr(x), len(x)),
        ),
        ("cn_quartile_9", "nIQR", lambda x: niqr(x, "type6")),
        ("mass_chem", "median", median),
    ],
)
def test_printed_examples_are_reproduced(name, quantity, estimate):
    value, tolerance = printed(name, quantity)
    assert float(estimate(exact(name))) == pytest.approx(value, abs=tolerance, rel=0)


def test_decimals_give_every_digit():
    x = [Decimal(text) for text in ("47.2", "46.9", "48.1", "47.5", "49.0")]
    assert median(x) == Decimal("47.5")
    assert niqr(x) == Decimal("0.66717")
    assert niqr(x, "type6") == Fraction(7413, 10000) * Fraction(3, 2)
    assert mad_e(x) == Decimal("0.8898")
    assert all(isinstance(value, Fraction) for value in (median(x), niqr(x), mad_e(x)))


def test_the_quartiles_lie_between_their_neighbours():
    assert niqr([0, 10, 20, 30]) == Fraction("0.7413") * (Fraction("22.5") - Fraction("7.5"))
    assert niqr([0, 10, 20, 30], "type6") == Fraction("0.7413") * (
        Fraction("27.5") - Fraction("2.5")
    )
    assert niqr([0, 10, 20], "type6") == Fraction("0.7413") * 20
    assert niqr([1, 3]) == Fraction("0.7413")


def test_one_float_makes_the_answer_a_float():
    x = [1, Decimal(2), Fraction(3), 4.0]
    assert all(type(value) is float for value in (median(x), mad_e(x), niqr(x)))


def test_identical_majorities_have_no_spread():
    assert (niqr(TIED), mad_e(TIED)) == (0, 0)


def test_floats_that_differ_by_noise_are_equal():
    noisy = [0.3, 0.1 + 0.2, 0.3, 0.1 + 0.2, 0.3, 0.1 + 0.2]
    assert (niqr(noisy), mad_e(noisy)) == (0.0, 0.0)


@given(results)
def test_simple_estimators_follow_a_change_of_unit_and_origin(x):
    moved = [1024.0 - 2 * value for value in x]
    assert median(moved) == 1024.0 - 2 * median(x)
    assert mad_e(moved) == pytest.approx(2 * mad_e(x), rel=1e-12)
    for quartiles in ("type7", "type6"):
        assert niqr(moved, quartiles) == pytest.approx(2 * niqr(x, quartiles), rel=1e-12)


@given(results)
def test_the_order_of_laboratories_does_not_matter(x):
    shuffled = Random(1).sample(x, len(x))
    assert [f(shuffled) for f in (median, mad_e, niqr)] == [f(x) for f in (median, mad_e, niqr)]


@given(results)
def test_one_laboratory_moves_the_median_no_further_than_its_neighbours(x):
    low, high = ([*x, blunder] for blunder in (-1e9, 1e9))
    assert min(x) <= median(low) <= median(x) <= median(high) <= max(x)


@pytest.mark.parametrize(
    ("estimate", "x"),
    [
        (median, []),
        (mad_e, [1]),
        (niqr, [1.0]),
        (lambda x: niqr(x, "type6"), [1, 2]),
        (lambda x: assigned_value_uncertainty(1.0, len(x)), []),
    ],
)
def test_too_few_results_are_refused(estimate, x):
    with pytest.raises(TooFewResults):
        estimate(x)


@pytest.mark.parametrize("estimate", [median, mad_e, niqr])
@pytest.mark.parametrize("wrong", [float("nan"), float("-inf"), Decimal("NaN"), Decimal("inf")])
@pytest.mark.parametrize("others", [[1, 2, 3], [1.5, 2.5, 3.5]])
def test_what_is_no_number_is_refused(estimate, wrong, others):
    with pytest.raises(NotFinite):
        estimate([*others, wrong])


def test_an_unknown_definition_of_quartiles_is_refused():
    with pytest.raises(StatisticsError, match="type8"):
        niqr([1, 2, 3], "type8")


@pytest.mark.parametrize("scale", [-0.1, float("nan"), float("inf")])
def test_the_uncertainty_needs_a_scale(scale):
    with pytest.raises(StatisticsError):
        assigned_value_uncertainty(scale, 20)


def test_the_uncertainty_becomes_negligible_at_eighteen_laboratories():
    assert assigned_value_uncertainty(1, 17) >= 0.3 > assigned_value_uncertainty(Decimal(1), 18)
    assert assigned_value_uncertainty(0, 25) == 0.0


def recomputed(item, closes):
    """Return the 28 d strengths of a whole round: sent in time, no unit mistake, no void group."""
    number = {row["sample_no"]: row["item"] for row in rounds_played.rows("samples")}
    sent = [row for row in rounds_played.rows("submissions") if row["stage"] == "S2"]
    in_time = {row["lab_code"] for row in sent if row["submitted_at"] <= closes}
    loads = defaultdict(list)
    for row in rounds_played.rows("readings"):
        if (row["parameter"], number[row["sample_no"]]) == ("rc28", item):
            loads[row["lab_code"]].append(unicodedata.normalize("NFKC", row["value"]))
    strengths = (strength(loads[code]) for code in sorted(in_time & set(loads)))
    return [value for value in strengths if value is not None and value < 200]


def strength(loads):
    """Round six specimens, leave out one that is 10 % from the mean, give up at a second one."""
    specimens = [round(Fraction(load) * 10 / Fraction("1.6")) for load in loads]
    while len(specimens) >= 5:
        mean = Fraction(sum(specimens), len(specimens))
        near = [value for value in specimens if abs(value - mean) <= mean / 10]
        if near == specimens:
            return Fraction(round(mean), 10)
        specimens = near
    return None


@pytest.mark.parametrize(
    ("item", "middle", "spread"), [("A", "47.9", "1.70499"), ("B", "46.6", "1.77912")]
)
def test_the_spread_of_a_whole_round_is_exact(item, middle, spread):
    x = recomputed(item, "2024-10-15T18:00")
    assert (len(x), median(x), niqr(x)) == (113, Decimal(middle), Decimal(spread))
