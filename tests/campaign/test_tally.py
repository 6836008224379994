"""Sums of figures: missing is never 0, and reported and counted are never added."""

from campaign import tally
from campaign.figures import Figure, Source
from campaign.tally import Report

CODE = "tours.attendances"
REPORTS = [
    Report("a", 1, "甲局", "广州", 1, "f1", {CODE: 300, "tours.sessions": 2}),
    Report("b", 22, "乙局", "广州", 1, "f2", {CODE: None}),
    Report("c", 29, "丙局", "广州", 1),
    Report("d", 3, "丁局", "珠海", 3, "f3", {}),
    Report("e", 40, "戊局", "横琴", 22, "f4", {CODE: 0}),
]
COUNTED = [
    Figure(CODE, 1, 12, (Source("观摩", 12, "/x"),)),
    Figure(CODE, 22, 5, (Source("观摩", 5),)),
    Figure("tours.sessions", 1, 1, (Source("观摩", 1, "/x"),)),
]


def test_20_a_missing_figure_is_none_and_a_reported_nought_is_0():
    assert tally.typed(REPORTS, CODE, 3) == tally.Typed(None, 0, 1)
    assert tally.typed(REPORTS, CODE, 22) == tally.Typed(0, 1, 1)
    assert tally.counted(COUNTED, CODE, 3) == tally.Counted(None)


def test_a_sum_says_how_many_bodies_it_rests_on():
    assert tally.typed(REPORTS, CODE, 1) == tally.Typed(300, 1, 3)
    assert tally.typed(REPORTS, CODE) == tally.Typed(300, 2, 5)


def test_counted_figures_stand_apart_and_bring_their_rows():
    found = tally.counted(COUNTED, CODE)
    assert (found.total, [row.value for row in found.rows]) == (17, [12, 5])
    assert tally.counted_codes(COUNTED) == {CODE, "tours.sessions"}


def test_3_hengqin_is_summed_by_itself_and_never_under_zhuhai():
    assert tally.counted(COUNTED, CODE, 3).total is None
    assert tally.counted(COUNTED, CODE, 22).total == 5


def test_what_belongs_to_no_place_is_noticed():
    assert not tally.strangers(COUNTED, [1, 3, 22])
    assert tally.strangers([Figure(CODE, 0, 1)], [1, 3, 22])
