"""Races for places, on both databases: never one too many, each person once; and their controls.

The barriers of the controls hold both runners between their look and their write.
"""

import threading

import sqlalchemy as sa

from checkin import occasions, registrations
from checkin.models import Occasion, Registration
from core.db import db, read_only_done, transaction
from core.errors import Conflict
from tests import factories
from tests.checkin.controls import count, unguarded, went_wrong
from tests.racing import race


def register(occasion, person):
    with transaction():
        there = db.session.get_one(Occasion, occasion)
        made, new = registrations.register(there, person)
        return made.id, new


def test_the_last_3_places_go_to_exactly_3_of_24(each_app):
    occasion = factories.occasion(capacity=5)
    for _ in range(2):
        factories.registration(occasion)
    number, people = occasion.id, [factories.person() for _ in range(24)]
    read_only_done()
    results = race(each_app, lambda i: register(number, people[i]), 24)
    refused = [result for result in results if isinstance(result, Conflict)]
    assert (len(refused), {error.code for error in refused}) == (21, {"full"})
    assert count(Registration, Registration.occasion_id == number) == 5
    db.session.refresh(occasion)
    assert occasion.taken == 5


def naive_place(meeting):
    """Return the look at the places left, and the write that trusts it."""

    def take_place(occasion_id):
        row = db.session.execute(
            sa.select(Occasion.taken, Occasion.capacity).where(Occasion.id == occasion_id)
        ).one()
        meeting.wait(20)
        if row.taken >= row.capacity:
            raise Conflict("full", "All places are taken.")
        db.session.execute(
            sa.update(Occasion).where(Occasion.id == occasion_id).values(taken=row.taken + 1)
        )

    return take_place


def test_control_a_naive_count_oversells_or_fails(each_app, monkeypatch):
    number = factories.occasion(capacity=1).id
    people = [factories.person() for _ in range(2)]
    monkeypatch.setattr(occasions, "take_place", naive_place(threading.Barrier(2)))
    monkeypatch.setattr(occasions, "lock", lambda occasion_id: None)

    def act(i):
        return registrations.register(db.session.get_one(Occasion, number), people[i])[1]

    results = unguarded(each_app, act)
    assert went_wrong(results), results
    sold = count(Registration, Registration.occasion_id == number)
    assert sold == (2 if db.engine.name == "postgresql" else 1)


def test_control_looking_before_the_transaction_oversells_on_both_databases(each_app):
    number, meeting = factories.occasion(capacity=1).id, threading.Barrier(2)
    read_only_done()

    def act(_i):
        there = db.session.get_one(Occasion, number)
        left = there.capacity - there.taken
        read_only_done()
        meeting.wait(20)
        if left:
            with transaction():
                registrations.add(there, factories.person())
        return bool(left)

    assert race(each_app, act, 2) == [True, True]
    assert count(Registration, Registration.occasion_id == number) == 2


def test_one_person_from_8_devices_is_one_registration(each_app):
    occasion, person = factories.occasion(capacity=20), factories.person()
    number = occasion.id
    read_only_done()
    results = race(each_app, lambda _i: register(number, person), 8)
    assert len({made for made, _new in results}) == 1
    assert sum(new for _made, new in results) == 1
    db.session.refresh(occasion)
    assert occasion.taken == count(Registration, Registration.occasion_id == number) == 1


def test_one_person_from_8_devices_at_the_last_place_is_never_told_full(each_app):
    number, person = factories.occasion(capacity=1).id, factories.person()
    read_only_done()
    results = race(each_app, lambda _i: register(number, person), 8)
    assert not [result for result in results if isinstance(result, Exception)]
    assert len({made for made, _new in results}) == 1
