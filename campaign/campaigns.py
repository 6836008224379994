"""The Quality Month of a year: set up, copied from the last one, opened, its deadlines."""

import csv
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from campaign.models import Body, BodyKind, Campaign, DayKind, Deadline, Holiday, Item, Place
from core import audit
from core.access import Actor
from core.clock import ZONE, from_local, local, now
from core.db import db, insert
from core.errors import N_, Conflict, NotFound, Unavailable

DATA = Path(__file__).parent / "data"
_DAY = timedelta(days=1)
#: Month and day after which the items of the usual notice are late, at 00:00 of that day.
USUAL_DUE = {
    Item.SLIP: (8, 27),
    Item.PLAN: (8, 27),
    Item.SUMMARY: (10, 12),
    Item.EVIDENCE: (10, 12),
}
#: Texts and limits a new year takes over; theme and document number belong to their year.
TAKEN_OVER = (
    "host", "contact", "intro", "privacy", "footer", "root_files", "video_limit_mb",
    "retention_months",
)  # fmt: skip


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a file of the product's own data."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def setup(year: int | None = None) -> Campaign:
    """Load places and known holidays and, where there is no campaign yet, that of ``year``.

    Running it twice changes nothing. With a year, that year's campaign is added from the
    product's own list of bodies unless it exists.
    """
    for row in rows("places.csv"):
        values = {**row, "position": int(row["position"]), "code": row["code"] or None}
        db.session.execute(insert(Place).values(values).on_conflict_do_nothing())
    if db.session.scalar(sa.select(Holiday.day).limit(1)) is None:
        _add_holidays()
    newest = db.session.scalar(sa.select(sa.func.max(Campaign.year)))
    year = year or newest or local(now()).year
    campaign = db.session.scalar(sa.select(Campaign).filter_by(year=year)) or _create(year)
    for each in every():  # a year from before there were deadlines has none
        if not deadlines(each):
            _set_usual(each)
    return campaign


def _set_usual(campaign: Campaign) -> None:
    for item, (month, day) in USUAL_DUE.items():
        due = datetime(campaign.year, month, day, tzinfo=ZONE)
        set_deadline(campaign, [item], due, audit.SYSTEM)


def _add_holidays() -> None:
    for row in rows("holidays.csv"):
        values = {
            "day": date.fromisoformat(row["date"]),
            "kind": DayKind(row["kind"]),
            "name": row["name_zh"],
            "verified": row["verified"] == "yes",
        }
        db.session.execute(insert(Holiday).values(values).on_conflict_do_nothing())


def _create(year: int) -> Campaign:
    """Add a campaign from the product's list of bodies, unless another server just has."""
    campaign = _new(year)
    if campaign is None:
        return of_year(year)
    campaign.opened_at = now()
    by_name = {place.name: place.id for place in db.session.scalars(sa.select(Place))}
    for row in rows("bodies.csv"):
        db.session.add(
            Body(
                campaign_id=campaign.id,
                place_id=by_name[row["place"]],
                position=int(row["position"]),
                name=row["name"],
                kind=BodyKind(row["kind"]),
            )
        )
    db.session.flush()
    return campaign


def _new(year: int) -> Campaign | None:
    """Add the row of a year, or return None when there is one."""
    added = insert(Campaign).values(
        public_id=f"campaign-{year}",
        year=year,
        name=f"{year}年质量月",
        starts_on=date(year, 9, 1),
        ends_on=date(year, 9, 30),
    )
    number = db.session.scalar(added.on_conflict_do_nothing().returning(Campaign.id))
    return db.session.get(Campaign, number) if number else None


def copy(source: Campaign, year: int, actor: Actor) -> Campaign:
    """Add the campaign of ``year`` with the bodies, texts and (moved) dates of ``source``.

    It stays closed until :func:`open_year`; raises :class:`Conflict` when the year exists.
    """
    campaign, by = _new(year), year - source.year
    if campaign is None:
        raise Conflict(
            "year_exists", N_("This year exists already. Choose it from the list of years.")
        )
    campaign.starts_on = _moved(source.starts_on, by)
    campaign.ends_on = max(campaign.starts_on, _moved(source.ends_on, by))
    for name in TAKEN_OVER:
        setattr(campaign, name, getattr(source, name))
    for body in db.session.scalars(sa.select(Body).filter_by(campaign_id=source.id)):
        taken = {k: getattr(body, k) for k in ("place_id", "position", "name", "kind", "sees_city")}
        db.session.add(Body(campaign_id=campaign.id, **taken))
    for item, due in deadlines(source).items():
        # 24:00 of a day is moved as that day: 28 February does not become 29 February.
        at = local(due) - (_DAY if (midnight := local(due).time() == time()) else timedelta())
        moved = datetime.combine(_moved(at.date(), by), at.time())
        set_deadline(campaign, [item], from_local(moved + _DAY * midnight), actor)
    audit.record("campaign.copy", "campaign", campaign.public_id, actor=actor, source=source.year)
    db.session.flush()
    return campaign


