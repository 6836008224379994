"""One-time sign-in links: spent once, by whoever presses first; and the purge of what is dead."""

import threading

import pytest
import sqlalchemy as sa

from core import accounts
from core.accounts import LoginLink, LoginSession, User, dead_link
from core.clock import now
from core.db import db, transaction
from core.errors import NotFound
from tests import factories
from tests.factories import writing
from tests.racing import race


def make_link(user):
    with writing():
        return accounts.make_link(user)


def open_session(user):
    with writing():
        return accounts.open_session(user.id)


def disable(user):
    with writing():
        db.session.execute(sa.update(User).where(User.id == user.id).values(disabled_at=now()))


def count(model, user):
    query = sa.select(sa.func.count()).select_from(model).where(model.user_id == user.id)
    return db.session.scalar(query)


def test_looking_at_a_link_greets_and_spends_nothing(each_app):
    user = factories.user()
    token = make_link(user)
    assert [accounts.link_owner(token) for _ in range(3)] == ["王示例"] * 3
    with writing():
        assert accounts.spend_link(token) == user.id


def test_a_link_is_spent_once(each_app):
    token = make_link(factories.user())
    with writing():
        accounts.spend_link(token)
    assert accounts.link_owner(token) is None
    with pytest.raises(NotFound) as refusal, writing():
        accounts.spend_link(token)
    assert refusal.value.code == "dead_link"


def test_a_link_lives_14_days(each_app, clock):
    token = make_link(factories.user())
    clock.forward(days=13, hours=23)
    assert accounts.link_owner(token)
    clock.forward(hours=2)
    assert accounts.link_owner(token) is None
    with pytest.raises(NotFound), writing():
        accounts.spend_link(token)


def test_the_link_of_a_closed_account_opens_nothing(each_app):
    user = factories.user()
    token = make_link(user)
    disable(user)
    assert accounts.link_owner(token) is None
    with pytest.raises(NotFound), writing():
        accounts.spend_link(token)


def test_spent_expired_and_invented_links_get_the_same_answer(app):
    with pytest.raises(NotFound) as refusal, writing():
        accounts.spend_link("invented")
    assert (refusal.value.code, refusal.value.message) == (dead_link().code, dead_link().message)


def spend(token):
    with transaction():
        return accounts.spend_link(token)


def test_of_16_at_once_exactly_one_spends_the_link(each_app):
    user = factories.user()
    token, number = make_link(user), user.id
    results = race(each_app, lambda _: spend(token))
    assert [r for r in results if not isinstance(r, NotFound)] == [number]


def look_then_spend(token, all_have_looked):
    """Spend a link as one might write it: look first, then write."""
    kept = db.session.scalar(
        sa.select(LoginLink).filter_by(token_hash=accounts.hashed(token), spent_at=None)
    )
    all_have_looked.wait(10)
    if kept is None:
        raise dead_link()
    db.session.execute(sa.update(LoginLink).values(spent_at=kept.expires_at))
    db.session.commit()
    return kept.user_id


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"])
def test_control_looking_first_spends_the_link_many_times(app):
    user, barrier = factories.user(), threading.Barrier(16)
    token, number = make_link(user), user.id
    assert race(app, lambda _: look_then_spend(token, barrier)) == [number] * 16


def test_purging_removes_what_nobody_can_use(each_app, clock):
    user = factories.user()
    open_session(user)
    make_link(user)
    clock.forward(days=15)
    token, link = open_session(user), make_link(user)
    with writing():
        accounts.purge()
    assert (count(LoginSession, user), count(LoginLink, user)) == (1, 1)
    assert accounts.find_session(token)
    assert accounts.link_owner(link)


def test_purging_removes_sessions_that_were_left_idle(each_app, clock):
    user = factories.user()
    open_session(user)
    clock.forward(minutes=31)
    token = open_session(user)
    with writing():
        accounts.purge()
    assert count(LoginSession, user) == 1
    assert accounts.find_session(token)


def test_a_newer_link_or_a_new_password_ends_the_older_ones(each_app):
    user, other = factories.user(), factories.user()
    older, kept = make_link(user), make_link(other)
    newer = make_link(user)
    assert (accounts.link_owner(older), accounts.link_owner(newer)) == (None, "王示例")
    with writing():
        accounts.set_password(user.id, "hash")
    assert accounts.link_owner(newer) is None
    assert accounts.link_owner(kept)


def test_closing_an_account_ends_its_link_for_good(admin):
    user = factories.user()
    token = make_link(user)
    for act in ("disable", "enable"):
        assert admin.post(f"/people/{user.public_id}/{act}").status_code == 302
    assert accounts.link_owner(token) is None
