"""Organisations that take part in rounds: found by name, added once."""

import sqlalchemy as sa

from campaign.models import Organisation, Place
from core.db import db, insert


def ensure(name: str, *, qualification_no: str = "", place: str = "") -> Organisation:
    """Return the organisation of this name, added with what is said of it when it is new.

    ``place`` is a name of :class:`~campaign.models.Place`; an unknown one is left out.
    """
    place_id = place and db.session.scalar(sa.select(Place.id).filter_by(name=place))
    values = {"name": name.strip(), "qualification_no": qualification_no}
    added = insert(Organisation).values(**values, place_id=place_id or None)
    db.session.execute(added.on_conflict_do_nothing(index_elements=["name"]))
    return db.session.scalars(sa.select(Organisation).filter_by(name=name.strip())).one()
