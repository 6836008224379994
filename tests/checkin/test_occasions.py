"""Occasions: made ready for the door, changed without harm, and seen by whoever runs them."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from checkin import occasions, tickets
from checkin.models import Checkpoint, Occasion
from core.access import Role
from core.audit import AuditEntry
from core.clock import now
from core.db import db
from core.errors import Conflict, InvalidInput, NotFound
from tests import factories


def create(details):
    with factories.writing():
        return occasions.create(details, factories.ACTOR)


def change(occasion, details):
    with factories.writing():
        occasions.change(occasion, details, factories.ACTOR)


def test_an_occasion_has_its_checkpoint_and_a_secret_of_its_own(each_app):
    made, other = factories.occasion(), factories.occasion()
    (checkpoint,) = made.checkpoints
    assert checkpoint.name == occasions.SIGN_IN
    assert (checkpoint.opens_at, checkpoint.closes_at) == (
        made.sign_in_opens_at,
        made.sign_in_closes_at,
    )
    assert occasions.secret(made) != occasions.secret(other)
    assert len(occasions.secret(made)) == 32


@pytest.mark.parametrize(
    ("field", "hours"),
    [
        ("ends_at", 0),
        ("ends_at", -1),
        ("sign_in_closes_at", -3),
        ("sign_in_closes_at", 4),
        ("sign_in_opens_at", 5),
        ("registration_closes_at", -14 * 24),
        ("registration_closes_at", 4),
    ],
)
def test_times_that_contradict_each_other_are_refused_beside_their_field(app, field, hours):
    details = factories.details()
    wrong = replace(details, **{field: details.starts_at + timedelta(hours=hours)})
    with pytest.raises(InvalidInput) as refused:
        create(wrong)
    assert refused.value.code == "occasion_times"
    assert set(occasions.problems(wrong)) & {field, "sign_in_closes_at"}


def test_the_database_refuses_times_that_contradict_each_other(each_app, occasion):
    before = occasion.starts_at - timedelta(days=1)
    with pytest.raises(sa.exc.IntegrityError, match="ends_after_start"), factories.writing():
        db.session.execute(
            sa.update(Occasion).where(Occasion.id == occasion.id).values(ends_at=before)
        )


def test_moving_an_occasion_keeps_its_tickets_and_moves_the_hours(app):
    details = factories.details()
    occasion = create(details)
    person = factories.registration(occasion)
    drawn, later = tickets.code_of(person, occasion), timedelta(days=2)
    names = [name for name in vars(details) if name.endswith("_at")]
    change(occasion, replace(details, **{name: getattr(details, name) + later for name in names}))
    assert tickets.code_of(person, occasion) == drawn
    checkpoint = db.session.scalars(sa.select(Checkpoint).filter_by(occasion_id=occasion.id)).one()
    assert checkpoint.opens_at == details.sign_in_opens_at + later


def test_a_change_says_on_record_what_was_changed(app):
    details = factories.details()
    occasion = create(details)
    change(occasion, replace(details, venue="别的会堂", wear="平底鞋"))
    entry = db.session.scalars(
        sa.select(AuditEntry).filter_by(object_id=occasion.public_id, action="change")
    ).one()
    assert "venue" in str(entry.details)
    assert "title" not in str(entry.details)


def test_the_capacity_does_not_fall_below_the_places_taken(app):
    details = factories.details(capacity=5)
    occasion = create(details)
    for _ in range(2):
        factories.registration(occasion)
    with pytest.raises(InvalidInput) as refused:
        change(occasion, replace(details, capacity=1))
    assert set(refused.value.fields) == {"capacity"}
    change(occasion, replace(details, capacity=2))
    with pytest.raises(Conflict):
        factories.registration(occasion)


def test_an_unknown_occasion_is_not_found(app):
    with pytest.raises(NotFound) as refused:
        occasions.find("nowhere")
    assert refused.value.code == "unknown_occasion"


@pytest.mark.parametrize(
    ("role", "own", "seen"),
    [(Role.OFFICE, False, True), (Role.ADMIN, False, True), (Role.ORGANISER, True, True)],
)
def test_who_runs_an_occasion_finds_it(app, occasion, role, own, seen):
    user = factories.user(role, occasion=occasion if own else None)
    actor = factories.actor(user)
    assert occasions.find_for(occasion.public_id, actor) == occasion
    assert occasion in occasions.managed_by(actor)


def test_an_organiser_sees_no_other_occasion(app, occasion):
    other = factories.occasion()
    actor = factories.actor(factories.user(Role.ORGANISER, occasion=occasion))
    assert occasions.managed_by(actor) == [occasion]
    with pytest.raises(NotFound):
        occasions.find_for(other.public_id, actor)


def test_nobody_else_runs_anything(app, occasion):
    actor = factories.actor(factories.user())
    assert occasions.managed_by(actor) == []
    with pytest.raises(NotFound):
        occasions.find_for(occasion.public_id, actor)


def test_the_public_list_ends_a_day_after_and_begins_with_the_next(each_app, no_noise, clock):
    soon, later = (factories.occasion(starts_at=now() + timedelta(days=d)) for d in (1, 2))
    assert occasions.listed() == [soon, later]
    clock.to(soon.ends_at)
    clock.forward(minutes=1)
    assert occasions.listed() == [later, soon]
    clock.to(soon.ends_at)
    clock.forward(days=1)
    assert occasions.listed() == [later]


def test_the_state_of_registration_follows_clock_and_places(app, clock):
    occasion = factories.occasion(capacity=1)
    assert occasions.registration_state(occasion) == "open"
    factories.registration(occasion)
    db.session.refresh(occasion)
    assert occasions.registration_state(occasion) == "full"
    clock.to(occasion.registration_closes_at)
    assert occasions.registration_state(occasion) == "closed"
    clock.to(occasion.registration_opens_at)
    clock.forward(seconds=-5)
    assert occasions.registration_state(occasion) == "not_yet"


def test_a_place_taken_and_freed_leaves_the_count_as_it_was(each_app):
    occasion = factories.occasion(capacity=1)
    with factories.writing():
        occasions.take_place(occasion.id)
    with pytest.raises(Conflict), factories.writing():
        occasions.take_place(occasion.id)
    with factories.writing():
        occasions.free_place(occasion.id)
    db.session.refresh(occasion)
    assert occasion.taken == 0
    with pytest.raises(sa.exc.IntegrityError), factories.writing():
        occasions.free_place(occasion.id)
