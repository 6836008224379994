"""Who takes part in a round, and the samples they received."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.data_map import Purpose, personal
from core.db import Model, public_id
from core.errors import N_
from core.triggers import fixed, with_trigger

CONTEST = Purpose(
    title=N_("Laboratories of the comparison"),
    why=N_("To send samples and questions to somebody, and to know who answers for a report."),
    basis=N_("Articles 6 and 13; archive rule of the organiser for contest records"),
    keep=N_("As the organiser's archive rule says"),
    who=N_("The laboratory itself; whoever imports the round; never the judges"),
)


class Item(StrEnum):
    """The true item of a sample; no laboratory ever sees it."""

    A = "A"
    B = "B"


class Paperwork(StrEnum):
    """Whether the stamped form has come (材料); it touches no value."""

    MISSING = "missing"
    RETURNED = "returned"
    RECEIVED = "received"


class Participation(Model):
    """A laboratory in a round (参加者): a legal entity, never a person."""

    __table_args__ = (sa.UniqueConstraint("round_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    contact_name: Mapped[str] = mapped_column(
        default="", info=personal(N_("Contact person of the laboratory"), CONTEST)
    )
    contact_mobile: Mapped[str] = mapped_column(
        default="",
        info=personal(
            N_("Mobile of the contact person"),
            CONTEST,
            keep=N_("Emptied when the retention time after the month is over, or on request"),
        ),
    )
    registered_at: Mapped[datetime | None]
    paperwork: Mapped[Paperwork] = mapped_column(default=Paperwork.MISSING)
    samples: Mapped[list["Sample"]] = relationship(
        back_populates="participation", order_by="Sample.pack"
    )


#: What a pack holds and whose it is, was decided when it was filled.
OWN_SAMPLE = fixed("participation_id", "pack", "item", "sample_no")


@with_trigger("own", "UPDATE", OWN_SAMPLE)
class Sample(Model):
    """A numbered pack; which item it holds is drawn at random for each laboratory."""

    __table_args__ = (
        sa.UniqueConstraint("round_id", "sample_no"),
        sa.UniqueConstraint("participation_id", "pack"),
        sa.UniqueConstraint("participation_id", "item"),
        sa.CheckConstraint("pack IN (1, 2)", name="pack_one_or_two"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(sa.ForeignKey("round.id"))
    participation_id: Mapped[int] = mapped_column(sa.ForeignKey("participation.id"))
    #: Printed on the pack (样品编号); text.
    sample_no: Mapped[str]
    #: What the laboratory calls it: 样品 1 or 样品 2.
    pack: Mapped[int]
    item: Mapped[Item]
    dispatched_at: Mapped[datetime | None]
    participation: Mapped[Participation] = relationship(back_populates="samples")
