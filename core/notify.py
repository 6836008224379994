"""The outbox: every message to a person, whichever way it goes, is one row and stays on record.

A text that somebody copies or takes as a list for a bulk-SMS platform is noted at once; e-mail and
webhook are sent by a job. The sign-in link of a message is never stored: it is drawn again when
the message is read or sent (:func:`core.accounts.redraw`).

Delivery is **at least once**: a worker that dies between handing a message over and noting it
leaves it to be handed over again, under the same Message-ID and the same ``id``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column

from core import accounts, endpoints, jobs
from core.access import Actor
from core.clock import now
from core.config import settings
from core.data_map import MESSAGES, personal
from core.db import Model, db, public_id
from core.errors import N_, Conflict, InvalidInput, NotFound
from core.exports import taken_by
from core.sheets import plain

#: Kind of the job that sends one message; its subject is the message's public id.
JOB = "message.send"
#: Stands in a text where the sign-in link goes.
LINK = "{link}"
#: What a message is for, by the beginning of its kind.
KINDS = {
    "invitation": _l("Invitation"),
    "reminder": _l("Reminder"),
    "reminder.slip": _l("Reminder: reply slip"),
    "reminder.plan": _l("Reminder: plan"),
    "reminder.summary": _l("Reminder: summary"),
    "reminder.evidence": _l("Reminder: evidence"),
    "returned": _l("Notice of a return"),
    "accepted": _l("Notice of acceptance"),
}
#: Header of the list for bulk-SMS platforms: they read Chinese, whoever exports.
SHEET_HEADER = ("手机号", "姓名", "短信内容")


class Channel(StrEnum):
    """The way a message goes."""

    #: Copied from the page into SMS, WeChat or a telephone call.
    COPY = "copy"
    #: A row of the list for a bulk-SMS platform.
    SHEET = "sheet"
    EMAIL = "email"
    WEBHOOK = "webhook"


class MessageState(StrEnum):
    """Where a message stands."""

    #: Copied or exported; whether it reached anybody is beyond our knowledge.
    NOTED = "noted"
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Message(Model):
    """One message to one person."""

    __table_args__ = (
        sa.CheckConstraint(
            "(channel IN ('copy', 'sheet')) = (state = 'noted')", name="noted_is_not_sent"
        ),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_has_time"),
        sa.Index("ix_message_subject_kind", "subject", "kind"),
        sa.Index("ix_message_state", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    #: What it is for, e.g. ``invitation`` or ``reminder.plan``.
    kind: Mapped[str]
    #: What it is about, e.g. ``body:`` and a public id.
    subject: Mapped[str]
    channel: Mapped[Channel]
    state: Mapped[MessageState]
    #: Recipient; none when the text went to a group.
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)
    #: Name, mobile or e-mail as they were then; emptied when the retention time is over.
    to_name: Mapped[str] = mapped_column(
        default="", info=personal(N_("Name of the recipient"), MESSAGES)
    )
    to_address: Mapped[str] = mapped_column(
        default="", info=personal(N_("Mobile or e-mail of the recipient"), MESSAGES)
    )
    title: Mapped[str] = mapped_column(default="", info=personal(N_("Subject line"), MESSAGES))
    #: The text; ``{link}`` stands where the sign-in link goes.
    text: Mapped[str] = mapped_column(info=personal(N_("Text of the message"), MESSAGES))
    #: Hash of the sign-in link's token; the link itself is drawn from its row.
    link_hash: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    #: Class and code of the last failure, never its words.
    error: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    sent_at: Mapped[datetime | None]
    #: Account that caused it; none for a job.
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))


#: What is emptied when the retention time is over.
PERSONAL = (Message.to_name, Message.to_address, Message.title, Message.text)


@dataclass(frozen=True)
class Recipient:
    """Whom a message is for; ``link_token`` belongs to the sign-in link it carries, if any."""

    user_id: int | None
    name: str
    mobile: str = ""
    email: str = ""
    link_token: str = ""


def kind_words(kind: str) -> str:
    """Return what a message of ``kind`` is for, in words."""
    while kind not in KINDS and "." in kind:
        kind = kind.rpartition(".")[0]
    return str(KINDS.get(kind, kind))


def channels() -> tuple[Channel, ...]:
    """Return the ways a message may go on this installation."""
    configured = {Channel.EMAIL: settings().smtp_url, Channel.WEBHOOK: settings().webhook_url}
    return tuple(way for way in Channel if configured.get(way, "always"))


def note(
    kind: str,
    subject: str,
    recipient: Recipient,
    title: str,
    text: str,
    channel: Channel,
    by: Actor,
) -> Message:
    """Keep a text that is copied or listed by hand; whether it arrives is beyond our knowledge."""
    if channel not in (Channel.COPY, Channel.SHEET):
        raise ValueError(f"{channel} is sent, not noted")
    message = _message(kind, subject, recipient, title, text)
    return _add(message, channel, MessageState.NOTED, recipient.mobile, by)


def send(
    kind: str,
    subject: str,
    recipient: Recipient,
    title: str,
    text: str,
    channel: Channel,
    by: Actor,
) -> Message:
    """Queue a message; it leaves after the caller's transaction, if that is committed."""
    if channel not in (Channel.EMAIL, Channel.WEBHOOK):
        raise ValueError(f"{channel} is noted, not sent")
    if channel not in channels():
        raise Conflict(
            "channel_not_configured",
            N_("This way of sending is not set up here. Copy the text, or ask the administrator."),
        )
    address = _needed_address(recipient, channel)
    message = _message(kind, subject, recipient, title, text)
    _add(message, channel, MessageState.QUEUED, address, by)
    jobs.enqueue(JOB, message.public_id, key=f"message:{message.public_id}")
    return message


