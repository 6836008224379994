"""Registrations: take a place, give it back, and find a person at the door."""

import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from checkin import code, occasions, tickets
from checkin.admission import State
from checkin.models import Attendance, Occasion, Registration
from core import audit
from core.access import Actor
from core.clock import now
from core.db import db
from core.errors import N_, Conflict, InvalidInput
from core.personal import clean_name, initials, name_key


@dataclass(frozen=True, kw_only=True)
class Person:
    """What a form says of a person; name and mobile are checked already."""

    name: str
    employer: str
    mobile: str | None = None
    post: str = ""
    place_id: int | None = None


#: The holder of a ticket acts by the secret of their link.
HOLDER = Actor("holder")


def register(occasion: Occasion, person: Person) -> tuple[Registration, bool]:
    """Take a place for ``person`` and return the registration and whether it is new.

    Sending the same name and mobile again returns the first registration: a second tap, or a
    form sent once more after a lost answer, makes no second ticket. Nor does somebody who was
    entered at the door without a mobile and registers afterwards.
    """
    _check_open(occasion)
    occasions.lock(occasion.id)
    known = find_person(occasion.id, person.name, person.employer, person.mobile)
    if known is not None:
        known.mobile = known.mobile or person.mobile
        return known, False
    occasions.take_place(occasion.id)
    registration = add(occasion, person, acknowledged_at=now())
    audit.record("register", "registration", registration.public_id, actor=HOLDER)
    return registration, True


def _check_open(occasion: Occasion) -> None:
    state = occasions.registration_state(occasion)
    if state == "not_yet":
        raise Conflict(
            "registration_not_open", N_("Registration is not open yet. Come back later.")
        )
    if state == "closed":
        raise Conflict(
            "registration_closed",
            N_("Registration is closed. Call the contact person, or come to the door."),
        )


def add(occasion: Occasion, person: Person, **more: object) -> Registration:
    """Insert an accepted registration and draw its ticket; the caller has taken the place."""
    registration = Registration(
        occasion_id=occasion.id,
        name=clean_name(person.name),
        name_key=name_key(person.name),
        initials=initials(person.name),
        mobile=person.mobile,
        employer=person.employer.strip(),
        employer_key=name_key(person.employer),
        post=person.post.strip(),
        place_id=person.place_id,
        state=State.ACCEPTED,
        issue_no=1,
        short_code=code.short_code(secrets.token_bytes(5)),
        **more,
    )
    db.session.add(registration)
    db.session.flush()
    tickets.draw(registration, occasion)
    return registration


def withdraw(registration: Registration, actor: Actor = HOLDER) -> None:
    """Give the place back: the ticket is void from now on.

    The row is locked first, so that a scan at the same moment either sees the withdrawal or
    makes it fail.
    """
    db.session.refresh(registration, with_for_update=True)
    if registration.state != State.ACCEPTED:
        raise Conflict(
            "already_withdrawn",
            N_("This registration is cancelled already. Nothing is left to do."),
        )
    if db.session.scalar(
        sa.select(Attendance.registration_id).where(Attendance.registration_id == registration.id)
    ):
        raise Conflict(
            "already_attended",
            N_("You have checked in already, so the place cannot be given back."),
        )
    registration.state, registration.cancelled_at = State.CANCELLED, now()
    db.session.flush()
    if not registration.walk_in:
        occasions.free_place(registration.occasion_id)
    audit.record("withdraw", "registration", registration.public_id, actor=actor)


def find_person(
    occasion_id: int, name: str, employer: str, mobile: str | None
) -> Registration | None:
    """Return the living registration of a person by name and mobile, or by name and employer.

    Two mobiles that differ are two people, even of one name and employer.
    """
    same = Registration.employer_key == name_key(employer)
    if mobile:
        same = sa.or_(Registration.mobile == mobile, sa.and_(same, Registration.mobile.is_(None)))
    return db.session.scalar(
        sa.select(Registration)
        .where(
            Registration.occasion_id == occasion_id,
            Registration.name_key == name_key(name),
            Registration.state.in_([State.ACCEPTED, State.WAITLISTED]),
            same,
        )
        .order_by(Registration.walk_in, Registration.id)
        .limit(1)
    )


def is_full(occasion_id: int) -> bool:
    """Say whether registered people and walk-ins together fill the occasion."""
    walked_in = (
        sa.select(sa.func.count())
        .where(
            Registration.occasion_id == Occasion.id,
            Registration.walk_in,
            Registration.state == State.ACCEPTED,
        )
        .correlate(Occasion)
        .scalar_subquery()
    )
    full = sa.select(Occasion.taken + walked_in >= Occasion.capacity).where(
        Occasion.id == occasion_id
    )
    return bool(db.session.scalar(full))


def walk_in(occasion_id: int, person: Person, *, reason: str, beyond: bool) -> Registration:
    """Add somebody who came unregistered; beyond the capacity it raises ``overrun``."""
    occasion = db.session.get_one(Occasion, occasion_id)
    registration = add(occasion, person, walk_in=True, walk_in_reason=reason)
    if beyond:
        _move_overrun(occasion_id, 1)
    return registration


def undo_walk_in(registration_id: int, *, beyond: bool) -> None:
    """Cancel a walk-in that was entered by mistake."""
    registration = db.session.get_one(Registration, registration_id)
    if not registration.walk_in:
        return
    registration.state, registration.cancelled_at = State.CANCELLED, now()
    db.session.flush()
    if beyond:
        _move_overrun(registration.occasion_id, -1)


def _move_overrun(occasion_id: int, by: int) -> None:
    db.session.execute(
        sa.update(Occasion).where(Occasion.id == occasion_id).values(overrun=Occasion.overrun + by)
    )


def set_blocked(registration: Registration, blocked: bool, actor: Actor) -> None:
    """Bar a ticket at the door, or open it again; the place stays."""
    registration.blocked = blocked
    audit.record(
        "block" if blocked else "unblock", "registration", registration.public_id, actor=actor
    )


SEARCH_LIMIT = 20


def search(occasion_id: int, text: str) -> list[tuple[Registration, Attendance | None]]:
    """Find people of an occasion by short code, name, pinyin initials or the end of the mobile.

    Raises :class:`InvalidInput` for less than two characters or four digits: nobody browses the
    roster from a phone at the door.
    """
    query = (
        sa.select(Registration, Attendance)
        .outerjoin(Attendance, Attendance.registration_id == Registration.id)
        .where(Registration.occasion_id == occasion_id, _matches(text))
        .order_by(Registration.state != State.ACCEPTED, Registration.name, Registration.id)
        .limit(SEARCH_LIMIT)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def _matches(text: str) -> sa.ColumnElement[bool]:
    key = name_key(text)
    if key.isdigit() and len(key) == 11:
        return Registration.mobile == key
    if key.isdigit() and len(key) == 4:
        return Registration.mobile.endswith(key)
    short = code.normalise_short(text)
    if key.isdigit() and short is None:
        raise _too_short()
    if len(key) < 2:
        raise _too_short()
    found = Registration.name_key.contains(key, autoescape=True)
    if key.isascii() and key.isalpha():
        found = sa.or_(found, Registration.initials.startswith(key, autoescape=True))
    if short is not None:
        found = sa.or_(found, Registration.short_code == short)
    return found


def _too_short() -> InvalidInput:
    return InvalidInput(
        "search_too_short",
        N_(
            "Type at least two characters of the name, its pinyin initials, the last four digits "
            "of the mobile, or the short code."
        ),
    )
