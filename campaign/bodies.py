"""Places and reporting bodies as product data, and the campaign they belong to."""

import csv
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from campaign.models import Body, BodyKind, Campaign, Place
from core.clock import local, now
from core.db import db, insert
from core.errors import N_, Unavailable

DATA = Path(__file__).parent / "data"


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def setup(year: int | None = None) -> Campaign:
    """Load the places and, for a new campaign, its bodies; running it twice changes nothing."""
    year = year or local(now()).year
    for row in _rows("places.csv"):
        values = {**row, "position": int(row["position"]), "code": row["code"] or None}
        db.session.execute(insert(Place).values(values).on_conflict_do_nothing())
    new = db.session.scalar(
        insert(Campaign)
        .values(
            public_id=f"campaign-{year}",
            year=year,
            name=f"{year}年质量月",
            theme="",
            document_no="",
            starts_on=date(year, 9, 1),
            ends_on=date(year, 9, 30),
            host="",
        )
        .on_conflict_do_nothing()
        .returning(Campaign.id)
    )
    if new is not None:
        _add_bodies(new)
    return db.session.scalars(sa.select(Campaign).filter_by(year=year)).one()


def _add_bodies(campaign_id: int) -> None:
    by_name = {place.name: place.id for place in places()}
    for row in _rows("bodies.csv"):
        db.session.add(
            Body(
                campaign_id=campaign_id,
                place_id=by_name[row["place"]],
                position=int(row["position"]),
                name=row["name"],
                kind=BodyKind(row["kind"]),
            )
        )
    db.session.flush()


def current() -> Campaign:
    """Return the newest campaign; raise :class:`Unavailable` before ``flask setup`` has run."""
    campaign = db.session.scalar(sa.select(Campaign).order_by(Campaign.year.desc()).limit(1))
    if campaign is None:
        raise Unavailable(
            "no_campaign", N_("The system is not set up yet. Tell the administrator to run setup.")
        )
    return campaign


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
