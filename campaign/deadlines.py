"""How the deadlines of a year came about: every row that was ever set, the newest first."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from campaign import campaigns
from campaign.models import Body, Campaign, Deadline, Item
from core.access import Actor
from core.accounts import User
from core.clock import ZONE
from core.db import db
from core.errors import N_, Conflict, InvalidInput


@dataclass(frozen=True)
class Setting:
    """One setting of a deadline, for all bodies or longer for one."""

    item: Item
    due_at: datetime
    at: datetime
    #: Whose act it was; empty for the product's own data.
    who: str
    #: The body of an extension and its public id; empty for all.
    body: str
    body_id: str
    reason: str
    #: It is what counts now: nothing newer, and for a body later than the deadline of all.
    holds: bool


def history(campaign: Campaign) -> list[Setting]:
    """Return every deadline that was set in a year, the newest first."""
    found = db.session.execute(
        sa.select(Deadline, User.name, Body.name, Body.public_id)
        .outerjoin(User, User.id == Deadline.user_id)
        .outerjoin(Body, Body.id == Deadline.body_id)
        .where(Deadline.campaign_id == campaign.id)
        .order_by(Deadline.id.desc())
    ).all()
    general: dict[Item, datetime] = {}
    for row, *_names in found:
        if row.body_id is None:
            general.setdefault(row.item, row.due_at)
    newest: set[tuple[Item, int | None]] = set()
    listed = []
    for row, who, body, body_id in found:
        key = (row.item, row.body_id)
        holds = key not in newest and (row.body_id is None or row.due_at > general[row.item])
        newest.add(key)
        listed.append(
            Setting(row.item, row.due_at, row.at, who or "", body or "", body_id or "",
                    row.reason, holds)
        )  # fmt: skip
    return listed


def change(
    campaign: Campaign, wanted: dict[Item, datetime], seen: dict[Item, datetime], actor: Actor
) -> list[Item]:
    """Set what differs from what the page showed (``seen``), and return those items.

    Raises :class:`Conflict` when somebody else has set such an item meanwhile.
    """
    db.session.refresh(campaign, with_for_update=True)
    standing = campaigns.deadlines(campaign)
    changed = [item for item, due in wanted.items() if due != seen.get(item)]
    if any(standing.get(item) not in (seen.get(item), wanted[item]) for item in changed):
        raise Conflict(
            "deadline_changed",
            N_("Somebody else changed these deadlines since you opened the page. Open it again."),
        )
    for item in changed:
        if abs(wanted[item].astimezone(ZONE).year - campaign.year) > 1:
            raise InvalidInput(
                "deadline_far", N_("This day is more than a year away from the month. Check it.")
            )
        if standing.get(item) != wanted[item]:
            campaigns.set_deadline(campaign, [item], wanted[item], actor)
    return changed
