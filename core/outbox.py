"""Pages of the outbox: what was sent to whom, what failed, and sending it again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from core import access, delivery, letters, notify
from core.access import Role
from core.accounts import User
from core.db import db, transaction
from core.notify import Channel, Message, MessageState
from core.paths import local_path
from core.personal import mask_mobile

pages = Blueprint("outbox", __name__, url_prefix="/office/messages")
staff = access.roles(Role.ADMIN, Role.OFFICE)
#: Rows of the list on one page.
PAGE = 50

#: In the order of the tabs: what needs somebody comes first.
STATES = {
    MessageState.FAILED: (_l("Sending failed"), "bad"),
    MessageState.QUEUED: (_l("Waiting to be sent"), "info"),
    MessageState.SENT: (_l("Sent"), "ok"),
    MessageState.NOTED: (_l("Noted, not sent from here"), "mute"),
    MessageState.CANCELLED: (_l("Cancelled"), "mute"),
}
CHANNELS = {
    Channel.COPY: _l("Text to copy"),
    Channel.SHEET: _l("List for bulk SMS"),
    Channel.EMAIL: _l("E-mail"),
    Channel.WEBHOOK: _l("Webhook"),
}
#: Returns the words for everything of one kind that a message may be about, by public id.
Names = Callable[[], Mapping[str, str]]


@dataclass(frozen=True)
class Row:
    """One message as the pages show it."""

    id: str
    at: datetime
    sent_at: datetime | None
    kind: str
    #: What it is about, in words; empty where nobody knows.
    about: str
    name: str
    #: Masked.
    address: str
    channel: str
    state: str
    tone: str
    waits: bool
    failed: bool
    #: Whether another attempt may end otherwise.
    again: bool
    attempts: int
    #: A sentence that says what to do; empty without a failure.
    error: str
    #: The number the other server answered with.
    number: str


def name_subjects(app: Flask, kind: str, names: Names) -> None:
    """Say how the things are called that messages with the subject ``kind:…`` are about."""
    app.extensions.setdefault("qm-subjects", {})[kind] = names


def _subjects() -> dict[str, str]:
    known: dict[str, Names] = current_app.extensions.get("qm-subjects", {})
    return {
        f"{kind}:{number}": name
        for kind, names in known.items()
        for number, name in names().items()
    }


def masked(address: str) -> str:
    """Return a mobile or an e-mail address with its middle hidden."""
    user, at, host = address.rpartition("@")
    return f"{user[:1]}***@{host}" if at else mask_mobile(address)


def _row(message: Message, subjects: Mapping[str, str]) -> Row:
    word, tone = STATES[message.state]
    failed = message.state is MessageState.FAILED
    code, _colon, number = message.error.partition(":")
    return Row(
        id=message.public_id,
        at=message.at,
        sent_at=message.sent_at,
        kind=notify.kind_words(message.kind),
        about=subjects.get(message.subject, ""),
        name=message.to_name,
        address=masked(message.to_address),
        channel=str(CHANNELS[message.channel]),
        state=str(word),
        tone=tone,
        waits=message.state is MessageState.QUEUED,
        failed=failed,
        again=failed and code != "link_dead" and message.text != "",
        attempts=message.attempts,
        error=_(letters.FAILURES.get(code, letters.FAILURES["broken_off"])) if code else "",
        number=number,
    )


@pages.get("/")
@staff
def home() -> str:
    """List the messages, the newest first."""
    subjects = _subjects()
    state, channel = request.args.get("state", ""), request.args.get("channel", "")
    text = request.args.get("q", "").strip()[:50]
    wanted = _wanted(channel, text, subjects)
    counted = sa.select(Message.state, sa.func.count(Message.id)).where(*wanted)
    counts = dict(db.session.execute(counted.group_by(Message.state)).all())
    if state in set(MessageState):
        wanted.append(Message.state == MessageState(state))
    else:
        state = ""
    total = counts.get(MessageState(state), 0) if state else sum(counts.values())
    last = max(1, -(-total // PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), last)
    newest = sa.select(Message).where(*wanted).order_by(Message.at.desc(), Message.id.desc())
    found = db.session.scalars(newest.limit(PAGE).offset((page - 1) * PAGE))
    return render_template(
        "account/messages.html",
        rows=[_row(message, subjects) for message in found],
        tabs=_tabs(counts),
        state=state,
        channel=channel,
        channels=CHANNELS,
        q=text,
        total=total,
        page=page,
        pages=last,
        **_queue(),
    )


def _wanted(channel: str, text: str, subjects: Mapping[str, str]) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if channel in set(Channel):
        wanted.append(Message.channel == Channel(channel))
    if text:
        about = [key for key, name in subjects.items() if text.casefold() in name.casefold()]
        columns = (Message.to_name, Message.title, Message.subject)
        found = [column.icontains(text, autoescape=True) for column in columns]
        wanted.append(sa.or_(Message.subject.in_(about), *found))
    return wanted


def _tabs(counts: Mapping[MessageState, int]) -> list[tuple[str, str, int]]:
    first = ("", _("All"), sum(counts.values()))
    return [first, *((state, str(STATES[state][0]), counts.get(state, 0)) for state in STATES)]


def _queue() -> dict[str, Any]:
    """Return how many messages wait, and what keeps them from leaving."""
    waiting = sa.select(sa.func.count(Message.id)).where(Message.state == MessageState.QUEUED)
    missing = [str(CHANNELS[way]) for way in Channel if way not in notify.channels()]
    return {
        "waiting": db.session.scalar(waiting) or 0,
        "stalled": delivery.stalled(),
        "missing": missing,
    }


@pages.get("/<message_id>")
@staff
def message(message_id: str) -> str:
    """Show one message, its text as the recipient reads it, and who caused it."""
    found = notify.find(message_id)
    return render_template(
        "account/messages_one.html",
        row=_row(found, _subjects()),
        title=found.title,
        text=notify.rendered(found),
        by=db.session.scalar(sa.select(User.name).where(User.id == found.by_id)),
        next_try=delivery.next_try(message_id),
        dead_link=notify.dead_link(found),
    )


@pages.post("/<message_id>/retry")
@staff
def retry(message_id: str) -> Response:
    """Queue a failed message again."""
    with transaction():
        delivery.retry(message_id, access.current())
    flash(_("The message waits to be sent again."), "success")
    return _back(message_id)


@pages.post("/<message_id>/cancel")
@staff
def cancel(message_id: str) -> Response:
    """Cancel a message that waits."""
    with transaction():
        delivery.cancel(message_id, access.current())
    flash(_("The message is cancelled. It will not be sent."), "success")
    return _back(message_id)


def _back(message_id: str) -> Response:
    """Return to where the button stood."""
    target = local_path(request.form.get("next"))
    return redirect(target or url_for("outbox.message", message_id=message_id))


def init_app(app: Flask) -> None:
    """Register the pages; importing :mod:`core.delivery` has named the jobs that send."""
    app.register_blueprint(pages)
