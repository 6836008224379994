"""Registrations: places are never oversold, one person is one ticket, and search shows no more."""

import pytest
import sqlalchemy as sa

from checkin import registrations, tickets
from checkin.admission import State
from checkin.models import Occasion, Registration
from core.audit import AuditEntry
from core.db import db, read_only_done
from core.errors import Conflict, InvalidInput
from tests import factories


def register(occasion, person):
    with factories.writing():
        return registrations.register(occasion, person)


def withdraw(registration):
    with factories.writing():
        registrations.withdraw(registration)


def taken(occasion):
    read_only_done()
    return db.session.scalar(sa.select(Occasion.taken).where(Occasion.id == occasion.id))


def test_a_person_gets_a_place_and_a_ticket(each_app, occasion):
    person = factories.person(name=" 张　示例 ", employer=" 示例公司 ")
    made, new = register(occasion, person)
    assert new
    assert (made.name, made.name_key, made.initials) == ("张　示例", "张示例", "zsl")
    assert (made.employer, made.state, made.walk_in) == ("示例公司", State.ACCEPTED, False)
    assert made.acknowledged_at is not None
    assert tickets.by_code(tickets.code_of(made, occasion))[0].id == made.id
    assert taken(occasion) == 1


def test_sending_the_form_twice_is_one_ticket_and_one_place(each_app, occasion):
    person = factories.person(name="张示例")
    first, _new = register(occasion, person)
    second, new = register(occasion, factories.person(name="张 示例", mobile=person.mobile))
    assert (second.id, new) == (first.id, False)
    assert taken(occasion) == 1


def test_the_same_person_at_two_occasions_holds_two_places(app, occasion):
    person, other = factories.person(), factories.occasion()
    assert register(occasion, person)[0].id != register(other, person)[0].id


def test_people_of_one_mobile_and_two_names_are_two(app, occasion):
    mobile = factories.mobile()
    for name in ("张示例", "李示例"):
        assert register(occasion, factories.person(name=name, mobile=mobile))[1]
    assert taken(occasion) == 2


def test_the_capacity_is_never_oversold(each_app):
    occasion = factories.occasion(capacity=3)
    for _ in range(3):
        factories.registration(occasion)
    with pytest.raises(Conflict) as refused:
        factories.registration(occasion)
    assert refused.value.code == "full"
    assert taken(occasion) == 3
    assert db.session.scalar(rows(occasion)) == 3


def rows(occasion):
    return (
        sa.select(sa.func.count())
        .select_from(Registration)
        .where(Registration.occasion_id == occasion.id)
    )


def test_who_is_registered_gets_the_ticket_again_when_all_is_taken(app):
    occasion, person = factories.occasion(capacity=1), factories.person()
    first, _new = register(occasion, person)
    assert register(occasion, person) == (first, False)


def test_the_database_itself_refuses_more_than_the_capacity(each_app):
    occasion = factories.occasion(capacity=1)
    with pytest.raises(sa.exc.IntegrityError, match="never_oversold"), factories.writing():
        db.session.execute(sa.update(Occasion).where(Occasion.id == occasion.id).values(taken=2))


def test_the_database_itself_refuses_a_person_twice(each_app, occasion):
    person = factories.person()
    register(occasion, person)
    with pytest.raises(sa.exc.IntegrityError), factories.writing():
        registrations.add(occasion, person)


@pytest.mark.parametrize(
    ("edge", "seconds", "code"),
    [
        ("registration_opens_at", -1, "registration_not_open"),
        ("registration_closes_at", 1, "registration_closed"),
    ],
)
def test_outside_its_hours_nobody_registers(app, occasion, clock, edge, seconds, code):
    clock.to(getattr(occasion, edge))
    clock.forward(seconds=seconds)
    with pytest.raises(Conflict) as refused:
        factories.registration(occasion)
    assert refused.value.code == code
    assert taken(occasion) == 0


def test_a_withdrawal_frees_the_place_for_another(each_app):
    occasion = factories.occasion(capacity=1)
    first = factories.registration(occasion)
    withdraw(first)
    assert (first.state, taken(occasion)) == (State.CANCELLED, 0)
    assert first.cancelled_at is not None
    assert factories.registration(occasion).state is State.ACCEPTED
    assert taken(occasion) == 1


def test_a_withdrawal_happens_once(each_app, occasion):
    made = factories.registration(occasion)
    withdraw(made)
    with pytest.raises(Conflict) as refused:
        withdraw(made)
    assert refused.value.code == "already_withdrawn"
    assert taken(occasion) == 0


def test_who_has_checked_in_cannot_withdraw(each_app, occasion, gate):
    made = factories.registration(occasion)
    gate.scan(code=factories.ticket(made, occasion))
    with pytest.raises(Conflict) as refused:
        withdraw(made)
    assert refused.value.code == "already_attended"
    assert (made.state, taken(occasion)) == (State.ACCEPTED, 1)


