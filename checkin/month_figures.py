"""What the door counts for the month: tours and lectures that have begun, and visits to them."""

from collections.abc import Callable, Iterable

import sqlalchemy as sa

from campaign.figures import Figure, Source
from checkin.models import Attendance, Occasion, Registration
from checkin.models.occasion import Kind
from core.clock import local, now
from core.db import db

#: The task each kind of occasion belongs to. 场次 and 人次 are two figures; 人数 is neither.
TASKS = {Kind.TOUR: "tours", Kind.LECTURE: "lectures"}


def counted(campaign_id: int, address: Callable[[str], str]) -> list[Figure]:
    """Return sessions and attendances of a campaign by the place of the occasion.

    ``address`` gives the page of an occasion by its public id. An occasion counts from its
    beginning; one without place belongs to place 0. Visits are counted as on the occasion's page.
    """
    visits = (
        sa.select(Registration.occasion_id, sa.func.count().label("number"))
        .join(Attendance, Attendance.registration_id == Registration.id)
        .group_by(Registration.occasion_id)
        .subquery()
    )
    found = db.session.execute(
        sa.select(
            Occasion.public_id, Occasion.kind, Occasion.title, Occasion.starts_at,
            Occasion.place_id, sa.func.coalesce(visits.c.number, 0).label("visits"),
        )
        .outerjoin(visits, visits.c.occasion_id == Occasion.id)
        .where(
            Occasion.campaign_id == campaign_id,
            Occasion.kind.in_(TASKS),
            Occasion.starts_at <= now(),
        )
        .order_by(Occasion.starts_at, Occasion.id)
    )  # fmt: skip
    rows: dict[tuple[str, int], list[Source]] = {}
    for one in found:
        label = f"{local(one.starts_at):%Y-%m-%d} {one.title}"
        url, task, place = address(one.public_id), TASKS[one.kind], one.place_id or 0
        for name, value in (("sessions", 1), ("attendances", one.visits)):
            rows.setdefault((f"{task}.{name}", place), []).append(Source(label, value, url))
    return list(_figures(rows))


def _figures(rows: dict[tuple[str, int], list[Source]]) -> Iterable[Figure]:
    for (code, place), sources in rows.items():
        yield Figure(code, place, sum(source.value for source in sources), tuple(sources))
