"""The page of invitations: contacts in one grid, links, texts, the list for bulk SMS."""

import io
import re
from datetime import datetime

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from campaign import bodies, campaigns, invitations, officers, wording
from core import accounts, audit
from core.access import Role
from core.accounts import User
from core.clock import ZONE, now
from core.db import db
from core.errors import InvalidInput
from core.notify import Channel, Message
from tests import factories
from tests.clients import forms
from tests.factories import ACTOR, writing


@pytest.fixture
def campaign(app):
    return campaigns.current()


@pytest.fixture
def page(campaign):
    return f"/office/month/{campaign.year}/invitations"


def body_of(campaign, position=5):
    return bodies.bodies(campaign)[position]


def invited(campaign, position=5, **said):
    with writing():
        return officers.invite(body_of(campaign, position), ACTOR, **said)


def state(campaign, position=5):
    only = body_of(campaign, position).public_id
    return invitations.rows(campaign, only=only)[0].state


def kept(kind="invitation"):
    return db.session.scalars(sa.select(Message).filter_by(kind=kind).order_by(Message.id)).all()


def grid(campaign, position=5, **said):
    number = body_of(campaign, position).public_id
    return {f"{name}-{number}": text for name, text in said.items()}


def test_forty_bodies_stand_in_the_order_of_the_notice(office, campaign, page):
    text = office.get(page).text
    found = [text.index(f">{i}</span> {b.name}") for i, b in enumerate(bodies.bodies(campaign), 1)]
    assert len(found) == 40
    assert found == sorted(found)


def test_all_bodies_are_invited_by_one_button_and_only_once(each_app, office):
    campaign = campaigns.current()
    page = f"/office/month/{campaign.year}/invitations"
    for _turn in range(2):
        assert office.post(page + "/invite").status_code == 302
    waiting = invitations.rows(campaign)
    assert [row.state for row in waiting] == ["invited"] * 40
    assert all(len(row.officers) == 1 for row in waiting)
    tokens = {row.officers[0].token for row in waiting}
    assert len(tokens) == 40
    assert invitations.rows(campaign, show="new") == []


def test_a_body_goes_from_not_invited_to_set_up(campaign, browser, page, client, clock):
    body, staff = body_of(campaign), factories.user(Role.OFFICE)
    assert state(campaign) == "none"
    browser(staff).post(page + "/invite", data={"act": "invite", "body": body.public_id})
    assert state(campaign) == "invited"
    browser(staff).post(page + "/invite", data={"act": "noted", "body": body.public_id})
    clock.forward(days=15)
    assert state(campaign) == "over"
    browser(staff).post(page + "/invite", data={"act": "renew", "body": body.public_id})
    path = "/sign-in/" + officers.of(body)[0].token
    said = {"password": "a new sentence nobody guesses", "again": "a new sentence nobody guesses"}
    client.submit(path, name="张示例", mobile=factories.mobile(), **said)
    assert state(campaign) == "set_up"


def test_the_grid_is_saved_at_once(each_app, office):
    campaign, number = campaigns.current(), factories.mobile()
    page = f"/office/month/{campaign.year}/invitations"
    data = grid(campaign, 5, name="张示例", mobile=f"+86 {number}", email="")
    data |= grid(campaign, 6, name="李示例", mobile="", email="li@example.cn")
    assert office.post(page, data={"contacts": "yes"} | data).status_code == 302
    first, second = (officers.of(body_of(campaign, n))[0] for n in (5, 6))
    assert (first.name, first.mobile, first.state) == ("张示例", number, "new")
    assert (second.name, second.mobile, second.user.email) == ("李示例", "", "li@example.cn")
    assert officers.of(body_of(campaign, 7)) == []


def test_one_wrong_cell_is_marked_and_nothing_is_saved(campaign, office, page):
    data = grid(campaign, 5, name="张示例") | grid(campaign, 6, mobile="12345", email="x@")
    answer = office.post(page, data={"contacts": "yes"} | data)
    assert answer.status_code == 422
    number = body_of(campaign, 6).public_id
    for name in ("mobile", "email"):
        assert f'id="{name}-{number}-error"' in answer.text
        assert f'href="#{name}-{number}"' in answer.text
    assert 'value="12345"' in answer.text
    assert officers.of(body_of(campaign, 5)) == []


