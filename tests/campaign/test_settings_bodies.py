"""The list of reporting bodies: its order is the official one, and every row keeps its place."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from campaign import bodies, body_list, campaigns, filings
from campaign.models import Body, BodyKind, Item
from core.audit import AuditEntry
from core.db import db
from core.errors import Conflict, InvalidInput
from tests import factories
from tests.campaign import worlds
from tests.factories import ACTOR
from tests.racing import race


def listed():
    return bodies.bodies(campaigns.current())


def names():
    return [body.name for body in listed()]


def path():
    return f"/office/month/{campaigns.current().year}/bodies"


def rearrange(change=lambda rows: rows):
    rows = [body_list.as_it_is(body) for body in listed()]
    seen = body_list.state(listed())
    with factories.writing():
        return body_list.rearrange(campaigns.current(), change(rows), ACTOR, seen=seen)


def at(number, **values):
    """Return a change of the row at a position."""

    def change(rows):
        return [replace(r, **values) if r.position == number else r for r in rows]

    return change


def test_a_body_put_at_a_position_stands_there_and_the_others_keep_their_order(each_app):
    before = names()
    rearrange(at(10, position=3))
    moved = before.pop(9)
    assert names() == [*before[:2], moved, *before[2:]]
    assert [body.position for body in listed()] == list(range(1, 41))


def test_down_works_like_up(each_app):
    before = names()
    rearrange(at(2, position=40))
    assert names() == [before[0], *before[2:], before[1]]


def test_two_bodies_may_exchange_their_names(each_app):
    first, second = names()[:2]

    def exchange(rows):
        return [replace(rows[0], name=second), replace(rows[1], name=first), *rows[2:]]

    assert rearrange(exchange) == 2
    assert names()[:2] == [second, first]


def test_the_whole_list_may_be_turned_round(each_app):
    before = names()
    rearrange(lambda rows: [replace(row, position=41 - row.position) for row in rows])
    assert names() == before[::-1]


@given(st.dictionaries(st.integers(1, 12), st.integers(1, 12), max_size=4))
def test_whoever_is_moved_to_a_place_nobody_else_wants_stands_there(moves):
    made = [Body(public_id=str(n), position=n, name=str(n)) for n in range(1, 13)]
    rows = {
        body.public_id: body_list.Row(
            body.public_id, moves.get(body.position, body.position), "", BodyKind.ZONE, 1
        )
        for body in made
    }
    order = [body.position for body in body_list._in_order(made, rows)]
    assert sorted(order) == list(range(1, 13))
    still = [n for n in order if moves.get(n, n) == n]
    assert still == sorted(still)
    for body, target in moves.items():
        if len(set(moves.values())) == len(moves) and body != target:
            assert order.index(body) + 1 == target


def test_nothing_changed_writes_nothing(app):
    assert rearrange() == 0
    assert db.session.scalar(sa.select(AuditEntry).filter_by(action="body.change")) is None


def test_a_rename_is_logged_by_the_name_of_the_field(app):
    rearrange(at(1, name="示例市住房和城乡建设局"))
    entry = db.session.scalars(sa.select(AuditEntry).filter_by(action="body.change")).one()
    assert entry.details == {"fields": ["name"]}


def test_a_name_stands_once(each_app):
    second = names()[1]
    with pytest.raises(InvalidInput, match="list_wrong") as refused:
        rearrange(at(1, name=second))
    assert list(refused.value.fields) == [listed()[0].public_id]


def test_only_a_housing_authority_sees_its_city(each_app):
    rearrange(at(1, sees_city=True))
    assert listed()[0].sees_city
    with pytest.raises(InvalidInput, match="list_wrong"):
        rearrange(at(22, sees_city=True))
    with pytest.raises(InvalidInput, match="list_wrong"):
        rearrange(at(1, kind=BodyKind.WATER))


def test_a_body_without_filing_or_officer_can_be_taken_out(each_app):
    gone = names()[4]
    rearrange(at(5, remove=True))
    assert gone not in names()
    assert [body.position for body in listed()] == list(range(1, 40))


def filed(body):
    filings.save_draft(body, Item.PLAN, {"note": ""}, ACTOR)


def extended(body):
    due = campaigns.deadlines(campaigns.current())[Item.PLAN]
    campaigns.set_deadline(
        campaigns.current(), [Item.PLAN], due, ACTOR, body=body, reason="机构调整"
    )


@pytest.mark.parametrize("use", [filed, extended, worlds.officer])
def test_a_body_in_use_stays(each_app, use):
    with factories.writing():
        use(listed()[4])
    with pytest.raises(InvalidInput, match="list_wrong"):
        rearrange(at(5, remove=True))
    assert len(listed()) == 40


def test_an_officer_of_another_body_holds_nothing(each_app):
    worlds.officer(listed()[5])
    rearrange(at(5, remove=True))
    assert len(listed()) == 39


def test_a_list_that_is_another_by_now_is_not_overwritten(each_app):
    seen = body_list.state(listed())
    db.session.rollback()

    def act(number):
        with factories.writing():
            rows = [body_list.as_it_is(body) for body in listed()]
            rows[0] = replace(rows[0], name=f"示例{number}")
            return body_list.rearrange(campaigns.current(), rows, ACTOR, seen=seen)

    answers = [type(answer) for answer in race(each_app, act, 4)]
    assert (answers.count(int), answers.count(Conflict)) == (1, 3)


def test_a_new_body_stands_where_it_was_put_or_at_the_end(each_app):
    place = bodies.places()[0].id
    for name, position in (("示例甲局", 0), ("示例乙局", 2), ("示例丙局", 99)):
        row = body_list.Row("", position, name, BodyKind.RAIL, place)
        with factories.writing():
            body_list.add(campaigns.current(), row, ACTOR)
    assert names()[1] == "示例乙局"
    assert names()[-2:] == ["示例甲局", "示例丙局"]
    assert [body.position for body in listed()] == list(range(1, 44))


def test_the_first_body_of_an_empty_list_stands_first(app):
    with factories.writing():
        db.session.execute(sa.delete(Body))
        row = body_list.Row("", 7, "示例局", BodyKind.ZONE, bodies.places()[0].id)
        body_list.add(campaigns.current(), row, ACTOR)
    assert [body.position for body in listed()] == [1]


def test_the_page_shows_forty_rows_in_order_and_saves_them(office):
    page = office.get(path()).text
    assert page.count('class="body-row"') == 40
    shown = [page.index(f'id="row-{body.public_id}"') for body in listed()]
    assert shown == sorted(shown)
    first = listed()[0].public_id
    fields = {f"name-{first}": "示例市住房和城乡建设局", f"sees_city-{first}": "1"}
    assert office.submit(path(), **fields).status_code == 303
    assert (names()[0], listed()[0].sees_city) == ("示例市住房和城乡建设局", True)


def test_an_arrow_moves_by_one_and_keeps_what_was_typed(office):
    second, third = listed()[1:3]
    sent = {"seen": body_list.state(listed()), "act": f"up:{third.public_id}"}
    for body in listed():
        sent |= {
            f"name-{body.public_id}": body.name,
            f"position-{body.public_id}": str(body.position),
        }
    sent[f"name-{second.public_id}"] = "改名局"
    answer = office.post(path(), data=sent)
    assert answer.location.endswith(f"#row-{third.public_id}")
    assert names()[1:3] == [third.name, "改名局"]
    assert [body.kind for body in listed()][:3] == [BodyKind.HOUSING] * 3


def test_a_row_that_is_wrong_is_named_and_nothing_is_stored(office):
    body, before = listed()[3], names()
    for field, value in (
        ("name", " "),
        ("name", "长" * 61),
        ("position", "x"),
        ("name", before[0]),
    ):
        sent = {f"{field}-{body.public_id}": value, f"name-{listed()[7].public_id}": "改名局"}
        answer = office.submit(path(), **sent)
        assert answer.status_code == 422
        assert f"#row-{body.public_id}" in answer.text
        assert "改名局" in answer.text
    assert names() == before


def test_a_body_is_added_on_the_page_and_a_taken_name_is_refused(office):
    fields = {"place": str(bodies.places()[0].id), "kind": "rail", "position": "2"}
    assert office.post(path(), data=fields | {"act": "add", "name": "示例局"}).status_code == 303
    assert names()[1] == "示例局"
    again = office.post(path(), data=fields | {"act": "add", "name": "示例局"})
    empty = office.post(path(), data=fields | {"act": "add", "name": ""})
    assert (again.status_code, empty.status_code, len(listed())) == (422, 422, 41)


def test_a_stale_list_is_shown_anew_with_the_reason(office):
    first = listed()[0]
    answer = office.post(path(), data={"seen": "0" * 16, f"name-{first.public_id}": "改名局"})
    assert answer.status_code == 409
    assert "tone-bad" in answer.text
    assert f'value="{first.name}"' in answer.text
    assert "改名局" not in names()