def test_a_withdrawn_ticket_is_refused_at_the_door(app, occasion, gate):
    made = factories.registration(occasion)
    withdraw(made)
    assert gate.scan(code=factories.ticket(made, occasion)).json["reason"] == "cancelled"


def test_who_withdrew_may_register_again_with_a_new_ticket(each_app, occasion):
    person = factories.person()
    first, _new = register(occasion, person)
    withdraw(first)
    second, new = register(occasion, person)
    assert new
    assert second.id != first.id
    assert tickets.code_of(second, occasion) != tickets.code_of(first, occasion)
    assert taken(occasion) == 1


def test_withdrawing_a_walk_in_moves_no_place(app, occasion):
    factories.registration(occasion)
    with factories.writing():
        guest = registrations.walk_in(occasion.id, factories.person(), reason="", beyond=False)
        registrations.withdraw(guest)
    assert taken(occasion) == 1


def test_acts_are_on_record_without_names(app, occasion):
    made = factories.registration(occasion)
    withdraw(made)
    with factories.writing():
        registrations.set_blocked(made, True, factories.ACTOR)
        registrations.set_blocked(made, False, factories.ACTOR)
    found = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.object_id == made.public_id)
    ).all()
    assert {"register", "withdraw", "block", "unblock"} <= {event.action for event in found}
    assert made.name not in str([vars(event) for event in found])


def test_undoing_a_walk_in_leaves_a_registered_person_alone(app, occasion):
    made = factories.registration(occasion)
    with factories.writing():
        registrations.undo_walk_in(made.id, beyond=True)
    db.session.refresh(occasion)
    assert (made.state, occasion.overrun) == (State.ACCEPTED, 0)


@pytest.fixture
def found(occasion):
    """Return a search at ``occasion`` that gives names."""
    for name, mobile in (("张三丰", "13000001234"), ("李_百", "13000005678"), ("Ann Lee", None)):
        with factories.writing():
            registrations.add(occasion, factories.person(name=name, mobile=mobile))

    def search(text):
        read_only_done()
        return [person.name for person, _came in registrations.search(occasion.id, text)]

    return search


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("三丰", ["张三丰"]),
        ("张 三", ["张三丰"]),
        ("ZSF", ["张三丰"]),
        ("zs", ["张三丰"]),
        ("sf", []),
        ("1234", ["张三丰"]),
        ("１２３４", ["张三丰"]),
        ("13000005678", ["李_百"]),
        ("annlee", ["Ann Lee"]),
        ("9999", []),
    ],
)
def test_a_search_finds_by_name_initials_and_end_of_the_mobile(app, found, text, names):
    assert found(text) == names


def test_a_search_escapes_wildcards_and_folds_case_on_both_databases(each_app, found):
    assert found("李_") == ["李_百"]
    assert found("张_") == found("%%") == found("__") == found("三%") == found("z%") == []
    assert found("ZSF") == ["张三丰"]
    assert found("ANN") == ["Ann Lee"]


def test_a_search_finds_the_short_code(app, occasion, found):
    made = factories.registration(occasion, name="赵短码")
    assert found(made.short_code.lower()) == ["赵短码"]
    assert found(f"{made.short_code[:4]}-{made.short_code[4:]}") == ["赵短码"]


@pytest.mark.parametrize(
    "text", ["", " ", "张", "张 ", "1", "123", "12345", "1234567890", "%", "z"]
)
def test_a_search_for_too_little_is_refused(app, found, text):
    with pytest.raises(InvalidInput) as refused:
        found(text)
    assert refused.value.code == "search_too_short"


def test_a_search_never_finds_people_of_another_occasion(each_app, found):
    elsewhere = factories.occasion()
    stranger = factories.registration(elsewhere, name="张三别处", mobile="13000001234")
    assert found("张三") == found("1234") == found("13000001234") == ["张三丰"]
    assert found(factories.NOISE.person) == found(stranger.short_code) == found("别处") == []


def test_a_search_shows_no_more_than_its_limit(app, occasion, found):
    for number in range(registrations.SEARCH_LIMIT + 3):
        with factories.writing():
            registrations.add(occasion, factories.person(name=f"群众{number}"))
    assert len(found("群众")) == registrations.SEARCH_LIMIT


def test_a_search_says_who_is_in_and_puts_the_cancelled_last(app, occasion, gate):
    gone, come = (factories.registration(occasion, name="王同名") for _ in range(2))
    withdraw(gone)
    gate.scan(code=factories.ticket(come, occasion))
    result = registrations.search(occasion.id, "王同名")
    assert [person.id for person, _came in result] == [come.id, gone.id]
    assert [came is not None for _person, came in result] == [True, False]
