"""The deadlines of all bodies: instants in Beijing time, whose rows are only added to."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from campaign import campaigns, deadlines, holidays
from campaign.forms.settings import as_written
from campaign.holidays import Entry
from campaign.models import DayKind, Deadline, Item
from core.access import Role
from core.clock import ZONE, local, now
from core.db import db
from core.errors import Conflict, InvalidInput
from tests import factories
from tests.campaign import worlds
from tests.factories import ACTOR
from tests.racing import race


def year():
    return campaigns.current().year


def path():
    return f"/office/month/{year()}/deadlines"


def due():
    return campaigns.deadlines(campaigns.current())


def rows():
    return db.session.scalar(sa.select(sa.func.count()).select_from(Deadline))


def test_24_of_a_day_is_the_next_midnight_in_beijing(each_app, office):
    office.submit(path(), slip_day=f"{year()}-08-26", slip_time="24:00")
    assert due()[Item.SLIP] == datetime(year(), 8, 26, 16, tzinfo=UTC)
    assert f"{year()}年8月26日" in office.get(path()).text


@pytest.mark.parametrize(
    ("typed", "hour", "minute"), [("18:00", 18, 0), ("9:30", 9, 30), ("１７：００", 17, 0)]
)
def test_a_time_of_day_is_taken_as_it_is_typed(office, typed, hour, minute):
    assert office.submit(path(), plan_time=typed).status_code == 303
    at = local(due()[Item.PLAN])
    assert (at.hour, at.minute) == (hour, minute)


@pytest.mark.parametrize("typed", ["24:01", "25:00", "6pm", "18", "12:60"])
def test_no_time_of_day_is_refused_and_nothing_stored(office, typed):
    before = due()
    answer = office.submit(path(), slip_time=typed, plan_day=f"{year()}-08-30")
    assert (answer.status_code, due()) == (422, before)
    assert f'value="{typed}"' in answer.text


def test_midnight_is_written_as_24_of_the_day_that_is_over():
    assert as_written(datetime(2030, 8, 27, tzinfo=ZONE)) == (date(2030, 8, 26), "24:00")
    assert as_written(datetime(2030, 8, 26, 0, 1, tzinfo=ZONE)) == (date(2030, 8, 26), "00:01")


def test_only_what_changed_becomes_a_row_and_the_old_row_stays(office):
    before = rows()
    office.submit(path(), summary_day=f"{year()}-10-20")
    assert rows() == before + 1
    office.submit(path())
    assert rows() == before + 1
    settings = [s for s in deadlines.history(campaigns.current()) if s.item is Item.SUMMARY]
    assert [s.holds for s in settings] == [True, False]
    assert [s.who for s in settings] == ["王示例", ""]


def test_extensions_are_listed_with_reason_and_person(office):
    month = worlds.make()
    with factories.writing():
        campaigns.set_deadline(
            month.campaign, [Item.PLAN], due()[Item.PLAN] + timedelta(days=3),
            worlds.actor(month.officer), body=month.body, reason="机构调整",
        )  # fmt: skip
    text = office.get(path()).text
    for shown in (month.body.name, "机构调整", "张示例", f"/bodies/{month.body.public_id}"):
        assert shown in text


def test_an_extension_that_the_deadline_of_all_overtook_no_longer_holds(app):
    month = worlds.make()
    later = due()[Item.PLAN] + timedelta(days=3)
    with factories.writing():
        campaigns.set_deadline(
            month.campaign, [Item.PLAN], later, ACTOR, body=month.body, reason="机构调整"
        )

    def extension():
        return next(s for s in deadlines.history(campaigns.current()) if s.body)

    assert extension().holds
    with factories.writing():
        campaigns.set_deadline(campaigns.current(), [Item.PLAN], later, ACTOR)
    assert not extension().holds


def test_a_deadline_that_is_over_already_is_warned_of(office):
    office.submit(path(), slip_day=f"{year() - 1}-12-31")
    assert "tone-warn" in office.get(path()).text
    assert due()[Item.SLIP] < now()


def test_a_year_far_away_is_a_slip_of_the_finger(office):
    before = due()
    assert office.submit(path(), slip_day=f"{year() + 2}-08-26").status_code == 422
    assert due() == before


def test_the_page_counts_working_days_with_the_table_and_says_when_it_is_doubtful(browser, clock):
    clock.to(datetime(2030, 9, 30, 9, tzinfo=ZONE))
    with factories.writing():
        off = [Entry(date(2030, 10, day), DayKind.OFF, "国庆节") for day in range(1, 8)]
        holidays.add([*off, Entry(date(2030, 10, 12), DayKind.WORK, "")], ACTOR)
        campaign = campaigns.setup(2030)
        friday = datetime(2030, 10, 13, tzinfo=ZONE)
        campaigns.set_deadline(campaign, [Item.SUMMARY], friday, ACTOR)
    office = browser(factories.user(Role.OFFICE))
    text = office.get("/office/month/2030/deadlines").text
    assert any(said in text for said in ("还有 5 个工作日", "5 working days left"))
    main = text.split("</nav>")[-1]
    assert 'href="/office/month/holidays"' in main, "no way on from the doubt"


def test_whoever_opened_the_page_before_another_saved_changes_nothing_of_theirs(app):
    campaign, seen = campaigns.current(), due()
    first = {**seen, Item.SLIP: seen[Item.SLIP] + timedelta(days=1)}
    second = {**seen, Item.SLIP: seen[Item.SLIP] + timedelta(days=2)}
    other = {**seen, Item.PLAN: seen[Item.PLAN] + timedelta(days=2)}
    with factories.writing():
        deadlines.change(campaign, first, seen, ACTOR)
        with pytest.raises(Conflict, match="deadline_changed"):
            deadlines.change(campaign, second, seen, ACTOR)
        deadlines.change(campaign, other, seen, ACTOR)
    assert due()[Item.SLIP] == first[Item.SLIP]
    assert due()[Item.PLAN] == other[Item.PLAN]


def test_of_two_who_move_one_deadline_at_once_one_is_told(each_app):
    seen = due()
    db.session.rollback()

    def act(number):
        wanted = {**seen, Item.SLIP: seen[Item.SLIP] + timedelta(days=1 + number)}
        with factories.writing():
            return deadlines.change(campaigns.current(), wanted, seen, ACTOR)

    answers = [type(answer) for answer in race(each_app, act, 4)]
    assert (answers.count(list), answers.count(Conflict)) == (1, 3)


def test_a_refused_change_of_one_item_stores_none(app):
    seen = due()
    far = {**seen, Item.SLIP: seen[Item.SLIP] + timedelta(days=1)}
    far[Item.PLAN] = seen[Item.PLAN] + timedelta(days=800)
    with pytest.raises(InvalidInput, match="deadline_far"), factories.writing():
        deadlines.change(campaigns.current(), far, seen, ACTOR)
    assert due() == seen
