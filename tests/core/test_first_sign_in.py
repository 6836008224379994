"""The first visit by an invitation: many openings, one POST, and no account taken over."""

import re
import threading
from contextvars import Context

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from campaign import campaigns, words
from core import accounts, first_sign_in
from core.access import Role, Scope
from core.accounts import Grant, LoginLink, User
from core.db import db, read_only_done, transaction
from core.errors import InvalidInput, NotFound
from core.personal import check_email
from tests import factories
from tests.factories import PASSWORD, writing
from tests.racing import race

NEW = "a new sentence nobody ever guesses"
BODY = 7


def invited(login="body-example", *, body=BODY, name="示例局联络员", role=Role.LIAISON):
    """Return an account that was invited for a body and has no password."""
    with writing():
        user = accounts.create(login, name)
        accounts.grant(user, role, Scope.BODY, body)
        return user


def link_of(user):
    with writing():
        return "/sign-in/" + accounts.make_link(user)


def typed(**changes):
    return {"name": "张示例", "mobile": factories.mobile(), "email": "", "password": NEW,
            "again": NEW} | changes  # fmt: skip


def hashed(path):
    return accounts.hashed(path.removeprefix("/sign-in/"))


def works(client):
    """Say whether a browser is let in to the pages of the bodies."""
    answer = client.get("/body/")
    return answer.status_code == 200 or (answer.location or "").startswith("/body/")


def account(login):
    return db.session.scalars(sa.select(User).filter_by(login=login)).one()


def bodies_of(user):
    held = sa.select(Grant.scope_id).filter_by(user_id=user.id, role=Role.LIAISON)
    return sorted(db.session.scalars(held))


def test_the_link_opens_twenty_times_on_phone_and_computer_until_it_is_used(each_app, browser):
    path = link_of(invited())
    phone, desk = browser(), browser()
    for _turn in range(10):
        assert phone.get(path).status_code == desk.get(path).status_code == 200
    assert desk.submit(path, **typed()).location == "/home"
    assert phone.get(path).status_code == 404


def test_a_preview_robot_spends_nothing(app, client):
    path = link_of(invited())
    client.get(path, headers={"User-Agent": "WeChat preview"})
    # Without the check of the page: there is none.
    head = Context().run(FlaskClient.open, client, path, method="HEAD")
    assert (head.status_code, head.data) == (200, b"")
    read_only_done()
    mine = sa.select(LoginLink.spent_at).where(LoginLink.token_hash == hashed(path))
    assert db.session.scalars(mine).all() == [None]
    assert client.get(path).status_code == 200


def test_the_link_lives_fourteen_days(app, client, clock):
    path = link_of(invited())
    clock.forward(days=13, hours=23)
    assert client.get(path).status_code == 200
    clock.forward(hours=2)
    for answer in (client.get(path), client.post(path, data=typed())):
        assert answer.status_code == 404
        assert "dead_link" in answer.text


def test_the_first_post_sets_name_mobile_and_password_and_signs_in(each_app, client, browser):
    user, mobile = invited(), factories.mobile()
    answer = client.submit(link_of(user), **typed(mobile=mobile, email="zhang@example.cn"))
    assert answer.location == "/home"
    assert client.get("/home").location == "/body/"
    db.session.refresh(user)
    assert (user.login, user.name, user.email) == (mobile, "张示例", "zhang@example.cn")
    again = browser()
    again.post("/sign-in", data={"login": mobile, "password": NEW})
    assert works(again)


def test_afterwards_the_link_says_that_all_is_set_up_and_leads_to_signing_in(app, browser):
    path = link_of(invited())
    browser().submit(path, **typed())
    for answer in (browser().get(path), browser().post(path, data=typed())):
        assert answer.status_code == 404
        assert "link_used" in answer.text
        assert 'href="/sign-in"' in answer.text


def test_the_form_knows_name_and_mobile_unless_they_are_only_stand_ins(app, client):
    page = client.get(link_of(invited())).text
    assert re.search(r'name="name"[^>]*value=""', page)
    assert re.search(r'name="mobile"[^>]*value=""', page)
    known = client.get(link_of(invited("13000009999", name="李示例"))).text
    assert re.search(r'name="name"[^>]*value="李示例"', known)
    assert re.search(r'name="mobile"[^>]*value="13000009999"', known)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"mobile": "1380000"},
        {"mobile": ""},
        {"password": "short", "again": "short"},
        {"password": "123456789012", "again": "123456789012"},
        {"again": "something else entirely"},
        {"email": "nobody"},
    ],
)
def test_a_wrong_answer_sets_and_spends_nothing(app, client, wrong):
    user = invited()
    path = link_of(user)
    answer = client.submit(path, **typed(**wrong))
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert NEW not in answer.text
    assert client.get(path).status_code == 200
    assert (user.login, user.password_hash) == ("body-example", "")


@pytest.mark.parametrize("shape", ["{0} {1} {2}", "+86 {0}{1}{2}", "{0}-{1}-{2}", "０{0}"])
def test_23_two_formats_of_one_number_are_one_person(each_app, client, browser, shape):
    number = factories.mobile()
    text = shape.format(number[:3], number[3:7], number[7:]).replace("０" + number[:3], number)
    client.submit(link_of(invited()), **typed(mobile=number))
    client.post("/sign-out")
    other = invited("body-other", body=8)
    answer = browser().submit(link_of(other), **typed(mobile=text))
    assert answer.status_code == 302
    assert bodies_of(account(number)) == [7, 8]


