"""Messages about a reporting body: handed to the outbox, and looked up in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from campaign import wording
from campaign.models import Body
from core import audit, notify
from core.access import Actor
from core.accounts import User
from core.config import settings
from core.db import db
from core.notify import Channel, Message, Recipient

#: Channels where somebody does the sending by hand; they need no set-up.
BY_HAND = (Channel.COPY, Channel.SHEET)


@dataclass(frozen=True)
class Sent:
    """One message to an officer of a body, as the lists show it."""

    at: datetime
    body_id: int
    user_id: int | None
    to_name: str
    channel: Channel
    state: str
    #: Name of who caused it; empty for a job.
    by: str


def subject(body: Body) -> str:
    """Return what a message about ``body`` is about."""
    return f"body:{body.public_id}"


def deliver(
    kind: str, body: Body, to: Recipient, text: str, channel: Channel, actor: Actor
) -> Message:
    """Note a message or queue it, as its channel asks, and put it on record."""
    way = notify.note if channel in BY_HAND else notify.send
    title = str(notify.kind_words(kind))
    message = way(kind, subject(body), to, title, text, channel, actor)
    on_record = {"channel": channel, "message": message.public_id}
    audit.record(f"tell.{kind}", "body", body.public_id, actor=actor, **on_record)
    return message


def with_address(text: str, to: Recipient) -> str:
    """Return the text with the address to sign in at for whoever needs no link any more."""
    if to.link_token:
        return text
    return wording.fill(text, {"link": settings().public_url + "/sign-in"})


def shown(text: str, to: Recipient) -> str:
    """Return the text as it is copied from a page, with the recipient's own link in it."""
    link = f"{settings().public_url}/sign-in/{to.link_token}"
    return wording.fill(with_address(text, to), {"link": link})


def reached_by(channel: Channel, mobile: str, email: str) -> bool:
    """Say whether a channel of this installation reaches somebody with these addresses."""
    if channel not in notify.channels():
        return False
    return {Channel.COPY: True, Channel.SHEET: bool(mobile), Channel.EMAIL: bool(email)}.get(
        channel, bool(mobile or email)
    )


def sent(kind: str, bodies: Sequence[Body]) -> list[Sent]:
    """Return the messages of a kind about ``bodies``, the newest first."""
    numbers = {subject(body): body.id for body in bodies}
    rows = db.session.execute(
        sa.select(Message, User.name)
        .outerjoin(User, User.id == Message.by_id)
        .where(Message.kind == kind, Message.subject.in_(list(numbers)))
        .order_by(Message.id.desc())
    )
    return [
        Sent(
            at=message.at,
            body_id=numbers[message.subject],
            user_id=message.user_id,
            to_name=message.to_name,
            channel=message.channel,
            state=message.state.value,
            by=name or "",
        )
        for message, name in rows
    ]
