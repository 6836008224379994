"""Days off and working days that the week does not show (节假日与调休)."""

from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model


class DayKind(StrEnum):
    """What an announced day is."""

    OFF = "off"
    #: A Saturday or Sunday on which people work (调休).
    WORK = "work"


class Holiday(Model):
    """One announced day; days that follow the week have no row."""

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[DayKind]
    name: Mapped[str] = mapped_column(default="")
    #: Compared with the announcement of the State Council by a person of the office.
    verified: Mapped[bool] = mapped_column(default=False)
