"""The policy table: every row, the four questions, and rows that come together."""

from itertools import product

import pytest

from scoring.evaluation.policy import Answers, Counts, combined, table

USUAL = table(Answers())

#: Code → words, in the consensus, scored, counts in the ranking, may win.
ROWS = {
    "P01": ("", True, True, "score", True),
    "P02": ("Late, accepted", False, True, "score", False),
    "P04": ("Not reported", False, False, "unranked", False),
    "P10": ("Not tested", False, False, "three", False),
    "P11": ("Stage not reported", False, False, "three", False),
    "P12": ("Void", False, False, "three", False),
    "P13": ("Void, to be decided by the judges", False, False, "three", False),
    "P15": ("Reporting error", False, True, "score", False),
    "P16": ("Age outside the window", True, True, "score", True),
    "P21": ("Listed only", True, False, "left_out", True),
    "P22": ("Pass or fail", True, True, "no_term", True),
    "P23": ("Not enrolled for this parameter", False, False, "three", False),
}


def cells(row):
    return row.words, row.consensus, row.scored, row.counts.value, row.award


def test_the_table_has_these_rows_in_order():
    assert list(USUAL) == list(ROWS)


@pytest.mark.parametrize("code", ROWS)
def test_a_row_says(code):
    assert cells(USUAL[code]) == ROWS[code]


def test_no_two_rows_print_the_same_words():
    words = [row.words for row in USUAL.values()]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize(
    ("answers", "codes", "changed"),
    [
        (Answers(late_scored=False), {"P02"}, {"scored": False, "counts": Counts.THREE}),
        (Answers(void_counts=False), {"P12", "P13"}, {"counts": Counts.LEFT_OUT}),
        (Answers(missing_stage_ranked=False), {"P11"}, {"counts": Counts.UNRANKED}),
        (Answers(age_may_win=False), {"P16"}, {"award": False}),
    ],
)
def test_an_answer_changes_its_row_and_no_other(answers, codes, changed):
    found = table(answers)
    assert {code for code in found if found[code] != USUAL[code]} == codes
    for code, (name, value) in product(codes, changed.items()):
        assert getattr(found[code], name) == value


@pytest.mark.parametrize(
    ("codes", "consensus", "scored", "counts", "award"),
    [
        ("P01", True, True, "score", True),
        ("P02 P12", False, False, "three", False),
        ("P02 P16", False, True, "score", False),
        ("P15 P16", False, True, "score", False),
        ("P02 P21", False, False, "left_out", False),
        ("P10 P21", False, False, "three", False),
        ("P02 P22", False, True, "no_term", False),
    ],
)
def test_of_several_rows_the_strictest_cell_holds(codes, consensus, scored, counts, award):
    row = combined(tuple(USUAL[code] for code in codes.split()))
    assert (row.code, *cells(row)) == (codes, "", consensus, scored, counts, award)


def test_there_is_always_a_row():
    with pytest.raises(ValueError, match="empty"):
        combined(())