def test_a_stored_number_shows_its_ends_alone_and_stays_when_it_is_left(campaign, office, page):
    number = factories.mobile()
    user = invited(campaign, mobile=number, name="张示例")
    text = office.get(page + "?edit=1").text
    assert number not in text
    assert number[:3] + "****" + number[-4:] in text
    office.submit(page + "?edit=1", **grid(campaign, 5, name="李示例"))
    db.session.refresh(user)
    assert (user.login, user.name) == (number, "李示例")


def test_the_number_of_a_closed_account_is_refused_at_its_cell(campaign, office, page):
    closed = factories.user(login=factories.mobile())
    with writing():
        closed.disabled_at = now()
    data = {"contacts": "yes"} | grid(campaign, 5, mobile=closed.login)
    answer = office.post(page, data=data)
    assert answer.status_code == 422
    assert f'id="mobile-{body_of(campaign).public_id}-error"' in answer.text


def test_what_an_officer_has_set_up_is_no_field_of_the_grid(campaign, office, page):
    user = factories.user(login=factories.mobile(), password=factories.PASSWORD)
    invited(campaign, mobile=user.login)
    number = body_of(campaign).public_id
    assert f'name="name-{number}"' not in office.get(page + "?edit=1").text
    office.post(page, data={"contacts": "yes"} | grid(campaign, 5, name="别人"))
    assert db.session.get(User, user.id).name == "王示例"


def text_of(office, page, user):
    found = re.search(rf'id="t[\w-]+{user.public_id}"[^>]*>(.*?)</textarea>', office.get(page).text)
    return found[1]


def test_the_text_of_a_body_holds_its_name_deadline_and_link(campaign, office, page):
    user = invited(campaign, name="张示例", mobile=factories.mobile())
    text = text_of(office, page, user)
    link = f"http://localhost/sign-in/{accounts.live_link(user.id)[0]}"
    for words in (body_of(campaign).name, "张示例", "8月26日", "24:00", link):
        assert words in text
    assert "{" not in text


def test_18_neither_link_nor_code_holds_a_number(campaign):
    user = invited(campaign, mobile=factories.mobile())
    assert not re.search(r"1[3-9]\d{9}", f"/sign-in/{accounts.live_link(user.id)[0]}")


def test_the_text_is_edited_before_it_is_sent_and_the_usual_one_comes_back(campaign, office, page):
    user = invited(campaign)
    office.post(page, data={"text": "请 {body} 打开 {link}，{deadline}前报送"})
    assert text_of(office, page, user).startswith(f"请 {body_of(campaign).name} 打开 http")
    office.post(page + "/invite", data={"act": "noted", "body": body_of(campaign).public_id})
    assert kept()[0].text.startswith(f"请 {body_of(campaign).name} 打开 {{link}}")
    office.post(page, data={"usual": "yes"})
    assert "您好" in text_of(office, page, user)


@pytest.mark.parametrize("text", ["", "没有链接", "{link} {person}", "{link}" + "长" * 600])
def test_a_text_that_cannot_be_sent_is_refused(campaign, office, page, text):
    answer = office.post(page, data={"text": text})
    assert answer.status_code == 422
    with pytest.raises(InvalidInput):
        wording.check(text, wording.INVITATION)


def test_what_is_noted_as_sent_is_on_record_with_who_when_and_how(campaign, office, page):
    user = invited(campaign)
    body = body_of(campaign)
    office.post(page + "/invite", data={"act": "noted", "body": body.public_id})
    message = kept()[0]
    assert (message.channel, message.user_id) == (Channel.COPY, user.id)
    assert message.by_id is not None
    assert accounts.live_link(user.id)[0] not in message.text
    entry = db.session.scalars(
        sa.select(audit.AuditEntry).filter_by(action="tell.invitation")
    ).one()
    assert entry.object_id == body.public_id


def rows_of(answer):
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    return book.get_sheet_by_index(0).to_python()


