"""Scans (facts, append-only) and attendance (the projection that admits once)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from checkin.admission import Direction, Reason, Word
from checkin.models.registration import TICKET
from core.append_only import append_only
from core.data_map import personal
from core.db import Model, public_id
from core.errors import N_


class Source(StrEnum):
    """How the person was named to the door."""

    QR = "qr"
    TYPED = "typed"
    SEARCH = "search"
    WALK_IN = "walk_in"
    UNDO = "undo"


@append_only
class Scan(Model):
    """One act at the door with its answer, refusals included; never changed afterwards.

    ``UNIQUE(device, nonce)`` makes every retry return the stored answer. Undo is a scan of its
    own that annuls an earlier one.
    """

    __table_args__ = (
        sa.UniqueConstraint("device_id", "nonce"),
        sa.UniqueConstraint("actor_id", "nonce"),
        sa.CheckConstraint("(device_id IS NULL) <> (actor_id IS NULL)", name="one_author"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    checkpoint_id: Mapped[int] = mapped_column(sa.ForeignKey("checkpoint.id"))
    registration_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("registration.id"), index=True
    )
    device_id: Mapped[int | None] = mapped_column(sa.ForeignKey("device.id"))
    #: Account that acted from the office instead of a gate.
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    direction: Mapped[Direction] = mapped_column(default=Direction.IN)
    source: Mapped[Source]
    #: The device's clock as it was sent: wall, mono, sync_mono, sync_server.
    clock: Mapped[dict[str, Any]] = mapped_column(default=dict)
    received_at: Mapped[datetime] = mapped_column(
        index=True, info=personal(N_("When and at which gate the ticket was shown"), TICKET)
    )
    effective_at: Mapped[datetime]
    #: The effective time rests on the device's wall clock alone.
    uncertain: Mapped[bool] = mapped_column(default=False)
    nonce: Mapped[str]
    online: Mapped[bool] = mapped_column(default=True)
    verdict: Mapped[Word]
    reason: Mapped[Reason]
    #: What the answer said beside the verdict, without any name: since, gate, counts.
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    annuls_id: Mapped[int | None] = mapped_column(sa.ForeignKey("scan.id"), unique=True)


class Attendance(Model):
    """That a person was admitted at a checkpoint: the primary key admits once, whatever happens.

    A projection of the scans: it can be thrown away and built again.
    """

    __table_args__ = (sa.Index("ix_attendance_checkpoint_first_in", "checkpoint_id", "first_in"),)

    checkpoint_id: Mapped[int] = mapped_column(sa.ForeignKey("checkpoint.id"), primary_key=True)
    registration_id: Mapped[int] = mapped_column(sa.ForeignKey("registration.id"), primary_key=True)
    first_in: Mapped[datetime] = mapped_column(
        info=personal(N_("When and at which gate the person checked in"), TICKET)
    )
    last_out: Mapped[datetime | None]
    #: Name of the gate at the time, for "already in, 08:42, gate 3".
    gate: Mapped[str] = mapped_column(default="")