def _moved(day: date, years: int) -> date:
    """Return the same day of another year; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def open_year(campaign: Campaign, actor: Actor) -> None:
    """Let the bodies see the campaign; it is the current one until a later year is open."""
    if campaign.opened_at is None:
        campaign.opened_at = now()
        audit.record("campaign.open", "campaign", campaign.public_id, actor=actor)


def _newest_open(*what: Any) -> sa.Select[Any]:
    newest_first = sa.select(*what).order_by(Campaign.year.desc()).limit(1)
    return newest_first.where(Campaign.opened_at.is_not(None))


def front() -> sa.Row[Any] | None:
    """Return year, name and footer of the current campaign: what every page shows of it."""
    wanted = _newest_open(Campaign.year, Campaign.name, Campaign.footer)
    return db.session.execute(wanted).first()


def root_file(name: str) -> str | None:
    """Return the content of a text file the current campaign puts at the root of the site."""
    files = db.session.scalar(_newest_open(Campaign.root_files)) or {}
    content: str | None = files.get(name)
    return content


def current() -> Campaign:
    """Return the newest open campaign; raise :class:`Unavailable` before ``flask setup``."""
    campaign: Campaign | None = db.session.scalar(_newest_open(Campaign))
    if campaign is None:
        raise Unavailable(
            "no_campaign", N_("The system is not set up yet. Tell the administrator to run setup.")
        )
    return campaign


def of_year(year: int) -> Campaign:
    """Return the campaign of a year, open or not, or raise :class:`NotFound`."""
    campaign = db.session.scalar(sa.select(Campaign).filter_by(year=year))
    if campaign is None:
        raise NotFound("unknown_year", N_("There is no Quality Month of this year yet."))
    return campaign


def every() -> list[Campaign]:
    """Return all campaigns, the newest first."""
    return list(db.session.scalars(sa.select(Campaign).order_by(Campaign.year.desc())))


def set_deadline(
    campaign: Campaign,
    items: Iterable[Item],
    due_at: datetime,
    actor: Actor,
    *,
    body: Body | None = None,
    reason: str = "",
) -> None:
    """Set the instant ``items`` are due, for every body or, with a reason, for one."""
    for item in items:
        db.session.add(
            Deadline(
                campaign_id=campaign.id,
                item=item,
                body_id=body and body.id,
                due_at=due_at,
                reason=reason.strip(),
                user_id=actor.id or None,
            )
        )
        if actor is not audit.SYSTEM:
            subject = body.public_id if body else campaign.public_id
            audit.record("deadline.set", "body" if body else "campaign", subject, actor=actor,
                         item=item, due_at=due_at)  # fmt: skip
    db.session.flush()


def deadlines(campaign: Campaign) -> dict[Item, datetime]:
    """Return when each item is due for a body without extension."""
    return {item: due for (item, body), due in _newest(campaign).items() if body is None}


def deadlines_of_bodies(campaign: Campaign) -> dict[tuple[int, Item], datetime]:
    """Return the instant that holds for each body (by its number) and item.

    An extension is never earlier than the deadline of all: of both the later holds.
    """
    newest = _newest(campaign)
    general = {item: due for (item, body), due in newest.items() if body is None}
    bodies = db.session.scalars(sa.select(Body.id).filter_by(campaign_id=campaign.id))
    return {
        (body, item): max(due, newest.get((item, body), due))
        for body in bodies
        for item, due in general.items()
    }


def _newest(campaign: Campaign) -> dict[tuple[Item, int | None], datetime]:
    found = db.session.execute(
        sa.select(Deadline.item, Deadline.body_id, Deadline.due_at)
        .filter_by(campaign_id=campaign.id)
        .order_by(Deadline.id)
    )
    return {(row.item, row.body_id): row.due_at for row in found}
