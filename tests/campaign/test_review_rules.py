"""The pure rules beside the office's decision: what changed, and more time as it is typed."""

from datetime import datetime

import pytest

from campaign import compare, extension
from core.errors import InvalidInput

FILE = {"id": "a", "name": "a.jpg", "caption": "横幅", "task": 1, "taken_on": None}
OTHER = FILE | {"id": "b", "name": "b.jpg"}


def test_a_figure_that_changed_is_named_with_both_values():
    before = {"figures": {"tours.sessions": 2, "tours.projects": None, "service.days": 1}}
    after = {"figures": {"tours.sessions": 3, "tours.projects": 4, "service.days": 1}}
    found = compare.difference(before, after)
    changes = {change.counter.code: (change.before, change.after) for change in found.figures}
    assert changes == {"tours.sessions": (2, 3), "tours.projects": (None, 4)}


def test_a_missing_figure_is_not_the_same_as_a_nought():
    found = compare.difference({"figures": {}}, {"figures": {"tours.sessions": 0}})
    assert [(change.before, change.after) for change in found.figures] == [(None, 0)]


def test_files_added_taken_out_and_described_anew_are_told_apart():
    before = {"files": [FILE, OTHER]}
    after = {"files": [FILE | {"caption": "标语"}, FILE | {"id": "c"}]}
    found = compare.difference(before, after)
    ids = [[file["id"] for file in part] for part in (found.added, found.removed, found.described)]
    assert ids == [["c"], ["b"], ["a"]]


def test_persons_that_came_went_or_have_other_details_are_named():
    def person(name, post="科长"):
        return {"name": name, "post": post}

    before = [person("张示例"), person("李示例"), person("王示例")]
    after = [person("张示例", "副主任"), person("赵示例"), person("王示例")]
    found = compare.difference({}, {}, before, after)
    assert (found.came, found.went, found.corrected) == (("赵示例",), ("李示例",), ("张示例",))


def test_two_versions_that_say_the_same_differ_in_nothing():
    assert compare.difference(
        {"note": "甲", "files": [FILE]}, {"note": "甲", "files": [FILE]}
    ).nothing
    assert not compare.difference({"note": "甲"}, {"note": "乙"}).nothing


GOOD = {"day": "2024-08-30", "time": "24:00", "reason": "台风影响，顺延"}


@pytest.mark.parametrize(
    ("hour", "until"),
    [
        ("24:00", datetime(2024, 8, 31)),
        ("", datetime(2024, 8, 31)),
        ("0:00", datetime(2024, 8, 30)),
        ("18：30", datetime(2024, 8, 30, 18, 30)),
    ],
)
def test_a_day_ends_at_24_00_and_never_begins_there(hour, until):
    found = extension.read(["evidence", "slip", "strange"], GOOD | {"time": hour})
    assert (found.items, found.until) == (("slip", "evidence"), until)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("day", {"day": "30.8."}),
        ("day", {"day": "9999-12-31"}),
        ("day", {"time": "24:30"}),
        ("day", {"time": "noon"}),
        ("reason", {"reason": "  嗯 "}),
        ("reason", {"reason": "长" * 501}),
        ("reason", {"reason": "看不见的\x00字符"}),
    ],
)
def test_a_field_that_cannot_be_used_gets_its_own_sentence(field, typed):
    with pytest.raises(InvalidInput) as refused:
        extension.read(["slip"], GOOD | typed)
    assert set(refused.value.fields) == {field}


def test_more_time_is_for_something():
    with pytest.raises(InvalidInput) as refused:
        extension.read([], GOOD)
    assert set(refused.value.fields) == {"items"}
