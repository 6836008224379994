"""The tools of the fast tests themselves: browsers, noise, clock, contexts."""

import pytest
import sqlalchemy as sa

from checkin.models import Occasion, Registration
from core import accounts
from core.access import Role
from core.accounts import User
from core.db import db, transaction
from core.signin import TOKEN
from tests import factories
from tests.clients import forms


def test_a_post_carries_the_token_of_its_page(client):
    assert client.post("/language", data={"to": "en", "next": "/healthz"}).status_code == 302


def test_a_post_without_token_is_refused(client):
    assert client.post("/language", data={"to": "en"}, csrf=False).status_code == 400


def test_an_account_is_signed_in_and_its_role_counts(browser, office):
    assert browser().get("/account/password").status_code == 302
    assert browser(factories.user()).get("/account/password").status_code == 200
    assert office.get("/account/password").status_code == 200


def test_a_request_is_answered_outside_the_context_of_the_test(client, app):
    user = factories.user(password=factories.PASSWORD, login="example")
    answer = client.post("/sign-in", data={"login": "example", "password": factories.PASSWORD})
    assert answer.status_code == 302
    with client.session_transaction() as session:
        assert accounts.find_session(session[TOKEN])[0].id == user.id


def test_the_test_reads_afresh_after_a_request(client, app):
    user = factories.user()
    assert user.name == "王示例"
    with app.app_context(), transaction():
        db.session.execute(sa.update(User).where(User.id == user.id).values(name="新名"))
    client.get("/healthz")
    assert user.name == "新名"


def test_a_request_inside_a_transaction_is_refused_instead_of_waiting_for_ever(client):
    with transaction(), pytest.raises(RuntimeError, match="close transaction"):
        client.get("/healthz")


def test_there_are_strangers_in_every_database(each_app):
    assert db.session.scalars(sa.select(Occasion.title)).all() == [factories.NOISE.occasion]
    names = set(db.session.scalars(sa.select(Registration.name)))
    assert names == {factories.NOISE.person, factories.NOISE.waiting}


def test_a_database_without_strangers_can_be_asked_for(each_app, no_noise):
    assert db.session.scalars(sa.select(Occasion.title)).all() == []


def test_every_test_has_a_database_of_its_own(each_app):
    factories.user(login="mine alone")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == 2


@pytest.mark.parametrize("again", [1, 2])
def test_even_when_it_is_the_same_test_again(each_app, again):
    factories.user(login="mine alone")


def test_an_organiser_manages_only_their_occasion(organiser, occasion):
    with organiser.session_transaction() as session:
        actor, _due = accounts.find_session(session[TOKEN])
    assert [(held.role, held.scope_id) for held in actor.grants] == [(Role.ORGANISER, occasion.id)]


def test_a_gate_knows_its_phone(gate):
    answer = gate.scan(code="unknown to everybody")
    assert (answer.status_code, answer.json["reason"]) == (200, "unknown_code")


PAGE = """<form action="/language" method="post"><input name="to" value="en"></form>
<form method="post"><input type="hidden" name="csrf_token" value="t"><input name="who" value="a">
<input type="checkbox" name="yes"><input type="checkbox" name="on" value="1" checked>
<select name="place"><option value="1">甲</option><option value="2" selected>乙</option></select>
<textarea name="more">
text</textarea><button name="act" value="x">Go</button></form>"""


def test_a_form_is_read_as_a_browser_reads_it():
    language, main = forms(PAGE)
    assert (language.action, language.method, main.action) == ("/language", "POST", "")
    expected = {"csrf_token": "t", "who": "a", "on": "1", "place": "2", "more": "text"}
    assert main.values == expected
    assert main.names == {*expected, "yes", "act"}
