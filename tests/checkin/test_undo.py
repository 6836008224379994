"""Undo at the door: a record of its own that frees the entry and changes nothing that was."""

import pytest
import sqlalchemy as sa

from checkin import registrations, scans, tickets
from checkin import undo as undoing
from checkin.admission import Direction, State, Word
from checkin.models import Attendance, Registration, Scan
from checkin.models.attendance import Source
from checkin.views import scanning
from core.db import db, read_only_done, transaction
from core.errors import Conflict, NotFound
from tests import factories
from tests.racing import race


@pytest.fixture
def ticket(occasion):
    return factories.ticket(factories.registration(occasion), occasion)


def undo(public_id, gate):
    with factories.writing():
        return undoing.undo(scans.find(public_id, gate.gate), device_id=gate.device.id)


def inside():
    read_only_done()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Attendance))


def walk_in(gate, name="钱补登"):
    return gate.scan(walk_in={"name": name, "unit": "示例公司"}).json


def test_an_undo_is_a_record_of_its_own_and_frees_the_entry(each_app, gate, ticket):
    first = gate.scan(code=ticket).json["scan"]
    record = undo(first, gate)
    annulled = db.session.scalars(sa.select(Scan).filter_by(public_id=first)).one()
    assert (record.annuls_id, record.source) == (annulled.id, Source.UNDO)
    assert (record.verdict, record.direction) == (Word.LEFT, Direction.OUT)
    assert record.device_id == gate.device.id
    assert annulled.verdict is Word.ADMITTED
    assert inside() == 0
    again = gate.scan(code=ticket).json
    assert (again["verdict"], again["counts"]["present"]) == ("admitted", 1)


def test_an_admission_is_undone_once(each_app, gate, ticket):
    first = gate.scan(code=ticket).json["scan"]
    undo(first, gate)
    gate.scan(code=ticket)
    with pytest.raises(Conflict) as refused:
        undo(first, gate)
    assert refused.value.code == "already_undone"
    assert inside() == 1


def test_an_undo_pressed_on_8_phones_at_once_happens_once(each_app, gate, ticket):
    first = gate.scan(code=ticket).json["scan"]
    read_only_done()

    def act(_number):
        with transaction():
            undoing.undo(scans.find(first, gate.gate), device_id=gate.gate.device_id)
            return "undone"

    results = race(each_app, act, 8)
    assert results.count("undone") == 1
    assert {r.code for r in results if r != "undone"} == {"already_undone"}


def test_a_refusal_has_nothing_to_undo(app, gate, ticket):
    gate.scan(code=ticket)
    for code in (ticket, "0" * 26):
        refusal = gate.scan(code=code).json["scan"]
        with pytest.raises(Conflict) as refused:
            undo(refusal, gate)
        assert refused.value.code == "nothing_to_undo"
    assert inside() == 1


def test_an_undo_answered_nobody_and_is_neither_shown_nor_undone(app, gate, ticket):
    record = undo(gate.scan(code=ticket).json["scan"], gate)
    with pytest.raises(NotFound):
        undo(record.public_id, gate)
    with pytest.raises(Conflict), factories.writing():
        undoing.undo(record, device_id=gate.device.id)
    assert gate.client.get(f"/door/verdict/{record.public_id}").status_code == 404


def test_an_undone_walk_in_is_cancelled_and_can_be_entered_again(each_app, gate):
    undo(walk_in(gate)["scan"], gate)
    person = db.session.scalars(sa.select(Registration).filter_by(walk_in=True)).one()
    assert (person.state, inside()) == (State.CANCELLED, 0)
    assert person.cancelled_at is not None
    assert walk_in(gate)["verdict"] == "admitted"
    assert inside() == 1


def test_undoing_a_walk_in_beyond_the_capacity_takes_the_overrun_back(app, supervisor, occasion):
    with factories.writing():
        occasion.capacity = 1
    factories.registration(occasion)
    first = walk_in(supervisor)
    assert first["reason"] == "over_capacity"
    undo(first["scan"], supervisor)
    db.session.refresh(occasion)
    assert (occasion.overrun, occasion.taken) == (0, 1)


def test_undoing_a_registered_person_entered_as_walk_in_keeps_the_place(app, gate, occasion):
    person = factories.registration(occasion, name="张示例", employer="示例公司")
    undo(walk_in(gate, "张示例")["scan"], gate)
    db.session.refresh(person)
    assert (person.state, inside()) == (State.ACCEPTED, 0)


def test_after_an_undo_the_place_may_be_given_back(app, gate, occasion):
    person = factories.registration(occasion)
    undo(gate.scan(code=factories.ticket(person, occasion)).json["scan"], gate)
    with factories.writing():
        registrations.withdraw(person)
    assert person.state is State.CANCELLED


def test_the_nonce_of_an_undone_scan_keeps_its_answer(app, gate, ticket):
    first = gate.scan(code=ticket, nonce="kept in a queue").json
    undo(first["scan"], gate)
    assert gate.scan(code=ticket, nonce="kept in a queue").json == first
    assert inside() == 0


def test_a_phone_that_sends_the_nonce_of_an_undo_gets_an_answer(app, gate, ticket):
    first = gate.scan(code=ticket).json["scan"]
    undo(first, gate)
    assert gate.scan(code=ticket, nonce=f"undo {first}").status_code == 200


def test_a_nonce_that_looks_like_an_undo_does_not_forbid_the_undo(app, gate, ticket):
    first = gate.scan(code=ticket).json["scan"]
    gate.scan(code=ticket, nonce=f"undo {first}")
    undo(first, gate)
    assert inside() == 0


def test_the_office_may_undo_too(app, gate, ticket):
    user = factories.user()
    first = gate.scan(code=ticket).json["scan"]
    with factories.writing():
        scan = db.session.scalars(sa.select(Scan).filter_by(public_id=first)).one()
        record = undoing.undo(scan, device_id=None, actor_id=user.id)
    assert (record.device_id, record.actor_id) == (None, user.id)
    assert inside() == 0


def test_the_button_of_the_door_page_undoes(app, gate, ticket):
    first = gate.scan(code=ticket).json["scan"]
    assert gate.client.post("/door/undo", data={"scan": first}).status_code in (200, 302, 303)
    assert inside() == 0


def test_a_ticket_drawn_after_an_undo_is_the_same(app, gate, occasion):
    person = factories.registration(occasion)
    before = tickets.code_of(person, occasion)
    undo(gate.scan(code=before).json["scan"], gate)
    assert tickets.code_of(person, occasion) == before
    read_only_done()
    act = scans.Request(checkpoint=gate.checkpoint, nonce=factories.nonce(), code=before)
    assert scanning.record(act, gate.gate).verdict.word is Word.ADMITTED
