"""What of the door is forgotten when its time is over: mobiles and remarks, some months later.

How long is a setting of the campaign. The list of who came stays, and every count with it.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from campaign.models import Campaign
from campaign.retention import months_of
from checkin.models import Occasion, Registration
from core.clock import now
from core.db import db
from core.errors import N_
from core.retention import Rule, later, register

#: Begins what stands in place of a forgotten mobile.
STAND_IN = "-"


def kept_until(occasion: Occasion) -> datetime:
    """Return when the mobiles of an occasion are forgotten."""
    return later(occasion.ends_at, months_of(occasion.campaign_id))


def is_forgotten(registration: Registration) -> bool:
    """Say whether the mobile was forgotten already."""
    return (registration.mobile or "").startswith(STAND_IN)


def stand_in(registration: Registration) -> str:
    """Return what keeps two people of one name apart, as their numbers did."""
    return f"{STAND_IN}{registration.id}"


def forget_mobiles(at: datetime | None = None) -> int:
    """Replace mobiles and empty remarks of occasions whose time is over; counts stay."""
    forgotten = db.session.scalars(
        sa.update(Registration)
        .where(_due(at or now()))
        .values(
            mobile=sa.case(
                (
                    _numbered(),
                    sa.literal(STAND_IN) + sa.cast(Registration.id, sa.Text),
                ),
                else_=Registration.mobile,
            ),
            walk_in_reason="",
        )
        .returning(Registration.id)
    )
    return len(forgotten.all())


def _numbered() -> sa.ColumnElement[bool]:
    return sa.and_(
        Registration.mobile.is_not(None), sa.not_(Registration.mobile.startswith(STAND_IN))
    )


def _holds() -> sa.ColumnElement[bool]:
    return sa.or_(_numbered(), Registration.walk_in_reason != "")


def _due(at: datetime) -> sa.ColumnElement[bool]:
    over = [row.id for row in _occasions() if later(row.ends_at, row.months) <= at]
    return sa.and_(Registration.occasion_id.in_(over), _holds())


def _occasions() -> list[Any]:
    """Return the occasions with something to forget, and for how long it is kept."""
    held = sa.select(Registration.id).where(Registration.occasion_id == Occasion.id, _holds())
    months = Campaign.retention_months.label("months")
    return list(
        db.session.execute(
            sa.select(Occasion.id, Occasion.ends_at, months)
            .join(Campaign, Campaign.id == Occasion.campaign_id)
            .where(held.exists())
        )
    )


def _count(at: datetime) -> int:
    due = sa.select(sa.func.count(Registration.id)).where(_due(at))
    return db.session.scalar(due) or 0


def _next(_at: datetime) -> datetime | None:
    return min((later(row.ends_at, row.months) for row in _occasions()), default=None)


def init_app() -> None:
    """Register the rule."""
    register(
        Rule(
            "registrations",
            N_("Mobiles of registered people, and remarks on walk-ins"),
            N_("6 to 12 months after the session, as the settings of the month say"),
            due=_count,
            forget=forget_mobiles,
            next_due=_next,
        )
    )
