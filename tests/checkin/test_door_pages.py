"""The pages of a door phone: they work without camera and without JavaScript."""

import re

import pytest
import sqlalchemy as sa

from checkin import devices, registrations
from checkin.models import Attendance, Registration
from core.db import db
from tests import factories
from tests.page_checker import SCANNER_POLICY

WECHAT = {"User-Agent": "Mozilla/5.0 (iPhone) MicroMessenger/8.0"}


@pytest.fixture
def free(occasion):
    return factories.device(occasion, name="3 号门", paired=False)


@pytest.fixture
def pairing(free, occasion):
    return f"/door/pair/{devices.pair_token(free, occasion)}", devices.pin(free, occasion)


def wrong(pin):
    return f"{(int(pin) + 1) % 1000000:06d}"


def present():
    return db.session.scalar(sa.select(sa.func.count()).select_from(Attendance))


def check_in(gate, person, **more):
    sent = {"registration": person.public_id, "nonce": factories.nonce(), "source": "search"}
    answer = gate.client.post("/door/check-in", data=sent | more)
    return answer.location


def test_the_right_pin_makes_this_browser_the_phone_of_the_gate(client, pairing, free):
    path, pin = pairing
    for _ in range(2):
        assert "3 号门" in client.get(path).text
    answer = client.submit(path, pin=f" {pin} ")
    assert answer.location == "/door/"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("qm_door=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "3 号门" in client.get("/door/").text
    assert client.get(path).location == "/door/"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "letter"])
def test_what_is_no_pin_is_said_at_the_field(client, pairing, typed):
    answer = client.submit(pairing[0], pin=typed)
    assert answer.status_code == 422
    assert 'id="pin-error"' in answer.text


def test_five_wrong_pins_kill_the_code_even_for_the_right_one(client, pairing, free):
    path, pin = pairing
    for _ in range(5):
        answer = client.submit(path, pin=wrong(pin))
        assert answer.status_code == 422
        assert "PIN" in answer.text
    answer = client.post(path, data={"pin": pin})
    assert answer.status_code == 429
    assert "Ask the organiser for a new pairing code." in answer.text
    assert free.paired_at is None


def test_a_code_pairs_one_phone(client, browser, pairing):
    client.submit(pairing[0], pin=pairing[1])
    answer = browser().post(pairing[0], data={"pin": pairing[1]})
    assert answer.status_code == 409
    assert "Ask the organiser for a new code." in answer.text


def test_a_renewed_a_revoked_and_a_past_code_pair_nobody(client, pairing, free, occasion, clock):
    with factories.writing():
        devices.renew(free, occasion, factories.ACTOR)
    assert client.get(pairing[0]).status_code == 404
    path = f"/door/pair/{devices.pair_token(free, occasion)}"
    assert client.get(path).status_code == 200
    clock.forward(hours=5)
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Ask the organiser for a new one." in answer.text


def test_inside_wechat_the_page_says_where_to_open_it(client, pairing):
    client.set_cookie("lang", "en")
    assert "Open in browser" in client.get(pairing[0], headers=WECHAT).text
    assert "Open in browser" not in client.get(pairing[0]).text


def test_the_scanner_may_use_the_camera_and_says_what_works_without(gate):
    answer = gate.client.get("/door/")
    assert answer.headers["Content-Security-Policy"] == SCANNER_POLICY
    assert "camera=(self)" in answer.headers["Permissions-Policy"]
    assert gate.device.name in answer.text
    assert gate.bearer not in answer.text


def test_the_page_gets_the_bearer_by_post_and_again_the_same(gate, occasion):
    first, again = gate.client.post("/door/bearer"), gate.client.post("/door/bearer")
    assert first.json == again.json
    assert first.json["token"] == gate.bearer
    assert first.json["checkpoint"] == gate.checkpoint
    assert gate.client.get("/door/bearer").status_code == 405


@pytest.mark.parametrize("how", ["name", "initials", "tail", "mobile", "short_code"])
def test_a_person_is_found_however_they_say_who_they_are(gate, occasion, how):
    made = factories.registration(occasion)
    text = made.mobile[-4:] if how == "tail" else getattr(made, how)
    page = gate.client.get("/door/search", query_string={"q": text})
    assert made.name in page.text
    assert made.mobile not in page.text.replace(f'value="{text}"', "")
    assert factories.NOISE.person not in page.text


@pytest.mark.parametrize("text", ["张", "12", "1", "%%", "__"])
def test_too_little_or_a_wildcard_browses_nothing(gate, occasion, text):
    made = factories.registration(occasion)
    assert made.name not in gate.client.get("/door/search", query_string={"q": text}).text


def test_people_of_another_session_are_not_found(gate):
    page = gate.client.get("/door/search", query_string={"q": factories.NOISE.person}).text
    assert "/door/check-in" not in page
    assert "/door/walk-in" in page


def test_a_whole_code_or_link_in_the_search_leads_to_its_page(gate, occasion):
    code = factories.ticket(factories.registration(occasion), occasion)
    for text in (code, code.lower(), f"HTTP://LOCALHOST/T/{code}"):
        answer = gate.client.get("/door/search", query_string={"q": text})
        assert answer.location.endswith(f"/{code}")


def test_a_person_found_is_checked_in_by_one_button(gate, occasion):
    made = factories.registration(occasion)
    answer = gate.client.submit(f"/door/search?q={made.short_code}")
    page = gate.client.get(answer.location).text
    assert 'data-tone="admitted"' in page
    assert made.name in page
    assert present() == 1
    again = gate.client.get(check_in(gate, made)).text
    assert 'data-tone="already_in"' in again
    assert gate.device.name in again


