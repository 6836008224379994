"""What the office sees of all bodies: lines of the board, their filings, the figures reported."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from campaign import board, bodies, filings
from campaign.models import Act, Body, Campaign, Deadline, Filing, Item, Place
from campaign.tally import Report
from core import accounts
from core.access import Role
from core.db import db


@dataclass(frozen=True)
class Event:
    """Something that happened to an item: an act, or more time for it."""

    at: datetime
    #: ``filed``, ``returned``, ``accepted`` or ``extended``.
    kind: str
    #: Name of the account; empty for the system itself.
    who: str
    #: The account is of the office: on a filing it means 代填.
    office: bool
    version: int = 0
    filing_id: str = ""
    reason: str = ""
    due_at: datetime | None = None


def lines(campaign: Campaign, *, english: bool = False) -> list[board.Line]:
    """Return the bodies of a campaign with where their items stand, in the notice's order.

    The number of statements does not depend on the number of bodies.
    """
    places = {place.id: place for place in bodies.places()}
    found = filings.standings(campaign, bodies.bodies(campaign))
    return [
        board.Line(
            body_id=one.body.public_id,
            number=one.body.position,
            name=one.body.name,
            kind=one.body.kind.value,
            place=_name(places[one.body.place_id], english=english),
            place_no=places[one.body.place_id].position,
            region=board.region(places[one.body.place_id].region),
            items={item.value: progress for item, progress in one.items.items()},
        )
        for one in found
    ]


def _name(place: Place, *, english: bool) -> str:
    return place.name_en if english else place.name


def newest(campaign: Campaign) -> dict[tuple[str, str], str]:
    """Return the public id of the newest filed version by body (public id) and item."""
    found = db.session.execute(
        sa.select(Body.public_id, Filing.item, Filing.public_id.label("filing"))
        .join(Filing, Filing.body_id == Body.id)
        .where(Body.campaign_id == campaign.id, Filing.act == Act.FILED)
        .order_by(Filing.seq)
    )
    return {(row.public_id, row.item.value): row.filing for row in found}


def reports(campaign: Campaign, *, english: bool = False) -> list[Report]:
    """Return the figures of every body's newest filed summary; drafts are nobody's report."""
    newest_seq = (
        sa.select(Filing.body_id, sa.func.max(Filing.seq).label("seq"))
        .where(Filing.item == Item.SUMMARY, Filing.act == Act.FILED)
        .group_by(Filing.body_id)
        .subquery()
    )
    found = db.session.execute(
        sa.select(Body, Place, Filing.public_id, Filing.document)
        .join(Place, Place.id == Body.place_id)
        .outerjoin(newest_seq, newest_seq.c.body_id == Body.id)
        .outerjoin(
            Filing,
            sa.and_(
                Filing.body_id == Body.id,
                Filing.item == Item.SUMMARY,
                Filing.seq == newest_seq.c.seq,
            ),
        )
        .where(Body.campaign_id == campaign.id)
        .order_by(Body.position)
    )
    return [
        Report(
            body_id=body.public_id,
            number=body.position,
            name=body.name,
            place=_name(place, english=english),
            place_id=place.id,
            filing_id=filing or "",
            figures=(document or {}).get("figures", {}),
        )
        for body, place, filing, document in found
    ]


def history(body: Body) -> dict[Item, list[Event]]:
    """Return what happened to each item of a body, the newest first."""
    acts = db.session.execute(
        sa.select(
            Filing.item, Filing.at, Filing.act, Filing.version, Filing.public_id, Filing.reason,
            Filing.user_id,
        )
        .filter_by(body_id=body.id)
        .order_by(Filing.seq.desc())
    ).all()  # fmt: skip
    longer = db.session.execute(
        sa.select(Deadline.item, Deadline.at, Deadline.due_at, Deadline.reason, Deadline.user_id)
        .filter_by(body_id=body.id)
        .order_by(Deadline.id.desc())
    ).all()
    names, office = people([row.user_id for row in (*acts, *longer)])
    events: dict[Item, list[Event]] = {item: [] for item in Item}
    for act in acts:
        events[act.item].append(
            Event(
                act.at, act.act.value, names.get(act.user_id, ""), act.user_id in office,
                act.version, act.public_id if act.act is Act.FILED else "", act.reason,
            )
        )  # fmt: skip
    for row in longer:
        who = names.get(row.user_id, "")
        extended = Event(row.at, "extended", who, row.user_id in office, reason=row.reason,
                         due_at=row.due_at)  # fmt: skip
        events[row.item].append(extended)
    for listed in events.values():
        # The order of acts is that of their numbers; sorting by time keeps it among equals.
        listed.sort(key=lambda event: event.at, reverse=True)
    return events


def people(ids: Iterable[int | None]) -> tuple[dict[int | None, str], set[int]]:
    """Return the names of accounts, and which of them are of the office."""
    wanted = {number for number in ids if number}
    if not wanted:
        return {}, set()
    names: dict[int | None, str] = {
        row.id: row.name
        for row in db.session.execute(
            sa.select(accounts.User.id, accounts.User.name).where(accounts.User.id.in_(wanted))
        )
    }
    office = db.session.scalars(
        sa.select(accounts.Grant.user_id).where(
            accounts.Grant.user_id.in_(wanted),
            accounts.Grant.role.in_([Role.OFFICE, Role.ADMIN]),
        )
    )
    return names, set(office)


def waiting(campaign: Campaign, after: Sequence[int] = ()) -> tuple[str, int]:
    """Return the filing the office decides next, and how many wait; the id is empty for none.

    ``after`` is the body's number and the place of the item just decided: the queue goes on from
    there in the order of the notice, and begins again at its end.
    """
    latest = (
        sa.select(Filing.body_id, Filing.item, sa.func.max(Filing.seq).label("seq"))
        .join(Body, Body.id == Filing.body_id)
        .where(Body.campaign_id == campaign.id)
        .group_by(Filing.body_id, Filing.item)
        .subquery()
    )
    found = db.session.execute(
        sa.select(Body.position, Filing.item, Filing.public_id)
        .join(Filing, Filing.body_id == Body.id)
        .join(
            latest,
            sa.and_(
                latest.c.body_id == Filing.body_id,
                latest.c.item == Filing.item,
                latest.c.seq == Filing.seq,
            ),
        )
        .where(Filing.act == Act.FILED)
    )
    order = list(Item)
    queue = sorted((row.position, order.index(row.item), row.public_id) for row in found)
    later = [entry for entry in queue if entry[:2] > tuple(after)]
    first = (later or queue or [(0, 0, "")])[0]
    return first[2], len(queue)
