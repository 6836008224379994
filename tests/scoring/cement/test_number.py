"""What somebody typed: a number, or a problem with a name; never a guess."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.cement.number import parse


@pytest.mark.parametrize("text", ["48.6", " 48.6 ", "0.60", "-0.5", ".86", "001", "206"])
def test_digits_are_a_number_with_the_decimals_as_typed(text):
    typed = parse(text)
    assert str(typed.value) == str(Decimal(text))
    assert (typed.text, typed.normalised, typed.problem) == (text, None, None)


@pytest.mark.parametrize(
    ("text", "read"), [("４８．６", "48.6"), ("－５", "-5"), ("　４８", "48"), ("48．6", "48.6")]
)
def test_full_width_digits_are_read_and_it_is_said_so(text, read):
    typed = parse(text)
    assert (typed.value, typed.normalised, typed.text) == (Decimal(read), read, text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "empty"), ("  ", "empty"), ("　", "empty"), ("nan", "not_finite"),
        ("-Infinity", "not_finite"), ("inf", "not_finite"), ("1e309", "not_a_number"),
        ("1_000", "not_a_number"), ("1.23E+17", "not_a_number"), ("48,6", "decimal_comma"),
        ("４８，６", "decimal_comma"), ("1,234", "decimal_comma"), ("1,234.5", "thousands"),
        ("1,234,567", "thousands"), ("<0.1", "below"), ("＜0.1", "below"), ("≤ 0.1", "below"),
        ("−5.3", "minus_sign"), ("5.3MPa", "with_unit"), ("5.3 %", "with_unit"),
        ("20℃", "with_unit"), ("4 8", "not_a_number"), ("+5", "not_a_number"),
        ("5.", "not_a_number"), ("48.6.1", "not_a_number"), ("3-5", "not_a_number"),
        ("2:52", "not_a_number"), ("10²", "with_unit"), ("½", "not_a_number"),
        ("٣", "not_a_number"), ("9" * 21, "not_a_number"), ("合格", "not_a_number"),
    ],
)  # fmt: skip
def test_what_is_no_plain_number_is_refused_by_name(text, problem):
    typed = parse(text)
    assert (typed.value, typed.text, typed.problem) == (None, text, problem)


@pytest.mark.parametrize(("text", "minutes"), [("2:52", 172), ("２：０５", 125), ("0:45", 45)])
def test_a_time_of_day_is_minutes_where_time_elapses(text, minutes):
    typed = parse(text, "elapsed")
    assert (typed.value, typed.normalised) == (Decimal(minutes), str(minutes))
    assert parse(text, "load").value is None


@pytest.mark.parametrize("text", ["2:60", "2:5", "2:52:00", "100:00", ":30"])
def test_what_is_no_time_is_not_read_as_minutes(text):
    assert parse(text, "elapsed").problem == "not_a_number"


def test_minutes_may_be_typed_as_minutes():
    assert parse("206", "elapsed").normalised is None


@pytest.mark.parametrize(
    ("text", "value"), [("合格", 1), ("1", 1), ("Pass", 1), ("不合格", 0), ("fail", 0), ("０", 0)]
)
def test_a_verdict_is_chosen(text, value):
    typed = parse(text, "verdict")
    assert (typed.value, typed.normalised, typed.problem) == (Decimal(value), None, None)


@pytest.mark.parametrize(("text", "problem"), [("", "empty"), ("2", "not_a_number")])
def test_anything_else_is_no_verdict(text, problem):
    assert parse(text, "verdict").problem == problem


@given(st.text(max_size=30), st.sampled_from(["", "elapsed", "verdict"]))
def test_every_text_is_a_finite_number_or_a_problem(text, quantity):
    typed = parse(text, quantity)
    assert (typed.value is None) == (typed.problem is not None)
    assert typed.value is None or typed.value.is_finite()
