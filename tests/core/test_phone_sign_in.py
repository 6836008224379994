"""A computer signs in by the phone: what the code holds, who confirms, once and for two minutes."""

import re
import threading
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from core import accounts, phone_sign_in
from core.access import Actor, Role
from core.accounts import LoginLink
from core.clock import local, now
from core.db import db, transaction
from core.errors import AppError, NotFound
from tests import factories
from tests.factories import PASSWORD
from tests.racing import race

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36"
)


@pytest.fixture
def desk(browser):
    return browser()


@pytest.fixture
def phone(browser):
    return browser(factories.user(Role.OFFICE, password=PASSWORD))


def secret_of(desk):
    with desk.session_transaction() as session:
        return session[phone_sign_in.SECRET][0]


def shown(desk, path="/sign-in/phone/", agent=CHROME):
    """Open the page of the computer and return the path its code leads to."""
    page = desk.get(path, headers={"User-Agent": agent})
    assert page.status_code == 200
    with desk.session_transaction() as session:
        secret, at = session[phone_sign_in.SECRET]
    return "/sign-in/phone/" + phone_sign_in.code_of(secret, instant(at), agent)


def instant(stamp):
    return datetime.fromtimestamp(stamp, UTC)


def state(desk):
    return desk.get("/sign-in/phone/status").json["state"]


def enters(desk):
    answer = desk.post("/sign-in/phone/")
    return answer.status_code == 302 and answer.location == "/home"


def test_a_computer_is_signed_in_by_the_phone_that_is(each_app, desk, phone):
    path = shown(desk)
    assert (state(desk), enters(desk)) == ("waiting", False)
    assert "phone_secret" not in phone.get(path).text
    assert phone.submit(path).status_code == 200
    assert (state(desk), enters(desk)) == ("confirmed", True)
    assert desk.get("/office/").status_code == 200


def test_the_sign_in_page_offers_it(client):
    assert 'href="/sign-in/phone/"' in client.get("/sign-in").text


def test_the_phone_sees_who_asks_since_when_and_a_warning(desk, phone):
    path = shown(desk)
    page = phone.get(path).text
    number = re.search(r'class="short">(\d{4})<', desk.get("/sign-in/phone/").text)[1]
    for words in ("Chrome · Windows", f"{local(now()):%H:%M}", number, "tone-bad"):
        assert words in page


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) MicroMessenger/8.0", "微信 · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/126.0", "Firefox · Linux"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) Safari/605.1", "Safari · macOS"),
        ("nothing known", " · "),
    ],
)
def test_the_browser_that_asks_is_said_in_words(desk, phone, agent, words):
    assert words in phone.get(shown(desk, agent=agent)).text


def test_looking_confirms_nothing(desk, phone):
    path = shown(desk)
    for _turn in range(3):
        phone.get(path)
    assert state(desk) == "waiting"
    assert not enters(desk)


def test_the_code_holds_no_secret_and_no_number(desk, phone):
    path, secret = shown(desk), secret_of(desk)
    assert secret not in path
    assert not re.search(r"1[3-9]\d{9}", path)
    stolen = path.removeprefix("/sign-in/phone/").split(".")[0]
    assert phone.submit(path).status_code == 200
    assert desk.get(f"/sign-in/{stolen}").status_code == 404


def test_another_computer_that_saw_the_code_gets_in_by_none(desk, phone, browser):
    path, other = shown(desk), browser()
    shown(other)
    phone.submit(path)
    assert not enters(other)
    assert enters(desk)


def test_it_works_once(desk, phone, browser):
    path = shown(desk)
    secret = secret_of(desk)
    phone.submit(path)
    assert enters(desk)
    again = browser()
    with again.session_transaction() as session:
        session[phone_sign_in.SECRET] = [secret, int(now().timestamp())]
    assert not enters(again)
    assert phone.post(path).status_code == 409


def test_after_two_minutes_the_code_is_over_on_both_sides(desk, phone, clock):
    path = shown(desk)
    clock.forward(minutes=2, seconds=2)
    assert '<form method="post">' not in phone.get(path).text.split("<main")[1]
    assert phone.post(path).status_code == 409
    assert state(desk) == "over"
    assert shown(desk) != path


def test_a_confirmation_is_good_for_two_minutes(desk, phone, clock):
    phone.submit(shown(desk))
    clock.forward(minutes=2, seconds=2)
    assert not enters(desk)


def test_a_code_that_was_altered_or_invented_is_unknown(desk, phone):
    code = shown(desk).removeprefix("/sign-in/phone/")
    parts = code.split(".")
    altered = [f"{parts[0]}.fl.{parts[2]}.{parts[3]}", f"{parts[0]}.{parts[1]}.ffffffff.{parts[3]}"]
    for wrong in [*altered, "A" * 26, code[:-1] + ("A" if code[-1] != "A" else "B")]:
        assert phone.get(f"/sign-in/phone/{wrong}").status_code == 404
        assert phone.post(f"/sign-in/phone/{wrong}").status_code == 404


def test_whoever_is_not_signed_in_signs_in_first_and_comes_back(desk, client):
    path = shown(desk)
    answer = client.get(path)
    assert answer.location.startswith("/sign-in?next=/sign-in/phone/")
    assert client.post(path).status_code == 401
    assert state(desk) == "waiting"


def test_a_new_code_can_be_shown_at_any_time(desk):
    assert shown(desk) == shown(desk)
    first = shown(desk)
    assert shown(desk, "/sign-in/phone/?new=1") != first


def test_a_phone_whose_account_is_closed_lets_nobody_in(desk, browser):
    user = factories.user(Role.OFFICE)
    browser(user).submit(shown(desk))
    with factories.writing():
        user.disabled_at = now()
    assert (state(desk), enters(desk)) == ("waiting", False)


def confirm(asked, user_id):
    with transaction():
        phone_sign_in.confirm(asked, Actor("account", user_id))
        return user_id


def test_of_16_phones_at_once_exactly_one_confirms(each_app):
    users = [factories.user().id for _ in range(16)]
    asked = phone_sign_in.Asked(accounts.hashed("secret"), "", "", now())
    results = race(each_app, lambda number: confirm(asked, users[number]))
    won = [result for result in results if not isinstance(result, AppError)]
    kept = sa.select(LoginLink.user_id).filter_by(token_hash=accounts.hashed("secret"))
    assert db.session.scalars(kept).all() == won
    assert len(won) == 1


def enter(secret):
    with transaction():
        return accounts.spend_link(secret)


def test_of_16_buttons_at_once_exactly_one_signs_in(each_app):
    user_id = factories.user().id
    confirm(phone_sign_in.Asked(accounts.hashed("secret"), "", "", now()), user_id)
    results = race(each_app, lambda _: enter("secret"))
    assert [r for r in results if not isinstance(r, NotFound)] == [user_id]


def look_then_enter(secret, all_have_looked):
    """Spend it as one might write it: look first, then write."""
    kept = db.session.get(LoginLink, accounts.hashed(secret))
    all_have_looked.wait(10)
    if kept.spent_at is not None:
        raise accounts.dead_link()
    db.session.execute(sa.update(LoginLink).values(spent_at=kept.expires_at))
    db.session.commit()
    return kept.user_id


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"])
def test_control_looking_first_signs_many_in(app):
    user_id, barrier = factories.user().id, threading.Barrier(16)
    confirm(phone_sign_in.Asked(accounts.hashed("secret"), "", "", now()), user_id)
    assert race(app, lambda _: look_then_enter("secret", barrier)) == [user_id] * 16
