"""Places and reporting bodies, in the order of the notice."""

import sqlalchemy as sa

from campaign.models import Body, Campaign, Place
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


def find(public_id: str) -> Body:
    """Return the body of a public id, or raise :class:`NotFound`."""
    body = db.session.scalar(sa.select(Body).filter_by(public_id=public_id))
    if body is None:
        raise NotFound("unknown_body", N_("There is no such body. Go back to the list."))
    return body
