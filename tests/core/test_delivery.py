"""Sending: tried again, given up, cancelled, never sent twice while all goes well."""

import json
import logging
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core import accounts, delivery, jobs, notify
from core.access import Actor
from core.db import db, read_only_done, transaction
from core.errors import Conflict
from core.jobs import Job, JobState
from core.notify import Channel, Message, MessageState, Recipient
from tests import factories
from tests.mailing import Mailbox, mail_server
from tests.racing import race

OFFICE = Actor("system")
TEXT = "请于 8 月 26 日前报送。\n登录：{link}"


@pytest.fixture(autouse=True)
def quiet(each_app, no_noise, monkeypatch):
    """Run everything on both databases, with no periodic jobs between."""
    monkeypatch.setattr(jobs, "_periods", {})


@pytest.fixture
def box(app):
    """Return the mailbox to which e-mail goes; its server is started by the test."""
    made = Mailbox()
    app.extensions["qm-settings"] = replace(
        app.extensions["qm-settings"],
        smtp_url=f"smtp://127.0.0.1:{made.port}",
        mail_from="质量月 <zly@example.cn>",
    )
    return made


def queue(text="请尽快报送。", **changes):
    values = {"user_id": None, "name": "张示例", "email": "zhang@example.cn"} | changes
    with factories.writing():
        to = Recipient(**values)
        made = notify.send("invitation", "body:a", to, "邀请", text, Channel.EMAIL, OFFICE)
        return made.public_id


def state(message_id):
    columns = (Message.state, Message.attempts, Message.error)
    row = db.session.execute(sa.select(*columns).filter_by(public_id=message_id)).one()
    read_only_done()
    return tuple(row)


def all_attempts(clock):
    """Let the worker come by until nothing is tried any more."""
    while jobs.run_once():
        clock.forward(minutes=10)


def act(function, message_id):
    read_only_done()
    with transaction():
        function(message_id, OFFICE)


def test_a_message_is_sent_once_and_says_when(box):
    message_id = queue()
    with mail_server(box):
        assert jobs.run_once(3) == 1
    assert state(message_id) == (MessageState.SENT, 1, "")
    assert notify.find(message_id).sent_at is not None
    assert box.envelopes == [("zly@example.cn", ["zhang@example.cn"])]


def test_a_server_that_is_down_is_tried_again_until_the_last_attempt(box, clock):
    message_id = queue()
    jobs.run_once()
    assert state(message_id) == (MessageState.QUEUED, 1, "mail_unreachable")
    assert delivery.next_try(message_id) is not None
    clock.forward(minutes=10)
    all_attempts(clock)
    assert state(message_id) == (MessageState.FAILED, jobs.MAX_ATTEMPTS, "mail_unreachable")


def test_a_failed_message_is_sent_after_the_button(box, clock):
    message_id = queue()
    all_attempts(clock)
    act(delivery.retry, message_id)
    assert state(message_id)[0] is MessageState.QUEUED
    with mail_server(box):
        jobs.run_once(3)
    assert state(message_id) == (MessageState.SENT, 6, "")
    assert len(box.taken) == 1


def test_a_message_fails_and_is_tried_again_any_number_of_times(box, clock):
    message_id = queue()
    for _ in range(2):
        all_attempts(clock)
        act(delivery.retry, message_id)
    all_attempts(clock)
    assert state(message_id) == (MessageState.FAILED, 15, "mail_unreachable")


def test_a_server_that_comes_back_gets_it_by_itself(box, clock):
    message_id = queue()
    jobs.run_once()
    clock.forward(minutes=1)
    with mail_server(box):
        jobs.run_once()
    assert state(message_id) == (MessageState.SENT, 2, "")


def test_a_refused_address_fails_at_once(box, clock):
    message_id = queue()
    box.answers = ["550 zhang@example.cn is unknown here"]
    with mail_server(box):
        all_attempts(clock)
    assert state(message_id) == (MessageState.FAILED, 1, "recipient_refused:550")
    assert box.taken == []


def test_a_server_that_asks_to_wait_is_tried_again(box, clock):
    message_id = queue()
    box.answers, box.data_answers = ["451 later"], ["452 full", "554 no"]
    with mail_server(box):
        jobs.run_once()
        assert state(message_id) == (MessageState.QUEUED, 1, "mail_deferred:451")
        clock.forward(minutes=10)
        all_attempts(clock)
    assert state(message_id) == (MessageState.FAILED, 3, "mail_refused:554")


def test_two_workers_send_a_message_once(app, box):
    ids = [queue() for _ in range(4)]
    with mail_server(box):
        race(app, lambda _number: jobs.run_once(4), runners=4)
    read_only_done()
    assert [state(one)[:2] for one in ids] == [(MessageState.SENT, 1)] * 4
    assert sorted(mail["Message-ID"] for mail in box.taken) == sorted(
        f"<{one}@localhost>" for one in ids
    )


def test_a_worker_that_died_before_noting_makes_a_repetition_one_can_tell(box, clock, monkeypatch):
    message_id = queue()
    with mail_server(box):
        with monkeypatch.context() as dying:
            dying.setattr(delivery, "_sent", lambda _claim: 1 / 0)
            jobs.run_once()
        clock.forward(minutes=10)
        jobs.run_once()
    assert state(message_id)[:2] == (MessageState.SENT, 2)
    assert [mail["Message-ID"] for mail in box.taken] == [f"<{message_id}@localhost>"] * 2


