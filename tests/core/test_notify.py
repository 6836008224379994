"""The outbox as a service: what is kept, what is refused, what is forgotten."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask_babel import force_locale
from python_calamine import CalamineWorkbook

from core import accounts, notify
from core.access import Actor
from core.clock import local, now
from core.db import db, read_only_done
from core.errors import Conflict, InvalidInput, NotFound
from core.jobs import Job
from core.notify import Channel, Message, MessageState, Recipient
from tests import factories

OFFICE = Actor("system")
TEXT = "请于 8 月 26 日前报送。\n登录：{link}"


def configure(app, **values):
    app.extensions["qm-settings"] = replace(app.extensions["qm-settings"], **values)


@pytest.fixture
def mail(app):
    """Say where e-mail goes; nothing is sent here."""
    configure(app, smtp_url="smtp://127.0.0.1:1", mail_from="质量月 <zly@example.cn>")


def recipient(**changes):
    values = {"user_id": None, "name": "张示例", "mobile": factories.mobile()}
    return Recipient(**values | {"email": "zhang@example.cn"} | changes)


def noted(to=None, text=TEXT, channel=Channel.SHEET):
    with factories.writing():
        to = to or recipient()
        return notify.note("invitation", "body:abc", to, "邀请", text, channel, OFFICE)


def sent(to, channel=Channel.EMAIL):
    with factories.writing():
        return notify.send("reminder.plan", "body:abc", to, "催办", TEXT, channel, OFFICE)


@pytest.fixture
def linked():
    """Return a user with a recipient that carries the user's link."""
    user = factories.user()
    with factories.writing():
        token = accounts.make_link(user)
    return user, recipient(user_id=user.id, link_token=token)


def test_a_text_to_copy_is_noted_at_once(app):
    kept = noted(channel=Channel.COPY)
    assert (kept.state, kept.attempts, kept.sent_at) == (MessageState.NOTED, 0, None)
    assert kept.to_address.startswith("1300")
    assert db.session.scalar(sa.select(Job.id).filter_by(kind=notify.JOB)) is None


def test_whoever_caused_a_message_is_kept(app):
    user = factories.user()
    with factories.writing():
        actor = factories.actor(user)
        kept = notify.note("returned", "body:a", recipient(), "", "", Channel.COPY, actor)
    assert kept.by_id == user.id
    assert noted().by_id is None


def test_a_sent_message_waits_with_one_job(app, mail):
    kept = sent(recipient())
    job = db.session.scalars(sa.select(Job).filter_by(kind=notify.JOB)).one()
    assert (kept.state, kept.to_address) == (MessageState.QUEUED, "zhang@example.cn")
    assert (job.subject, job.key) == (kept.public_id, f"message:{kept.public_id}")


def test_message_and_job_vanish_together_with_their_reason(app, mail):
    read_only_done()
    with pytest.raises(RuntimeError), factories.writing():
        sent(recipient())
        raise RuntimeError
    assert db.session.scalar(sa.select(sa.func.count(Message.id))) == 0
    assert db.session.scalar(sa.select(Job.id).filter_by(kind=notify.JOB)) is None


def test_only_configured_ways_are_open(app):
    assert notify.channels() == (Channel.COPY, Channel.SHEET)
    configure(app, smtp_url="smtp://h", mail_from="a@b.cn")
    assert Channel.EMAIL in notify.channels()
    configure(app, webhook_url="http://h/", webhook_secret="s")
    assert notify.channels() == tuple(Channel)


def test_a_way_that_is_not_configured_is_refused(app):
    with pytest.raises(Conflict, match="channel_not_configured"):
        sent(recipient())


@pytest.mark.parametrize(
    "address", ["", "zhang", "a@b.cn, c@d.cn", "a@b.cn\nBcc: c@d.cn", "张@b.cn"]
)
def test_an_unusable_address_is_refused(app, mail, address):
    with pytest.raises(InvalidInput, match="no_email"):
        sent(recipient(email=address))


def test_the_webhook_takes_a_mobile_or_an_address_but_not_nobody(app):
    configure(app, webhook_url="http://127.0.0.1:1/", webhook_secret="s")
    assert sent(recipient(), Channel.WEBHOOK).to_address.startswith("1300")
    assert sent(recipient(mobile=""), Channel.WEBHOOK).to_address == "zhang@example.cn"
    with pytest.raises(InvalidInput, match="no_address"):
        sent(recipient(mobile="", email=""), Channel.WEBHOOK)


def test_noting_and_sending_are_not_mixed_up(app, mail):
    with pytest.raises(ValueError, match="sent, not noted"):
        noted(channel=Channel.EMAIL)
    with pytest.raises(ValueError, match="noted, not sent"):
        sent(recipient(), Channel.COPY)


