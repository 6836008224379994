"""What the contest counts for the month: who takes part, by place; never a result, never a code."""

import sqlalchemy as sa

from campaign.figures import Figure, Source
from campaign.models import Organisation
from core.db import db
from scoring.models import Participation, Round

#: 参赛单位数. Contests (场次) and people (人数) are not known here.
CODE = "contest.organisations"


def counted(campaign_id: int) -> list[Figure]:
    """Return the laboratories in the rounds of a campaign by their place, each counted once.

    Taking part is known before any result and says nothing of one. A laboratory without place
    belongs to place 0.
    """
    taking_part = (
        sa.select(Participation.organisation_id)
        .join(Round, Round.id == Participation.round_id)
        .where(Round.campaign_id == campaign_id)
    )
    found = db.session.execute(
        sa.select(Organisation.name, Organisation.place_id)
        .where(Organisation.id.in_(taking_part))
        .order_by(Organisation.name)
    )
    rows: dict[int, list[Source]] = {}
    for one in found:
        rows.setdefault(one.place_id or 0, []).append(Source(one.name, 1))
    return [Figure(CODE, place, len(row), tuple(row)) for place, row in sorted(rows.items())]
