"""Places and reporting bodies, in the order of the notice."""

import sqlalchemy as sa

from campaign.models import Body, Campaign, Place
from core.access import Actor, Role, Scope
from core.db import db
from core.errors import N_, NotFound


def places() -> list[Place]:
    """Return the 22 places in official order."""
    return list(db.session.scalars(sa.select(Place).order_by(Place.position)))


def place_names(*, english: bool = False) -> dict[int, str]:
    """Return the name of every place by its number."""
    return {place.id: place.name_en if english else place.name for place in places()}


def bodies(campaign: Campaign) -> list[Body]:
    """Return the reporting bodies of a campaign in the order of the notice."""
    return list(
        db.session.scalars(
            sa.select(Body).where(Body.campaign_id == campaign.id).order_by(Body.position)
        )
    )


def held(actor: Actor) -> list[tuple[Campaign, Body]]:
    """Return the bodies an account files for in the years that are open, the newest first."""
    ids = [
        held.scope_id
        for held in actor.grants
        if (held.role, held.scope) == (Role.LIAISON, Scope.BODY)
    ]
    found = db.session.execute(
        sa.select(Campaign, Body)
        .join(Body, Body.campaign_id == Campaign.id)
        .where(Body.id.in_(ids), Campaign.opened_at.is_not(None))
        .order_by(Campaign.year.desc(), Body.position)
    )
    return [(campaign, body) for campaign, body in found]


def of_city(body: Body) -> list[Body]:
    """Return the other bodies of the same city and year, in the order of the notice."""
    return list(
        db.session.scalars(
            sa.select(Body)
            .filter_by(campaign_id=body.campaign_id, place_id=body.place_id)
            .where(Body.id != body.id)
            .order_by(Body.position)
        )
    )


def names() -> dict[str, str]:
    """Return the name of every body of every year by its public id."""
    rows = db.session.execute(sa.select(Body.public_id, Body.name))
    return {row.public_id: row.name for row in rows}


def find(public_id: str) -> Body:
    """Return the body of a public id, or raise :class:`NotFound`."""
    body = db.session.scalar(sa.select(Body).filter_by(public_id=public_id))
    if body is None:
        raise NotFound("unknown_body", N_("There is no such body. Go back to the list."))
    return body
