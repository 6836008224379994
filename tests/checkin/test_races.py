"""Races at the door, on both databases, with a control that fails.

A control is the same race with the guard taken away: it shows that the race is real here, so the
test beside it proves something. Barriers hold both runners between their look and their write.
"""

import json
import subprocess
import sys
import threading
from collections import Counter

import pytest
import sqlalchemy as sa

from checkin import registrations, scans
from checkin.admission import Reason, State, Word
from checkin.models import Attendance, Registration, Scan
from checkin.models.attendance import Source
from checkin.models.occasion import Profile
from checkin.views import scanning
from core.config import ROOT
from core.db import db, read_only_done, transaction
from core.errors import Conflict
from tests import factories
from tests.checkin.controls import count, unguarded, went_wrong
from tests.racing import race

THREADS, TICKETS = 8, 40


def posts(app, gate, body, runners=32):
    """Send ``body(number)`` from many clients at once and return their answers as JSON."""

    def act(number):
        whole = {"checkpoint": gate.checkpoint, "nonce": factories.nonce()} | body(number)
        return app.test_client().post("/api/v1/scans", json=whole, headers=gate.headers).json

    return race(app, act, runners)


def process(url, directory):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.checkin.storming", url, str(directory)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def storm(url, directory, plan):
    """Run the plan in two processes that start together and add up what they were told."""
    said, running = Counter(), [process(url, directory) for _ in range(2)]
    for number, one in enumerate(running):
        one.stdin.write(json.dumps(plan | {"process": number}) + "\n")
        one.stdin.flush()
    for one in running:
        assert one.stdout.readline() == "ready\n"
    for one in running:
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in running:
        out, _err = one.communicate(timeout=120)
        said.update(json.loads(out))
    return said


def test_two_processes_of_eight_threads_admit_every_ticket_once(
    each_app, database_url, tmp_path, occasion, gate
):
    people = [factories.registration(occasion) for _ in range(TICKETS)]
    codes = [factories.ticket(person, occasion) for person in people]
    read_only_done()
    plan = {
        "threads": THREADS,
        "checkpoint": gate.checkpoint,
        "bearer": gate.bearer,
        "codes": codes,
    }
    said = storm(database_url, tmp_path, plan)
    everything = 2 * THREADS * TICKETS
    assert said == {"ok": TICKETS, "already_in": everything - TICKETS}
    assert count(Attendance) == count(Scan, Scan.verdict == Word.ADMITTED) == TICKETS
    assert count(Scan) == everything


def test_one_ticket_from_32_clients_is_admitted_once(each_app, occasion, gate):
    ticket = factories.ticket(factories.registration(occasion), occasion)
    answers = posts(each_app, gate, lambda _number: {"code": ticket})
    assert Counter(a["reason"] for a in answers) == {"ok": 1, "already_in": 31}
    assert len({(a["since"], a["gate"], a["counts"]["present"]) for a in answers}) == 1
    assert (count(Attendance), count(Scan)) == (1, 32)


def naive_door(copy, meeting):
    """Return a claim that looks, lets the other look too, and then inserts."""

    def claim(row):
        checkpoint, person, at, gate = db.session.execute(row).one()
        same = sa.and_(copy.c.checkpoint_id == checkpoint, copy.c.registration_id == person)
        known = db.session.scalar(sa.select(sa.func.count()).select_from(copy).where(same))
        meeting.wait(20)
        if known:
            return False
        values = {"checkpoint_id": checkpoint, "registration_id": person, "gate": gate}
        db.session.execute(copy.insert().values(first_in=at, **values))
        return True

    return claim


def without_key():
    """Make and return a copy of the attendance table that has no primary key."""
    with factories.writing():
        db.session.execute(
            sa.text("CREATE TABLE attendance_copy AS SELECT * FROM attendance WHERE 1 = 0")
        )
    columns = [sa.Column(c.name, c.type) for c in Attendance.__table__.columns]
    return sa.Table("attendance_copy", sa.MetaData(), *columns)


def test_control_without_the_guard_a_ticket_is_admitted_twice_or_fails(
    each_app, occasion, gate, monkeypatch
):
    ticket = factories.ticket(factories.registration(occasion), occasion)
    copy, meeting = without_key(), threading.Barrier(2)
    monkeypatch.setattr(scans, "claim", naive_door(copy, meeting))

    def act(_number):
        request = scans.Request(checkpoint=gate.checkpoint, nonce=factories.nonce(), code=ticket)
        return scans.record(request, gate.gate).verdict.word is Word.ADMITTED

    results = unguarded(each_app, act)
    assert went_wrong(results), results
    errors = [result for result in results if isinstance(result, Exception)]
    admitted = db.session.scalar(sa.select(sa.func.count()).select_from(copy))
    assert (admitted, len(errors)) == ((2, 0) if db.engine.name == "postgresql" else (1, 1))