def test_the_link_is_drawn_and_never_stored(app, linked):
    _user, to = linked
    kept = noted(to)
    row = db.session.execute(sa.select(Message.__table__)).mappings().one()
    assert to.link_token not in str(dict(row))
    assert notify.rendered(kept).endswith(f"登录：http://localhost/sign-in/{to.link_token}")


@pytest.mark.parametrize("end", ["spent", "replaced", "expired", "closed"])
def test_a_link_that_opens_nothing_is_a_sentence(app, linked, clock, end):
    user, to = linked
    kept = noted(to)
    with factories.writing():
        if end == "spent":
            accounts.spend_link(to.link_token)
        elif end == "replaced":
            accounts.make_link(user)
        elif end == "expired":
            clock.forward(days=15)
        else:
            db.session.get_one(accounts.User, user.id).disabled_at = now()
    with force_locale("en"):
        assert "not valid any more" in notify.rendered(kept)
    assert notify.dead_link(kept)


def test_another_key_of_the_server_draws_no_link(app, linked):
    kept = noted(linked[1])
    configure(app, secret_key="another key of the same length, as after a restore elsewhere")
    assert accounts.redraw(kept.link_hash) is None


def test_a_text_without_a_link_needs_none(app):
    kept = noted(text="{name} 100%s")
    assert notify.rendered(kept) == "{name} 100%s"
    assert not notify.dead_link(kept)


def read(content):
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    return sheet.to_python(skip_empty_area=False)


def test_the_list_for_sms_platforms_begins_with_its_header(app, linked):
    _user, to = linked
    rows = read(
        notify.bulk_sheet([noted(to), noted(recipient(mobile="")), noted(text="短信")], "王示例")
    )
    assert rows[0] == ["手机号", "姓名", "短信内容"]
    assert rows[1] == [to.mobile, "张示例", TEXT.replace("{link}", notify_link(to))]
    assert [row[2] for row in rows[2:]] == ["短信"]


def notify_link(to):
    return f"http://localhost/sign-in/{to.link_token}"


def test_no_text_in_the_list_is_a_formula(app):
    kept = noted(recipient(name="=cmd"), text='=HYPERLINK("http://evil.example")')
    assert read(notify.bulk_sheet([kept], "王示例"))[1][1:] == [
        "=cmd",
        '=HYPERLINK("http://evil.example")',
    ]


def test_the_list_says_on_a_sheet_of_its_own_who_took_it_and_when(app, clock):
    at = local(clock.forward(days=1))
    book = CalamineWorkbook.from_filelike(io.BytesIO(notify.bulk_sheet([], "王示例")))
    [[said]] = book.get_sheet_by_index(1).to_python()
    assert "王示例" in said
    assert f"{at:%Y-%m-%d %H:%M}" in said


def test_an_empty_list_is_its_header(app):
    assert read(notify.bulk_sheet([], "王示例")) == [["手机号", "姓名", "短信内容"]]


def test_kinds_have_words_by_their_beginning(app):
    with force_locale("en"):
        assert notify.kind_words("reminder.plan") == "Reminder: plan"
        assert notify.kind_words("returned.slip") == "Notice of a return"
        assert notify.kind_words("reminder.other") == "Reminder"
    assert notify.kind_words("unheard.of") == "unheard"


def test_an_unknown_message_is_not_found(app):
    with pytest.raises(NotFound):
        notify.find("nobody")


@pytest.mark.parametrize(
    ("channel", "state", "sent_at"),
    [
        (Channel.COPY, MessageState.QUEUED, None),
        (Channel.SHEET, MessageState.SENT, now()),
        (Channel.EMAIL, MessageState.NOTED, None),
        (Channel.EMAIL, MessageState.SENT, None),
        (Channel.EMAIL, MessageState.FAILED, now()),
    ],
)
def test_the_database_refuses_states_that_cannot_be(each_app, channel, state, sent_at):
    values = {"kind": "invitation", "subject": "", "text": "", "link_hash": ""}
    with pytest.raises(sa.exc.IntegrityError), factories.writing():
        db.session.add(Message(**values, channel=channel, state=state, sent_at=sent_at))
        db.session.flush()


def test_old_messages_are_emptied_but_counted_for_ever(each_app, clock):
    old = noted().id
    clock.forward(days=200)
    young, before = noted().id, now() - timedelta(days=180)
    assert notify.forgettable(before) == 1
    with factories.writing():
        assert notify.forget(before) == 1
    assert notify.forgettable(before) == 0
    kept = db.session.get_one(Message, old, populate_existing=True)
    assert (kept.to_name, kept.to_address, kept.title, kept.text) == ("", "", "", "")
    assert kept.kind == "invitation"
    assert db.session.get_one(Message, young).to_name == "张示例"


def test_what_still_waits_is_not_emptied(app, mail, clock):
    sent(recipient())
    clock.forward(days=400)
    assert notify.forgettable(now()) == 0
