"""Reminders (催办): who has not filed, texts and lists, and a record of every one."""

import io
import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from campaign import bodies, campaigns, filings, officers, reminders, wording
from campaign.models import Item
from core import accounts, audit
from core.access import Role
from core.clock import ZONE, from_local, now
from core.db import db
from core.notify import Channel, Message
from tests import factories
from tests.campaign import worlds
from tests.clients import forms
from tests.factories import ACTOR, writing


@pytest.fixture
def campaign(month):
    return month.campaign


@pytest.fixture
def page(campaign):
    return f"/office/month/{campaign.year}/reminders"


def body_of(campaign, position=5):
    return bodies.bodies(campaign)[position]


def due(campaign, at, items=(Item.SLIP,), **more):
    with writing():
        campaigns.set_deadline(campaign, items, at, ACTOR, **more)


def file(body, item=Item.PLAN):
    with writing():
        return filings.file(body, item, {}, ACTOR, at=now())


def kept(item="plan"):
    found = sa.select(Message).filter_by(kind=f"reminder.{item}").order_by(Message.id)
    return db.session.scalars(found).all()


def remind(office, page, *found, **data):
    ids = [body.public_id for body in found]
    usual = {"item": "plan", "text": "{body}{state}，{left}：{link}", "channel": "copy"}
    return office.post(page + "/remind", data=usual | {"body": ids} | data)


def confirm(office, page, *found, **data):
    return remind(office, page, *found, confirmed="yes", **data)


def test_who_has_filed_is_not_waited_for_and_who_was_returned_is(campaign):
    done, back, draft = (body_of(campaign, n) for n in (5, 6, 7))
    file(done)
    file(back)
    with writing():
        filings.give_back(back, Item.PLAN, "请补充", ACTOR)
        filings.save_draft(draft, Item.PLAN, {}, ACTOR)
    states = {row.body.id: row.progress.state for row in reminders.waiting(campaign, Item.PLAN)}
    assert done.id not in states
    assert (states[back.id], states[draft.id]) == ("returned", "draft")
    assert len(states) == 39


def test_the_page_names_everybody_in_the_order_of_the_notice(campaign, office, page, month):
    text = office.get(page + "?item=plan").text
    found = [text.index(f"{body.name}</span>") for body in bodies.bodies(campaign)]
    assert found == sorted(found)
    assert len(found) == 40
    number = month.officer.login
    assert number not in text
    assert f"{number[:3]}****{number[-4:]}" in text


def test_days_and_working_days_are_counted_with_moved_working_days(campaign, clock):
    clock.to(datetime(2024, 10, 9, 10, tzinfo=ZONE))
    # Until Sunday 13 October 2024, 24:00: Thu, Fri, and Saturday the 12th, which was worked.
    due(campaign, from_local(datetime(2024, 10, 14)), [Item.SUMMARY])
    row = reminders.waiting(campaign, Item.SUMMARY)[0]
    assert (row.days, row.working_days, row.over) == (4, 3, False)
    clock.to(datetime(2024, 10, 14, tzinfo=ZONE))
    row = reminders.waiting(campaign, Item.SUMMARY)[0]
    assert (row.days, row.working_days, row.over) == (1, 0, True)


def test_the_last_day_is_today_until_midnight(campaign, clock):
    due(campaign, from_local(datetime(2024, 8, 27)), [Item.PLAN])
    clock.to(datetime(2024, 8, 26, 23, 59, tzinfo=ZONE))
    row = reminders.waiting(campaign, Item.PLAN)[0]
    assert (row.days, row.over) == (0, False)
    assert wording.left_words(row.days, row.working_days, over=row.over) == "今日截止"


def test_an_extension_is_said_to_the_body_that_has_it(campaign):
    body = body_of(campaign)
    due(campaign, now() + timedelta(days=90), [Item.PLAN], body=body, reason="台风")
    rows = {row.body.id: row for row in reminders.waiting(campaign, Item.PLAN)}
    later = rows[body.id].progress.due_at
    assert later > rows[body_of(campaign, 6).id].progress.due_at