def test_one_nonce_from_32_clients_is_one_row_and_one_answer(each_app, occasion, gate):
    ticket = factories.ticket(factories.registration(occasion), occasion)
    answers = posts(each_app, gate, lambda _number: {"code": ticket, "nonce": "sent by all"})
    assert answers[0]["verdict"] == "admitted"
    assert all(answer == answers[0] for answer in answers)
    assert (count(Scan), count(Attendance)) == (1, 1)


def test_one_nonce_of_a_refusal_from_32_clients_is_one_row(each_app, gate):
    answers = posts(each_app, gate, lambda _number: {"code": "0" * 26, "nonce": "sent by all"})
    assert answers[0]["reason"] == "unknown_code"
    assert all(answer == answers[0] for answer in answers)
    assert count(Scan) == 1


@pytest.mark.parametrize("mobile", [None, "13000000777"])
def test_one_walk_in_at_8_gates_is_one_attendance(each_app, occasion, mobile):
    devices = [factories.device(occasion) for _ in range(8)]
    gates = [factories.gate(device, occasion) for device in devices]
    guest = scans.WalkIn(name="钱补登", unit="示例公司", mobile=mobile)
    checkpoint = occasion.checkpoints[0].public_id
    read_only_done()

    def act(number):
        request = scans.Request(
            checkpoint=checkpoint, nonce=factories.nonce(), walk_in=guest, source=Source.WALK_IN
        )
        return scanning.record(request, gates[number]).verdict.reason

    said = race(each_app, act, 8)
    assert Counter(said) == {Reason.OK: 1, Reason.ALREADY_IN: 7}
    assert count(Attendance) == count(Registration, Registration.walk_in) == 1


def scan(gate, code):
    return scans.Request(checkpoint=gate.checkpoint, nonce=factories.nonce(), code=code)


def withdraw(number):
    """Give a place back as the holder's page does, and say how it went."""
    try:
        with transaction():
            registrations.withdraw(db.session.get_one(Registration, number))
    except Conflict as error:
        return error.code
    return "withdrawn"


def test_a_scan_against_a_withdrawal_is_never_both(each_app, occasion, gate):
    people = [factories.registration(occasion) for _ in range(12)]
    pairs = [(person.id, factories.ticket(person, occasion)) for person in people]
    read_only_done()

    def act(i):
        number, code = pairs[i // 2]
        if i % 2:
            return scanning.record(scan(gate, code), gate.gate).verdict.reason
        return withdraw(number)

    results = race(each_app, act, 24)
    either = {("withdrawn", Reason.CANCELLED), ("already_attended", Reason.OK)}
    assert set(zip(results[::2], results[1::2], strict=True)) <= either
    inside = sa.select(Attendance.registration_id)
    both = sa.and_(Registration.state == State.CANCELLED, Registration.id.in_(inside))
    assert count(Registration, both) == 0


def test_a_withdrawal_waits_for_a_scan_that_is_being_written(each_app, occasion, gate):
    person = factories.registration(occasion)
    ticket, number = factories.ticket(person, occasion), person.id
    written, results = threading.Event(), []
    read_only_done()

    def run():
        with each_app.app_context():
            written.wait(20)
            results.append(withdraw(number))

    other = threading.Thread(target=run)
    other.start()
    with transaction():
        assert scans.record(scan(gate, ticket), gate.gate).verdict.word is Word.ADMITTED
        written.set()
        other.join(0.3)  # it is held back until the scan is committed
        assert results == []
    other.join(20)
    assert results == ["already_attended"]


def test_walk_ins_beyond_the_capacity_at_once_are_each_counted(each_app):
    occasion = factories.occasion(capacity=1)
    factories.registration(occasion)
    gate = factories.gate(factories.device(occasion, profile=Profile.SUPERVISOR), occasion)
    checkpoint = occasion.checkpoints[0].public_id
    read_only_done()

    def act(number):
        guest = scans.WalkIn(name=f"补登{number}", unit="示例公司")
        request = scans.Request(
            checkpoint=checkpoint, nonce=factories.nonce(), walk_in=guest, source=Source.WALK_IN
        )
        return scanning.record(request, gate).verdict.reason

    assert set(race(each_app, act, 8)) == {Reason.OVER_CAPACITY}
    db.session.refresh(occasion)
    assert (occasion.taken, occasion.overrun) == (1, 8)