def test_the_list_for_bulk_sms_holds_number_name_and_text_and_asks_twice(campaign, office, page):
    user = invited(campaign, name="张示例", mobile=factories.mobile())
    invited(campaign, 6)
    assert office.post(page + "/sheet").status_code == 302
    assert kept() == []
    rows = rows_of(office.post(page + "/sheet", data={"sure": "yes"}))
    assert rows[0] == ["手机号", "姓名", "短信内容"]
    assert [row[:2] for row in rows[1:]] == [[user.login, "张示例"]]
    assert f"http://localhost/sign-in/{accounts.live_link(user.id)[0]}" in rows[1][2]
    assert [(m.channel, m.user_id) for m in kept()] == [(Channel.SHEET, user.id)]
    entry = db.session.scalars(sa.select(audit.AuditEntry).filter_by(action="export")).all()[-1]
    assert (entry.details["mobiles"], entry.details["rows"]) == ("full", 1)


def test_the_list_without_any_number_says_what_to_do(campaign, office, page):
    invited(campaign)
    answer = office.post(page + "/sheet", data={"sure": "yes"})
    assert (answer.status_code, kept()) == (302, [])
    assert 'class="note tone-bad"' in office.get(page).text


def test_11_a_body_is_invited_without_mobile_and_without_mail_server(campaign, office, page):
    body = body_of(campaign)
    office.post(page + "/invite", data={"act": "invite", "body": body.public_id})
    text = office.get(page).text
    assert 'value="email"' not in text
    assert 'value="noted"' in text
    office.post(page + "/invite", data={"act": "noted", "body": body.public_id})
    assert [m.state.value for m in kept()] == ["noted"]
    email = office.post(page + "/invite", data={"act": "email", "body": body.public_id})
    assert email.status_code == 409


def test_another_officer_is_added_on_the_page_of_the_body(campaign, office, page):
    first, body = invited(campaign), body_of(campaign)
    path = f"{page}?of={body.public_id}"
    which = next(n for n, form in enumerate(sent_forms(office, path)) if "act" in form.names
                 and form.values["act"] == "add")  # fmt: skip
    office.submit(path, form=which, name="李示例", mobile=factories.mobile())
    people = officers.of(body)
    assert [one.state for one in people] == ["invited", "invited"]
    assert people[0].user.id == first.id
    wrong = office.post(
        page + "/invite", data={"act": "add", "body": body.public_id, "mobile": "1"}
    )
    assert wrong.status_code == 422


def sent_forms(office, path):
    found = forms(office.get(path).text)
    return [form for form in found if form.action not in ("/language", "/sign-out")]


def test_access_is_renewed_and_taken_back_on_the_page(campaign, office):
    user, body = invited(campaign), body_of(campaign)
    first = accounts.live_link(user.id)[0]
    path = f"/office/month/{campaign.year}/bodies/{body.public_id}/officers/{user.public_id}"
    office.post(path + "/renew")
    assert accounts.live_link(user.id)[0] != first
    office.post(path + "/remove")
    assert officers.of(body) == []
    assert office.post(path + "/remove").status_code == 404


def test_another_years_body_is_unknown_on_the_pages_of_this_one(campaign, office):
    user, body = invited(campaign), body_of(campaign)
    with writing():
        new = campaigns.copy(campaign, campaign.year + 1, ACTOR)
    path = f"/office/month/{new.year}/bodies/{body.public_id}/officers/{user.public_id}/renew"
    assert office.post(path).status_code == 404
    invite = f"/office/month/{new.year}/invitations/invite"
    answer = office.post(invite, data={"act": "invite", "body": body.public_id})
    assert answer.status_code == 404


@pytest.mark.parametrize("show", ["new", "not_set_up"])
def test_the_list_is_narrowed_to_what_is_left_to_do(campaign, office, page, show):
    user = factories.user(login=factories.mobile(), password=factories.PASSWORD)
    invited(campaign, 5, mobile=user.login)
    invited(campaign, 6)
    text = office.get(f"{page}?show={show}").text
    assert body_of(campaign, 5).name not in text
    assert (body_of(campaign, 6).name in text) == (show == "not_set_up")


def test_a_deadline_is_said_as_the_notice_says_it():
    assert wording.due_words(datetime(2024, 8, 27, tzinfo=ZONE)) == "8月26日（星期一）24:00"
    assert wording.due_words(datetime(2024, 8, 26, 17, 30, tzinfo=ZONE)) == "8月26日（星期一）17:30"
    assert "{theme}" not in wording.invitation(themed=False, contact="")
    usual = wording.invitation(themed=True, contact="联系示例")
    assert "{theme}" in wording.check(usual, wording.INVITATION)
