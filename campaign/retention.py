"""What of the month is forgotten when its time is over: numbers of officers, drafts, messages."""

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from campaign.models import Body, Campaign, Filing, FilingDraft, Item, SlipPerson
from core import notify
from core.clock import ZONE
from core.db import db
from core.errors import N_
from core.retention import Rule, later, register

#: A slip may still be filed late; after this time its draft is of no use.
DRAFTS = timedelta(days=30)
#: Where there is no campaign yet.
USUAL_MONTHS = 12


def end(campaign_ends_on: date) -> datetime:
    """Return the instant a month is over: midnight after its last day."""
    after = campaign_ends_on + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=ZONE)


def forgotten_at(ends_on: date, months: int) -> datetime:
    """Return when the numbers of a month are forgotten."""
    return later(end(ends_on), months)


def due_campaigns(at: datetime) -> list[int]:
    """Return the numbers of the campaigns whose retention time is over."""
    return [row.id for row in _campaigns() if forgotten_at(row.ends_on, row.months) <= at]


def months_of(campaign_id: int) -> int:
    """Return how many months data of a campaign is kept."""
    found = db.session.scalar(sa.select(Campaign.retention_months).filter_by(id=campaign_id))
    return found or USUAL_MONTHS


def _campaigns() -> list[Any]:
    months = Campaign.retention_months.label("months")
    return list(db.session.execute(sa.select(Campaign.id, Campaign.ends_on, months)))


def _filings_of(campaigns: Any) -> sa.Select[int]:
    filings = sa.select(Filing.id).join(Body, Body.id == Filing.body_id)
    return filings.where(Body.campaign_id.in_(campaigns))


def _persons(at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        SlipPerson.forgotten_at.is_(None),
        SlipPerson.filing_id.in_(_filings_of(due_campaigns(at))),
    )


def forget_persons(where: sa.ColumnElement[bool], at: datetime) -> int:
    """Empty the numbers of persons on filed slips, in the caller's transaction; names stay."""
    emptied = {"mobile": "", "landline": "", "forgotten_at": at}
    done = sa.update(SlipPerson).where(SlipPerson.forgotten_at.is_(None), where).values(emptied)
    return len(db.session.scalars(done.returning(SlipPerson.id)).all())


def _next_person(_at: datetime) -> datetime | None:
    kept = sa.select(SlipPerson.id).join(Filing, Filing.id == SlipPerson.filing_id)
    kept = kept.join(Body, Body.id == Filing.body_id).where(SlipPerson.forgotten_at.is_(None))
    ends = [
        forgotten_at(row.ends_on, row.months)
        for row in _campaigns()
        if db.session.scalar(kept.where(Body.campaign_id == row.id).limit(1)) is not None
    ]
    return min(ends, default=None)


def _drafts(at: datetime) -> sa.ColumnElement[bool]:
    over = [row.id for row in _campaigns() if end(row.ends_on) + DRAFTS <= at]
    bodies = sa.select(Body.id).where(Body.campaign_id.in_(over))
    return sa.and_(FilingDraft.item == Item.SLIP, FilingDraft.body_id.in_(bodies))


def _drop_drafts(at: datetime) -> int:
    dropped = sa.delete(FilingDraft).where(_drafts(at)).returning(FilingDraft.body_id)
    return len(db.session.scalars(dropped).all())


def _next_draft(_at: datetime) -> datetime | None:
    first = db.session.scalar(
        sa.select(sa.func.min(Campaign.ends_on))
        .join(Body, Body.campaign_id == Campaign.id)
        .join(FilingDraft, FilingDraft.body_id == Body.id)
        .where(FilingDraft.item == Item.SLIP)
    )
    return end(first) + DRAFTS if first else None


def _count(model: Any, where: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(where)) or 0


def _months() -> int:
    """Return the shortest time that any campaign promises."""
    return db.session.scalar(sa.select(sa.func.min(Campaign.retention_months))) or USUAL_MONTHS


def _messages_before(at: datetime) -> datetime:
    """Return the instant before which messages are old: the newest that is due at ``at``."""
    return later(at, -_months())


def _running(at: datetime) -> sa.Select[str]:
    """Return the subjects of messages whose month still keeps its data: none of it is forgotten."""
    kept = sa.select(sa.literal("body:") + Body.public_id)
    return kept.where(Body.campaign_id.not_in(due_campaigns(at)))


def _next_message(_at: datetime) -> datetime | None:
    """Return when the next message is due: by its age, and not before its month is."""
    held = sa.or_(*(column != "" for column in notify.PERSONAL))
    firsts = db.session.execute(
        sa.select(Body.campaign_id, sa.func.min(notify.Message.at))
        .outerjoin(Body, notify.Message.subject == sa.literal("body:") + Body.public_id)
        .select_from(notify.Message)
        .where(held, notify.Message.state != notify.MessageState.QUEUED)
        .group_by(Body.campaign_id)
    )
    until = {row.id: forgotten_at(row.ends_on, row.months) for row in _campaigns()}
    aged = [(later(first, _months()), until.get(campaign)) for campaign, first in firsts]
    return min((max(age, month or age) for age, month in aged), default=None)


def init_app() -> None:
    """Register the rules."""
    register(
        Rule(
            "slip_persons",
            N_("Mobiles and landlines of officers on reply slips"),
            N_("6 to 12 months after the end of the month, as its settings say"),
            due=lambda at: _count(SlipPerson, _persons(at)),
            forget=lambda at: forget_persons(_persons(at), at),
            next_due=_next_person,
        )
    )
    register(
        Rule(
            "slip_drafts",
            N_("Reply slips that were never filed"),
            N_("30 days after the end of the month"),
            due=lambda at: _count(FilingDraft, _drafts(at)),
            forget=_drop_drafts,
            next_due=_next_draft,
        )
    )
    register(
        Rule(
            "messages",
            N_("Names, addresses and texts of messages"),
            N_("6 to 12 months after the end of the month, as its settings say"),
            due=lambda at: notify.forgettable(_messages_before(at), _running(at)),
            forget=lambda at: notify.forget(_messages_before(at), _running(at)),
            next_due=_next_message,
        )
    )
