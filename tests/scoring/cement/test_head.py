"""The head of an entry: what must be filled in, and numbers that a room can have."""

import pytest

from core.findings import Level
from scoring.cement import head
from scoring.cement.group import Group

WHOLE = {
    "sample.1.condition": "intact", "sample.2.condition": "damaged",
    "cast_at": "2024-09-10T09:48", "broken_at": "2024-09-13T10:10",
    "room_temp_c": "20.7", "room_rh_pct": "67",
    "tested_by": "钱示例", "checked_by": "杨示例", "approved_by": "吴示例",
}  # fmt: skip
STRENGTH = Group("rc3", 1, "value")


def said(**changes):
    fields = WHOLE | changes
    _read, found = head.conditions(fields)
    return found


def missing(groups, **changes):
    return [found.address for found in head.missing(WHOLE | changes, groups)]


def test_a_whole_head_says_nothing():
    assert said() == []
    assert missing([STRENGTH]) == []


@pytest.mark.parametrize(
    "name", ["sample.1.condition", "sample.2.condition", "tested_by", "checked_by", "approved_by"]
)
def test_the_state_of_both_samples_and_three_names_are_required(name):
    (found,) = head.missing(WHOLE | {name: " "}, [])
    assert (found.code, found.level, found.address) == ("E39", Level.BLOCK, name)


@pytest.mark.parametrize("name", ["cast_at", "broken_at"])
def test_both_times_are_required_where_a_strength_was_tested(name):
    assert missing([STRENGTH], **{name: ""}) == [name]
    assert missing([Group("flow", 1, "value")], **{name: ""}) == []
    assert missing([Group("rc3", 1, "not_tested", "试件破损")], **{name: ""}) == []


@pytest.mark.parametrize(
    ("name", "low", "high"), [("room_temp_c", "0", "60"), ("room_rh_pct", "0", "100")]
)
def test_the_room_is_possible_and_its_limits_are_inside(name, low, high):
    assert said(**{name: low}) == said(**{name: high}) == said(**{name: ""}) == []
    for typed in ("-0.1", f"{high}.1"):
        (found,) = said(**{name: typed})
        assert (found.code, found.level, found.address) == ("E05", Level.BLOCK, name)
        assert "unit" not in found.text()


@pytest.mark.parametrize(
    ("typed", "code"), [("20,7", "E03"), ("about 20", "E20"), ("20 ℃", "E20"), ("NaN", "E20")]
)
def test_a_room_is_given_as_a_number(typed, code):
    (found,) = said(room_temp_c=typed)
    assert (found.code, found.level, found.address) == (code, Level.BLOCK, "room_temp_c")


def test_a_time_that_cannot_be_read_is_named():
    (found,) = said(cast_at="9/10")
    assert (found.code, found.address) == ("E20", "cast_at")
