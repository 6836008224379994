"""The announced days: a calendar for counting, and a table the office keeps."""

from datetime import date

import pytest
import sqlalchemy as sa

from campaign import holidays, words
from campaign.holidays import Entry
from campaign.models import DayKind, Holiday
from core.audit import AuditEntry
from core.db import db
from core.errors import Conflict, InvalidInput, NotFound
from tests import factories
from tests.factories import ACTOR

PAGE = "/office/month/holidays?year=2030"
OFF = Entry(date(2030, 10, 1), DayKind.OFF, "国庆节")
WORK = Entry(date(2030, 10, 12), DayKind.WORK, "国庆节调休")


def add(*entries):
    with factories.writing():
        holidays.add(list(entries), ACTOR)


def stored(year=2030):
    return [(row.day, row.kind, row.name, row.verified) for row in holidays.of_year(year)]


def acts():
    return list(db.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)))


def test_the_calendar_reads_the_table(each_app):
    add(OFF, WORK)
    known = holidays.calendar()
    assert not known.is_working(OFF.day)
    assert known.is_working(WORK.day)
    assert known.is_working(date(2024, 10, 12)), "a Saturday on which people worked"


def test_a_day_stands_in_the_table_once(each_app):
    add(OFF)
    for entries in ([OFF], [WORK, WORK]):
        with pytest.raises(Conflict, match="day_exists"):
            add(*entries)
    assert [day for day, *_rest in stored()] == [OFF.day]


def test_a_weekday_is_no_working_weekend_day(app):
    with pytest.raises(InvalidInput, match="weekday_worked"):
        add(Entry(date(2030, 10, 8), DayKind.WORK, ""))


def test_a_verified_year_is_certain_and_says_who_verified_it(each_app):
    add(OFF, WORK)
    with factories.writing():
        holidays.verify(2030, ACTOR)
    assert all(sure for *_rest, sure in stored())
    assert holidays.calendar().is_certain(date(2030, 5, 5))
    assert "holiday.verify" in acts()


@pytest.mark.parametrize(
    "act",
    [
        lambda: holidays.add([WORK], ACTOR),
        lambda: holidays.remove(date(2030, 10, 2), ACTOR),
        lambda: holidays.change(Entry(OFF.day, DayKind.OFF, "国庆"), ACTOR),
    ],
    ids=["add", "remove", "change"],
)
def test_a_change_takes_the_verification_back(app, act):
    add(OFF, Entry(date(2030, 10, 2), DayKind.OFF, "国庆节"))
    with factories.writing():
        holidays.verify(2030, ACTOR)
    with factories.writing():
        act()
    assert not any(sure for *_rest, sure in stored())


def test_what_stays_as_it_was_is_no_change(app):
    add(OFF)
    with factories.writing():
        holidays.verify(2030, ACTOR)
        assert not holidays.change(OFF, ACTOR)
    assert holidays.calendar().is_certain(OFF.day)


def test_an_empty_year_is_not_verified_and_an_unknown_day_not_removed(app):
    with pytest.raises(Conflict, match="year_empty"), factories.writing():
        holidays.verify(2031, ACTOR)
    with pytest.raises(NotFound, match="unknown_day"), factories.writing():
        holidays.remove(OFF.day, ACTOR)


def test_lines_are_read_with_ranges_and_chinese_words():
    found = holidays.read("2030-10-01~2030-10-03 off 国庆节\n\n２０３０-10-12，班，国庆节 调休\n")
    assert [(e.day.day, e.kind.value) for e in found] == [
        (1, "off"), (2, "off"), (3, "off"), (12, "work"),
    ]  # fmt: skip
    assert [found[0].name, found[3].name] == ["国庆节", "国庆节 调休"]


@pytest.mark.parametrize(
    "line",
    [
        *("国庆节", "2030-13-01 off", "2030-10-01 maybe x", "2030-10-09~2030-10-01 off"),
        *("1.10.2030 off", "2030-01-01~2030-12-31 off", "3030-10-01 off"),
        "2030-10-01 off " + "长" * 51,
    ],
)
def test_a_line_that_cannot_be_read_is_named_by_its_number(line):
    with pytest.raises(InvalidInput) as refused:
        holidays.read(f"2030-10-01 off 国庆节\n{line}")
    assert refused.value.params["number"] == 2


def test_a_doubtful_count_says_why_and_a_certain_one_nothing(app):
    add(OFF)
    with app.test_request_context():
        known = holidays.calendar()
        assert "2030" in words.uncertain(known, OFF.day)
        assert "2031" in words.uncertain(known, date(2031, 1, 1))
    with factories.writing():
        holidays.verify(2030, ACTOR)
    with app.test_request_context():
        assert words.uncertain(holidays.calendar(), OFF.day) == ""


def test_the_office_adds_changes_verifies_and_removes_days_on_the_page(office):
    page = office.get(PAGE)
    assert page.status_code == 200
    assert "2030" in page.text
    office.submit(PAGE, form=-2, day="2030-10-01", kind="off", name="国庆节")
    office.post(PAGE, data={"act": "paste", "lines": "2030-10-12 work 调休"})
    office.post(PAGE, data={"act": "verify"})
    assert all(sure for *_rest, sure in stored())
    office.post(PAGE, data={"act": "save", "name-2030-10-01": "国庆", "remove-2030-10-12": "1"})
    assert stored() == [(OFF.day, DayKind.OFF, "国庆", False)]
    assert [act for act in acts() if act.startswith("holiday")] == [
        "holiday.add", "holiday.add", "holiday.verify", "holiday.remove", "holiday.change",
    ]  # fmt: skip


def test_a_year_says_in_words_that_it_is_empty_unverified_or_verified(office):
    def tones():
        marks = ('class="empty"', 'class="note tone-warn"', 'class="note tone-ok"')
        page = office.get(PAGE).text
        return [mark in page for mark in marks]

    assert tones() == [True, False, False]
    add(OFF)
    assert tones() == [False, True, False]
    office.post(PAGE, data={"act": "verify"})
    # The next page also says that the act was done.
    assert office.get(PAGE)
    assert tones() == [False, False, True]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"act": "add", "day": "2030-10-08", "kind": "work"}, 422),
        ({"act": "add", "day": "2030-10-01", "kind": "off"}, 409),
        ({"act": "add", "day": "3030-10-01", "kind": "off"}, 422),
        ({"act": "paste", "lines": "nonsense"}, 422),
        ({"act": "paste", "lines": ""}, 422),
    ],
)
def test_a_refused_day_leaves_the_table_as_it_was(office, sent, status):
    add(OFF)
    before = stored()
    assert office.post(PAGE, data=sent).status_code == status
    assert stored() == before
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Holiday)) > 1


def test_without_a_year_the_page_shows_this_one(office, clock):
    for address in ("/office/month/holidays", "/office/month/holidays?year=９９"):
        assert office.get(address).status_code == 200
