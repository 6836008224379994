"""Campaign, places and reporting bodies: who takes part in a Quality Month, and when."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.append_only import append_only
from core.clock import now
from core.data_map import Purpose, personal
from core.db import Model, public_id
from core.errors import N_

#: Whom the bodies ask: a name and a telephone that the office publishes itself.
CONTACT = Purpose(
    title=N_("Contact persons of the organiser"),
    why=N_("So that bodies and guests can ask somebody."),
    basis=N_("Articles 6 and 13: part of a public duty, published by the office"),
    keep=N_("Until the office changes it"),
    who=N_("Everybody it is shown to"),
)


class BodyKind(StrEnum):
    """The branch of administration a reporting body belongs to."""

    HOUSING = "housing"
    TRANSPORT = "transport"
    RAIL = "rail"
    WATER = "water"
    LANDSCAPE = "landscape"
    ZONE = "zone"


class Item(StrEnum):
    """What a body files, in the order of the notice."""

    SLIP = "slip"
    PLAN = "plan"
    SUMMARY = "summary"
    EVIDENCE = "evidence"


class Campaign(Model):
    """The Quality Month of one year; all its texts and limits are data of this row."""

    __table_args__ = (
        sa.CheckConstraint("ends_on >= starts_on", name="period"),
        sa.CheckConstraint("retention_months BETWEEN 6 AND 12", name="retention"),
        sa.CheckConstraint("video_limit_mb BETWEEN 1 AND 500", name="video_limit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    year: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str]
    #: Motto of the year, from the notice.
    theme: Mapped[str] = mapped_column(default="")
    #: Number of the notice (文号).
    document_no: Mapped[str] = mapped_column(default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    host: Mapped[str] = mapped_column(default="")
    #: Since when bodies see it; the newest open year is the current one.
    opened_at: Mapped[datetime | None]
    #: Whom bodies ask, e.g. the secretariat's name and telephone.
    contact: Mapped[str] = mapped_column(
        default="", info=personal(N_("Name and telephone of the contact"), CONTACT)
    )
    #: Shown to the bodies above their filings.
    intro: Mapped[str] = mapped_column(default="")
    #: What is done with personal data (告知): who, why, what, how long, contact, rights.
    privacy: Mapped[str] = mapped_column(default="")
    #: Lines at the foot of every page: ICP 备案号, 公安备案号, 主办, 承办, 标识码.
    footer: Mapped[str] = mapped_column(default="")
    #: Text files served at the root, e.g. ``MP_verify_….txt``: name → content.
    root_files: Mapped[dict[str, Any]] = mapped_column(default=dict)
    video_limit_mb: Mapped[int] = mapped_column(default=200)
    #: How long mobiles are kept after the month has ended.
    retention_months: Mapped[int] = mapped_column(default=12)


class Place(Model):
    """A city of the province, or the zone 横琴, in the official order of the notice."""

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Official order; never pinyin, never the order of codes.
    position: Mapped[int] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    name_en: Mapped[str] = mapped_column(unique=True)
    #: GB/T 2260; 横琴 is no prefecture city and has none.
    code: Mapped[str | None] = mapped_column(unique=True)
    #: 珠三角, 粤东, 粤西 or 粤北; empty for 横琴.
    region: Mapped[str] = mapped_column(default="")


class Body(Model):
    """A body that reports to the province (填报单位)."""

    __table_args__ = (
        sa.UniqueConstraint("campaign_id", "position"),
        sa.UniqueConstraint("campaign_id", "name"),
        # So that a deadline cannot speak of another year's body.
        sa.Index("uq_body_id_campaign_id", "id", "campaign_id", unique=True),
        sa.Index("uq_body_public_id", "public_id", unique=True),
        sa.CheckConstraint("kind = 'housing' OR NOT sees_city", name="city_officer_is_housing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(default=public_id)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    place_id: Mapped[int] = mapped_column(sa.ForeignKey("place.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    kind: Mapped[BodyKind]
    #: Its officers see states and times, never files, of the city's other bodies.
    sees_city: Mapped[bool] = mapped_column(default=False)


@append_only
class Deadline(Model):
    """The instant an item is due, for all bodies or longer for one; the newest row holds."""

    __table_args__ = (
        sa.ForeignKeyConstraint(["body_id", "campaign_id"], ["body.id", "body.campaign_id"]),
        sa.CheckConstraint(
            "body_id IS NULL OR length(trim(reason)) > 0", name="extension_has_reason"
        ),
        sa.Index("ix_deadline_campaign_id_item", "campaign_id", "item"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    item: Mapped[Item]
    #: NULL speaks of every body.
    body_id: Mapped[int | None]
    #: What arrives at this instant or later is late.
    due_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")
    #: Account that set it; none for the product's own data.
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class Organisation(Model):
    """A testing laboratory (检测机构) as a legal entity; rounds and years share it."""

    __table_args__ = (sa.CheckConstraint("length(name) > 0", name="has_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    name: Mapped[str] = mapped_column(unique=True)
    #: Number of the testing qualification certificate (检测机构资质证书编号); text.
    qualification_no: Mapped[str] = mapped_column(default="")
    place_id: Mapped[int | None] = mapped_column(sa.ForeignKey("place.id"), index=True)
