"""Working days with 调休, and how sure a count is."""

import csv
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import campaign
from campaign.workdays import calendar

ANNOUNCED = Path(campaign.__file__).parent / "data" / "holidays.csv"
DAYS = st.dates(date(2023, 1, 1), date(2031, 12, 31))
ROWS = st.dictionaries(DAYS, st.tuples(st.sampled_from(["off", "work"]), st.booleans()))


def announced():
    with ANNOUNCED.open(encoding="utf-8", newline="") as file:
        return calendar(
            {
                date.fromisoformat(row["date"]): (row["kind"], row["verified"] == "yes")
                for row in csv.DictReader(file)
            }
        )


def test_without_announcement_the_week_decides():
    plain = calendar({})
    assert [plain.is_working(date(2030, 9, 2) + timedelta(n)) for n in range(7)] == [True] * 5 + [
        False
    ] * 2


def test_12_october_2024_was_a_saturday_on_which_people_worked():
    assert date(2024, 10, 12).weekday() == 5
    assert announced().is_working(date(2024, 10, 12))


def test_the_days_of_the_national_holiday_are_off_whatever_the_week_says():
    assert not any(announced().is_working(date(2024, 10, day)) for day in range(1, 8))


def test_from_the_holiday_to_the_deadline_of_2024_there_were_four_working_days():
    assert announced().between(date(2024, 9, 30), date(2024, 10, 11)) == 4


def test_the_day_a_count_begins_after_is_not_counted_and_the_last_is():
    plain = calendar({})
    assert plain.between(date(2030, 9, 2), date(2030, 9, 3)) == 1
    assert plain.between(date(2030, 9, 2), date(2030, 9, 2)) == 0


def test_a_day_that_is_over_has_no_working_day_left():
    assert calendar({}).between(date(2030, 9, 10), date(2030, 9, 2)) == 0


def test_the_products_own_table_is_not_verified():
    assert not announced().is_certain(date(2024, 10, 12))


def test_one_doubtful_day_makes_its_year_doubtful():
    rows = {date(2030, 10, 1): ("off", True), date(2030, 10, 2): ("off", False)}
    assert not calendar(rows).is_certain(date(2030, 1, 1))


def test_a_year_without_an_announced_day_is_not_certain():
    known = calendar({date(2030, 10, 1): ("off", True)})
    assert known.is_certain(date(2030, 5, 5))
    assert not known.is_certain(date(2030, 5, 5), date(2031, 1, 1))


@given(ROWS, DAYS, st.integers(0, 60), st.integers(0, 60))
def test_counts_add_up(rows, start, first, second):
    known = calendar(rows)
    middle, end = start + timedelta(first), start + timedelta(first + second)
    assert known.between(start, end) == known.between(start, middle) + known.between(middle, end)


@given(ROWS, DAYS)
def test_an_announced_day_is_what_was_announced(rows, day):
    kind = rows.get(day, ("",))[0]
    expected = {"off": False, "work": True}.get(kind, day.weekday() < 5)
    assert calendar(rows).is_working(day) is expected


@given(ROWS, DAYS, st.integers(0, 40))
def test_a_count_is_never_more_than_the_days(rows, start, days):
    assert 0 <= calendar(rows).between(start, start + timedelta(days)) <= days


@given(ROWS)
def test_a_year_is_certain_when_all_its_rows_are(rows):
    known = calendar(rows)
    for day in rows:
        whole = all(sure for other, (_kind, sure) in rows.items() if other.year == day.year)
        assert known.is_certain(day) is whole
