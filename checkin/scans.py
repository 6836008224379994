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

from checkin import occasions, registrations
from checkin.admission import Direction, Reason, State, Verdict, Word, decide
from checkin.devices import Gate
from checkin.facts import Found, gather, look_up, on_the_list
from checkin.models import Attendance, Checkpoint, Registration, Scan
from checkin.models.attendance import Source
from checkin.models.occasion import Profile
from core.clock import now
from core.db import UTCDateTime, db, insert, public_id
from core.errors import N_, Conflict, NotFound


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


def record(request: Request, gate: Gate) -> Answer:
    """Decide one scan and store it; a repeated nonce gets its stored answer and writes nothing.

    Raises :class:`Twin` when an identical act wins the race: the caller rolls back and runs again
    (:func:`checkin.views.scanning.record`).
    """
    received = now()
    found = look_up(request, gate)
    if found.replay is not None:
        return stored(found.replay)
    if request.walk_in is not None:
        occasions.lock(found.checkpoint.occasion_id)
        found = on_the_list(request.walk_in, found)
    verdict = decide(gather(request, found, gate), received)
    if verdict.word is Word.ADMITTED:
        if found.registration is None:
            found = replace(found, registration=_enter(request, found, gate, verdict))
        if not claim(_place(found, gate, received)):
            # Another gate, or a withdrawal, was first; its commit is visible now.
            found = look_up(request, gate, found.registration)
            verdict = decide(gather(request, found, gate), received)
            if verdict.word is Word.ADMITTED:
                raise Twin
    elif verdict.word is Word.LEFT and found.attendance is not None:
        found.attendance.last_out = received
    return _store(request, found, gate, verdict, received)


def _enter(request: Request, found: Found, gate: Gate, verdict: Verdict) -> Registration:
    person = request.walk_in
    assert person is not None  # noqa: S101 (only a walk-in is admitted without a registration)
    try:
        return registrations.walk_in(
            found.checkpoint.occasion_id,
            registrations.Person(name=person.name, employer=person.unit, mobile=person.mobile),
            reason="；".join(part for part in (person.reason, _allowed_by(person, gate)) if part),
            beyond=verdict.reason is Reason.OVER_CAPACITY,
        )
    except IntegrityError as error:  # two gates enter the same person at once
        raise Twin from error


def _allowed_by(person: WalkIn, gate: Gate) -> str:
    """Return who answers for an entry beyond the capacity: a name, or the supervisor's phone."""
    return person.supervisor or (gate.name if gate.profile is Profile.SUPERVISOR else "")


def _place(found: Found, gate: Gate, at: datetime) -> sa.Select[*tuple[Any, ...]]:
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
    request: Request, found: Found, gate: Gate, verdict: Verdict, received: datetime
) -> Answer:
    admitted = verdict.word is Word.ADMITTED
    # Somebody of another occasion is no business of this gate: no name is kept or shown.
    person = found.registration
    ours = person if person is not None and person.occasion_id == gate.occasion_id else None
    # Nor are the numbers of a checkpoint that is not its own.
    here = found.checkpoint.id == gate.checkpoint_id
    since = received if admitted else verdict.since if here else None
    facts = {
        "since": since.isoformat() if since else None,
        "gate": gate.name if admitted else verdict.gate if here else None,
        "expected": found.expected if here else 0,
        "present": found.present + admitted if here else 0,
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
    """Return an answered scan of the gate's checkpoint, or raise :class:`NotFound`."""
    scan = db.session.scalar(
        sa.select(Scan).where(
            Scan.public_id == public_id,
            Scan.checkpoint_id == gate.checkpoint_id,
            Scan.source != Source.UNDO,  # an undo answered nobody
        )
    )
    if scan is None:
        raise NotFound("unknown_scan", N_("There is no such record. Scan the ticket again."))
    return scan
