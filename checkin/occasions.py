"""Occasions: create, change, find, and draw what depends on their secret."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from campaign.campaigns import current as current_campaign
from checkin.models import Checkpoint, Device, Occasion
from checkin.models.occasion import Kind
from core import audit, vault
from core.access import Actor, Role, Scope
from core.clock import now
from core.db import db
from core.errors import N_, Conflict, InvalidInput, NotFound

#: Name of the checkpoint that every occasion has from the start.
SIGN_IN = "签到"


@dataclass(frozen=True, kw_only=True)
class Details:
    """What an organiser says of an occasion on its one screen."""

    kind: Kind
    title: str
    starts_at: datetime
    ends_at: datetime
    sign_in_opens_at: datetime
    sign_in_closes_at: datetime
    registration_opens_at: datetime
    registration_closes_at: datetime
    venue: str
    series: str = ""
    host: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    place_id: int | None = None
    address: str = ""
    map_url: str = ""
    capacity: int | None = None
    wear: str = ""
    safety: str = ""
    traffic: str = ""


def problems(details: Details) -> dict[str, str]:
    """Return what contradicts itself, as message ids by field."""
    found = {}
    if details.ends_at <= details.starts_at:
        found["ends_at"] = N_("The end must be after the start.")
    if details.sign_in_closes_at <= details.sign_in_opens_at:
        found["sign_in_closes_at"] = N_("Check-in must close after it opens.")
    elif details.sign_in_closes_at > details.ends_at:
        found["sign_in_closes_at"] = N_("Check-in must close before the session ends.")
    if details.sign_in_opens_at > details.ends_at:
        found["sign_in_opens_at"] = N_("Check-in must open before the session ends.")
    if details.registration_closes_at <= details.registration_opens_at:
        found["registration_closes_at"] = N_("Registration must close after it opens.")
    elif details.registration_closes_at > details.ends_at:
        found["registration_closes_at"] = N_("Registration must close before the session ends.")
    return found


def _checked(details: Details) -> Details:
    if found := problems(details):
        raise InvalidInput(
            "occasion_times",
            N_("Some times contradict each other. Correct the marked fields."),
            fields=found,
        )
    return details


def create(details: Details, actor: Actor) -> Occasion:
    """Add an occasion that works at the door at once: its checkpoint 签到 exists."""
    values = vars(_checked(details))
    occasion = Occasion(
        campaign_id=current_campaign().id,
        secret_wrapped=vault.wrap(secrets.token_bytes(32)),
        **values,
    )
    occasion.checkpoints.append(
        Checkpoint(
            name=SIGN_IN, opens_at=details.sign_in_opens_at, closes_at=details.sign_in_closes_at
        )
    )
    db.session.add(occasion)
    db.session.flush()
    audit.record("create", "occasion", occasion.public_id, actor=actor)
    return occasion


def change(occasion: Occasion, details: Details, actor: Actor) -> None:
    """Change an occasion; tickets stay valid and the checkpoint 签到 follows its hours."""
    values = vars(_checked(details))
    changed = sorted(name for name, value in values.items() if getattr(occasion, name) != value)
    if details.capacity is not None and details.capacity < occasion.taken:
        raise InvalidInput(
            "capacity_below_taken",
            N_("Some fields need a correction."),
            fields={"capacity": N_("More people are registered already. Enter a larger number.")},
        )
    for name in changed:
        setattr(occasion, name, values[name])
    for checkpoint in occasion.checkpoints:
        if checkpoint.name == SIGN_IN:
            checkpoint.opens_at = details.sign_in_opens_at
            checkpoint.closes_at = details.sign_in_closes_at
    if changed:
        audit.record("change", "occasion", occasion.public_id, actor=actor, fields=changed)


def secret(occasion: Occasion) -> bytes:
    """Return the key from which the codes of this occasion are drawn."""
    return vault.unwrap(occasion.secret_wrapped)


def find(public_id: str) -> Occasion:
    """Return the occasion of a public address, or raise :class:`NotFound`."""
    occasion = db.session.scalar(
        sa.select(Occasion)
        .where(Occasion.public_id == public_id)
        .options(sa.orm.selectinload(Occasion.checkpoints))
    )
    if occasion is None:
        raise _unknown()
    return occasion


def _unknown() -> NotFound:
    return NotFound(
        "unknown_occasion",
        N_("There is no such session. Choose one from the list of sessions."),
    )


def find_for(public_id: str, actor: Actor) -> Occasion:
    """Return an occasion the actor may manage; another one is as unknown as none."""
    occasion = find(public_id)
    if not manages(actor, occasion):
        raise _unknown()
    return occasion


def manages(actor: Actor, occasion: Occasion) -> bool:
    """Say whether the actor runs this occasion: the office any, an organiser their own."""
    return actor.has(Role.OFFICE, Role.ADMIN) or actor.may(
        Role.ORGANISER, Scope.OCCASION, occasion.id
    )


def managed_by(actor: Actor) -> list[Occasion]:
    """Return the occasions the actor runs, the next one first, past ones last."""
    query = sa.select(Occasion).order_by(Occasion.ends_at < now(), Occasion.starts_at)
    if not actor.has(Role.OFFICE, Role.ADMIN):
        mine = [held.scope_id for held in actor.grants if held.scope == Scope.OCCASION]
        query = query.where(Occasion.id.in_(mine))
    return list(db.session.scalars(query))


def listed() -> list[Occasion]:
    """Return what the public may come to: not over for more than a day, the next one first."""
    return list(
        db.session.scalars(
            sa.select(Occasion)
            .where(Occasion.ends_at > now() - timedelta(days=1))
            .order_by(Occasion.ends_at < now(), Occasion.starts_at)
        )
    )


def lock(occasion_id: int) -> None:
    """Make everyone else who registers for, or walks into, this occasion wait until we are done.

    What is read after it sees all that was committed before. SQLite has one writer anyway.
    """
    db.session.execute(
        sa.select(Occasion.id).where(Occasion.id == occasion_id).with_for_update(key_share=True)
    )


def take_place(occasion_id: int) -> None:
    """Take one place under the capacity, or raise :class:`Conflict`; never oversells."""
    taken = db.session.scalar(
        sa.update(Occasion)
        .where(
            Occasion.id == occasion_id,
            sa.or_(Occasion.capacity.is_(None), Occasion.taken < Occasion.capacity),
        )
        .values(taken=Occasion.taken + 1)
        .returning(Occasion.taken)
    )
    if taken is None:
        raise Conflict(
            "full",
            N_("All places are taken. Call the contact person, or choose another session."),
        )


def free_place(occasion_id: int) -> None:
    """Give one place back."""
    db.session.execute(
        sa.update(Occasion).where(Occasion.id == occasion_id).values(taken=Occasion.taken - 1)
    )


def registration_state(occasion: Occasion) -> str:
    """Return ``open``, ``not_yet``, ``closed`` or ``full`` at this moment."""
    at = now()
    if at < occasion.registration_opens_at:
        return "not_yet"
    if at >= occasion.registration_closes_at:
        return "closed"
    full = occasion.capacity is not None and occasion.taken >= occasion.capacity
    return "full" if full else "open"


def devices(occasion: Occasion) -> list[Device]:
    """Return the gates of an occasion in the order they were made."""
    return list(
        db.session.scalars(
            sa.select(Device).where(Device.occasion_id == occasion.id).order_by(Device.id)
        )
    )
