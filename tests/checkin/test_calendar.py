"""The appointment: the hours, the place and the notices, for any calendar program."""

from datetime import timedelta

import icalendar

from checkin import calendar
from tests import factories

LINK = "https://example.com/my/abc"


def event(occasion):
    (found,) = icalendar.Calendar.from_ical(calendar.event(occasion, LINK)).walk("VEVENT")
    return found


def test_an_appointment_has_the_hours_and_the_title(app):
    occasion = factories.occasion(title="质量讲座；第一讲, 上")
    found = event(occasion)
    assert found.decoded("dtstart") == occasion.starts_at.replace(microsecond=0)
    assert found.decoded("dtend") == occasion.ends_at.replace(microsecond=0)
    assert str(found["summary"]) == occasion.title
    assert found.decoded("dtstart").utcoffset() == timedelta(hours=8)


def test_an_appointment_says_where_what_to_wear_and_the_link(app):
    occasion = factories.occasion(
        venue="示例会堂", address="示例大道 1 号", wear="平底鞋", safety="请听从安排"
    )
    found = event(occasion)
    assert str(found["location"]) == "示例会堂，示例大道 1 号"
    assert str(found["description"]).split("\n") == ["平底鞋", "请听从安排", LINK]


def test_an_appointment_without_an_address_names_the_venue_only(app, occasion):
    assert str(event(occasion)["location"]) == occasion.venue
    assert str(event(occasion)["description"]) == LINK


def test_an_appointment_drawn_again_replaces_itself(app, occasion):
    assert event(occasion)["uid"] == event(occasion)["uid"]
    assert event(occasion)["uid"] != event(factories.occasion())["uid"]


def test_a_calendar_reminds_two_hours_before(app, occasion):
    (alarm,) = event(occasion).walk("VALARM")
    assert alarm.decoded("trigger") == timedelta(hours=-2)


def test_a_calendar_explains_its_time_zone(app, occasion):
    made = calendar.event(occasion, LINK)
    assert b"BEGIN:VTIMEZONE" in made
    assert b"Asia/Shanghai" in made


def test_the_holders_page_gives_the_appointment(app, occasion, client):
    token = factories.holder(factories.registration(occasion), occasion)
    answer = client.get(f"/my/{token}/calendar.ics")
    assert answer.mimetype == "text/calendar"
    assert f"/my/{token}" in answer.text.replace("\r\n ", "")