def test_nothing_is_noted_before_it_was_shown_what_goes_to_whom(campaign, office, page, month):
    answer = remind(office, page, month.body)
    assert answer.status_code == 200
    assert (kept(), month.body.name in answer.text) == ([], True)
    sent = forms(answer.text)
    shown = next(form for form in sent if "confirmed" in form.names)
    office.post(page + "/remind", data=shown.values)
    assert [m.user_id for m in kept()] == [month.officer.id]


def test_every_reminder_is_on_record_with_who_when_and_by_which_way(each_app, office):
    month = worlds.make()
    page = f"/office/month/{month.campaign.year}/reminders"
    confirm(office, page, month.body, body_of(month.campaign, 9))
    messages = kept()
    assert [m.channel for m in messages] == [Channel.COPY] * 2
    assert [m.user_id for m in messages] == [month.officer.id, None]
    assert messages[0].text.startswith(month.body.name + "目前尚未收到贵单位的活动方案")
    entries = db.session.scalars(sa.select(audit.AuditEntry).filter_by(action="tell.reminder.plan"))
    assert [e.object_id for e in entries] == [
        month.body.public_id,
        body_of(month.campaign, 9).public_id,
    ]
    history = office.get(page + "?item=plan").text.split('id="history"')[1]
    assert all(words in history for words in (month.body.name, "张示例", "王示例"))


def test_11_everything_works_without_a_mail_server(campaign, office, page, month):
    text = office.get(page + "?item=plan").text
    assert 'value="copy" checked' in text
    assert 'value="email"' not in text
    assert confirm(office, page, month.body).status_code == 302
    assert [m.state.value for m in kept()] == ["noted"]


def test_nobody_is_reminded_twice_within_the_hour_without_a_warning(campaign, office, page, month):
    confirm(office, page, month.body)
    assert 'name="again"' in remind(office, page, month.body).text
    assert confirm(office, page, month.body).status_code == 422
    assert len(kept()) == 1
    assert confirm(office, page, month.body, again="yes").status_code == 302
    assert len(kept()) == 2


def test_after_an_hour_there_is_no_warning(campaign, browser, page, month, clock):
    staff = factories.user(Role.OFFICE)
    confirm(browser(staff), page, month.body)
    clock.forward(minutes=61)
    assert confirm(browser(staff), page, month.body).status_code == 302
    assert len(kept()) == 2


def test_a_reminder_of_another_item_is_no_reminder_of_this_one(campaign, office, page, month):
    confirm(office, page, month.body, item="summary")
    assert 'name="again"' not in remind(office, page, month.body).text
    assert (len(kept()), len(kept("summary"))) == (0, 1)


def test_whoever_filed_meanwhile_is_not_reminded(campaign, office, page, month):
    file(month.body)
    confirm(office, page, month.body, body_of(campaign, 9))
    assert [m.subject for m in kept()] == [f"body:{body_of(campaign, 9).public_id}"]
    file(body_of(campaign, 9))
    assert confirm(office, page, month.body).status_code == 409
    assert remind(office, page).status_code == 200
    assert len(kept()) == 1


def rows_of(answer):
    assert answer.status_code == 200, answer.text
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()


def test_the_list_for_bulk_sms_asks_twice_and_holds_the_officers_link(campaign, office, page):
    number = factories.mobile()
    with writing():
        user = officers.invite(body_of(campaign), ACTOR, name="李示例", mobile=number)
    assert confirm(office, page, body_of(campaign), channel="sheet").status_code == 422
    rows = rows_of(confirm(office, page, body_of(campaign), channel="sheet", sure="yes"))
    assert [row[:2] for row in rows[1:]] == [[number, "李示例"]]
    assert rows[1][2].endswith("/sign-in/" + accounts.live_link(user.id)[0])
    assert [m.channel for m in kept()] == [Channel.SHEET]


def test_who_cannot_be_reached_a_way_is_named_before(campaign, office, page, month):
    alone = body_of(campaign, 9)
    answer = remind(office, page, month.body, alone, channel="sheet")
    warned = answer.text.split("tone-warn")[1].split("<form")[0]
    assert alone.name in warned
    assert month.body.name not in warned
    refused = confirm(office, page, alone, channel="sheet", sure="yes")
    assert (refused.status_code, kept()) == (409, [])


