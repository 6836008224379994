"""An occasion (场次), its checkpoints and the phones at its gates."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.models.campaign import CONTACT
from checkin.admission import Policy
from core.clock import now
from core.data_map import personal
from core.db import Model, public_id
from core.errors import N_


class Kind(StrEnum):
    """What people come for."""

    TOUR = "tour"
    LECTURE = "lecture"
    CONSULTATION = "consultation"
    OTHER = "other"


class Profile(StrEnum):
    """What a door phone may do: a supervisor may admit beyond the capacity."""

    STAFF = "staff"
    SUPERVISOR = "supervisor"


class Occasion(Model):
    """One thing people attend at one time and place."""

    __table_args__ = (
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        sa.CheckConstraint("sign_in_closes_at > sign_in_opens_at", name="sign_in_window"),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity_positive"),
        sa.CheckConstraint(
            "taken >= 0 AND (capacity IS NULL OR taken <= capacity)", name="never_oversold"
        ),
        sa.CheckConstraint("overrun >= 0", name="overrun_counts_up"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    kind: Mapped[Kind]
    title: Mapped[str]
    #: Several occasions of one series share this heading; empty for a single one.
    series: Mapped[str] = mapped_column(default="")
    #: Body that invites (主办单位).
    host: Mapped[str] = mapped_column(default="")
    contact_name: Mapped[str] = mapped_column(
        default="", info=personal(N_("Contact person of a session"), CONTACT)
    )
    contact_phone: Mapped[str] = mapped_column(
        default="", info=personal(N_("Telephone of the contact person"), CONTACT)
    )
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    sign_in_opens_at: Mapped[datetime]
    sign_in_closes_at: Mapped[datetime]
    place_id: Mapped[int | None] = mapped_column(sa.ForeignKey("place.id"))
    venue: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    #: Link to a map service, opened outside this site.
    map_url: Mapped[str] = mapped_column(default="")
    #: Places for registration; NULL means without limit.
    capacity: Mapped[int | None]
    #: Accepted registrations that hold a place; moved by UPDATE … WHERE taken < capacity.
    taken: Mapped[int] = mapped_column(default=0)
    #: Walk-ins admitted beyond the capacity, each with a supervisor's name.
    overrun: Mapped[int] = mapped_column(default=0)
    registration_opens_at: Mapped[datetime]
    registration_closes_at: Mapped[datetime]
    #: What to wear, how to behave on site, how to get there: shown with the ticket.
    wear: Mapped[str] = mapped_column(default="")
    safety: Mapped[str] = mapped_column(default="")
    traffic: Mapped[str] = mapped_column(default="")
    #: Key of every code of this occasion, wrapped by QM_SECRET_KEY; it never leaves the server.
    secret_wrapped: Mapped[bytes]
    created_at: Mapped[datetime] = mapped_column(default=now)
    checkpoints: Mapped[list["Checkpoint"]] = relationship(
        back_populates="occasion", order_by="Checkpoint.id"
    )


class Checkpoint(Model):
    """A point where people are counted; every occasion has 签到 from the start."""

    __table_args__ = (
        sa.UniqueConstraint("occasion_id", "name"),
        sa.CheckConstraint("closes_at > opens_at", name="window"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    occasion_id: Mapped[int] = mapped_column(sa.ForeignKey("occasion.id"))
    name: Mapped[str]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    policy: Mapped[Policy] = mapped_column(default=Policy.ONCE)
    occasion: Mapped[Occasion] = relationship(back_populates="checkpoints")


class Device(Model):
    """A phone at a gate: paired by QR and PIN, it works until the occasion ends or is revoked.

    The pairing link, the PIN, the cookie and the bearer are drawn from the occasion's secret and
    ``pair_no``; raising ``pair_no`` makes all four new and the old phone strange.
    """

    __table_args__ = (
        sa.UniqueConstraint("occasion_id", "name"),
        sa.CheckConstraint("pin_tries >= 0", name="pin_tries_count_up"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    occasion_id: Mapped[int] = mapped_column(sa.ForeignKey("occasion.id"))
    checkpoint_id: Mapped[int] = mapped_column(sa.ForeignKey("checkpoint.id"))
    #: Name of the gate, e.g. 3 号门.
    name: Mapped[str]
    profile: Mapped[Profile] = mapped_column(default=Profile.STAFF)
    pair_no: Mapped[int] = mapped_column(default=1)
    pin_tries: Mapped[int] = mapped_column(default=0)
    #: SHA-256 of the pairing token, the cookie and the bearer, for look-up.
    pair_hash: Mapped[str] = mapped_column(unique=True)
    cookie_hash: Mapped[str] = mapped_column(unique=True)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    paired_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
