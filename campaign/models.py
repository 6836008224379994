"""Campaign, places and reporting bodies: who takes part in a Quality Month, and when."""

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model, public_id


class BodyKind(StrEnum):
    """The branch of administration a reporting body belongs to."""

    HOUSING = "housing"
    TRANSPORT = "transport"
    RAIL = "rail"
    WATER = "water"
    LANDSCAPE = "landscape"
    ZONE = "zone"


class Campaign(Model):
    """The Quality Month of one year."""

    __table_args__ = (sa.CheckConstraint("ends_on >= starts_on", name="period"),)

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
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"))
    place_id: Mapped[int] = mapped_column(sa.ForeignKey("place.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    kind: Mapped[BodyKind]


class Organisation(Model):
    """A testing laboratory (检测机构) as a legal entity; rounds and years share it."""

    __table_args__ = (sa.CheckConstraint("length(name) > 0", name="has_name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    name: Mapped[str] = mapped_column(unique=True)
    #: Number of the testing qualification certificate (检测机构资质证书编号); text.
    qualification_no: Mapped[str] = mapped_column(default="")
    place_id: Mapped[int | None] = mapped_column(sa.ForeignKey("place.id"), index=True)
