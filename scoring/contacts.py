"""Contact persons of laboratories: forgotten when their time is over, shown to their owner."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from campaign.models import Campaign
from campaign.retention import due_campaigns, forgotten_at
from core import own_data
from core.access import Role, Scope
from core.accounts import Grant, User
from core.db import db
from core.errors import N_
from core.own_data import Section
from core.retention import Rule, register
from scoring.models import Participation, Round


def _mine(user: User) -> sa.ColumnElement[bool]:
    """Say which participations the account reports for and names it as contact."""
    held = sa.select(Grant.party_id).where(
        Grant.user_id == user.id, Grant.role == Role.LAB, Grant.scope == Scope.ROUND
    )
    return sa.and_(Participation.id.in_(held), Participation.contact_mobile == user.login)


def collect(user: User) -> list[Section]:
    """Return where the user is named as contact of a laboratory."""
    found = db.session.execute(
        sa.select(
            Round.title.label("round"), Participation.contact_name, Participation.contact_mobile
        )
        .join(Round, Round.id == Participation.round_id)
        .where(_mine(user))
        .order_by(Participation.id)
    ).all()
    if not found:  # most accounts have nothing to do with a laboratory
        return []
    return [
        Section(
            "contest_contacts",
            N_("You as contact of a laboratory"),
            {"round": N_("Round"), "contact_name": N_("Name"), "contact_mobile": N_("Mobile")},
            [dict(row._mapping) for row in found],
            N_("The number until the retention time after the month is over"),
        )
    ]


def forget(user: User) -> int:
    """Empty name and number where the user is named as contact."""
    return _empty(_mine(user), contact_name="", contact_mobile="")


def _empty(where: sa.ColumnElement[bool], **values: str) -> int:
    done = sa.update(Participation).where(where).values(values).returning(Participation.id)
    done = done.execution_options(synchronize_session=False)
    return len(db.session.scalars(done).all())


def _due(at: datetime) -> sa.ColumnElement[bool]:
    rounds = sa.select(Round.id).where(Round.campaign_id.in_(due_campaigns(at)))
    return sa.and_(Participation.contact_mobile != "", Participation.round_id.in_(rounds))


def _count(at: datetime) -> int:
    due = sa.select(sa.func.count(Participation.id)).where(_due(at))
    return db.session.scalar(due) or 0


def _next(_at: datetime) -> datetime | None:
    rows: Any = db.session.execute(
        sa.select(Campaign.ends_on, Campaign.retention_months)
        .join(Round, Round.campaign_id == Campaign.id)
        .join(Participation, Participation.round_id == Round.id)
        .where(Participation.contact_mobile != "")
        .distinct()
    )
    return min((forgotten_at(*row) for row in rows), default=None)


def init_app() -> None:
    """Register the rule, and contribute to the page of own data."""
    own_data.register("scoring", collect, forget)
    register(
        Rule(
            "contest_contacts",
            N_("Mobiles of the contact persons of laboratories"),
            N_("6 to 12 months after the end of the month, as its settings say"),
            due=_count,
            forget=lambda at: _empty(_due(at), contact_mobile=""),
            next_due=_next,
        )
    )
