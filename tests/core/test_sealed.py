import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sealed import canonical, plain, seal


class Colour(StrEnum):
    RED = "red"


class Level(IntEnum):
    HIGH = 3


def test_keys_are_sorted_and_nothing_is_between():
    assert canonical({"b": 1, "a": [True, None, "x"]}) == b'{"a":[true,null,"x"],"b":1}'


def test_strings_are_composed_and_not_escaped():
    assert canonical("e\u0301 质量") == '"é 质量"'.encode()


def test_decimals_keep_the_digits_that_were_written():
    assert canonical([Decimal("1.50"), Decimal("-0.001")]) == b'["1.50","-0.001"]'


def test_one_instant_has_one_form_in_every_zone():
    shanghai = datetime(2026, 9, 1, 8, 0, tzinfo=timezone(timedelta(hours=8)))
    assert canonical(shanghai) == canonical(datetime(2026, 9, 1, tzinfo=UTC))
    assert canonical(shanghai) == b'"2026-09-01T00:00:00Z"'


def test_dates_bytes_and_enums_are_text_or_value():
    value = [date(2026, 9, 1), b"\x00\xff", Colour.RED, Level.HIGH, {Colour.RED: ()}]
    assert canonical(value) == b'["2026-09-01","00ff","red",3,{"red":[]}]'


@pytest.mark.parametrize("value", [1.0, {"a": [0.5]}, {1, 2}, object(), {1: "a"}, {Level.HIGH: 1}])
def test_what_has_more_than_one_spelling_is_refused(value):
    with pytest.raises(TypeError):
        canonical(value)


@pytest.mark.parametrize(
    "value",
    [datetime(2026, 9, 1), Decimal("NaN"), Decimal("Infinity"), {"é": 1, "e\u0301": 2}, "\ud800"],
)
def test_what_means_nothing_certain_is_refused(value):
    with pytest.raises(ValueError, match=r"."):
        canonical(value)


def test_the_seal_is_the_sha_256_of_the_canonical_form():
    assert seal({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc"), inner),
)


@given(TREES)
def test_a_journey_through_json_does_not_change_the_seal(tree):
    assert seal(json.loads(canonical(tree))) == seal(tree) == seal(plain(tree))
