"""Where the items of bodies stand, and what was filed: everything that is only read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from campaign import campaigns
from campaign.models import (
    Act,
    Body,
    Campaign,
    Filing,
    FilingDraft,
    FilingFile,
    Item,
    SlipPerson,
)
from campaign.progress import ActDone, Progress, progress
from core.clock import now
from core.db import db
from core.errors import N_, NotFound


@dataclass(frozen=True)
class Standing:
    """A body and where its four items stand."""

    body: Body
    items: dict[Item, Progress]


def standings(campaign: Campaign, bodies: Sequence[Body]) -> list[Standing]:
    """Return where every item of ``bodies`` stands now, in their order; four statements."""
    at, due = now(), campaigns.deadlines_of_bodies(campaign)
    ids = [body.id for body in bodies]
    acts: dict[tuple[int, Item], list[ActDone]] = {}
    found = db.session.execute(
        sa.select(Filing.body_id, Filing.item, Filing.act, Filing.version, Filing.at, Filing.reason)
        .where(Filing.body_id.in_(ids))
        .order_by(Filing.seq)
    )
    for row in found:
        done = ActDone(row.act.value, row.version, row.at, row.reason)
        acts.setdefault((row.body_id, row.item), []).append(done)
    drafts = {
        (row.body_id, row.item): row.saved_at
        for row in db.session.execute(
            sa.select(FilingDraft.body_id, FilingDraft.item, FilingDraft.saved_at).where(
                FilingDraft.body_id.in_(ids)
            )
        )
    }
    return [
        Standing(
            body,
            {
                item: progress(
                    acts.get((body.id, item), []), drafts.get((body.id, item)),
                    due[body.id, item], at,
                )
                for item in Item
            },
        )
        for body in bodies
    ]  # fmt: skip


def standing(body: Body) -> Standing:
    """Return where the items of one body stand."""
    campaign = db.session.get_one(Campaign, body.campaign_id)
    return standings(campaign, [body])[0]


def draft(body: Body, item: Item) -> FilingDraft | None:
    """Return what the body prepares and has not filed."""
    return db.session.get(FilingDraft, (body.id, item))


def files(body: Body, item: Item) -> list[FilingFile]:
    """Return the files attached to an item now, oldest first."""
    return list(
        db.session.scalars(
            sa.select(FilingFile)
            .filter_by(body_id=body.id, item=item, removed_at=None)
            .order_by(FilingFile.id)
        )
    )


def history(body: Body, item: Item) -> list[Filing]:
    """Return every act on an item, the newest first."""
    return list(
        db.session.scalars(
            sa.select(Filing).filter_by(body_id=body.id, item=item).order_by(Filing.seq.desc())
        )
    )


def find(public_id: str) -> Filing:
    """Return an act by its public id, or raise :class:`NotFound`."""
    filing = db.session.scalar(sa.select(Filing).filter_by(public_id=public_id))
    if filing is None:
        raise NotFound("unknown_filing", N_("There is no such filing. Go back to the list."))
    return filing


def last_version(body: Body, item: Item) -> Filing | None:
    """Return the newest filed version of an item."""
    return db.session.scalar(
        sa.select(Filing)
        .filter_by(body_id=body.id, item=item, act=Act.FILED)
        .order_by(Filing.seq.desc())
        .limit(1)
    )


def last_versions(body: Body) -> dict[Item, Filing]:
    """Return the newest filed version of every item that has one."""
    found = db.session.scalars(
        sa.select(Filing).filter_by(body_id=body.id, act=Act.FILED).order_by(Filing.seq)
    )
    return {filing.item: filing for filing in found}


def last_document(body: Body, item: Item) -> dict[str, Any]:
    """Return what the newest version holds; empty before the first."""
    newest = last_version(body, item)
    return newest.document if newest else {}


def persons(filing: Filing) -> list[SlipPerson]:
    """Return the person rows of a filed slip in their order."""
    return list(
        db.session.scalars(
            sa.select(SlipPerson).filter_by(filing_id=filing.id).order_by(SlipPerson.position)
        )
    )


def last_act(body: Body, item: Item) -> Act | None:
    """Return the newest act on an item; None before the first."""
    return db.session.scalar(
        sa.select(Filing.act)
        .filter_by(body_id=body.id, item=item)
        .order_by(Filing.seq.desc())
        .limit(1)
    )


@dataclass(frozen=True)
class Earlier:
    """An accepted slip of the same body in an earlier year."""

    filing: Filing
    year: int


def accepted_before(body: Body, campaign: Campaign) -> Earlier | None:
    """Return the newest slip that was accepted of a body of this name in an earlier year."""
    accepted = sa.select(Filing.body_id, Filing.version).filter_by(item=Item.SLIP, act=Act.ACCEPTED)
    row = db.session.execute(
        sa.select(Filing, Campaign.year)
        .join(Body, Body.id == Filing.body_id)
        .join(Campaign, Campaign.id == Body.campaign_id)
        .where(
            Filing.item == Item.SLIP,
            Filing.act == Act.FILED,
            Body.name == body.name,
            Campaign.year < campaign.year,
            sa.tuple_(Filing.body_id, Filing.version).in_(accepted),
        )
        .order_by(Campaign.year.desc(), Filing.seq.desc())
        .limit(1)
    ).first()
    return Earlier(row[0], row[1]) if row else None
