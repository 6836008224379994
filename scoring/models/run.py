"""A run: plan, snapshot and engine give this output, and nothing else ever does."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column

from core.append_only import append_only
from core.clock import now
from core.db import JSONDocument, Model


@append_only
class Run(Model):
    """One evaluation of a round; scores exist only in its output."""

    __table_args__ = (
        sa.UniqueConstraint("round_id", "no"),
        sa.UniqueConstraint("round_id", "input_seal"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    no: Mapped[int]
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"), index=True)
    engine_version: Mapped[str]
    #: What was evaluated, by code and item: no name, no sample number, no receipt.
    snapshot: Mapped[dict[str, Any]] = deferred(mapped_column(JSONDocument()))
    input_seal: Mapped[str]
    output: Mapped[dict[str, Any]] = deferred(mapped_column(JSONDocument()))
    #: 评价校验码, printed on every page of the run.
    output_seal: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(default=now)
