"""Signing in and out: one answer for every failure, links spent once, no way out of the site."""

import re

import pytest
import sqlalchemy as sa

from core import accounts
from core.access import Role
from core.accounts import LoginLink, LoginSession
from core.clock import now
from core.db import db
from core.signin import TOKEN, local_path
from tests import factories
from tests.factories import PASSWORD, writing

OUTSIDE = ["//evil.example", "https://evil.example/", "https:/evil", "/\\evil.example", "\\\\evil",
           "evil", "javascript:alert(1)", "/a\\b", "", " //evil", "/\t/evil.example",
           "/\n/evil"]  # fmt: skip


@pytest.fixture
def user(app):
    return factories.user(login="example", password=PASSWORD)


def sign_in(client, login="example", password=PASSWORD, path="/sign-in", **more):
    return client.post(path, data={"login": login, "password": password, **more})


def token_of(client):
    with client.session_transaction() as session:
        return session.get(TOKEN)


def link_of(user, **life):
    with writing():
        return accounts.make_link(user, **life)


def bare(page):
    """Return a page without what differs by nature."""
    text = re.sub(r'value="[^"]*"', "", page.text)
    return re.sub(r"[0-9a-f]{16}", "", text)


@pytest.mark.parametrize("target", OUTSIDE)
def test_a_target_outside_this_site_is_none(target):
    assert local_path(target) is None


@pytest.mark.parametrize("target", ["/", "/office/", "/o/a?b=c#d", "/a?next=https://b"])
def test_a_path_of_this_site_is_a_target(target):
    assert local_path(target) == target


def test_the_right_password_opens_the_staff_pages(client, user):
    answer = sign_in(client)
    assert (answer.status_code, answer.location) == (302, "/home")
    assert client.get("/account/password").status_code == 200


def test_after_signing_in_one_stands_where_one_wanted_to_go(client, user):
    wished = client.get("/office/occasions/new?a=b").location
    answer = client.submit(wished, login="example", password=PASSWORD)
    assert answer.location == "/office/occasions/new?a=b"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_signing_in_leads_nobody_to_another_site(client, user, target):
    assert sign_in(client, next=target).location == "/home"
    client.post("/sign-out")
    assert client.post("/language", data={"to": "en", "next": target}).location == "/"


def test_a_wrong_password_and_an_unknown_account_get_the_same_sentence(client, user):
    wrong = sign_in(client, password="wrong")
    unknown = sign_in(client, login="unknown", password="wrong")
    assert wrong.status_code == unknown.status_code == 422
    assert "账号或密码" in wrong.text
    assert bare(wrong) == bare(unknown)
    assert "wrong" not in wrong.text.replace('class="wrong"', "")
    assert token_of(client) is None


def test_the_sentence_of_a_wrong_password_is_read_in_english_too(client, user):
    client.set_cookie("lang", "en")
    page = sign_in(client, password="wrong").text
    assert "Account or password is wrong. Try again, or ask the office." in page
    assert 'aria-describedby="password-error"' in page


def test_an_account_without_password_or_closed_gets_in_by_none(client, user):
    factories.user(login="fresh")
    with writing():
        user.disabled_at = now()
    assert sign_in(client, login="fresh", password="").status_code == 200
    assert sign_in(client, login="fresh", password="x").status_code == 422
    assert sign_in(client).status_code == 422


def test_the_ninth_try_is_refused_even_with_the_right_password(client, user, clock):
    for _ in range(8):
        assert sign_in(client, password="wrong").status_code == 422
    answer = sign_in(client)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) <= 900
    assert "分钟后再试" in answer.text
    clock.forward(minutes=16)
    assert sign_in(client).status_code == 302


def test_a_success_forgets_the_failures_before_it(client, user):
    for _ in range(7):
        sign_in(client, password="wrong")
    assert sign_in(client).status_code == 302
    client.post("/sign-out")
    assert sign_in(client, password="wrong").status_code == 422
    assert sign_in(client).status_code == 302


def test_an_attempt_on_another_account_or_from_elsewhere_is_counted_apart(client, user):
    for _ in range(9):
        sign_in(client, login="another", password="wrong")
    assert sign_in(client).status_code == 302


def test_the_identifier_of_the_session_is_new_after_signing_in(client, user):
    sign_in(client)
    first = token_of(client)
    sign_in(client)
    assert token_of(client) not in (None, first)


def test_nothing_of_the_visit_before_lives_on(client, user):
    with client.session_transaction() as session:
        session["planted"] = "by a stranger"
    sign_in(client)
    with client.session_transaction() as session:
        assert "planted" not in session


def test_signing_out_ends_the_session_on_the_server_too(client, user):
    sign_in(client)
    token = token_of(client)
    answer = client.post("/sign-out")
    assert answer.location == "/sign-in"
    assert "已退出" in client.get("/sign-in").text
    with client.session_transaction() as session:
        session[TOKEN] = token
    assert client.get("/account/password").status_code == 302


def test_looking_at_a_link_spends_nothing_and_its_button_works_once(client, browser, user):
    path = f"/sign-in/{link_of(user)}"
    for _ in range(3):
        assert "王示例" in client.get(path).text
    assert client.submit(path).location == "/home"
    again = browser().post(path)
    assert again.status_code == 404
    assert "This sign-in link has been used, and the account is set up." in again.text
    assert 'href="/sign-in"' in again.text
    assert client.get("/account/password").status_code == 200


