"""The month walked through as a newcomer does: no page without a way on, no loss of one's place."""

import re

import pytest

from campaign import bodies, campaigns, filings, invitations
from campaign.models import Item
from core import accounts, first_sign_in
from core.access import Role, Scope
from core.clock import now
from core.notify import MessageState
from tests import factories
from tests.campaign import worlds
from tests.factories import ACTOR, writing


@pytest.fixture
def year(app):
    return campaigns.current().year


def test_own_data_leads_an_officer_back_to_their_filings(officer):
    assert '<a href="/body/"' in officer.get("/account/data").text


def test_own_data_shows_the_office_no_filings_of_its_own(office):
    assert '<a href="/body/"' not in office.get("/account/data").text


def test_the_pages_of_messages_keep_the_pages_of_the_month_beside_them(office, year):
    made = factories.message(MessageState.SENT)
    for address in ("/office/messages/", f"/office/messages/{made.public_id}"):
        assert f'href="/office/month/{year}/reminders"' in office.get(address).text


def test_the_first_visit_lists_mistakes_in_the_order_of_the_page_and_in_our_words(client):
    with writing():
        user = accounts.create(first_sign_in.PLACEHOLDER + "example", "示例局联络员")
        accounts.grant(user, Role.LIAISON, Scope.BODY, 7)
        link = "/sign-in/" + accounts.make_link(user)
    said = {"name": "", "mobile": "", "password": "short", "again": "short"}
    page = client.submit(link, form=-1, **said)
    named = re.findall(r'<a href="#(\w+)">', page.text)
    assert (page.status_code, named) == (422, ["name", "mobile", "password"])
    assert page.text.count("请填写此项。") == 4
    assert "密码为 12 至 256 个字符" in page.text


def test_the_holidays_of_a_year_that_is_prepared_stay_in_that_year(office, year):
    office.post(f"/office/month/{year}/new-year", data={"new_year": str(year + 1)})
    settings = office.get(f"/office/month/{year + 1}/settings").text
    address = f"/office/month/holidays?year={year + 1}"
    assert f'href="{address}"' in settings
    assert f'href="/office/month/{year + 1}/deadlines"' in office.get(address).text


def test_after_noting_a_text_as_sent_the_list_stands_at_that_body(office, year):
    body = bodies.bodies(campaigns.current())[36]
    with writing():
        invitations.invite(campaigns.current(), body, ACTOR)
    said = {"act": "noted", "body": body.public_id}
    answer = office.post(f"/office/month/{year}/invitations/invite", data=said)
    assert answer.location.endswith(f"#b{body.public_id}")


@pytest.mark.parametrize(("typed", "status"), [("", 422), ("this", 409)])
def test_a_year_that_cannot_be_made_is_refused_beside_its_field(office, year, typed, status):
    typed = str(year) if typed else ""
    page = office.post(f"/office/month/{year}/new-year", data={"new_year": typed})
    assert (page.status_code, 'id="new_year-error"' in page.text) == (status, True)
    assert f'value="{campaigns.current().name}"' in page.text


def test_the_figures_say_how_many_of_their_summaries_were_returned(office, year, month):
    address = f"/office/month/{year}/figures"
    with writing():
        actor = worlds.actor(month.officer)
        filings.file(month.body, Item.SUMMARY, {"figures": {}, "note": ""}, actor, at=now())
    assert "其中 1 个已退回" not in office.get(address).text
    with writing():
        filings.give_back(month.body, Item.SUMMARY, "请核对第五项数据。", ACTOR)
    assert "其中 1 个已退回" in office.get(address).text