def test_18_no_telephone_number_stands_in_an_address(app, client):
    user = invited("13000008888")
    path = link_of(user)
    answer = client.submit(path, **typed(mobile="13000008888"))
    assert not re.search(r"1[3-9]\d{9}", path + answer.location)


def test_the_mobile_of_another_account_joins_only_with_its_password(each_app, client):
    with writing():
        owner = accounts.create("13000007777", "王示例")
    accounts_password(owner, PASSWORD)
    user = invited()
    path = link_of(user)
    refused = client.submit(path, **typed(mobile="13000007777"))
    assert refused.status_code == 422
    assert bodies_of(owner) == []
    right = typed(mobile="130 0000 7777", password=PASSWORD, again=PASSWORD)
    assert client.submit(path, **right).location == "/home"
    assert bodies_of(owner) == [BODY]
    assert (user.disabled_at is not None, bodies_of(user)) == (True, [])
    assert (owner.name, works(client)) == ("王示例", True)


def accounts_password(user, password):
    hashed = accounts.hash_password(password)
    with writing():
        accounts.set_password(user.id, hashed)


def test_an_invited_number_with_rights_of_its_own_is_not_taken_over(app, client):
    other = invited("13000006666", body=99, name="李示例")
    path = link_of(invited())
    answer = client.submit(path, **typed(mobile="13000006666"))
    assert answer.status_code == 422
    assert (other.password_hash, bodies_of(other)) == ("", [99])
    assert client.get(path).status_code == 200


def test_an_invited_number_that_holds_no_more_is_set_up_in_its_place(each_app, client):
    other, user = invited("13000006666", name="李示例"), invited()
    answer = client.submit(link_of(user), **typed(mobile="13000006666"))
    assert answer.location == "/home"
    assert (bodies_of(other), bodies_of(user)) == ([BODY], [])
    assert (bool(other.password_hash), user.disabled_at is not None) == (True, True)


@pytest.mark.parametrize("password", ["", PASSWORD])
def test_a_closed_account_is_not_entered_by_its_mobile(app, client, password):
    owner = factories.user(login="13000007777", password=password)
    with writing():
        owner.disabled_at = owner.created_at
    typed_in = typed(mobile="13000007777", password=PASSWORD, again=PASSWORD)
    assert client.submit(link_of(invited()), **typed_in).status_code == 422


def test_trying_numbers_is_limited_as_at_the_sign_in_page(app, client):
    path = link_of(invited())
    factories.user(login="13000007777", password=PASSWORD)
    answers = [client.submit(path, **typed(mobile="13000007777")).status_code for _ in range(9)]
    assert answers == [422] * 8 + [429]


def test_an_account_that_is_set_up_signs_in_by_the_button(app, client):
    user = factories.user(login="13000005555", password=PASSWORD)
    with writing():
        accounts.grant(user, Role.LIAISON, Scope.BODY, BODY)
    path = link_of(user)
    assert 'name="password"' not in client.get(path).text
    assert client.submit(path).location == "/home"
    assert works(client)


def test_an_account_with_a_name_for_login_is_asked_for_no_mobile(app, client):
    path = link_of(invited("lab-seven"))
    assert 'name="mobile"' not in client.get(path).text
    assert client.submit(path).location == "/home"


def wish(number):
    return first_sign_in.Wish("张示例", f"1300000{number:04d}", "")


def set_up(token, number):
    with transaction():
        return first_sign_in.set_up(token, wish(number), f"hash {number}")


def test_of_16_posts_at_once_exactly_one_sets_the_account_up(each_app):
    user = invited()
    token, number = link_of(user).removeprefix("/sign-in/"), user.id
    results = race(each_app, lambda runner: set_up(token, runner))
    won = [n for n, result in enumerate(results) if not isinstance(result, Exception)]
    assert [results[n] for n in won] == [number]
    assert {r.code for r in results if isinstance(r, NotFound)} == {"link_used"}
    db.session.refresh(user)
    assert (user.login, user.password_hash) == (wish(won[0]).mobile, f"hash {won[0]}")


def look_then_set_up(token, runner, all_have_looked):
    """Set an account up as one might write it: look whether the link lives, then write."""
    user = first_sign_in.owner(token)
    all_have_looked.wait(10)
    values = {"password_hash": f"hash {runner}"}
    db.session.execute(sa.update(User).filter_by(id=user.id).values(values))
    db.session.commit()
    return user.id


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"])
def test_control_looking_first_sets_the_account_up_many_times(app):
    user, barrier = invited(), threading.Barrier(16)
    token, number = link_of(user).removeprefix("/sign-in/"), user.id
    results = race(app, lambda runner: look_then_set_up(token, runner, barrier))
    assert results == [number] * 16


def test_the_form_says_what_is_done_with_the_data(app, client):
    with writing():
        campaigns.current().contact = "示例科 020-1"
    page = client.get(link_of(invited())).text
    with app.test_request_context():
        notice = words.privacy(campaigns.current()).splitlines()
    assert len(notice) == 6  # who, what, why, how long, rights, contact
    assert [line for line in notice if line not in page] == []
    assert "示例科 020-1" in notice[-1]


def test_an_email_address_is_plain_or_missing():
    assert check_email(" zhang@example.cn ") == "zhang@example.cn"
    assert check_email("") == ""
    for text in ("zhang", "a@b@c.cn", "a b@example.cn", "张@example.cn"):
        with pytest.raises(InvalidInput):
            check_email(text)