def test_an_expired_a_closed_and_an_invented_link_are_refused_alike(client, user, clock):
    token, other = link_of(user), factories.user()
    closed = link_of(other)
    with writing():
        other.disabled_at = now()
    refused = [client.get(f"/sign-in/{closed}"), client.get("/sign-in/invented")]
    clock.forward(days=15)
    refused += [client.get(f"/sign-in/{token}"), client.post(f"/sign-in/{token}")]
    assert {answer.status_code for answer in refused} == {404}
    assert all("Ask the office for a new one." in answer.text for answer in refused)
    spent = sa.select(LoginLink.spent_at).where(LoginLink.user_id == user.id)
    assert db.session.scalar(spent) is None


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(client, browser, user):
    elsewhere = browser(user)
    sign_in(client)
    old = token_of(client)
    new = "another short sentence to remember"
    answer = client.submit("/account/password", password=new, again=new)
    assert answer.status_code == 302
    assert client.get("/account/password").status_code == 200
    assert token_of(client) != old
    assert elsewhere.get("/account/password").status_code == 302
    client.post("/sign-out")
    assert sign_in(client).status_code == 422
    assert sign_in(client, password=new).status_code == 302


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("0x7aq", "0x7aq", ""),
        ("123456789012", "123456789012", "This password is easy to guess."),
        ("my name is example ok", "my name is example ok", "This password is easy to guess."),
        ("a long enough sentence", "a different sentence", "The two passwords differ."),
    ],
)
def test_a_weak_or_mistyped_password_changes_nothing(browser, user, password, again, sentence):
    client = browser(user)
    client.set_cookie("lang", "en")
    before = user.password_hash
    answer = client.submit("/account/password", password=password, again=again)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert password not in answer.text
    assert user.password_hash == before


def test_the_language_is_changed_on_the_page_and_stays(client):
    assert 'lang="zh-CN"' in client.get("/sign-in").text
    answer = client.post("/language", data={"to": "en", "next": "/sign-in"})
    assert answer.location == "/sign-in"
    assert "Staff sign-in" in client.get("/sign-in").text
    client.post("/language", data={"to": "zh", "next": "/"})
    assert 'lang="zh-CN"' in client.get("/sign-in").text


def test_an_unknown_language_changes_nothing(client):
    assert "Set-Cookie" not in client.post("/language", data={"to": "xx"}).headers
    client.set_cookie("lang", "../../en")
    assert 'lang="zh-CN"' in client.get("/").text


def test_thirty_idle_minutes_end_the_session(browser, user, clock):
    client = browser(user)
    clock.forward(minutes=31)
    assert client.get("/account/password").status_code == 302
    kept = db.session.scalars(sa.select(LoginSession).filter_by(user_id=user.id)).all()
    assert len(kept) == 1  # for the purge of the worker


def next_of(page):
    return re.search(r'name="to" [^>]*><input type="hidden" name="next" value="([^"]*)"', page)[1]


def test_the_language_button_leads_back_to_a_page_that_answers_get(client, admin, user):
    assert next_of(client.get("/sign-in?next=/office/").text) == "/sign-in?next=/office/"
    path = f"/people/{user.public_id}/link"
    for before, back in [("/people/?a=1", "/people/?a=1"), (path, "/"), ("/nowhere", "/")]:
        page = admin.post(path, headers={"Referer": f"http://localhost{before}"}).text
        assert next_of(page) == back
    assert next_of(admin.post(path, headers={"Referer": "http://a.example/people/"}).text) == "/"
    assert next_of(client.post("/sign-in", data={"login": "x", "password": "y"}).text) == "/sign-in"


def test_the_page_that_shows_a_link_still_adds_an_account(admin, user):
    page = admin.post(f"/people/{user.public_id}/link").text
    assert '<form method="post" action="/people/" novalidate>' in page


@pytest.mark.parametrize(
    ("role", "page"), [(Role.OFFICE, "/office/"), (Role.ADMIN, "/office/"), (None, None)]
)
def test_the_work_of_an_account_begins_where_its_role_says(browser, role, page):
    client = browser(factories.user(*[role] if role else []))
    answer = client.get("/home")
    assert answer.location == (page or "/account/password")
    told = "您的账号还没有角色" in client.get(answer.location).text
    assert told == (role is None)


def test_who_enters_by_link_without_a_password_is_told_to_set_one(client, browser):
    for password, told in (("", True), (PASSWORD, False)):
        link = link_of(factories.user(Role.OFFICE, password=password))
        client = browser()
        client.post(f"/sign-in/{link}")
        assert ("您还没有密码" in client.get("/office/").text) == told


def test_whoever_was_signed_out_while_typing_reads_what_was_typed(browser):
    client = browser(factories.user())
    client.get("/account/password")
    typed = {"rc28.1.1.load.3": "77.1", "password": "secret words of mine"}
    with client.session_transaction() as session:
        session.pop(TOKEN)
    answer = client.post("/account/password", data=typed, headers={"Origin": "http://localhost"})
    assert answer.status_code == 401
    assert "77.1" in answer.text
    assert "secret words" not in answer.text
