"""What judges read: figures that never contradict a class, and words for everything there is."""

import pytest

from scoring.evaluation import policy
from scoring.evaluation.guards import GUARDS
from scoring.messages import MESSAGES
from scoring.presentation import numbers, words

#: Messages of the form, the file and the deadline; they never come with an evaluated version.
AT_ENTRY = {"E14", "E15", "E16", "E17", "E19", "E30", "J4", "J5"}


@pytest.mark.parametrize(
    ("stored", "verdict", "printed"),
    [
        ("2", "SATISFACTORY", "2.00"),
        ("2.003", "QUESTIONABLE", "2.003"),
        ("-2.0000001", "QUESTIONABLE", "−2.0000001"),
        ("2", "QUESTIONABLE", "2.00⁺"),
        ("2.996", "QUESTIONABLE", "2.996"),
        ("-2.9996", "QUESTIONABLE", "−2.9996"),
        ("3", "QUESTIONABLE", "3.00⁻"),
        ("3", "UNSATISFACTORY", "3.00"),
        ("2.994", "QUESTIONABLE", "2.99"),
        ("-0.001", "SATISFACTORY", "0.00"),
        ("28253.049", "UNSATISFACTORY", "28253.05"),
        (None, None, "–"),
    ],
)
def test_a_printed_score_never_contradicts_its_class(stored, verdict, printed):
    assert numbers.score(stored, verdict) == printed


@pytest.mark.parametrize(
    ("stored", "step", "printed"),
    [
        ("27", "0.1", "27.0"),
        ("3.06", "0.01", "3.06"),
        ("187", "1", "187"),
        ("2.87", "1", "2.87"),
        ("0.5", "0.5", "0.5"),
        ("-1", "0.1", "−1.0"),
        (None, "0.1", "–"),
    ],
)
def test_a_result_has_the_decimals_of_its_step_or_those_it_was_given_with(stored, step, printed):
    assert numbers.result(stored, step) == printed


def test_statistics_are_rounded_once_to_even():
    assert numbers.fixed("27.125", 2) == "27.12"
    assert numbers.fixed("27.135", 2) == "27.14"
    assert numbers.fixed("-0.004", 2) == "0.00"
    assert numbers.places("20") == 0


def test_a_spreadsheet_gets_the_exact_number():
    assert str(numbers.exact("27", 1)) == "27.0"
    assert str(numbers.exact("-0.227757175")) == "-0.227757175"
    assert numbers.exact(None) is None


def test_a_check_code_is_read_in_two_groups():
    assert numbers.check_code("a91c4e07ff") == "a91c 4e07"


@pytest.mark.parametrize("labels", words.LABELS)
def test_every_label_set_words_each_class_differently(app, labels):
    said = [word.text for word in words.classes(labels)]
    signs = [word.sign for word in words.classes(labels)]
    assert len(set(said)) == len(set(signs)) == 3
    assert said == [words.verdict(code, labels).text for code in words.VERDICTS]


def test_pass_and_fail_are_the_same_in_every_label_set(app):
    assert {words.verdict("PASS", labels) for labels in words.LABELS} == {
        words.verdict("PASS", "cnas")
    }
    assert words.verdict("FAIL", "cnas").tone == "bad"
    assert words.verdict(None, "cnas") is None


def test_every_policy_row_has_words_and_no_two_rows_the_same(app):
    rows = policy.table(policy.Answers())
    said = [word.text for word in words.statuses(rows)]
    assert len(said) == len(set(said)) == len(rows) - 2
    assert words.statuses(["P01", "P22"]) == []
    assert all(words.reason(code) for code in (*rows, "UNSATISFACTORY") if code != "P01")


def test_every_guard_has_a_name_and_its_sentence_with_the_numbers(app):
    values = {"n": "9", "min": "12", "u": "0.123456789", "limit": "0.3"}
    values |= {"sigma": "0.25", "scale": "0.5", "lost": "4", "equal": "9"}
    for code, (level, _sentence) in GUARDS.items():
        said = words.guard({"code": code, "level": level, "values": values}, "0.1")
        assert said.name.text
        assert "{" not in said.sentence
    few = words.guard({"code": "G1", "level": "red", "values": values}, "0.1")
    assert (few.message, few.name.tone) == ("J4", "bad")
    unsure = words.guard({"code": "G3", "level": "amber", "values": values}, "0.1")
    assert "0.123" in unsure.sentence
    assert "0.1234" not in unsure.sentence


def test_every_finding_an_evaluation_may_name_has_a_short_word(app):
    assert set(words.FINDINGS) == set(MESSAGES) - AT_ENTRY
    assert [noticed.word for noticed in words.findings(["E99"])] == [""]
