"""The outbox: every message to a person, whichever way it goes, is one row and stays on record.

A text that somebody copies or takes as a list for a bulk-SMS platform is noted at once; e-mail and
webhook are sent by a job. The sign-in link of a message is never stored: it is drawn again when
the message is read or sent (:func:`core.accounts.address_of`).
"""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.clock import now
from core.db import Model, public_id


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
    to_name: Mapped[str] = mapped_column(default="")
    to_address: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(default="")
    #: The text; ``{link}`` stands where the sign-in link goes.
    text: Mapped[str]
    #: Hash of the sign-in link's token; the link itself is drawn from its row.
    link_hash: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    #: Class and code of the last failure, never its words.
    error: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    sent_at: Mapped[datetime | None]
    #: Account that caused it; none for a job.
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
