"""Accounts: passwords, sessions that end, links that are spent once."""

import pytest
import sqlalchemy as sa

from core import accounts, passwords
from core.access import Role, Scope
from core.accounts import Grant, LoginSession, User
from core.clock import now
from core.db import db
from core.errors import InvalidInput
from tests import factories
from tests.factories import PASSWORD, writing


def open_session(user):
    with writing():
        return accounts.open_session(user.id)


def disable(user):
    with writing():
        db.session.execute(sa.update(User).where(User.id == user.id).values(disabled_at=now()))


def alive(token):
    return accounts.find_session(token) is not None


def count(model, user):
    query = sa.select(sa.func.count()).select_from(model).where(model.user_id == user.id)
    return db.session.scalar(query)


# Users and grants


def test_a_new_user_has_neither_password_nor_role(each_app):
    with writing():
        user = accounts.create("  13000000001 ", " 张示例 ")
    assert (user.login, user.name, user.password_hash, user.grants) == (
        "13000000001",
        "张示例",
        "",
        [],
    )


def test_two_users_never_share_a_login(each_app):
    factories.user(login="same")
    with pytest.raises(sa.exc.IntegrityError):
        factories.user(login="same")


def test_a_role_given_twice_is_held_once(each_app):
    user = factories.user(Role.OFFICE)
    with writing():
        accounts.grant(user, Role.OFFICE)
    assert count(Grant, user) == 1


def test_the_session_tells_the_roles_and_their_scope(each_app, occasion):
    user = factories.user(Role.ORGANISER, occasion=occasion)
    actor, _due = accounts.find_session(open_session(user))
    assert (actor.kind, actor.id, actor.name) == ("account", user.id, "王示例")
    assert actor.may(Role.ORGANISER, Scope.OCCASION, occasion.id)
    assert not actor.may(Role.ORGANISER, Scope.OCCASION, occasion.id + 1)
    assert not actor.may(Role.OFFICE, Scope.OCCASION, occasion.id)


def test_the_session_tells_nobody_elses_roles(each_app):
    factories.user(Role.ADMIN)
    user = factories.user(Role.OFFICE)
    actor, _due = accounts.find_session(open_session(user))
    assert [held.role for held in actor.grants] == [Role.OFFICE]


# Passwords


@pytest.mark.parametrize("password", ["a" * 11, "", "x" * 257])
def test_a_password_has_12_to_256_characters(password):
    with pytest.raises(InvalidInput) as refusal:
        passwords.check(password)
    assert refusal.value.code == "password_length"


@pytest.mark.parametrize(
    "password", ["lorvandetuis", "kobe fisu " * 25, "质量月的第一天下着一点小雨"]
)
def test_long_passwords_and_sentences_are_taken(password):
    passwords.check(password, "example")


@pytest.mark.parametrize(
    "password", ["123456789012", "x" * 12, "PASSWORD1234", "my 13000000001 it is"]
)
def test_leaked_passwords_and_the_login_are_refused(password):
    with pytest.raises(InvalidInput) as refusal:
        passwords.check(password, "13000000001")
    assert refusal.value.code == "password_common"


def test_hashes_are_argon2id_with_19_mib_and_never_the_same():
    first, second = accounts.hash_password(PASSWORD), accounts.hash_password(PASSWORD)
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert first != second


def test_the_right_password_opens(each_app):
    user = factories.user(password=PASSWORD, login="example")
    assert accounts.authenticate(" example ", PASSWORD) == user.id


def test_a_wrong_password_does_not(app):
    factories.user(password=PASSWORD, login="example")
    assert accounts.authenticate("example", PASSWORD + " ") is None


def test_a_closed_account_does_not_open(app):
    user = factories.user(password=PASSWORD, login="example")
    disable(user)
    assert accounts.authenticate("example", PASSWORD) is None


@pytest.mark.parametrize("password", ["", PASSWORD])
def test_an_account_without_password_does_not_open_with_any(app, password):
    factories.user(login="example")
    assert accounts.authenticate("example", password) is None


def test_a_damaged_hash_opens_nothing(app):
    user = factories.user(login="example")
    with writing():
        accounts.set_password(user.id, "not a hash")
    assert accounts.authenticate("example", PASSWORD) is None


@pytest.mark.parametrize("login", ["known", "without", "closed", "unknown"])
def test_every_failed_sign_in_costs_one_verification(app, monkeypatch, login):
    factories.user(password=PASSWORD, login="known")
    factories.user(login="without")
    disable(factories.user(password=PASSWORD, login="closed"))
    hasher, verified = accounts._hasher(), []

    class Counting:
        def verify(self, kept, password):
            verified.append(kept)
            return hasher.verify(kept, password)

        def hash(self, password):
            return hasher.hash(password)

    accounts._nobody()  # made once, at the first unknown login
    monkeypatch.setattr(accounts, "_hasher", Counting)
    assert accounts.authenticate(login, "not the password") is None
    assert [kept[:30] for kept in verified] == ["$argon2id$v=19$m=19456,t=2,p=1"]


def test_a_new_password_ends_every_session(each_app):
    user, other = factories.user(), factories.user()
    mine, second, others = open_session(user), open_session(user), open_session(other)
    with writing():
        accounts.set_password(user.id, "hash")
    assert [alive(mine), alive(second), alive(others)] == [False, False, True]


def test_a_new_password_is_one_users_alone(each_app):
    user, other = factories.user(), factories.user()
    with writing():
        accounts.set_password(user.id, "new hash")
    db.session.expire_all()
    assert (user.password_hash, other.password_hash) == ("new hash", "")


# Sessions


def test_the_table_keeps_a_hash_and_not_the_token(each_app):
    user = factories.user()
    token = open_session(user)
    kept = db.session.scalar(sa.select(LoginSession.token_hash).filter_by(user_id=user.id))
    assert kept == accounts.hashed(token)
    assert len(kept) == 64
    assert token not in kept


def test_a_stranger_token_is_nobody(app):
    assert accounts.find_session("stranger") is None


def test_a_session_ends_after_30_idle_minutes(each_app, clock):
    token = open_session(factories.user())
    clock.forward(minutes=29, seconds=55)
    assert alive(token)
    clock.forward(seconds=6)
    assert not alive(token)


def test_use_keeps_a_session_alive_but_12_hours_end_it(each_app, clock):
    token = open_session(factories.user())
    for _quarter in range(47):
        clock.forward(minutes=15)
        assert alive(token)
        with writing():
            accounts.touch_session(token)
    clock.forward(minutes=15)
    assert not alive(token)


def test_use_is_written_once_a_minute_at_most(each_app, clock):
    token = open_session(factories.user())
    clock.forward(seconds=55)
    assert accounts.find_session(token)[1] is False
    clock.forward(seconds=6)
    assert accounts.find_session(token)[1] is True
    with writing():
        accounts.touch_session(token)
    assert accounts.find_session(token)[1] is False


def test_use_keeps_only_the_session_in_use_alive(each_app, clock):
    user = factories.user()
    used, left = open_session(user), open_session(user)
    clock.forward(minutes=20)
    with writing():
        accounts.touch_session(used)
    clock.forward(minutes=20)
    assert [alive(used), alive(left)] == [True, False]


def test_a_closed_account_has_no_session(each_app):
    user = factories.user()
    token = open_session(user)
    disable(user)
    assert not alive(token)


def test_signing_out_ends_this_session_alone(each_app):
    user = factories.user()
    here, there = open_session(user), open_session(user)
    with writing():
        accounts.close_session(here)
    assert [alive(here), alive(there)] == [False, True]
