"""A round of the comparison: its sealed plan and its stages."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.append_only import append_only
from core.clock import now
from core.db import Model, public_id
from core.triggers import with_trigger


class Round(Model):
    """One set of samples, sent to laboratories and evaluated once; its phase is never stored."""

    __table_args__ = (sa.CheckConstraint("length(code) > 0", name="has_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Short name in addresses and commands, e.g. ``SN24``.
    code: Mapped[str] = mapped_column(unique=True)
    campaign_id: Mapped[int] = mapped_column(sa.ForeignKey("campaign.id"), index=True)
    title: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    stages: Mapped[list["Stage"]] = relationship(
        back_populates="round", order_by="Stage.opens_at, Stage.id"
    )


@append_only
class Plan(Model):
    """A version of the statistical plan; a change is a new version with its reason."""

    __table_args__ = (sa.UniqueConstraint("round_id", "no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    no: Mapped[int]
    #: What :func:`scoring.evaluation.plan.from_document` reads.
    document: Mapped[dict[str, Any]]
    seal: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    sealed_at: Mapped[datetime] = mapped_column(default=now)


#: The list of a locked stage is what laboratories check their receipts against (I4): with it, the
#: stage itself is final. Before, a deadline is never moved earlier.
FINAL = {
    "sqlite": "BEFORE UPDATE ON stage "
    "WHEN OLD.digest IS NOT NULL OR NEW.closes_at < OLD.closes_at "
    "BEGIN SELECT RAISE(ABORT, 'digest written once: stage'); END",
    "postgresql": "IF OLD.digest IS NOT NULL OR NEW.closes_at < OLD.closes_at THEN "
    "RAISE EXCEPTION USING MESSAGE = 'digest written once: stage', "
    "ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW;",
}


@with_trigger("final", "UPDATE", FINAL)
class Stage(Model):
    """A window in which certain parameters are reported; open and locked are functions of time."""

    __table_args__ = (
        sa.UniqueConstraint("round_id", "code"),
        sa.CheckConstraint("closes_at > opens_at", name="window"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"), index=True)
    #: As the notice calls it, e.g. ``S1``; no rule knows a code.
    code: Mapped[str]
    opens_at: Mapped[datetime]
    #: What arrived at this instant or later does not count.
    closes_at: Mapped[datetime]
    #: Codes of the parameter catalogue, in the order of the form.
    parameters: Mapped[list[Any]]
    #: 阶段摘要: seal of the sorted list of version seals, once the stage is locked.
    digest: Mapped[str | None]
    digest_list: Mapped[list[Any] | None]
    digest_at: Mapped[datetime | None]
    round: Mapped[Round] = relationship(back_populates="stages")