def test_a_job_that_runs_again_after_the_message_was_sent_sends_nothing(box):
    message_id = queue()
    with mail_server(box):
        jobs.run_once()
        with transaction():
            jobs.enqueue(notify.JOB, message_id)
        jobs.run_once()
    assert state(message_id) == (MessageState.SENT, 1, "")
    assert len(box.taken) == 1


def test_a_cancelled_message_is_not_sent(box):
    message_id = queue()
    act(delivery.cancel, message_id)
    with mail_server(box):
        assert jobs.run_once() == 0
    assert state(message_id) == (MessageState.CANCELLED, 0, "")
    assert box.taken == []


def test_a_message_in_the_hands_of_a_worker_is_not_cancelled(box):
    message_id = queue()
    assert jobs._claim() is not None
    with pytest.raises(Conflict, match="message_in_hand"):
        act(delivery.cancel, message_id)
    assert state(message_id)[0] is MessageState.QUEUED


def test_of_cancelling_and_sending_exactly_one_happens(app, box):
    ids = [queue() for _ in range(6)]

    def either(number):
        return act(delivery.cancel, ids[number // 2]) if number % 2 else jobs.run_once()

    with mail_server(box):
        race(app, either, runners=12)
        jobs.run_once(12)
    read_only_done()
    states = [state(one)[0] for one in ids]
    assert set(states) <= {MessageState.SENT, MessageState.CANCELLED}
    assert len(box.taken) == states.count(MessageState.SENT)


@pytest.mark.parametrize("function", [delivery.cancel, delivery.retry])
def test_a_sent_message_is_neither_cancelled_nor_sent_again(box, function):
    message_id = queue()
    with mail_server(box):
        jobs.run_once()
    with pytest.raises(Conflict, match=r"message_not_(waiting|failed)"):
        act(function, message_id)


def linked():
    user = factories.user()
    with factories.writing():
        return user, accounts.make_link(user)


def test_the_link_is_drawn_when_the_message_leaves(box):
    user, token = linked()
    queue(TEXT, user_id=user.id, link_token=token)
    with mail_server(box):
        jobs.run_once()
    assert f"http://localhost/sign-in/{token}" in box.taken[0].get_content()


def test_a_dead_link_is_never_sent(box, clock):
    user, token = linked()
    message_id = queue(TEXT, user_id=user.id, link_token=token)
    with factories.writing():
        accounts.spend_link(token)
    with mail_server(box):
        all_attempts(clock)
    assert state(message_id) == (MessageState.FAILED, 1, "link_dead")
    with pytest.raises(Conflict, match="link_dead"):
        act(delivery.retry, message_id)
    assert box.taken == []


def test_a_way_that_was_switched_off_fails_at_once(app, box, clock):
    message_id = queue()
    app.extensions["qm-settings"] = replace(app.extensions["qm-settings"], smtp_url="")
    all_attempts(clock)
    assert state(message_id) == (MessageState.FAILED, 1, "not_configured")


def test_an_emptied_message_is_not_sent_again(box, clock):
    message_id = queue()
    all_attempts(clock)
    with factories.writing():
        notify.forget(clock.forward(days=1))
    with pytest.raises(Conflict, match="message_emptied"):
        act(delivery.retry, message_id)


def test_a_message_without_a_living_job_is_called_failed(box):
    lost, waiting = queue(), queue()
    with factories.writing():
        job = db.session.scalars(sa.select(Job).filter_by(subject=lost)).one()
        job.state = JobState.FAILED
    with transaction():
        jobs.enqueue(delivery.SWEEP, run_after=job.run_after - timedelta(hours=1))
    jobs.run_once()
    assert state(lost) == (MessageState.FAILED, 0, "broken_off")
    assert state(waiting)[0] is MessageState.QUEUED


def test_nobody_sending_is_noticed(box, clock):
    queue()
    assert not delivery.stalled()
    read_only_done()
    clock.forward(minutes=6)
    assert delivery.stalled()


def test_no_name_address_or_word_of_a_server_is_logged(box, clock, caplog, monkeypatch):
    monkeypatch.setattr(logging.getLogger("qm"), "propagate", True)
    caplog.set_level(logging.DEBUG, logger="qm")
    queue()
    box.answers = ["451 zhang@example.cn later", "550 zhang@example.cn no"]
    with mail_server(box):
        all_attempts(clock)
    ours = [record for record in caplog.records if record.name.startswith("qm")]
    assert {"job failed", "message not sent"} <= {record.getMessage() for record in ours}
    shown = json.dumps([vars(record) for record in ours], default=str, ensure_ascii=False)
    assert "zhang" not in shown
    assert "张示例" not in shown


def test_no_transaction_is_open_while_a_server_is_spoken_to(box, monkeypatch):
    opened = []
    note = lambda _letter: opened.append(db.session().in_transaction())  # noqa: E731
    monkeypatch.setitem(delivery._send, Channel.EMAIL, note)
    queue()
    jobs.run_once()
    assert opened == [False]
