"""What a liaison officer sees without JavaScript: home, overview, the city, who may see what."""

import re
from datetime import timedelta

import pytest

from campaign import campaigns, filings
from campaign.models import Body, Item
from core.clock import local, now
from core.db import db
from core.i18n import due
from tests import factories
from tests.campaign import worlds
from tests.campaign.liaison_browser import OFFICE, empty_body, filed, join, path, send
from tests.factories import writing


@pytest.fixture
def body(month):
    return empty_body(month)


# Home and overview


def test_one_body_opens_at_once(officer, month):
    answer = officer.get("/body/")
    assert (answer.status_code, answer.location) == (302, path(month.body))


def test_several_bodies_are_listed(officer, month, body):
    page = officer.get("/body/").text
    assert path(month.body) in page
    assert path(body) in page


def test_the_office_finds_every_body_of_the_year(office, month):
    page = office.get("/body/").text
    assert page.count('class="body-line"') == 40


def test_an_account_without_a_body_is_told_whom_to_ask(browser, app):
    with writing():
        user = factories.user()
        worlds.accounts.grant(user, worlds.Role.LIAISON, worlds.Scope.BODY, 999999)
    assert 'class="empty"' in browser(user).get("/body/").text


def test_the_overview_shows_four_items_with_state_deadline_and_next_step(officer, month):
    page = officer.get(path(month.body)).text
    assert page.count('class="card item"') == 4
    for word in ("已报", "未报", "24:00 截止（北京时间）"):
        assert word in page
    for item in ("slip", "plan", "summary", "evidence"):
        assert f'href="{path(month.body, item)}"' in page


def test_a_deadline_is_said_as_the_notice_says_it_and_never_in_utc(officer, month):
    """Mistake 12: UTC on screen, or 8月26日前 as 26 Aug 00:00."""
    instant = campaigns.deadlines(month.campaign)[Item.PLAN]
    page = officer.get(path(month.body)).text
    year = month.campaign.year
    assert f"{year}年8月26日（星期" in page
    assert "）24:00 截止（北京时间）" in page
    assert due(instant) in page
    assert "T16:00:00+00:00" in page  # only in the machine-readable attribute
    assert "16:00" not in re.sub(r'datetime="[^"]*"', "", page)


def test_nothing_on_the_pages_knows_a_year_or_a_theme_of_its_own(officer, month):
    """Mistake 16: a hard-coded theme, dates, quotas, list of bodies."""
    with writing():
        campaign = campaigns.current()
        campaign.name, campaign.theme = "示例质量月", "示例主题"
        campaign.contact, campaign.intro = "示例联系人", "示例说明"
    page = officer.get(path(month.body)).text
    for text in ("示例质量月", "示例主题", "示例联系人", "示例说明"):
        assert text in page
    years = set(re.findall(r"20\d\d年", page))
    assert years <= {f"{month.campaign.year}年", f"{local(now()).year}年"}


def test_why_an_item_was_returned_stands_on_top(officer, month):
    with writing():
        filings.give_back(month.body, Item.SLIP, "请盖章", OFFICE)
    for page in (officer.get(path(month.body)).text, officer.get(path(month.body, "slip")).text):
        assert "请盖章" in page


def test_days_left_are_said_and_after_the_deadline_how_many_are_over(officer, month, clock):
    instant = campaigns.deadlines(month.campaign)[Item.PLAN]
    clock.to(instant - timedelta(days=3, hours=1))
    assert re.search(r"(还剩 3 天|days left: 3)", officer.get(path(month.body)).text)
    clock.to(instant - timedelta(hours=1))
    assert re.search(r"(今天是最后一天|today is the last day)", officer.get(path(month.body)).text)
    clock.to(instant + timedelta(hours=30))
    assert re.search(r"(已超过 2 天|2 days over)", officer.get(path(month.body)).text)


def test_past_years_stay_within_reach(officer, month):
    with writing():
        later = campaigns.copy(month.campaign, month.campaign.year + 1, OFFICE)
        campaigns.open_year(later, OFFICE)
        one = db.session.query(Body).filter_by(campaign_id=later.id, position=1).one()
        join(month.officer, one)
    assert officer.get("/body/").location == path(one)
    assert f'href="{path(month.body)}"' in officer.get(path(one)).text


def test_a_year_that_is_being_prepared_is_not_there_for_its_bodies(officer, office, month):
    with writing():
        later = campaigns.copy(month.campaign, month.campaign.year + 1, OFFICE)
        one = db.session.query(Body).filter_by(campaign_id=later.id, position=1).one()
        join(month.officer, one)
    assert officer.get(path(one)).status_code == 404
    assert office.get(path(one)).status_code == 200


def test_another_body_looks_like_an_unknown_one_on_every_page(officer, month):
    theirs = filed(month.elsewhere, Item.PLAN)
    pages = ("", "slip", "slip.pdf", "plan", "summary", "city", f"filings/{theirs.public_id}")
    for page in pages:
        assert officer.get(path(month.elsewhere, page)).status_code == 404, page
    assert officer.get(path(month.body, f"filings/{theirs.public_id}")).status_code == 404
    for page in ("slip", "plan", "summary", "plan/discard"):
        assert send(officer, month.elsewhere, page).status_code == 404


# The city


def neighbour(month):
    return db.session.query(Body).filter_by(campaign_id=month.campaign.id, position=22).one()


def test_the_citys_other_bodies_are_seen_by_state_and_time_only(officer, month):
    other = neighbour(month)
    filing = filed(other, Item.SLIP, persons=[worlds.person(name="周邻居")])
    with writing():
        filings.give_back(other, Item.SLIP, "内部原因", OFFICE)
        db.session.get(Body, month.body.id).sees_city = True
    page = officer.get(path(month.body, "city")).text
    assert other.name in page
    assert "退回" in page
    for hidden in ("周邻居", "内部原因", filing.public_id, other.public_id):
        assert hidden not in page
    assert month.elsewhere.name not in page
    assert f'href="{path(month.body, "city")}"' in officer.get(path(month.body)).text


def test_without_the_grant_there_is_no_page_of_the_city(officer, office, month):
    assert officer.get(path(month.body, "city")).status_code == 404
    assert office.get(path(month.body, "city")).status_code == 404
    assert officer.get(path(neighbour(month))).status_code == 404


def test_hengqin_reports_by_itself_and_is_no_body_of_zhuhai(browser, office, month):
    """Mistake 3: merging 横琴 into 珠海 or dropping it."""
    with writing():
        listed = db.session.query(Body).filter_by(campaign_id=month.campaign.id)
        zhuhai, hengqin = (listed.filter(Body.name.startswith(n)).one() for n in ("珠海", "横琴"))
        zhuhai.sees_city = True
    page = browser(worlds.officer(zhuhai)).get(path(zhuhai, "city"))
    assert page.status_code == 200
    assert "横琴" not in page.text
    assert hengqin.name in browser(worlds.officer(hengqin)).get(path(hengqin)).text
    assert office.get("/body/").text.count(hengqin.name) == 1
