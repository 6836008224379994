"""What the pages of the month share: two blueprints, and who may see which body."""

from typing import Any

from flask import Blueprint

from campaign import bodies, campaigns
from campaign.models import Body, Campaign
from core import access
from core.access import Role, Scope
from core.db import db
from core.errors import N_, NotFound

#: The province's office; every page has the year in its address.
office = Blueprint("month", __name__, url_prefix="/office/month")
#: A reporting body; the office may open its pages too and files on its behalf.
body = Blueprint("body", __name__, url_prefix="/body")

staff = access.roles(Role.ADMIN, Role.OFFICE)
officer = access.roles(Role.LIAISON, Role.OFFICE, Role.ADMIN)


def mine(body_id: str) -> Body:
    """Return the body if the actor may file for it; anybody else's looks like an unknown one."""
    actor = access.current()
    found = bodies.find(body_id)
    if actor.has(Role.OFFICE, Role.ADMIN):
        return found
    # A year that is being prepared is not there yet for the bodies.
    if speaks_for(found) and db.session.get_one(Campaign, found.campaign_id).opened_at:
        return found
    raise NotFound("unknown_body", N_("There is no such body. Go back to the list."))


def speaks_for(body: Body) -> bool:
    """Say whether the account is of the body itself, and not the office acting for it."""
    return access.current().may(Role.LIAISON, Scope.BODY, body.id)


def body_of_year(year: int, body_id: str) -> tuple[Campaign, Body]:
    """Return a campaign and its body, or raise :class:`NotFound`."""
    campaign, found = campaigns.of_year(year), bodies.find(body_id)
    if found.campaign_id != campaign.id:
        raise NotFound("unknown_body", N_("There is no such body. Go back to the list."))
    return campaign, found


@office.context_processor
def frame() -> dict[str, Any]:
    """Give every page of the office the list of years for its frame."""
    return {"years": campaigns.every}
