"""The pages of organisers: one screen makes a session; lists, files, tickets put right."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from checkin import devices
from checkin.models import Occasion, Registration, Scan
from core.access import Role
from core.clock import local, now
from core.db import db
from tests import factories


def typed(instant):
    return f"{local(instant):%Y-%m-%dT%H:%M}"


def required(**changes):
    start = now() + timedelta(minutes=30)
    return {
        "title": "质量讲座",
        "starts_at": typed(start),
        "ends_at": typed(start + timedelta(hours=2)),
        "venue": "示例会堂",
    } | changes


def newest():
    return db.session.scalar(sa.select(Occasion).order_by(Occasion.id.desc()))


def base(occasion):
    return f"/office/occasions/{occasion.public_id}"


def test_the_required_fields_alone_make_a_session_that_works_at_the_door(office, client):
    answer = office.submit("/office/occasions/new", **required())
    made = newest()
    assert answer.location == base(made)
    assert [c.name for c in made.checkpoints] == ["签到"]
    gate_page = office.submit(base(made) + "/gates", name="1 号门").location
    assert office.get(gate_page).status_code == 200
    device = db.session.scalar(sa.select(devices.Device).filter_by(occasion_id=made.id))
    pairing = f"/door/pair/{devices.pair_token(device, made)}"
    assert pairing in office.get(gate_page).text
    client.submit(pairing, pin=devices.pin(device, made))
    person = factories.registration(made)
    answer = client.submit(f"/T/{factories.ticket(person, made)}")
    assert 'data-tone="admitted"' in client.get(answer.location).text


def test_what_is_left_empty_gets_a_sensible_value(office):
    office.submit("/office/occasions/new", **required())
    made = newest()
    assert made.sign_in_opens_at == made.starts_at - timedelta(hours=1)
    assert made.sign_in_closes_at == made.ends_at
    assert made.registration_closes_at == made.starts_at
    assert made.capacity is None


def test_the_page_shows_the_public_link_while_nobody_has_registered(office, occasion):
    assert f"http://localhost/o/{occasion.public_id}" in office.get(base(occasion)).text


def test_a_new_session_is_on_the_public_list_at_once(office, client):
    office.submit("/office/occasions/new", **required(title="全新讲座"))
    assert "全新讲座" in client.get("/").text
    assert "全新讲座" in office.get("/office/").text


@pytest.mark.parametrize(
    ("field", "hours"),
    [
        ("ends_at", -1),
        ("sign_in_closes_at", 9),
        ("sign_in_opens_at", 9),
        ("registration_closes_at", 9),
        ("sign_in_closes_at", -9),
        ("registration_closes_at", -9),
    ],
)
def test_times_that_contradict_each_other_are_said_at_their_field(office, field, hours):
    before = newest().id
    start = now() + timedelta(minutes=30)
    sent = required(**{field: typed(start + timedelta(hours=hours))})
    answer = office.submit("/office/occasions/new", **sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert 'value="质量讲座"' in answer.text
    assert newest().id == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""), ("title", "题" * 121), ("starts_at", ""), ("starts_at", "tomorrow"),
        ("venue", " "), ("capacity", "0"), ("capacity", "many"), ("capacity", "-3"),
        ("map_url", "ws://a.example/"), ("map_url", "ftp://a.example/"),
        ("wear", "x" * 1001),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_and_nothing_is_made(office, field, value):
    before = newest().id
    answer = office.post(
        "/office/occasions/new", data={"kind": "lecture", "place": ""} | required(**{field: value})
    )
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert newest().id == before


def test_an_edit_keeps_every_ticket_and_moves_the_doors_hours(office, occasion, gate):
    made = factories.registration(occasion)
    code, holder = factories.ticket(made, occasion), factories.holder(made, occasion)
    later = occasion.starts_at + timedelta(minutes=10)
    answer = office.submit(
        base(occasion) + "/edit", title="换了题目", sign_in_opens_at=typed(later)
    )
    assert answer.status_code == 302, answer.text
    assert occasion.title == "换了题目"
    assert factories.ticket(made, occasion) == code
    assert "换了题目" in office.get(f"/my/{holder}").text
    assert gate.scan(code=code).json["reason"] == "not_open"


def test_opening_and_saving_the_form_changes_nothing(office, occasion):
    names = [column.key for column in Occasion.__table__.columns]
    second = occasion.starts_at.replace(microsecond=0)
    office.submit(base(occasion) + "/edit")
    first = {name: getattr(occasion, name) for name in names}
    assert occasion.starts_at == second
    office.submit(base(occasion) + "/edit")
    assert {name: getattr(occasion, name) for name in names} == first


def test_the_capacity_does_not_fall_below_who_is_registered(office, occasion):
    factories.registration(occasion)
    factories.registration(occasion)
    office.set_cookie("lang", "en")
    answer = office.submit(base(occasion) + "/edit", capacity="1")
    assert answer.status_code == 422
    assert "More people are registered already. Enter a larger number." in answer.text


@pytest.fixture
def people(occasion, gate):
    """Return three people of the list: one has come, one has not, one has withdrawn."""
    from checkin import registrations

    came, absent, gone = (
        factories.registration(occasion, name=name, employer=f"{name}公司")
        for name in ("白已到", "陈未到", "邓取消")
    )
    gate.scan(code=factories.ticket(came, occasion))
    gate.scan(walk_in={"name": "钱补登", "unit": "示例劳务公司"})
    with factories.writing():
        registrations.withdraw(gone)
    return came, absent, gone


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", "白陈钱"), ("show=present", "白钱"), ("show=absent", "陈"), ("show=walk_in", "钱"),
        ("show=cancelled", "邓"), ("show=nonsense", "白陈钱"), ("q=bai", ""), ("q=byd", "白"),
        ("q=陈未", "陈"), ("q=劳务", "钱"), ("q=%25", ""), ("q=_", ""),
    ],
)  # fmt: skip
def test_the_list_is_filtered(office, occasion, people, query, names):
    page = office.get(f"{base(occasion)}?{query}").text
    for name in ("白已到", "陈未到", "邓取消", "钱补登"):
        assert (f">{name}</a>" in page) == (name[0] in names), name
    assert factories.NOISE.person not in page


@pytest.mark.parametrize(("direction", "order"), [("asc", "白陈钱"), ("desc", "钱陈白")])
def test_the_list_is_sorted_both_ways(office, occasion, people, direction, order):
    page = office.get(f"{base(occasion)}?sort=name&dir={direction}").text
    places = [page.index(f">{name}</a>") for name in ("白已到", "陈未到", "钱补登")]
    assert places == sorted(places, reverse=direction == "desc")
    assert "aria-sort" in page


@pytest.mark.parametrize("page", ["0", "-1", "2", "999", "x", "99999999999999999999999"])
def test_a_page_that_does_not_exist_shows_the_nearest(office, occasion, people, page):
    assert office.get(f"{base(occasion)}?page={page}&sort=x&dir=y").status_code == 200


def test_a_long_list_has_pages(office, occasion, monkeypatch):
    monkeypatch.setattr("checkin.views.office.PAGE", 2)
    made = [factories.registration(occasion, employer=f"单位{n}") for n in range(3)]
    first = office.get(f"{base(occasion)}?sort=employer").text
    second = office.get(f"{base(occasion)}?sort=employer&page=2").text
    assert [p.name in first for p in made] == [True, True, False]
    assert [p.name in second for p in made] == [False, False, True]
    assert 'rel="next"' in first
    assert 'rel="prev"' in second


def test_mobiles_on_the_list_are_masked(office, occasion, people):
    page = office.get(base(occasion)).text
    assert "****" in page
    assert not any(person.mobile in page for person in people)


def person_path(occasion, person):
    return f"{base(occasion)}/people/{person.public_id}"


def test_a_new_ticket_makes_the_old_one_worthless(office, gate, occasion, people):
    _came, absent, _gone = people
    old = factories.ticket(absent, occasion)
    answer = office.post(person_path(occasion, absent) + "/reissue")
    assert answer.location == person_path(occasion, absent)
    assert gate.scan(code=old).json["reason"] == "unknown_code"
    assert gate.scan(code=factories.ticket(absent, occasion)).json["verdict"] == "admitted"


def test_a_blocked_ticket_is_refused_until_it_is_unblocked(office, gate, occasion, people):
    path, code = person_path(occasion, people[1]), factories.ticket(people[1], occasion)
    office.post(path + "/block")
    assert gate.scan(code=code).json["reason"] == "blocked"
    office.post(path + "/unblock")
    assert gate.scan(code=code).json["verdict"] == "admitted"


def test_cancelling_frees_the_place_once_and_not_for_whoever_has_come(office, occasion, people):
    came, absent, _gone = people
    before = occasion.taken
    for _ in range(2):
        office.post(person_path(occasion, absent) + "/cancel")
    assert occasion.taken == before - 1
    office.post(person_path(occasion, came) + "/cancel")
    assert db.session.get(Registration, came.id).state.value == "accepted"


def test_the_office_undoes_a_check_in_and_the_record_stays(office, gate, occasion, people):
    came = people[0]
    page = office.get(person_path(occasion, came)).text
    assert gate.device.name in page
    scan = db.session.scalar(sa.select(Scan).filter_by(registration_id=came.id))
    path = f"{person_path(occasion, came)}/undo/{scan.public_id}"
    assert path in page
    assert office.post(path).status_code == 302
    assert path not in office.get(person_path(occasion, came)).text
    answer = office.post(path)
    assert answer.status_code == 409
    assert "This check-in has been undone already." in answer.text
    assert gate.scan(code=factories.ticket(came, occasion)).json["verdict"] == "admitted"


def test_the_holders_link_can_be_sent_again(office, client, occasion, people):
    link = f"http://localhost/my/{factories.holder(people[1], occasion)}"
    assert link in office.get(person_path(occasion, people[1])).text


def test_an_organiser_sees_their_own_sessions_alone(organiser, occasion):
    page = organiser.get("/office/").text
    assert occasion.title in page
    assert factories.NOISE.occasion not in page


def test_an_organiser_creates_a_session_and_runs_it(organiser):
    made = organiser.submit("/office/occasions/new", **required(title="承办单位自建"))
    assert "承办单位自建" in organiser.get(made.location).text
    assert "承办单位自建" in organiser.get("/office/").text


def test_an_organiser_of_nothing_yet_is_offered_the_first_session(browser, app):
    page = browser(factories.user(Role.ORGANISER)).get("/office/")
    assert page.status_code == 200
    assert factories.NOISE.occasion not in page.text
    assert 'href="/office/occasions/new"' in page.text
