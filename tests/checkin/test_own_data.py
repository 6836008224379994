"""The holder of a ticket sees, takes along, corrects and deletes their own data."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from checkin import own_data, registrations, retention
from checkin.admission import State
from checkin.models import Occasion, Registration
from core.db import db, read_only_done, transaction
from core.errors import Conflict
from core.personal import mask_mobile
from tests import factories
from tests.racing import race


@pytest.fixture
def guest(occasion):
    """Somebody as they registered: what the product changes later does not reach this object."""
    made = factories.registration(occasion)
    db.session.expunge(made)
    return made


@pytest.fixture
def link(guest, occasion):
    return f"/my/{factories.holder(guest, occasion)}"


def fresh(registration):
    read_only_done()
    db.session.expire_all()
    found = db.session.get_one(Registration, registration.id)
    read_only_done()
    return found


def come(gate, guest, occasion):
    assert gate.scan(code=factories.ticket(guest, occasion)).json["verdict"] == "admitted"


def test_the_ticket_leads_to_what_is_kept_and_until_when(client, guest, link, occasion):
    assert f'href="{link}/data"' in client.get(link).text
    page = client.get(f"{link}/data").text
    assert guest.name in page
    assert mask_mobile(guest.mobile) in page
    assert guest.mobile not in page
    until = retention.kept_until(occasion)
    assert str(until.year) in page


def test_the_copy_holds_everything_and_nobody_else(client, guest, link, occasion, gate):
    other = factories.registration(occasion)
    come(gate, guest, occasion)
    answer = client.get(f"{link}/data.json")
    kept = json.loads(answer.data)
    assert kept["registration"]["mobile"] == guest.mobile
    assert kept["session"]["title"] == occasion.title
    assert len(kept["attendance"]) == len(kept["at_the_door"]) == 1
    assert other.mobile not in answer.text
    assert other.name not in answer.text


def test_unit_post_and_mobile_are_corrected_and_the_name_is_not(client, guest, link):
    new = factories.mobile()
    answer = client.submit(f"{link}/data", employer="示例新公司", post="主任", mobile=new)
    assert answer.status_code == 302
    row = fresh(guest)
    assert (row.employer, row.post, row.mobile) == ("示例新公司", "主任", new)
    client.post(f"{link}/data", data={"employer": "示例新公司", "name": "李示例"})
    assert fresh(guest).name == guest.name


def test_an_empty_mobile_keeps_the_number(client, guest, link):
    client.submit(f"{link}/data", employer="示例新公司", mobile="")
    assert fresh(guest).mobile == guest.mobile


def test_a_wrong_mobile_is_said_at_its_field(client, guest, link):
    page = client.submit(f"{link}/data", mobile="123")
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text


def test_a_number_of_somebody_of_the_same_name_is_refused(each_app, client, guest, link, occasion):
    twin = factories.registration(occasion, name=guest.name)
    page = client.submit(f"{link}/data", mobile=twin.mobile)
    assert page.status_code == 422
    assert fresh(guest).mobile == guest.mobile


def test_two_of_one_name_who_take_one_number_at_once_do_not_both_get_it(each_app, occasion):
    new = factories.mobile()
    both = [factories.registration(occasion, name="张示例") for _ in range(2)]

    def correct(number):
        with transaction():
            row = db.session.get_one(Registration, both[number].id)
            own_data.correct(row, employer="示例公司", post="", mobile=new)

    read_only_done()
    results = race(each_app, correct, runners=2)
    refused = [r for r in results if isinstance(r, Conflict | sa.exc.IntegrityError)]
    assert len(refused) == 1
    assert [fresh(row).mobile for row in both].count(new) == 1


def test_who_never_came_is_emptied_and_the_place_is_free(each_app, client, guest, link, occasion):
    before = db.session.get_one(Occasion, occasion.id).taken
    answer = client.submit(f"{link}/data/delete")
    assert answer.status_code == 302
    row = fresh(guest)
    assert (row.name, row.employer, row.post, row.initials) == (own_data.NOBODY, "", "", "")
    assert guest.name not in row.name_key
    assert guest.mobile not in row.mobile
    assert row.state is State.CANCELLED
    assert db.session.get_one(Occasion, occasion.id).taken == before - 1


def test_who_has_come_stays_on_the_record_by_name(client, guest, link, occasion, gate):
    come(gate, guest, occasion)
    assert client.submit(f"{link}/data/delete").status_code == 302
    row = fresh(guest)
    assert (row.name, row.employer, row.state) == (guest.name, guest.employer, State.ACCEPTED)
    assert retention.is_forgotten(row)
    assert guest.mobile not in client.get(f"{link}/data.json").text


def test_after_the_session_a_deletion_leaves_the_count_of_the_absent(
    each_app, client, guest, link, occasion, clock
):
    clock.to(occasion.ends_at + timedelta(hours=1))
    client.submit(f"{link}/data/delete")
    row = fresh(guest)
    assert (row.name, row.state) == (own_data.NOBODY, State.ACCEPTED)


def test_two_who_are_deleted_are_still_two(each_app, occasion, clock):
    guests = [factories.registration(occasion) for _ in range(2)]
    clock.to(occasion.ends_at + timedelta(hours=1))
    for one in guests:
        with factories.writing():
            own_data.delete(db.session.get_one(Registration, one.id), occasion)
    assert len({fresh(one).mobile for one in guests}) == 2


def test_deleting_twice_is_refused_and_nothing_can_be_corrected(client, guest, link):
    client.submit(f"{link}/data/delete")
    assert client.post(f"{link}/data/delete").status_code == 409
    page = client.get(f"{link}/data")
    assert page.status_code == 200
    assert 'name="employer"' not in page.text
    assert client.post(f"{link}/data", data={"employer": "示例"}).status_code == 422


def test_asking_deletes_nothing(client, guest, link):
    assert client.get(f"{link}/data/delete").status_code == 200
    assert fresh(guest).name == guest.name


def test_a_guessed_link_opens_nothing(client):
    for path in ("/data", "/data.json", "/data/delete"):
        assert client.get(f"/my/{'A' * 26}{path}").status_code == 404


def test_a_forgotten_mobile_is_not_brought_back(client, guest, link, clock, occasion):
    clock.to(retention.kept_until(occasion) + timedelta(hours=1))
    with factories.writing():
        assert retention.forget_mobiles() >= 1
    client.submit(f"{link}/data", employer="示例新公司")
    client.post(f"{link}/data", data={"employer": "示例", "mobile": factories.mobile()})
    assert retention.is_forgotten(fresh(guest))


def test_remarks_on_walk_ins_are_forgotten_with_the_mobiles(each_app, occasion, clock):
    with factories.writing():
        person = registrations.Person(name="张示例", employer="示例公司")
        row = registrations.walk_in(occasion.id, person, reason="王示例批准", beyond=False)
    clock.to(retention.kept_until(occasion) + timedelta(hours=1))
    with factories.writing():
        retention.forget_mobiles()
    assert fresh(row).walk_in_reason == ""
    assert fresh(row).mobile is None
