"""Tickets: drawn twice the same, revoked by a new issue, and not to be guessed or mistyped."""

import pytest
import sqlalchemy as sa

from checkin import code, occasions, tickets
from checkin.admission import Reason, Word
from checkin.models import Attendance, Registration, Scan
from core.audit import AuditEntry
from core.config import settings
from core.db import db, read_only_done
from core.errors import NotFound
from tests import factories


@pytest.fixture
def guest(occasion):
    return factories.registration(occasion)


def reissue(guest, occasion):
    with factories.writing():
        tickets.reissue(guest, occasion, factories.ACTOR)


def test_a_ticket_drawn_twice_is_the_same(each_app, guest, occasion):
    drawn = tickets.code_of(guest, occasion), tickets.holder_token(guest, occasion)
    with each_app.app_context():  # another session, as after a restart
        again = db.session.get_one(Registration, guest.id)
        there = occasions.find(occasion.public_id)
        assert (tickets.code_of(again, there), tickets.holder_token(again, there)) == drawn
    with factories.writing():
        tickets.draw(guest, occasion)
    assert guest.code_hash == code.digest(drawn[0])


def test_the_database_holds_neither_the_code_nor_the_holders_link(app, guest, occasion):
    row = db.session.execute(sa.text("SELECT * FROM registration WHERE id = :i"), {"i": guest.id})
    kept = str(row.one())
    assert tickets.code_of(guest, occasion) not in kept
    assert tickets.holder_token(guest, occasion) not in kept
    plain = occasions.secret(occasion)
    assert plain not in occasion.secret_wrapped


def test_tickets_and_links_of_different_people_differ(app, occasion):
    people = [factories.registration(occasion) for _ in range(12)]
    assert len({tickets.code_of(person, occasion) for person in people}) == 12
    assert len({tickets.holder_token(person, occasion) for person in people}) == 12


def test_the_same_number_at_another_occasion_is_another_ticket(app, guest, occasion):
    other = factories.occasion()
    assert tickets.code_of(guest, occasion) != tickets.code_of(guest, other)


def test_a_ticket_is_found_by_its_code_link_and_small_letters(app, guest, occasion):
    drawn = tickets.code_of(guest, occasion)
    for text in (drawn, drawn.lower(), tickets.link_of(guest, occasion)):
        assert tickets.by_code(text) == (guest, occasion)
    assert tickets.by_holder(tickets.holder_token(guest, occasion)) == (guest, occasion)


def test_the_qr_is_the_link_on_the_public_address_in_capitals(app, guest, occasion):
    link = tickets.link_of(guest, occasion)
    assert link == f"{settings().public_url.upper()}/T/{tickets.code_of(guest, occasion)}"
    assert tickets.holder_token(guest, occasion) not in link


def test_a_new_issue_revokes_the_old_code_and_the_old_holders_link(each_app, guest, occasion):
    old, link = tickets.code_of(guest, occasion), tickets.holder_token(guest, occasion)
    reissue(guest, occasion)
    with pytest.raises(NotFound):
        tickets.by_code(old)
    with pytest.raises(NotFound):
        tickets.by_holder(link)
    assert tickets.by_code(tickets.code_of(guest, occasion))[0].id == guest.id
    assert tickets.by_holder(tickets.holder_token(guest, occasion))[0].id == guest.id


def test_old_pages_and_the_old_qr_are_gone_after_a_new_issue(app, guest, occasion, client, gate):
    old, link = tickets.code_of(guest, occasion), tickets.holder_token(guest, occasion)
    text = tickets.link_of(guest, occasion)
    assert client.get(f"/T/{old}").status_code == 200
    reissue(guest, occasion)
    for path in (f"/T/{old}", f"/t/{old.lower()}", f"/my/{link}", f"/q/{old}.png"):
        assert client.get(path).status_code == 404
    assert gate.scan(code=text).json["reason"] == "unknown_code"
    assert gate.scan(code=tickets.link_of(guest, occasion)).json["verdict"] == "admitted"


def test_a_new_issue_is_on_record(app, guest, occasion):
    reissue(guest, occasion)
    found = db.session.scalars(sa.select(AuditEntry).filter_by(action="reissue")).one()
    assert guest.public_id in str(vars(found))


def test_a_new_issue_does_not_let_anybody_in_twice(app, guest, occasion, gate):
    gate.scan(code=tickets.code_of(guest, occasion))
    reissue(guest, occasion)
    assert gate.scan(code=tickets.code_of(guest, occasion)).json["verdict"] == "already_in"


def changed(drawn, position):
    """Yield the code with one character changed to every other one of the alphabet."""
    for letter in code.ALPHABET:
        if letter != drawn[position]:
            yield drawn[:position] + letter + drawn[position + 1 :]


def test_no_code_with_one_changed_character_is_a_ticket(app, occasion):
    people = [factories.registration(occasion) for _ in range(3)]
    valid = {person.code_hash for person in people}
    for person in people:
        drawn = tickets.code_of(person, occasion)
        wrong = [text for place in range(code.LENGTH) for text in changed(drawn, place)]
        assert len(set(wrong)) == code.LENGTH * 31
        assert not valid & {code.digest(text) for text in wrong}


@pytest.mark.parametrize("position", [0, 7, 13, 24, 25])
def test_the_door_refuses_a_code_with_one_changed_character(app, guest, occasion, gate, position):
    drawn = tickets.code_of(guest, occasion)
    for text in list(changed(drawn, position))[::10]:
        answer = gate.scan(code=text).json
        assert (answer["verdict"], answer["reason"]) == (Word.REFUSED, Reason.UNKNOWN_CODE)
        assert answer["attendee"] is None
    read_only_done()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Attendance)) == 0
    assert set(db.session.scalars(sa.select(Scan.registration_id))) == {None}


@pytest.mark.parametrize("text", ["", "nothing", "0" * 26, "0" * 25])
def test_an_unknown_code_or_link_is_a_refusal_with_a_next_step(app, text):
    with pytest.raises(NotFound) as refused:
        tickets.by_code(text)
    assert refused.value.code == "unknown_ticket"
    with pytest.raises(NotFound) as refused:
        tickets.by_holder(text)
    assert refused.value.code == "unknown_holder_link"


def test_the_code_is_no_key_to_the_holders_page(app, guest, occasion, client):
    assert client.get(f"/my/{tickets.code_of(guest, occasion)}").status_code == 404
    assert client.get(f"/T/{tickets.holder_token(guest, occasion)}").status_code == 404
