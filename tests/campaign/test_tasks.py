"""The eight tasks and their figures: three units never mixed, and missing is not 0."""

import pytest

from campaign import tasks
from core.errors import InvalidInput


def test_eight_tasks_have_27_figures_with_codes_of_their_own():
    assert [task.no for task in tasks.tasks()] == list(range(1, 9))
    codes = [counter.code for counter in tasks.counters()]
    assert len(codes) == len(set(codes)) == 27


def test_a_figure_belongs_to_the_task_that_holds_it_and_speaks_both_languages():
    for task in tasks.tasks():
        assert {counter.task for counter in task.counters} == {task.no}
        for counter in task.counters:
            assert all((counter.name, counter.name_en, counter.unit, counter.unit_en))


def test_sessions_attendances_and_people_are_three_units():
    """Mistake 19: 人次 and 人数 in one column."""
    units = {counter.code: counter.unit for counter in tasks.counters()}
    assert units["tours.sessions"] == "场次"
    assert units["tours.attendances"] == units["service.visitors"] == "人次"
    assert units["contest.people"] == "人"
    named = {c.name for c in tasks.counters() if c.unit == "人次"}
    assert all(name.endswith("人次") for name in named)


@pytest.mark.parametrize(
    ("typed", "figure"),
    [
        ("", None), ("  ", None), ("　", None), ("0", 0), ("００", 0), ("12", 12), (" 12 ", 12),
        ("１２", 12), ("1,234", 1234), ("１，２３４，５６７", 1234567), ("007", 7),
        ("99999999", 99999999),
    ],
)  # fmt: skip
def test_an_empty_field_is_missing_and_a_nought_is_a_nought(typed, figure):
    """Mistake 20: missing figures shown as 0."""
    assert tasks.parse_figure(typed) == figure


@pytest.mark.parametrize(
    "typed", ["-1", "+1", "1.5", "12人", "约10", "1,23", "0,123", ",123", "1,,234", "1 234",
              "10²", "①", "٣", "1e3", ",", "无"]
)  # fmt: skip
def test_what_is_no_whole_number_is_refused_and_not_guessed(typed):
    with pytest.raises(InvalidInput, match="figure_invalid"):
        tasks.parse_figure(typed)


def test_a_figure_of_nine_digits_is_a_slip_of_the_keyboard():
    with pytest.raises(InvalidInput, match="figure_too_large"):
        tasks.parse_figure("100000000")
