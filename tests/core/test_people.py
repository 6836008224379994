import re

import sqlalchemy as sa

from core import accounts
from core.access import Role, Scope
from core.accounts import User
from core.db import db, read_only_done
from tests import factories


def account(login):
    read_only_done()
    return db.session.scalars(sa.select(User).filter_by(login=login)).one()


def shown_link(page):
    return re.search(r"/sign-in/[\w-]+", page.text)[0]


def test_a_new_account_gets_a_link_that_signs_in(admin, client):
    page = admin.post(
        "/people/", data={"login": "zhang.example", "name": "张示例", "role": "office"}
    )
    answer = client.submit(shown_link(page))
    assert answer.location == "/home"
    assert [held.role for held in account("zhang.example").grants] == [Role.OFFICE]


def test_a_login_that_is_taken_is_said_at_its_field_and_nothing_is_made(admin):
    factories.user(Role.OFFICE, login="taken")
    page = admin.post("/people/", data={"login": "taken", "name": "李示例", "role": "admin"})
    assert page.status_code == 422
    assert "该账号已存在" in page.text
    assert account("taken").name != "李示例"


def test_a_new_link_ends_the_older_one(admin, client):
    user = factories.user(Role.OFFICE)
    links = [shown_link(admin.post(f"/people/{user.public_id}/link")) for _ in range(2)]
    assert client.get(links[0]).status_code == 404
    assert client.get(links[1]).status_code == 200


def test_closing_an_account_ends_its_session_and_opening_lets_it_back(admin, browser):
    user = factories.user(Role.OFFICE)
    theirs = browser(user)
    assert theirs.get("/office/").status_code == 200
    admin.post(f"/people/{user.public_id}/disable")
    assert theirs.get("/office/").status_code == 302
    admin.post(f"/people/{user.public_id}/enable")
    assert browser(user).get("/office/").status_code == 200


def test_nobody_closes_their_own_account(admin):
    own = re.search(r"/people/([\w-]+)/link", admin.get("/people/").text)
    assert own
    administrator = db.session.scalars(
        sa.select(User).where(User.grants.any(role=Role.ADMIN)).order_by(User.id.desc())
    ).first()
    assert admin.post(f"/people/{administrator.public_id}/disable").status_code == 409
    assert account(administrator.login).disabled_at is None


def test_an_unknown_account_is_not_found(admin):
    assert admin.post("/people/nobody/link").status_code == 404


def test_every_role_has_its_words(admin):
    for role in Role:
        user = factories.user()
        scope = Scope.ROUND if role in (Role.LAB, Role.JUDGE) else Scope.SYSTEM
        with factories.writing():
            accounts.grant(user, role, scope, 0, party_id=int(role is Role.LAB))
    assert admin.get("/people/").status_code == 200
