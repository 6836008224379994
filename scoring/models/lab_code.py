"""The wall between names and results: read only by :mod:`scoring.codes`."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core.append_only import append_only
from core.db import Model


@append_only
class LabCode(Model):
    """The random code of a laboratory in one round (参加代码)."""

    __table_args__ = (sa.UniqueConstraint("round_id", "code"),)

    participation_id: Mapped[int] = mapped_column(
        sa.ForeignKey("participation.id"), primary_key=True
    )
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    code: Mapped[str]
