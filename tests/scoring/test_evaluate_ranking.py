"""Places and awards: what is weighted, who shares a place, where the lines fall."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from scoring.evaluation.evaluate import evaluate
from scoring.evaluation.standings import _awards, _count
from scoring.statistics import Standing
from tests.scoring.rounds_played import plan_of
from tests.scoring.small_rounds import ORDINARY, labs, one_item, play, snapshot

SHARES = (Decimal("0.05"), Decimal("0.1"), Decimal("0.2"))


def standings(*ranks):
    return [
        Standing(f"L{k:02}", rank, Decimal(0), Decimal(0), (), 0, 0.0, ranks.count(rank) > 1)
        for k, rank in enumerate(ranks, 1)
    ]


def awarded(ranks, shares=SHARES, barred=()):
    running = [standing.code for standing in standings(*ranks)]
    found = _awards(standings(*ranks), set(running) - set(barred), shares)
    return "".join(found.get(code, "-")[0] for code in running)


@pytest.mark.parametrize(
    ("share", "eligible", "count"),
    [("0.05", 92, 4), ("0.05", 19, 1), ("0.05", 3, 1), ("0.2", 99, 19), ("0", 99, 0)],
)
def test_a_share_is_rounded_down_to_one_at_least(share, eligible, count):
    assert _count(Decimal(share), eligible) == count


def test_prizes_follow_each_other():
    assert awarded(range(1, 41)) == "ff" + "s" * 4 + "t" * 8 + "-" * 26


def test_whoever_cannot_win_is_passed_over():
    assert awarded(range(1, 21), barred=["L01", "L03"]) == "-f-sttt" + "-" * 13


def test_a_tie_at_the_line_is_not_split():
    assert awarded([1, 2, 3, 3, 3]) == "fsttt"
    assert awarded([1, 2, 2, 4, 5]) == "fss--"


def test_a_tie_takes_the_places_of_the_next_prize():
    assert awarded([1, 1, 3, 4, 5]) == "fft--"
    assert awarded([1, 1, 1, 1, 5]) == "ffff-"


def test_a_prize_of_no_share_is_not_given():
    assert awarded(range(1, 11), (Decimal(0), Decimal("0.2"), Decimal(0))) == "ss--------"


def test_fewer_laboratories_than_prizes():
    assert awarded([1, 2]) == "fs"
    assert awarded([1], barred=["L01"]) == "-"


def test_equal_laboratories_share_a_place_and_the_next_is_skipped():
    output = play(ORDINARY)
    top = [(row["code"], row["rank"], row["shared"]) for row in output["ranking"][:3]]
    assert [rank for _, rank, _ in top] == ["1", "1", "3"]
    assert [shared for _, _, shared in top][:2] == [True, True]
    assert top[0][0] < top[1][0]


def test_the_arithmetic_explains_the_place():
    output = evaluate(plan_of("init"), snapshot(labs({"A": ORDINARY, "B": ORDINARY[::-1]})))
    scores = {(row["code"], row["item"]): row["z"] for row in output["results"]}
    for place in output["ranking"]:
        (term,) = place["terms"]
        assert term["scores"] == [scores[place["code"], item] for item in "AB"]
        capped = [min(abs(Fraction(z)), Fraction(3)) for z in term["scores"]]
        assert float(Fraction(term["c"])) == pytest.approx(float(sum(capped) / 2), abs=1e-8)
        assert Decimal(place["c"]) == round(Decimal(term["c"]), 4)
        assert float(place["score"]) == pytest.approx(100 * (1 - float(place["c"]) / 3), abs=0.051)


def test_a_far_result_is_ranked_and_wins_nothing():
    place = play([*ORDINARY, "230"])["ranking"][-1]
    assert (place["code"], place["reasons"], place["award"]) == ("L21", ["UNSATISFACTORY"], None)
    assert place["terms"][0]["capped"] == ["3"]
    assert Decimal(place["worst"]) > 3


def test_what_weighs_nothing_is_no_term_and_bars_nobody():
    far = labs({"A": [*ORDINARY, "400"]}, "flow")
    assert evaluate(plan_of("flow", items=("A",)), snapshot(far))["ranking"] == []
    for one, value in zip(far, [*ORDINARY, "180"], strict=True):
        one["entries"][0]["results"] += labs({"A": [value]})[0]["entries"][0]["results"]
    output = evaluate(plan_of("init", "flow", items=("A",)), snapshot(far))
    place = next(row for row in output["ranking"] if row["code"] == "L21")
    assert place["eligible"]
    assert [term["parameter"] for term in place["terms"]] == ["init"]


def paired(texts_a, texts_b, plan=None):
    return evaluate(plan or plan_of("init"), snapshot(labs({"A": texts_a, "B": texts_b})))


def test_zb_is_large_where_both_items_are_high():
    high = [str(int(value) + 20) for value in ORDINARY]
    output = paired([*ORDINARY, "195"], [*high, "215"])
    assert float(output["pairs"][-1]["zb"]) > 2
    # Every difference is 20: without a spread nothing is said about it.
    assert {row["zw"] for row in output["pairs"]} == {None}


def test_exchanged_samples_have_a_large_negative_zw():
    high = [str(int(value) + 20 + k % 5) for k, value in enumerate(ORDINARY)]
    for first, second, place in (
        (ORDINARY, high, ("202", "180")),
        (high, ORDINARY, ("180", "202")),
    ):
        output = paired([*first, place[0]], [*second, place[1]])
        assert float(output["pairs"][-1]["zw"]) < -10


def test_who_is_outside_the_consensus_has_a_pair_and_moves_nobody():
    high = [str(int(value) + 20 + k % 5) for k, value in enumerate(ORDINARY)]
    without, given = (labs({"A": ORDINARY[:n], "B": high[:n]}) for n in (19, 20))
    given[-1]["entries"][0]["late"] = True
    alone, both = (evaluate(plan_of("init"), snapshot(one)) for one in (without, given))
    assert both["pairs"][:-1] == alone["pairs"]
    assert both["pairs"][-1]["code"] == "L20"
    assert both["ellipses"] == alone["ellipses"]


def test_the_ellipse_is_drawn_from_the_consensus():
    (ellipse,) = paired(ORDINARY, [str(int(v) + k % 5) for k, v in enumerate(ORDINARY)])["ellipses"]
    assert ellipse["parameter"] == "init"
    assert [float(value) for value in ellipse["centre"]] == [180, 182]
    longer, shorter = (float(axis) for axis in ellipse["axes"])
    assert longer > shorter > 0


def test_points_on_a_line_have_no_ellipse():
    assert paired(ORDINARY, ORDINARY)["ellipses"] == []


def test_a_parameter_that_is_not_scored_in_both_items_has_no_pairs():
    assert paired(["180"] * 20, ORDINARY)["pairs"] == []
    assert play(ORDINARY)["pairs"] == []


def test_no_laboratory_with_both_items_gives_no_pairs():
    some = labs({"A": ORDINARY * 2, "B": ORDINARY * 2})
    for number, one in enumerate(some):
        del one["entries"][0]["results"][number % 2]
    output = evaluate(plan_of("init"), snapshot(some))
    assert (output["pairs"], output["ellipses"]) == ([], [])
    assert [row["score"] for row in output["parameters"]] == ["z", "z"]


def test_a_smaller_mean_zw_breaks_a_tie():
    # Both are 3 minutes from the reference in both items, one of them in opposite directions.
    plan = replace(
        plan_of("init"),
        parameters=(
            replace(
                plan_of("init").parameters[0],
                estimator="reference",
                reference={"A": Decimal(180), "B": Decimal(180)},
                sigma="prescribed",
                sigma_pt=Decimal(5),
            ),
        ),
    )
    drift = [str(int(value) + k % 3) for k, value in enumerate(ORDINARY)]
    output = paired(["183", "183", *ORDINARY], ["177", "183", *drift], plan)
    same = [row["code"] for row in output["ranking"] if row["c"] == "0.6"]
    assert [code for code in same if code in {"L01", "L02"}] == ["L02", "L01"]


def test_the_mean_score_of_one_parameter_breaks_the_last_tie():
    plan = replace(
        one_item(
            estimator="reference",
            reference={"A": Decimal(180)},
            sigma="prescribed",
            sigma_pt=Decimal(5),
        ),
        decider="init",
    )
    output = play(["183", "177", "180"], plan)
    assert [(row["code"], row["rank"]) for row in output["ranking"]] == [
        ("L03", "1"), ("L01", "2"), ("L02", "2"),
    ]  # fmt: skip
