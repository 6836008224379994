"""What a laboratory enters for a stage: a draft, and sealed versions that never change."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.append_only import append_only
from core.data_map import personal
from core.db import Model
from core.errors import N_
from core.triggers import fixed, with_trigger
from scoring.models.participation import CONTEST
from scoring.models.round import Stage


class Source(StrEnum):
    """How a version came in."""

    FORM = "form"
    IMPORT = "import"


#: A submission stays that of its laboratory and stage.
OWN_ENTRY = fixed("participation_id", "stage_id")


@with_trigger("own", "UPDATE", OWN_ENTRY)
class Entry(Model):
    """The draft of one laboratory for one stage; it is never evaluated."""

    __table_args__ = (sa.UniqueConstraint("participation_id", "stage_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    participation_id: Mapped[int] = mapped_column(sa.ForeignKey("participation.id"))
    stage_id: Mapped[int] = mapped_column(sa.ForeignKey("stage.id"), index=True)
    #: By field key a cell of :mod:`scoring.draft`, the text as it was typed.
    fields: Mapped[dict[str, Any]] = mapped_column(
        default=dict, info=personal(N_("Draft: names of who tested, checked and approved"), CONTEST)
    )
    #: Counts the saves; a field keeps the one that changed it last.
    rev: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime | None]
    stage: Mapped[Stage] = relationship()
    versions: Mapped[list["EntryVersion"]] = relationship(
        back_populates="entry", order_by="EntryVersion.no"
    )


#: No version arrives after the stage is closed, and none at all once its list is published (I3,
#: I4); an imported round brings its late rows along.
_TOO_LATE = (
    "EXISTS (SELECT 1 FROM stage JOIN entry ON entry.stage_id = stage.id "
    "WHERE entry.id = NEW.entry_id AND (stage.digest IS NOT NULL "
    "OR (NEW.source <> 'import' AND NEW.arrived_at >= stage.closes_at)))"
)
IN_TIME = {
    "sqlite": f"BEFORE INSERT ON entry_version WHEN {_TOO_LATE} "
    "BEGIN SELECT RAISE(ABORT, 'stage closed: entry_version'); END",
    # The list of a stage and a version on its way wait for each other.
    "postgresql": "PERFORM 1 FROM stage JOIN entry ON entry.stage_id = stage.id "
    f"WHERE entry.id = NEW.entry_id FOR SHARE OF stage; IF {_TOO_LATE} THEN "
    "RAISE EXCEPTION USING MESSAGE = 'stage closed: entry_version', "
    "ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW;",
}


@with_trigger("in_time", "INSERT", IN_TIME)
@append_only
class EntryVersion(Model):
    """One submission as a sealed document: the only truth about what a laboratory reported."""

    __table_args__ = (
        sa.UniqueConstraint("entry_id", "no"),
        sa.UniqueConstraint("round_id", "receipt_no"),
        sa.CheckConstraint("no >= 1", name="no_from_one"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"))
    no: Mapped[int]
    #: Input only, see :mod:`scoring.submission`; every number as it was typed.
    document: Mapped[dict[str, Any]] = mapped_column(
        info=personal(N_("Report: names of who tested, checked and approved"), CONTEST)
    )
    #: SHA-256 of the canonical document.
    seal: Mapped[str] = mapped_column(unique=True)
    #: 回执号: the first hexadecimal digits of the seal.
    receipt_no: Mapped[str]
    source: Mapped[Source]
    #: When the request arrived at the application, not when it was stored.
    arrived_at: Mapped[datetime]
    #: Account that submitted; none for an import.
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    entry: Mapped[Entry] = relationship(back_populates="versions")