def test_the_same_form_sent_twice_is_one_scan(gate, occasion):
    made, nonce = factories.registration(occasion), factories.nonce()
    assert check_in(gate, made, nonce=nonce) == check_in(gate, made, nonce=nonce)
    assert present() == 1


def test_a_person_of_another_session_is_refused_without_a_name(gate, app):
    other = factories.registration(factories.occasion())
    page = gate.client.get(check_in(gate, other)).text
    assert 'data-tone="refused"' in page
    assert other.name not in page


def test_a_verdict_of_another_door_is_unknown(gate, browser):
    other = factories.occasion()
    made = factories.registration(other)
    device = factories.device(other)
    elsewhere = browser()
    elsewhere.set_cookie("qm_door", devices.cookie(device, other))
    sent = {"registration": made.public_id, "nonce": factories.nonce()}
    path = elsewhere.post("/door/check-in", data=sent).location
    assert elsewhere.get(path).status_code == 200
    assert gate.client.get(path).status_code == 404
    scan = path.rpartition("/")[2]
    assert gate.client.post("/door/undo", data={"scan": scan}).status_code == 404


def test_undo_by_form_shows_it_and_the_person_may_come_again(gate, occasion):
    made = factories.registration(occasion)
    answer = gate.client.submit(check_in(gate, made))
    assert answer.status_code == 200
    assert made.name in answer.text
    assert present() == 0
    assert 'data-tone="admitted"' in gate.client.get(check_in(gate, made)).text


def test_undo_by_script_answers_json_also_when_refused(gate, occasion):
    scan = check_in(gate, factories.registration(occasion)).rpartition("/")[2]
    headers = {"Accept": "application/json"}
    first = gate.client.post("/door/undo", data={"scan": scan}, headers=headers)
    assert first.json == {"ok": True, "counts": {"expected": 1, "present": 0}}
    again = gate.client.post("/door/undo", data={"scan": scan}, headers=headers)
    assert (again.status_code, again.json["code"]) == (409, "already_undone")
    assert again.json["message"]


def test_a_walk_in_needs_name_and_unit_and_is_in_at_once(gate, occasion):
    answer = gate.client.submit("/door/walk-in", name="钱补登", unit="示例劳务公司")
    assert 'data-tone="admitted"' in gate.client.get(answer.location).text
    made = db.session.scalar(sa.select(Registration).filter_by(name="钱补登"))
    assert made.walk_in
    assert occasion.taken == 0
    assert present() == 1


def test_a_walk_in_with_a_mistake_keeps_what_was_typed(gate):
    answer = gate.client.submit("/door/walk-in", name="钱补登", unit="", mobile="letters")
    assert answer.status_code == 422
    for text in ('value="钱补登"', 'value="letters"', 'id="unit-error"', 'id="mobile-error"'):
        assert text in answer.text
    assert present() == 0


def test_beyond_the_capacity_a_supervisors_name_admits(gate, occasion):
    with factories.writing():
        occasion.capacity = 1
    factories.registration(occasion)
    person = {"name": "钱补登", "unit": "示例劳务公司"}
    page = gate.client.submit("/door/walk-in", **person)
    assert page.status_code == 422
    assert 'name="supervisor"' in page.text
    assert present() == 0
    answer = gate.client.submit("/door/walk-in", **person, supervisor="王负责")
    assert 'data-tone="admitted"' in gate.client.get(answer.location).text
    assert (occasion.overrun, present()) == (1, 1)


def test_a_supervisors_phone_needs_no_name_beyond_the_capacity(supervisor, occasion):
    with factories.writing():
        occasion.capacity = 1
    factories.registration(occasion)
    answer = supervisor.client.submit("/door/walk-in", name="钱补登", unit="示例劳务公司")
    assert 'data-tone="admitted"' in supervisor.client.get(answer.location).text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("state", ["blocked", "cancelled", "early", "late"])
def test_every_refusal_is_said_in_the_readers_language(gate, occasion, clock, language, state):
    made = factories.registration(occasion)
    with factories.writing():
        if state == "blocked":
            registrations.set_blocked(made, True, factories.ACTOR)
        if state == "cancelled":
            registrations.withdraw(made)
    if state in ("early", "late"):
        clock.forward(hours={"early": -3, "late": 3.5}[state])
    gate.client.set_cookie("lang", language)
    page = gate.client.get(check_in(gate, made)).text
    words = {
        "blocked": ("此票已停用", "This ticket is blocked"),
        "cancelled": ("报名已取消", "The registration was cancelled"),
        "early": ("未到签到时间", "Check-in is not open yet"),
        "late": ("签到已结束", "Check-in is closed"),
    }[state]
    assert words[language == "en"] in page
    assert 'data-tone="refused"' in page


def test_leaving_ends_the_right_of_this_phone(gate, occasion):
    answer = gate.client.post("/door/leave")
    assert re.search(r"qm_door=;", answer.headers["Set-Cookie"])
    assert gate.client.get("/door/").status_code == 401
    assert gate.scan(code="A" * 26).status_code == 401


def test_a_revoked_phone_is_told_what_to_do(gate):
    with factories.writing():
        devices.revoke(gate.device, factories.ACTOR)
    answer = gate.client.get("/door/")
    assert answer.status_code == 401
    assert "Scan the organiser&#39;s pairing code first." in answer.text


def test_the_right_of_a_phone_ends_with_the_session(gate, clock):
    clock.forward(hours=5)
    assert gate.client.get("/door/").status_code == 401
