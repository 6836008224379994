"""What the door holds about the holder of a ticket: seeing, correcting and deleting it."""

from typing import Any

import sqlalchemy as sa

from checkin import registrations, retention
from checkin.admission import State
from checkin.models import Attendance, Occasion, Registration, Scan
from checkin.registrations import HOLDER
from core import audit
from core.clock import now
from core.db import db
from core.errors import N_, Conflict
from core.personal import name_key
from core.sealed import plain

#: Stands in the list where the name of somebody was who never came and asked to be deleted.
NOBODY = "（已删除）"


def has_come(registration: Registration) -> bool:
    """Say whether the person is on the sign-in record."""
    came = sa.select(Attendance.registration_id).filter_by(registration_id=registration.id)
    return db.session.scalar(came.limit(1)) is not None


def is_erased(registration: Registration) -> bool:
    """Say whether name and unit are gone for good."""
    return registration.name == NOBODY


def can_delete(registration: Registration) -> bool:
    """Say whether there is anything left that may be deleted."""
    numbered = bool(registration.mobile) and not retention.is_forgotten(registration)
    return not is_erased(registration) and (numbered or not has_come(registration))


def copy(registration: Registration, occasion: Occasion) -> dict[str, Any]:
    """Return everything about the holder as plain values."""
    kept = (
        "name", "mobile", "employer", "post", "state", "walk_in", "walk_in_reason", "blocked",
        "short_code", "issue_no", "acknowledged_at", "created_at", "cancelled_at",
    )  # fmt: skip
    values = {name: plain(getattr(registration, name)) for name in kept}
    if retention.is_forgotten(registration):
        values["mobile"] = None
    return {
        "session": {
            name: plain(getattr(occasion, name))
            for name in ("title", "starts_at", "ends_at", "venue", "host")
        },
        "registration": values,
        "attendance": _rows(Attendance, ("first_in", "last_out", "gate"), registration),
        "at_the_door": _rows(
            Scan, ("effective_at", "direction", "source", "verdict", "reason"), registration
        ),
        "mobile_kept_until": plain(retention.kept_until(occasion)),
    }


def _rows(model: Any, names: tuple[str, ...], registration: Registration) -> list[dict[str, Any]]:
    columns = [getattr(model, name) for name in names]
    found = db.session.execute(
        sa.select(*columns).filter_by(registration_id=registration.id).order_by(columns[0])
    )
    return [plain(dict(row._mapping)) for row in found]


def correct(registration: Registration, *, employer: str, post: str, mobile: str) -> list[str]:
    """Correct unit, post and, where it is still kept, the mobile; return what changed.

    An empty ``mobile`` leaves the number as it is. Raises :class:`Conflict` when somebody of
    this name holds a place with the new number, or when the data is deleted.
    """
    db.session.refresh(registration, with_for_update=True)
    if is_erased(registration):
        raise _nothing_left()
    wish = {"employer": employer.strip(), "post": post.strip()}
    if mobile and mobile != registration.mobile and not retention.is_forgotten(registration):
        _check_single(registration, mobile)
        wish["mobile"] = mobile
    changed = [field for field, value in wish.items() if getattr(registration, field) != value]
    for field in changed:
        setattr(registration, field, wish[field])
    registration.employer_key = name_key(registration.employer)
    if changed:
        audit.record(
            "correct", "registration", registration.public_id, actor=HOLDER, fields=changed
        )
    db.session.flush()
    return changed


def _check_single(registration: Registration, mobile: str) -> None:
    """Keep the rule of one living place for a name and mobile."""
    other = sa.select(Registration.id).where(
        Registration.occasion_id == registration.occasion_id,
        Registration.name_key == registration.name_key,
        Registration.mobile == mobile,
        Registration.state.in_([State.ACCEPTED, State.WAITLISTED]),
        Registration.id != registration.id,
    )
    if db.session.scalar(other.limit(1)) is not None:
        raise Conflict(
            "registered_already",
            N_("Somebody of this name is registered with this number already. Use that ticket."),
        )


def delete(registration: Registration, occasion: Occasion) -> None:
    """Forget the holder as far as the record allows, in the caller's transaction.

    The mobile goes at once. Who never came gives the place back, if it is still of use, and
    loses name and unit; who has come stays on the sign-in record of the session by name.
    """
    db.session.refresh(registration, with_for_update=True)
    if not can_delete(registration):
        raise _nothing_left()
    came = has_come(registration)
    if not came:
        if registration.state == State.ACCEPTED and occasion.ends_at > now():
            registrations.withdraw(registration)
        elif registration.state in (State.WAITLISTED, State.DRAFT):
            registration.state, registration.cancelled_at = State.CANCELLED, now()
        registration.name, registration.initials = NOBODY, ""
        # Of two deleted walk-ins each stays a row of its own.
        registration.name_key = name_key(NOBODY) + retention.stand_in(registration)
        registration.employer = registration.employer_key = registration.post = ""
        registration.walk_in_reason = ""
    registration.mobile = retention.stand_in(registration)
    db.session.flush()
    audit.record("delete", "registration", registration.public_id, actor=HOLDER, came=came)


def _nothing_left() -> Conflict:
    return Conflict(
        "data_deleted",
        N_("This data is deleted already. Nothing is left to do."),
    )
