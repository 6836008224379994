"""What the rules of the door need to know of one scan, gathered in one statement."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from checkin import code, registrations
from checkin.admission import Facts
from checkin.models import Attendance, Checkpoint, Occasion, Registration, Scan
from checkin.models.occasion import Profile
from core.db import db
from core.errors import N_, InvalidInput

if TYPE_CHECKING:
    from checkin.devices import Gate
    from checkin.scans import Request, WalkIn


@dataclass(frozen=True)
class Found:
    """The row of facts: all that the rules and the answer need."""

    checkpoint: Checkpoint
    capacity: int | None
    expected: int
    present: int
    replay: Scan | None
    registration: Registration | None
    attendance: Attendance | None


def look_up(request: "Request", gate: "Gate", known: Registration | None = None) -> Found:
    """Return the facts of a request, with the stored answer of its nonce if there is one."""
    which = Registration.id == known.id if known is not None else _named(request)
    present = (
        sa.select(sa.func.count())
        .select_from(Attendance)
        .where(Attendance.checkpoint_id == Checkpoint.id)
        .correlate(Checkpoint)
        .scalar_subquery()
    )
    row = db.session.execute(
        sa.select(
            Checkpoint, Occasion.capacity, Occasion.taken, present, Scan, Registration, Attendance
        )
        .join(Occasion, Occasion.id == Checkpoint.occasion_id)
        .outerjoin(Scan, sa.and_(Scan.device_id == gate.device_id, Scan.nonce == request.nonce))
        .outerjoin(Registration, which)
        .outerjoin(
            Attendance,
            sa.and_(
                Attendance.checkpoint_id == Checkpoint.id,
                Attendance.registration_id == Registration.id,
            ),
        )
        .where(Checkpoint.public_id == request.checkpoint)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        message = N_("There is no such checkpoint. Pair the phone again.")
        raise InvalidInput("unknown_checkpoint", message, fields={"checkpoint": message})
    return Found(*row)


def _named(request: "Request") -> sa.ColumnElement[bool]:
    """Return the condition that finds the registration the request speaks of."""
    if request.registration is not None:
        return Registration.public_id == request.registration
    text = request.code or ""
    if normal := code.normalise(text):
        return Registration.code_hash == code.digest(normal)
    if short := code.normalise_short(text):
        return sa.and_(
            Registration.short_code == short, Registration.occasion_id == Checkpoint.occasion_id
        )
    return sa.false()


def on_the_list(person: "WalkIn", found: Found) -> Found:
    """Find the walk-in among the registered, so that one person is one row whatever happens."""
    known = registrations.find_person(
        found.checkpoint.occasion_id, person.name, person.unit, person.mobile
    )
    if known is None:
        return found
    attendance = db.session.get(Attendance, (found.checkpoint.id, known.id))
    return replace(found, registration=known, attendance=attendance)


def gather(request: "Request", found: Found, gate: "Gate") -> Facts:
    """Return what :func:`checkin.admission.decide` asks for."""
    registration, attendance, checkpoint = found.registration, found.attendance, found.checkpoint
    stranger = request.walk_in is not None and registration is None
    return Facts(
        known=registration is not None,
        same_occasion=registration is None or registration.occasion_id == checkpoint.occasion_id,
        same_checkpoint=checkpoint.id == gate.checkpoint_id,
        state=registration.state if registration else None,
        blocked=registration is not None and registration.blocked,
        opens=checkpoint.opens_at,
        closes=checkpoint.closes_at,
        direction=request.direction,
        since=attendance.first_in if attendance else None,
        gate=attendance.gate if attendance else None,
        walk_in=stranger,
        over_capacity=stranger and registrations.is_full(checkpoint.occasion_id),
        supervised=gate.profile is Profile.SUPERVISOR
        or bool(request.walk_in and request.walk_in.supervisor.strip()),
    )
