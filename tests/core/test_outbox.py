"""The pages of the outbox: what the office sees of it, and what it can do."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from core import accounts, notify
from core.audit import AuditEntry
from core.db import db
from core.notify import Channel, MessageState
from tests import factories
from tests.clients import forms
from tests.factories import message

HOME = "/office/messages/"


def acts(page):
    return [form.action.rpartition("/")[2] for form in forms(page) if "/messages/" in form.action]


def state(made):
    return db.session.get_one(notify.Message, made.id, populate_existing=True).state


def recorded():
    entries = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1))
    return [(entry.action, entry.object_kind, entry.object_id) for entry in entries]


def test_an_empty_outbox_says_what_comes_here(office):
    page = office.get(HOME)
    assert 'class="empty"' in page.text
    assert "/office/month/" in page.text


def test_the_list_shows_who_how_and_how_far(office):
    made = message(MessageState.FAILED, to_name="张示例甲", to_address="13012345678")
    page = office.get(HOME).text
    assert "张示例甲" in page
    assert "130****5678" in page
    assert f"{HOME}{made.public_id}" in page
    assert "QM_SMTP_URL" in page


@pytest.mark.parametrize("path", ["", "{id}"])
def test_no_page_shows_a_whole_mobile_or_address(office, path):
    made = message(MessageState.NOTED, Channel.SHEET, to_address="13012345678")
    mail = message(MessageState.SENT, to_address="zhang@example.cn")
    for one in (made, mail):
        page = office.get(HOME + path.format(id=one.public_id)).text
        assert "13012345678" not in page
        assert "zhang@" not in page
    assert "z***@example.cn" in page


def test_the_tabs_count_and_filter(office):
    failed = message(MessageState.FAILED)
    others = [message(MessageState.SENT), message(MessageState.SENT)]
    page = office.get(HOME, query_string={"state": "failed"}).text
    assert failed.public_id in page
    assert not any(other.public_id in page for other in others)
    assert "已发送 2" in page or "Sent 2" in page


def test_ways_and_words_filter_together(office, month):
    subject = f"body:{month.body.public_id}"
    wanted = message(MessageState.NOTED, Channel.COPY, subject=subject)
    other_way = message(MessageState.SENT, subject=subject)
    other_body = message(MessageState.NOTED, Channel.COPY)
    page = office.get(HOME, query_string={"channel": "copy", "q": month.body.name}).text
    assert wanted.public_id in page
    assert other_way.public_id not in page
    assert other_body.public_id not in page


def test_the_list_names_the_body_a_message_is_about(office, month):
    message(MessageState.SENT, subject=f"body:{month.body.public_id}")
    assert month.body.name in office.get(HOME).text


def test_a_search_takes_every_character_as_it_is(office):
    message(MessageState.SENT, to_name="100%")
    other = message(MessageState.SENT, to_name="张示例")
    page = office.get(HOME, query_string={"q": "0%"}).text
    assert "100%" in page
    assert other.public_id not in page


def test_nothing_found_offers_to_show_all(office):
    message(MessageState.SENT)
    page = office.get(HOME, query_string={"q": "nobody of this name"}).text
    assert 'class="empty"' in page


@pytest.mark.parametrize("query", [{"state": "x"}, {"channel": "x"}, {"page": "99"}, {"page": "x"}])
def test_an_unknown_wish_shows_all(office, query):
    made = message(MessageState.SENT)
    assert made.public_id in office.get(HOME, query_string=query).text


def test_the_list_is_cut_into_pages_newest_first(office):
    made = [message(MessageState.SENT) for _ in range(51)]
    first = office.get(HOME).text
    second = office.get(HOME, query_string={"page": 2}).text
    assert made[-1].public_id in first
    assert made[0].public_id not in first
    assert made[0].public_id in second


@pytest.mark.parametrize(
    ("kept", "offered"),
    [
        (MessageState.FAILED, ["retry"]),
        (MessageState.QUEUED, ["cancel"]),
        (MessageState.SENT, []),
        (MessageState.CANCELLED, []),
    ],
)
def test_every_state_offers_what_can_be_done(office, kept, offered):
    made = message(kept)
    assert acts(office.get(HOME).text) == offered
    assert acts(office.get(HOME + made.public_id).text) == offered


def test_a_failed_message_is_queued_again_from_the_list(office):
    made = message(MessageState.FAILED)
    answer = office.post(f"{HOME}{made.public_id}/retry", data={"next": f"{HOME}?state=failed"})
    assert answer.location == f"{HOME}?state=failed"
    assert state(made) is MessageState.QUEUED
    assert recorded() == [("retry", "message", made.public_id)]


def test_a_waiting_message_is_cancelled(office):
    made = message(MessageState.QUEUED)
    answer = office.submit(HOME + made.public_id)
    assert answer.status_code == 302
    assert state(made) is MessageState.CANCELLED
    assert recorded() == [("cancel", "message", made.public_id)]


@pytest.mark.parametrize(
    ("kept", "act"),
    [(MessageState.SENT, "retry"), (MessageState.SENT, "cancel"), (MessageState.FAILED, "cancel")],
)
def test_what_cannot_be_done_is_refused_with_a_sentence(office, kept, act):
    made = message(kept)
    assert office.post(f"{HOME}{made.public_id}/{act}").status_code == 409
    assert state(made) is kept


def test_nobody_is_sent_to_another_site(office):
    made = message(MessageState.FAILED)
    answer = office.post(f"{HOME}{made.public_id}/retry", data={"next": "//evil.example/"})
    assert answer.location == HOME + made.public_id


@pytest.mark.parametrize("act", ["", "/retry", "/cancel"])
def test_an_unknown_message_is_not_found(office, act):
    ask = office.post if act else office.get
    assert ask(f"{HOME}nobody{act}").status_code == 404


def test_one_message_shows_its_text_and_who_caused_it(office):
    by = factories.user()
    made = message(MessageState.SENT, text="第一行\n第二行", by_id=by.id)
    page = office.get(HOME + made.public_id).text
    assert "第一行\n第二行" in page
    assert by.name in page


def test_the_text_is_shown_with_its_link_while_it_lives(office):
    user = factories.user()
    with factories.writing():
        token = accounts.make_link(user)
    made = message(MessageState.FAILED, text="{link}", link_hash=accounts.hashed(token))
    assert token in office.get(HOME + made.public_id).text
    with factories.writing():
        accounts.spend_link(token)
    page = office.get(HOME + made.public_id).text
    assert token not in page
    assert acts(page) == []


def test_an_emptied_message_says_so(office):
    made = message(MessageState.FAILED, to_name="", to_address="", title="", text="")
    page = office.get(HOME + made.public_id)
    assert page.status_code == 200
    assert acts(page.text) == []


def test_text_of_a_message_is_text(office):
    made = message(MessageState.SENT, text="<b>{{ 7 * 7 }}</b>".replace("{", "(").replace("}", ")"))
    assert "&lt;b&gt;" in office.get(HOME + made.public_id).text


def test_what_is_not_set_up_is_said(app, office):
    page = office.get(HOME).text
    assert "docs/operations.md" in page
    app.extensions["qm-settings"] = replace(
        app.extensions["qm-settings"], smtp_url="smtp://h", webhook_url="http://h/"
    )
    assert "docs/operations.md" not in office.get(HOME).text


def test_messages_that_nobody_sends_are_noticed(office, browser, clock):
    message(MessageState.QUEUED)
    assert "flask work" not in office.get(HOME).text
    clock.forward(minutes=6)
    assert "flask work" in office.get(HOME).text
