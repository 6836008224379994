"""A registration: one row is one person's place and one ticket."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from checkin.admission import State
from core.clock import now
from core.data_map import Purpose, personal
from core.db import Model, public_id
from core.errors import N_

TICKET = Purpose(
    title=N_("Registrations and tickets"),
    why=N_("To keep a place, to let the right person in, and to reach them about changes."),
    basis=N_("Articles 6, 13 and 17: what the person enters, with the notice beside the form"),
    keep=N_("The list of who came stays as the record of the session"),
    who=N_("Organisers of the session, office and administrators; door staff without the mobile"),
)
CLOCK = N_("Emptied when the retention time after the session is over, or on request")
#: A person holds one living place per occasion; cancelled rows stay as history.
LIVING = sa.text("mobile IS NOT NULL AND state IN ('accepted', 'waitlisted')")
#: Two gates that enter the same walk-in without a mobile at once make one row.
WALKED_IN = sa.text("walk_in AND mobile IS NULL AND state = 'accepted'")


class Registration(Model):
    """A person's place at an occasion, with the ticket drawn from ``issue_no``."""

    __table_args__ = (
        sa.Index(
            "uq_registration_living_person",
            "occasion_id",
            "name_key",
            "mobile",
            unique=True,
            sqlite_where=LIVING,
            postgresql_where=LIVING,
        ),
        sa.Index(
            "uq_registration_walk_in",
            "occasion_id",
            "name_key",
            "employer_key",
            unique=True,
            sqlite_where=WALKED_IN,
            postgresql_where=WALKED_IN,
        ),
        sa.UniqueConstraint("occasion_id", "short_code"),
        sa.CheckConstraint("issue_no >= 1", name="issue_no_from_one"),
        sa.CheckConstraint("length(name) > 0", name="has_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    occasion_id: Mapped[int] = mapped_column(sa.ForeignKey("occasion.id"), index=True)
    name: Mapped[str] = mapped_column(info=personal(N_("Name"), TICKET))
    #: Form of the name for matching (:func:`core.personal.name_key`).
    name_key: Mapped[str] = mapped_column(
        info=personal(N_("Form of the name for matching"), TICKET)
    )
    #: Pinyin initials for the search at the door.
    initials: Mapped[str] = mapped_column(
        default="", info=personal(N_("Pinyin initials of the name"), TICKET)
    )
    #: Eleven digits; NULL when a walk-in gave none.
    mobile: Mapped[str | None] = mapped_column(
        info=personal(
            N_("Mobile"),
            TICKET,
            keep=CLOCK,
            who=N_(
                "Organisers, office and administrators, masked until unmasked or exported in full"
            ),
        )
    )
    employer: Mapped[str] = mapped_column(info=personal(N_("Employer"), TICKET))
    #: Form of the employer for matching.
    employer_key: Mapped[str] = mapped_column(
        info=personal(N_("Form of the employer for matching"), TICKET)
    )
    post: Mapped[str] = mapped_column(default="", info=personal(N_("Post"), TICKET))
    place_id: Mapped[int | None] = mapped_column(sa.ForeignKey("place.id"))
    state: Mapped[State]
    #: Barred by the organiser without losing the place (证件不符 and the like).
    blocked: Mapped[bool] = mapped_column(default=False)
    #: Entered at the door; counted apart and outside ``taken``.
    walk_in: Mapped[bool] = mapped_column(default=False)
    #: Why, and on whose word beyond the capacity.
    walk_in_reason: Mapped[str] = mapped_column(
        default="",
        info=personal(N_("Remark on a walk-in and the supervisor's name"), TICKET, keep=CLOCK),
    )
    issue_no: Mapped[int] = mapped_column(default=1)
    #: SHA-256 of the ticket code of the current issue; the code itself is never stored.
    code_hash: Mapped[bytes | None] = mapped_column(unique=True)
    #: SHA-256 of the token of the holder's own page.
    holder_hash: Mapped[str | None] = mapped_column(unique=True)
    short_code: Mapped[str]
    #: When the safety notice and the privacy notice were acknowledged.
    acknowledged_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    cancelled_at: Mapped[datetime | None]