def _needed_address(recipient: Recipient, channel: Channel) -> str:
    if channel is Channel.WEBHOOK and (recipient.mobile or recipient.email):
        return recipient.mobile or recipient.email
    if channel is Channel.WEBHOOK:
        raise InvalidInput(
            "no_address",
            N_("%(name)s has neither mobile nor e-mail address. Add one, or copy the text."),
            name=recipient.name,
        )
    if not endpoints.is_email(recipient.email):
        raise InvalidInput(
            "no_email",
            N_("%(name)s has no usable e-mail address. Add one, or choose another way."),
            name=recipient.name,
        )
    return recipient.email


def _message(kind: str, subject: str, recipient: Recipient, title: str, text: str) -> Message:
    token = recipient.link_token
    return Message(
        kind=kind,
        subject=subject,
        user_id=recipient.user_id,
        to_name=recipient.name,
        title=title,
        text=text,
        link_hash=accounts.hashed(token) if token else "",
    )


def _add(
    message: Message, channel: Channel, state: MessageState, address: str, by: Actor
) -> Message:
    message.channel, message.state, message.to_address = channel, state, address
    message.by_id = by.id if by.kind == "account" else None
    db.session.add(message)
    db.session.flush()
    return message


def link(message: Message) -> str | None:
    """Return the absolute sign-in address of a message while it opens something, else None."""
    token = accounts.redraw(message.link_hash) if message.link_hash else None
    if token is None:
        return None
    # A job has no request: the address comes from the settings alone.
    path = current_app.url_map.bind("").build("account.link", {"token": token})
    return settings().public_url + path


def rendered(message: Message) -> str:
    """Return the text with its sign-in link, or with a sentence where that opens nothing more."""
    if LINK not in message.text:
        return message.text
    return message.text.replace(
        LINK, link(message) or gettext("(this sign-in link is not valid any more)")
    )


def dead_link(message: Message) -> bool:
    """Say whether the text needs a sign-in link that opens nothing any more."""
    return LINK in message.text and link(message) is None


def bulk_sheet(messages: Iterable[Message], who: str) -> bytes:
    """Return the XLSX that bulk-SMS platforms take: one row per message with a mobile.

    A second sheet says that ``who`` took full numbers, and when.
    """
    rows = [
        (message.to_address, message.to_name, rendered(message))
        for message in messages
        if message.to_address and "@" not in message.to_address
    ]
    return plain.table(SHEET_HEADER, rows, (15, 14, 90), taken_by(who, full_mobiles=True))


def find(public_id: str) -> Message:
    """Return the message of a public id, or raise :class:`NotFound`."""
    message = db.session.scalar(sa.select(Message).filter_by(public_id=public_id))
    if message is None:
        raise NotFound("unknown_message", N_("There is no such message. Go back to the list."))
    return message


def forget(before: datetime, but: sa.Select[Any] | None = None) -> int:
    """Empty name, address and words of messages older than ``before``; return how many it was.

    Messages about a subject of ``but`` are still needed and stay.
    """
    nothing = dict.fromkeys(PERSONAL, "")
    empty = sa.update(Message).where(*_old(before, but)).values(nothing)
    kept = empty.execution_options(synchronize_session=False).returning(Message.id)
    return len(db.session.scalars(kept).all())


def forgettable(before: datetime, but: sa.Select[Any] | None = None) -> int:
    """Return how many messages :func:`forget` would empty."""
    old = sa.select(sa.func.count(Message.id)).where(*_old(before, but))
    return db.session.scalar(old) or 0


def _old(before: datetime, but: sa.Select[Any] | None) -> tuple[sa.ColumnElement[bool], ...]:
    held = sa.or_(*(column != "" for column in PERSONAL))
    needed = sa.true() if but is None else Message.subject.not_in(but)
    # What still waits would be sent empty; it is sent or failed long before its time is over.
    return (Message.at < before, Message.state != MessageState.QUEUED, held, needed)
