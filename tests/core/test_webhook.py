"""The webhook: what it receives, how it is signed, and what each answer means."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from core import jobs, notify, webhook
from core.clock import moved, now
from core.db import db
from core.letters import Letter, Undelivered
from core.notify import Channel, MessageState, Recipient
from tests import factories
from tests.mailing import webhook as web_server

SECRET = "a secret of the tests that only both ends know"
LETTER = Letter("abc", "reminder.plan", "张示例", "13000000001", "", "催办", "请报送。\n谢谢")


@pytest.fixture
def hook(app):
    with web_server() as made:
        app.extensions["qm-settings"] = replace(
            app.extensions["qm-settings"], webhook_url=made.url, webhook_secret=SECRET
        )
        yield made


def refusal():
    with pytest.raises(Undelivered) as found:
        webhook.send(LETTER)
    return found.value.reason, found.value.final


def test_the_message_arrives_as_json(hook):
    webhook.send(LETTER)
    headers, body = hook.taken[0]
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["path"] == "/hook?room=1"
    assert json.loads(body) == {
        "id": "abc",
        "kind": "reminder.plan",
        "to": {"name": "张示例", "mobile": "13000000001", "email": ""},
        "title": "催办",
        "text": "请报送。\n谢谢",
    }


def test_whoever_knows_the_secret_can_check_the_signature(hook):
    webhook.send(LETTER)
    headers, body = hook.taken[0]
    timestamp = headers["X-QM-Timestamp"]
    signed = hmac.new(SECRET.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    assert hmac.compare_digest(headers["X-QM-Signature"], signed.hexdigest())
    assert abs(int(timestamp) - now().timestamp()) < 60


def test_the_signature_holds_for_this_body_and_time_alone():
    made = webhook.signature(SECRET, "1", b"body")
    assert made != webhook.signature(SECRET, "2", b"body")
    assert made != webhook.signature(SECRET, "1", b"Body")
    assert made != webhook.signature(SECRET + "x", "1", b"body")


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_every_answer_of_success_is_sent(hook, status):
    hook.answers = [status]
    webhook.send(LETTER)


@pytest.mark.parametrize("status", [400, 401, 404, 410, 422, 301, 307])
def test_a_refusal_is_final_and_no_redirect_is_followed(hook, status):
    hook.answers = [status]
    assert refusal() == (f"webhook_refused:{status}", True)
    assert len(hook.taken) == 1


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_a_busy_receiver_is_asked_again(hook, status):
    hook.answers = [status]
    assert refusal() == (f"webhook_busy:{status}", False)


def test_a_receiver_that_is_down_is_asked_again(app, hook):
    settings = app.extensions["qm-settings"]
    app.extensions["qm-settings"] = replace(settings, webhook_url="http://127.0.0.1:1/")
    assert refusal() == ("webhook_unreachable", False)


def test_a_receiver_that_speaks_no_tls_is_not_trusted(app, hook):
    settings = app.extensions["qm-settings"]
    url = hook.url.replace("http://", "https://")
    app.extensions["qm-settings"] = replace(settings, webhook_url=url)
    assert refusal() == ("webhook_unreachable", False)
    assert hook.taken == []


@pytest.mark.parametrize(
    ("to", "kept"),
    [
        ({"mobile": "13000000001", "email": "a@b.cn"}, {"mobile": "13000000001", "email": ""}),
        ({"email": "a@b.cn"}, {"mobile": "", "email": "a@b.cn"}),
    ],
)
def test_a_queued_message_reaches_the_webhook(hook, no_noise, monkeypatch, to, kept):
    monkeypatch.setattr(jobs, "_periods", {})
    who = Recipient(None, "张示例", **to)
    with factories.writing():
        words = ("returned", "body:a", who, "退回", "请补充。", Channel.WEBHOOK)
        message = notify.send(*words, factories.ACTOR)
    hook.answers = [503]
    jobs.run_once()
    with moved(timedelta(minutes=1)):
        jobs.run_once()
    first, second = (json.loads(body) for _headers, body in hook.taken)
    assert first == second
    assert (first["id"], first["to"]) == (message.public_id, {"name": "张示例"} | kept)
    state = db.session.get_one(notify.Message, message.id, populate_existing=True).state
    assert state is MessageState.SENT
