from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.statistics import (
    Entrant,
    NotFinite,
    StatisticsError,
    Term,
    TooFewResults,
    algorithm_a,
    rank,
    z_scores,
)
from tests.scoring.statistics.references import answers, rows

NAN = float("nan")
ONE = Fraction(1)


def lab(code, *scores, tie=()):
    """Enter a laboratory with one parameter of weight 1."""
    return Entrant(code, (Term("rc28", ONE, scores),), tie)


def places(*entrants):
    return [(each.code, each.rank) for each in rank(entrants)]


def scores_of_the_round():
    """Score every parameter against its own Algorithm A, as the reference does."""
    found = {}
    for parameter in dict.fromkeys(row["param"] for row in rows("round_small_24x5")):
        own = [row for row in rows("round_small_24x5") if row["param"] == parameter]
        x = [float(row["value"]) for row in own]
        estimate = algorithm_a(x)
        z = z_scores(x, estimate.location, estimate.scale)
        found[parameter] = {row["lab"]: score for row, score in zip(own, z, strict=True)}
    return found


def test_the_reference_round_is_ranked_as_the_reference_ranks_it():
    scores = scores_of_the_round()
    entrants = [
        Entrant(code, tuple(Term(name, ONE, (of[code],)) for name, of in scores.items()))
        for code in sorted(scores["water"])
    ]
    contest = answers("round_small_24x5")["r"]["contest"]
    found = rank(entrants)
    assert [(s.code, s.rank) for s in found] == [(r["lab"], r["rank_ref_v1"]) for r in contest]
    assert [float(s.c) for s in found] == pytest.approx(
        [r["C_capped"] for r in contest], abs=5.1e-5
    )
    assert [s.worst for s in found] == pytest.approx([r["max_abs_z"] for r in contest], rel=1e-8)
    assert [s.over_two for s in found] == [r["n_quest"] + r["n_unsat"] for r in contest]


def test_the_scores_of_the_reference_round_agree_too():
    found = scores_of_the_round()
    for case in answers("round_small_24x5")["r"]["by_parameter"]:
        expected = {row["lab"]: row["z"] for row in case["scores"]}
        assert found[case["param"]] == pytest.approx(expected, rel=1e-8, abs=1e-12)


def test_the_sum_is_explained_by_its_parts():
    strength = Term("rc28", Fraction("0.15"), (-1.0, Fraction(1, 2)))
    water = Term("water", Fraction("0.10"), (4.5, None))
    (found,) = rank([Entrant("L1", (strength, water))])
    assert [(p.parameter, p.weight, p.capped, p.c) for p in found.parts] == [
        ("rc28", Fraction("0.15"), (1.0, 0.5), 0.75),
        ("water", Fraction("0.10"), (3.0, 3.0), 3.0),
    ]
    assert str(found.c) == "1.6500"  # (0.15 × 0.75 + 0.10 × 3) / 0.25
    assert str(found.score) == "45.0"
    assert (found.rank, found.over_two, found.worst, found.shared) == (1, 2, 4.5, False)


def test_the_best_and_the_worst_score_are_full_and_none():
    found = rank([lab("L1", 0.0), lab("L2", None)])
    assert [str(each.score) for each in found] == ["100.0", "0.0"]
    assert [str(each.c) for each in found] == ["0.0000", "3.0000"]


def test_what_is_missing_counts_three_in_every_criterion():
    assert places(lab("L1", None), lab("L2", -3.0)) == [("L1", 1), ("L2", 1)]
    assert [each.worst for each in rank([lab("L1", None, 1.0)])] == [3.0]


def test_terms_without_weight_do_not_count():
    idle = Term("loi", Fraction(0), (2.9, None))
    (found,) = rank([Entrant("L1", (idle, Term("rc28", ONE, (1.0,))))])
    assert (found.c, found.over_two, found.worst, len(found.parts)) == (1, 0, 1.0, 1)


def test_a_term_left_out_leaves_the_weight_to_the_others():
    both = Entrant("L1", (Term("rc28", Fraction(3), (1.0,)), Term("water", ONE, (3.0,))))
    (found, whole) = rank([both, lab("L2", 1.0)])
    assert [(found.code, found.c), (whole.code, whole.c)] == [("L2", 1), ("L1", Decimal("1.5"))]


@pytest.mark.parametrize(
    ("score", "c"),
    [("0.00005", "0.0000"), ("0.00015", "0.0002"), ("0.00025", "0.0002"), ("0.000051", "0.0001")],
)
def test_the_sum_is_rounded_half_to_even(score, c):
    assert [str(each.c) for each in rank([lab("L1", Fraction(score))])] == [c]


