"""Walk-ins (现场补登): one person is one row, outside the places, beyond them by a supervisor."""

import pytest
import sqlalchemy as sa

from checkin import registrations, scans
from checkin.admission import Reason, State, Word
from checkin.models import Attendance, Registration
from checkin.models.attendance import Source
from checkin.views import scanning
from core.db import db, read_only_done
from tests import factories
from tests.checkin.controls import count, last, said

GUEST = scans.WalkIn(name="钱补登", unit="示例劳务公司")


def walk_in(phone, guest=GUEST):
    read_only_done()
    request = scans.Request(
        checkpoint=phone.checkpoint,
        nonce=factories.nonce(),
        walk_in=guest,
        source=Source.WALK_IN,
    )
    return scanning.record(request, phone.gate)


def test_a_walk_in_is_entered_marked_and_outside_the_places_taken(each_app, gate, occasion):
    answer = walk_in(gate, scans.WalkIn(name="钱 补登", unit=" 示例劳务公司 ", reason="随行"))
    assert said(answer) == (Word.ADMITTED, Reason.OK)
    person = db.session.scalars(sa.select(Registration).filter_by(walk_in=True)).one()
    assert (person.state, person.walk_in_reason) == (State.ACCEPTED, "随行")
    assert person.employer == "示例劳务公司"
    assert (last().source, last().registration_id) == (Source.WALK_IN, person.id)
    db.session.refresh(occasion)
    assert (occasion.taken, occasion.overrun) == (0, 0)


def test_the_same_walk_in_twice_is_one_attendance(each_app, gate):
    assert said(walk_in(gate)) == (Word.ADMITTED, Reason.OK)
    again = walk_in(gate, scans.WalkIn(name="钱　补登", unit="示例 劳务公司"))
    assert said(again) == (Word.ALREADY_IN, Reason.ALREADY_IN)
    assert count(Attendance) == 1
    assert count(Registration, Registration.walk_in) == 1


@pytest.mark.parametrize(
    "guest_says",
    [{"unit": "示例公司"}, {"unit": "别的公司", "mobile": "13000009999"}, {"unit": "示例 公司 "}],
)
def test_a_walk_in_who_is_registered_is_that_registration(app, gate, occasion, guest_says):
    known = factories.registration(occasion, name="张三", employer="示例公司", mobile="13000009999")
    assert said(walk_in(gate, scans.WalkIn(name="张 三", **guest_says)))[0] is Word.ADMITTED
    came = db.session.scalars(sa.select(Attendance)).one()
    assert came.registration_id == known.id
    assert count(Registration, Registration.walk_in) == 0


def test_two_mobiles_are_two_people_of_one_name_and_employer(each_app, gate):
    for mobile in ("13000000901", "13000000902"):
        guest = scans.WalkIn(name="王同名", unit="示例公司", mobile=mobile)
        assert said(walk_in(gate, guest)) == (Word.ADMITTED, Reason.OK)
    assert count(Attendance) == 2


def test_a_blocked_person_does_not_slip_in_as_a_walk_in(app, gate, guest):
    with factories.writing():
        guest.blocked = True
    assert said(walk_in(gate, scans.WalkIn(name=guest.name, unit=guest.employer))) == (
        Word.REFUSED,
        Reason.BLOCKED,
    )


def test_who_withdrew_and_comes_all_the_same_is_a_walk_in(app, gate, occasion, guest):
    with factories.writing():
        registrations.withdraw(guest)
    came = scans.WalkIn(name=guest.name, unit=guest.employer)
    assert said(walk_in(gate, came)) == (Word.ADMITTED, Reason.OK)
    assert count(Registration, Registration.walk_in) == 1


def full(occasion):
    with factories.writing():
        occasion.capacity = 1
    factories.registration(occasion)


def test_beyond_the_capacity_a_supervisor_is_asked_and_nobody_entered(app, gate, occasion):
    full(occasion)
    assert said(walk_in(gate)) == (Word.REVIEW, Reason.OVER_CAPACITY)
    assert (last().verdict, last().registration_id) == (Word.REVIEW, None)
    assert count(Attendance) == count(Registration, Registration.walk_in) == 0


@pytest.mark.parametrize("who", ["phone", "name"])
def test_a_supervisor_admits_beyond_the_capacity(app, gate, supervisor, occasion, who):
    full(occasion)
    named = scans.WalkIn(name="钱补登", unit="示例劳务公司", reason="司机", supervisor="孙负责")
    answer = walk_in(supervisor) if who == "phone" else walk_in(gate, named)
    assert said(answer) == (Word.ADMITTED, Reason.OVER_CAPACITY)
    db.session.refresh(occasion)
    assert (occasion.taken, occasion.overrun) == (1, 1)
    person = db.session.scalars(sa.select(Registration).filter_by(walk_in=True)).one()
    assert person.walk_in_reason == (supervisor.device.name if who == "phone" else "司机；孙负责")


def test_walk_ins_count_against_the_capacity_too(app, gate, occasion):
    with factories.writing():
        occasion.capacity = 1
    assert said(walk_in(gate)) == (Word.ADMITTED, Reason.OK)
    second = scans.WalkIn(name="第二人", unit="示例公司")
    assert said(walk_in(gate, second)) == (Word.REVIEW, Reason.OVER_CAPACITY)


def test_a_registered_person_enters_however_full_it_is(app, gate, occasion, guest):
    with factories.writing():
        occasion.capacity = 1
    walk_in(gate, scans.WalkIn(name="孙先到", unit="示例公司", supervisor="负责人"))
    assert gate.scan(code=factories.ticket(guest, occasion)).json["verdict"] == "admitted"
