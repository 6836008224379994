"""What is forgotten when its time is over: mobile numbers, twelve months after the occasion."""

from datetime import timedelta

import sqlalchemy as sa

from checkin.models import Occasion, Registration
from core import jobs
from core.clock import now
from core.db import db, transaction

KEEP = timedelta(days=365)
JOB = "checkin.forget_mobiles"


def forget_mobiles() -> int:
    """Replace the mobiles of occasions that ended twelve months ago; counts stay as they were.

    The stand-in keeps two people of one name apart, as their numbers did.
    """
    over = sa.select(Occasion.id).where(Occasion.ends_at < now() - KEEP)
    forgotten = db.session.scalars(
        sa.update(Registration)
        .where(
            Registration.occasion_id.in_(over),
            Registration.mobile.is_not(None),
            sa.not_(Registration.mobile.startswith("-")),
        )
        .values(mobile=sa.literal("-") + sa.cast(Registration.id, sa.Text))
        .returning(Registration.id)
    )
    return len(forgotten.all())


def init_app() -> None:
    """Have it done once a day."""
    jobs.handler(JOB)(_run)
    jobs.every(JOB, 24 * 60)


def _run(_claim: jobs.Claim) -> dict[str, int]:
    with transaction():
        return {"forgotten": forget_mobiles()}