def exported(office, page, **data):
    return rows_of(office.post(page + "/list", data={"item": "plan"} | data))


def test_who_has_not_filed_is_a_list_with_masked_numbers(campaign, office, page, month):
    rows = exported(office, page)
    text = str(rows)
    assert len(rows) == 43  # title, note, header
    assert month.officer.login not in text
    assert f"{month.officer.login[:3]}****" in text


def test_full_numbers_are_asked_for_twice_marked_and_on_record(campaign, office, page, month):
    data = {"item": "plan", "mobiles": "full"}
    assert office.post(page + "/list", data=data).status_code == 302
    rows = exported(office, page, mobiles="full", sure="yes")
    assert month.officer.login in str(rows)
    assert "王示例" in rows[1][0]
    entry = db.session.scalars(sa.select(audit.AuditEntry).filter_by(action="export")).one()
    assert (entry.details["mobiles"], entry.details["what"]) == ("full", "outstanding.plan")


def test_one_text_for_the_group_names_everybody_who_is_missing(campaign, month):
    for body in bodies.bodies(campaign)[2:]:
        file(body)
    with writing():
        filings.give_back(body_of(campaign, 4), Item.PLAN, "请补充", ACTOR)
    rows = reminders.waiting(campaign, Item.PLAN)
    text = reminders.group_text(campaign, Item.PLAN, rows)
    assert f"1. {month.body.name}\n2. {month.elsewhere.name}\n" in text
    assert f"3. {body_of(campaign, 4).name}（已退回，待修改）" in text
    assert not re.search(r"1[3-9]\d{9}", text)


@pytest.mark.parametrize("text", ["", "没有链接", "{link}{mobile}"])
def test_a_text_that_cannot_be_sent_is_refused_before(campaign, office, page, month, text):
    assert remind(office, page, month.body, text=text).status_code == 422
    assert confirm(office, page, month.body, text=text).status_code == 422
    assert kept() == []


def test_when_everybody_has_filed_the_page_says_so(campaign, office, page):
    for body in bodies.bodies(campaign):
        file(body)
    assert 'class="empty"' in office.get(page + "?item=plan").text
    # Without a wish the page opens with what somebody still owes.
    assert 'name="item" value="slip"' in office.get(page).text


def test_how_long_there_is_is_said_in_words():
    assert wording.left_words(3, 2, over=False) == "距截止还有3天（2个工作日）"
    assert wording.left_words(2, 0, over=True) == "现已逾期2天"
    assert "contact" not in wording.reminder(contact="")
    assert "联系示例" in wording.check(wording.reminder(contact="联系示例"), wording.REMINDER)


def test_whose_link_is_over_is_reminded_with_a_new_one(campaign, browser, page, clock):
    with writing():
        user = officers.invite(body_of(campaign), ACTOR)
    clock.forward(days=15)
    office = browser(factories.user(Role.OFFICE))
    assert accounts.live_link(user.id) is None
    answer = remind(office, page, body_of(campaign))
    token = accounts.live_link(user.id)[0]
    assert f"/sign-in/{token}" in answer.text
    confirm(office, page, body_of(campaign))
    assert accounts.live_link(user.id)[0] == token
    assert kept()[0].link_hash == accounts.hashed(token)


def test_e_mail_is_an_addition_for_those_who_have_an_address(app, campaign, office, page):
    set_up = replace(app.extensions["qm-settings"], smtp_url="smtp://127.0.0.1:1", mail_from="a@b")
    app.extensions["qm-settings"] = set_up
    with writing():
        known = officers.invite(body_of(campaign, 5), ACTOR, email="li@example.cn")
        officers.invite(body_of(campaign, 6), ACTOR)
    both = (body_of(campaign, 5), body_of(campaign, 6))
    assert 'value="email"' in office.get(page + "?item=plan").text
    shown = remind(office, page, *both, channel="email").text
    assert body_of(campaign, 6).name in shown.split("tone-warn")[1].split("<form")[0]
    assert confirm(office, page, *both, channel="email").status_code == 302
    assert [(m.user_id, m.to_address, m.state) for m in kept()] == [
        (known.id, "li@example.cn", "queued")
    ]
