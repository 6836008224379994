"""One scan from request to record: replay, look up, decide, admit, store.

Four statements on the way: the gate (before), the facts with any stored answer of the same
nonce, the admission under its primary key, the scan itself. A refusal is a value: it is stored
and answered like an admission.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from checkin import code, registrations
from checkin.admission import Direction, Facts, Reason, State, Verdict, Word, decide
from checkin.devices import Gate
from checkin.models import Attendance, Checkpoint, Occasion, Registration, Scan
from checkin.models.attendance import Source
from checkin.models.occasion import Profile
from core.clock import now
from core.db import UTCDateTime, db, insert, public_id
from core.errors import N_, Conflict, InvalidInput, NotFound


@dataclass(frozen=True, kw_only=True)
class WalkIn:
    """A person who is not on the list (现场补登)."""

    name: str
    unit: str
    mobile: str | None = None
    reason: str = ""
    #: Who allowed the entry beyond the capacity.
    supervisor: str = ""


@dataclass(frozen=True, kw_only=True)
class Request:
    """One act at the door, from whatever route: the API, a page, WeChat."""

    checkpoint: str
    nonce: str
    direction: Direction = Direction.IN
    source: Source = Source.QR
    #: Ticket code, link, or short code as it was read or typed.
    code: str | None = None
    #: Public id of a registration picked from the search.
    registration: str | None = None
    walk_in: WalkIn | None = None
    online: bool = True
    clock: dict[str, Any] | None = None


@dataclass(frozen=True)
class Attendee:
    """What the door may see of a person."""

    name: str
    unit: str


@dataclass(frozen=True)
class Answer:
    """What a scan tells the door; ``scan`` is the public id of the stored record."""

    verdict: Verdict
    attendee: Attendee | None
    expected: int
    present: int
    scan: str


class Twin(Conflict):
    """The same act is being recorded at this very moment: run again, the answer is there."""

    def __init__(self) -> None:
        super().__init__("twin", N_("The same scan is being recorded. Send it again."))


@dataclass(frozen=True)
class _Found:
    """The row of facts: all that the rules and the answer need."""

    checkpoint: Checkpoint
    capacity: int | None
    expected: int
    present: int
    replay: Scan | None
    registration: Registration | None
    attendance: Attendance | None


def record(request: Request, gate: Gate) -> Answer:
    """Decide one scan and store it; a repeated nonce gets its stored answer and writes nothing.

    Raises :class:`Twin` when an identical act wins the race: the caller rolls back and runs again
    (:func:`checkin.views.scanning.record`).
    """
    received = now()
    found = _look_up(request, gate)
    if found.replay is not None:
        return stored(found.replay)
    if request.walk_in is not None:
        found = _on_the_list(request.walk_in, found)
    verdict = decide(_facts(request, found, gate), received)
    if verdict.word is Word.ADMITTED:
        if found.registration is None:
            found = replace(found, registration=_enter(request, found, verdict))
        if not claim(_place(found, gate, received)):
            # Another gate, or a withdrawal, was first; its commit is visible now.
            found = _look_up(request, gate, found.registration)
            verdict = decide(_facts(request, found, gate), received)
            if verdict.word is Word.ADMITTED:
                raise Twin
    return _store(request, found, gate, verdict, received)


def _look_up(request: Request, gate: Gate, known: Registration | None = None) -> _Found:
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
    return _Found(*row)


def _named(request: Request) -> sa.ColumnElement[bool]:
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


def _on_the_list(person: WalkIn, found: _Found) -> _Found:
    """Find the walk-in among the registered, so that one person is one row whatever happens."""
    known = registrations.find_person(
        found.checkpoint.occasion_id, person.name, person.unit, person.mobile
    )
    if known is None:
        return found
    attendance = db.session.get(Attendance, (found.checkpoint.id, known.id))
    return replace(found, registration=known, attendance=attendance)


def _facts(request: Request, found: _Found, gate: Gate) -> Facts:
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


def _enter(request: Request, found: _Found, verdict: Verdict) -> Registration:
    person = request.walk_in
    assert person is not None  # noqa: S101 (only a walk-in is admitted without a registration)
    try:
        return registrations.walk_in(
            found.checkpoint.occasion_id,
            registrations.Person(name=person.name, employer=person.unit, mobile=person.mobile),
            reason="；".join(part for part in (person.reason, person.supervisor) if part.strip()),
            beyond=verdict.reason is Reason.OVER_CAPACITY,
        )
    except IntegrityError as error:  # two gates enter the same person at once
        raise Twin from error


def _place(found: _Found, gate: Gate, at: datetime) -> sa.Select[*tuple[Any, ...]]:
    """Return the row to admit, read once more under a share lock.

    So what was decided still holds when it is written; SQLite has one writer and needs no lock.
    """
    assert found.registration is not None  # noqa: S101 (somebody is admitted)
    return (
        sa.select(
            sa.literal(found.checkpoint.id),
            Registration.id,
            sa.literal(at, UTCDateTime()),
            sa.literal(gate.name),
        )
        .where(
            Registration.id == found.registration.id,
            Registration.state == State.ACCEPTED,
            sa.not_(Registration.blocked),
        )
        .with_for_update(read=True)
    )


def claim(row: sa.Select[*tuple[Any, ...]]) -> bool:
    """Insert an attendance unless the person has one: the guard of the door."""
    return (
        db.session.scalar(
            insert(Attendance)
            .from_select(["checkpoint_id", "registration_id", "first_in", "gate"], row)
            .on_conflict_do_nothing()
            .returning(Attendance.registration_id)
        )
        is not None
    )


def _store(
    request: Request, found: _Found, gate: Gate, verdict: Verdict, received: datetime
) -> Answer:
    admitted = verdict.word is Word.ADMITTED
    # Somebody of another occasion is no business of this gate: no name is kept or shown.
    ours = found.registration if verdict.reason is not Reason.WRONG_OCCASION else None
    since = received if admitted else verdict.since
    facts = {
        "since": since.isoformat() if since else None,
        "gate": gate.name if admitted else verdict.gate,
        "expected": found.expected,
        "present": found.present + admitted,
    }
    values = {
        "public_id": public_id(),
        "checkpoint_id": found.checkpoint.id,
        "registration_id": ours.id if ours else None,
        "device_id": gate.device_id,
        "direction": request.direction,
        "source": request.source,
        "clock": request.clock or {},
        "received_at": received,
        "effective_at": received,
        "uncertain": not request.online,
        "nonce": request.nonce,
        "online": request.online,
        "verdict": verdict.word,
        "reason": verdict.reason,
        "facts": facts,
    }
    scan = db.session.scalar(insert(Scan).values(values).on_conflict_do_nothing().returning(Scan))
    if scan is None:
        return _twin(request, gate, admitted=admitted)
    return _answer(scan, ours, found.checkpoint)


def _twin(request: Request, gate: Gate, *, admitted: bool) -> Answer:
    """Answer for a nonce that another request has just stored."""
    if admitted:
        raise Twin  # roll our admission back; the next run finds the stored answer
    twin = db.session.scalar(
        sa.select(Scan).where(Scan.device_id == gate.device_id, Scan.nonce == request.nonce)
    )
    if twin is None:
        raise Twin
    return stored(twin)


def stored(scan: Scan) -> Answer:
    """Return the answer a stored scan gave."""
    return _answer(
        scan,
        db.session.get(Registration, scan.registration_id) if scan.registration_id else None,
        db.session.get_one(Checkpoint, scan.checkpoint_id),
    )


def _answer(scan: Scan, person: Registration | None, checkpoint: Checkpoint) -> Answer:
    since = scan.facts["since"]
    return Answer(
        verdict=Verdict(
            scan.verdict,
            scan.reason,
            datetime.fromisoformat(since) if since else None,
            scan.facts["gate"],
            checkpoint.opens_at,
        ),
        attendee=Attendee(person.name, person.employer) if person else None,
        expected=scan.facts["expected"],
        present=scan.facts["present"],
        scan=scan.public_id,
    )


def find(public_id: str, gate: Gate) -> Scan:
    """Return a scan of the gate's checkpoint, or raise :class:`NotFound`."""
    scan = db.session.scalar(
        sa.select(Scan).where(Scan.public_id == public_id, Scan.checkpoint_id == gate.checkpoint_id)
    )
    if scan is None:
        raise NotFound("unknown_scan", N_("There is no such record. Scan the ticket again."))
    return scan