def test_equal_laboratories_share_a_place_and_the_next_is_skipped():
    found = rank([lab("L3", 1.5), lab("L2", -1.0), lab("L1", 1.0)])
    assert [(s.code, s.rank, s.shared) for s in found] == [
        ("L1", 1, True),
        ("L2", 1, True),
        ("L3", 3, False),
    ]


def test_a_smaller_sum_comes_first():
    assert places(lab("L1", 1.0, 1.0002), lab("L2", 1.0, 1.0)) == [("L2", 1), ("L1", 2)]


def test_a_difference_below_the_rounding_is_none():
    assert places(lab("L1", 1.0, 1.0), lab("L2", 1.00001, 1.0))[0] == ("L1", 1)
    assert [s.c for s in rank([lab("L1", 1.0), lab("L2", 1.00001)])] == [1, 1]


def test_fewer_scores_beyond_two_come_first():
    assert [s.over_two for s in rank([lab("L1", 2.0, -2.0, -2.0001)])] == [1]
    assert places(lab("L1", 2.25, 0.25), lab("L2", 2.0, 0.5)) == [("L2", 1), ("L1", 2)]
    assert places(lab("L1", 2.5, 2.5, 0.25), lab("L2", 2.9, 1.35, 1.0))[0] == ("L2", 1)


def test_then_the_smaller_largest_score_comes_first():
    assert places(lab("L1", -1.5, 0.5), lab("L2", 1.25, 0.75)) == [("L2", 1), ("L1", 2)]
    assert places(lab("L1", 9.0), lab("L2", -4.0)) == [("L2", 1), ("L1", 2)]


def test_then_the_further_criteria_come_in_their_order():
    first = lab("L3", 1.0, tie=(0.4, 0.9))
    second = lab("L2", 1.0, tie=(0.5, 0.1))
    third = lab("L1", 1.0, tie=(0.5, 0.2))
    assert places(third, second, first) == [("L3", 1), ("L2", 2), ("L1", 3)]


def test_an_undefined_criterion_comes_last():
    entrants = [
        lab("L1", 1.0, tie=(None,)),
        lab("L2", 1.0, tie=(99.0,)),
        lab("L3", 1.0, tie=(None,)),
    ]
    assert places(*entrants) == [("L2", 1), ("L1", 2), ("L3", 2)]


def test_later_criteria_compare_nine_decimals():
    near = lab("L1", 1.0, tie=(0.5000000004,)), lab("L2", 1.0, tie=(0.5,))
    assert places(*near) == [("L1", 1), ("L2", 1)]
    apart = lab("L1", 1.0, tie=(0.500000001,)), lab("L2", 1.0, tie=(0.5,))
    assert places(*apart) == [("L2", 1), ("L1", 2)]
    assert places(lab("L1", 1.0000000004), lab("L2", 1.0)) == [("L1", 1), ("L2", 1)]


score = st.sampled_from([0.0, 0.5, -1.0, 2.0, 2.5, 4.0, None])


@given(st.lists(st.tuples(score, score)), st.randoms(use_true_random=False))
def test_the_order_of_entry_changes_nothing(pairs, shuffle):
    entrants = [lab(f"L{number:02}", *pair) for number, pair in enumerate(pairs)]
    found = rank(entrants)
    assert found == rank(shuffle.sample(entrants, len(entrants)))
    keys = [(each.c, each.over_two, each.worst) for each in found]
    assert [each.rank for each in found] == [1 + sum(k < key for k in keys) for key in keys]
    assert [each.shared for each in found] == [keys.count(key) > 1 for key in keys]


def test_nobody_makes_no_ranking():
    assert rank([]) == []


@pytest.mark.parametrize(
    "terms", [(), (Term("rc28", Fraction(0), (1.0,)),), (Term("rc28", ONE, ()),)]
)
def test_who_has_nothing_to_be_ranked_by_is_refused(terms):
    with pytest.raises(TooFewResults, match="L1"):
        rank([Entrant("L1", terms)])


@pytest.mark.parametrize("wrong", [NAN, float("inf")])
def test_what_is_no_number_is_refused(wrong):
    with pytest.raises(NotFinite):
        rank([lab("L1", wrong)])
    with pytest.raises(NotFinite):
        rank([lab("L1", 1.0, tie=(wrong,))])


def test_a_negative_weight_is_refused():
    with pytest.raises(StatisticsError, match="negative"):
        rank([Entrant("L1", (Term("rc28", Fraction(-1), (1.0,)),))])


def test_everyone_has_the_same_criteria():
    with pytest.raises(StatisticsError, match="same criteria"):
        rank([lab("L1", 1.0, tie=(0.5,)), lab("L2", 1.0)])


def test_an_unknown_rule_is_refused():
    with pytest.raises(StatisticsError, match="rms"):
        rank([lab("L1", 1.0)], rule="rms")
