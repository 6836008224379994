"""Gates of a session: made, shown until a phone has taken them, renewed, revoked."""

import pytest
import sqlalchemy as sa

from checkin import devices
from checkin.models import Device
from core.db import db
from tests import factories, pictures


@pytest.fixture
def path(occasion):
    return f"/office/occasions/{occasion.public_id}/gates"


def only(occasion):
    return db.session.scalar(sa.select(Device).filter_by(occasion_id=occasion.id))


def test_a_new_gate_shows_its_pairing_code_and_pin(organiser, occasion, path):
    answer = organiser.submit(path, name="1 号门", profile="supervisor")
    device = only(occasion)
    assert answer.location == f"{path}/{device.public_id}"
    page = organiser.get(answer.location).text
    pin = devices.pin(device, occasion)
    assert f"{pin[:3]} {pin[3:]}" in page
    assert f"http://localhost/door/pair/{devices.pair_token(device, occasion)}" in page
    assert device.profile.value == "supervisor"


def test_the_picture_is_the_pairing_link(organiser, occasion, path):
    device = factories.device(occasion, paired=False)
    answer = organiser.get(f"{path}/{device.public_id}/qr.png")
    assert answer.mimetype == "image/png"
    link = f"http://localhost/door/pair/{devices.pair_token(device, occasion)}"
    assert pictures.qr(pictures.png(answer.data)) == link


def test_a_second_gate_of_one_name_is_refused_at_its_field(organiser, occasion, path):
    organiser.submit(path, name="1 号门")
    organiser.set_cookie("lang", "en")
    answer = organiser.post(path, data={"name": " 1 号门 ", "profile": "staff"})
    assert answer.status_code == 422
    assert "A gate of this name exists. Choose another name." in answer.text
    assert 'id="name-error"' in answer.text
    assert len(db.session.scalars(sa.select(Device).filter_by(occasion_id=occasion.id)).all()) == 1


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"name": ""}, "name"), ({"name": "门" * 31}, "name"),
     ({"name": "a", "profile": "x"}, "profile")],
)  # fmt: skip
def test_a_wrong_gate_is_not_made(organiser, occasion, path, sent, field):
    answer = organiser.post(path, data={"profile": "staff"} | sent)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert only(occasion) is None


def test_a_revoked_phone_stops_at_once_and_a_new_code_pairs_another(
    organiser, occasion, path, gate
):
    organiser.post(f"{path}/{gate.device.public_id}/revoke")
    assert gate.client.get("/door/").status_code == 401
    assert gate.scan(code="A" * 26).status_code == 401
    old = devices.pair_token(gate.device, occasion)
    organiser.post(f"{path}/{gate.device.public_id}/renew")
    assert devices.pair_token(gate.device, occasion) != old
    token = devices.pair_token(gate.device, occasion)
    gate.client.submit(f"/door/pair/{token}", pin=devices.pin(gate.device, occasion))
    assert gate.client.get("/door/").status_code == 200


def test_a_new_code_ends_the_phone_that_is_paired(organiser, path, gate):
    organiser.post(f"{path}/{gate.device.public_id}/renew")
    assert gate.client.get("/door/").status_code == 401
    assert gate.scan(code="A" * 26).status_code == 401


def test_a_paired_gate_shows_no_code_any_more(organiser, occasion, path, gate):
    page = organiser.get(f"{path}/{gate.device.public_id}").text
    pin = devices.pin(gate.device, occasion)
    assert f"{pin[:3]} {pin[3:]}" not in page
    assert "/door/pair/" not in page


def test_the_list_says_how_each_gate_stands(organiser, occasion, path, gate):
    factories.device(occasion, name="等待门", paired=False)
    page = organiser.get(path).text
    assert "等待门" in page
    assert gate.device.name in page
    assert factories.NOISE.gate not in page


def test_an_unknown_gate_says_where_to_go_back_to(organiser, path):
    answer = organiser.get(f"{path}/unknown")
    assert answer.status_code == 404
    assert "Go back to the list of gates." in answer.text
