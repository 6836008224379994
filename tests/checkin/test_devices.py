"""Phones at the gates: paired once by PIN, strange after renewal, revocation and the end."""

import pytest
import sqlalchemy as sa

from checkin import devices, occasions
from checkin.models import Device
from checkin.models.occasion import Profile
from checkin.views import scanning
from core.audit import AuditEntry
from core.clock import now
from core.db import db, read_only_done, transaction
from core.errors import Conflict, Forbidden, NotFound, TooMany
from tests import factories
from tests.racing import race


@pytest.fixture
def device(occasion):
    return factories.device(occasion, paired=False)


def tried(device, occasion, pin):
    with factories.writing():
        return devices.try_pin(devices.pair_token(device, occasion), pin)


def wrong(device, occasion):
    return f"{(int(devices.pin(device, occasion)) + 1) % 10**6:06d}"


def tries(device):
    read_only_done()
    return db.session.scalar(sa.select(Device.pin_tries).where(Device.id == device.id))


def test_the_right_pin_pairs(each_app, device, occasion):
    cookie = devices.cookie(device, occasion)
    assert devices.by_cookie(cookie) is None
    assert tried(device, occasion, f" {devices.pin(device, occasion)} ")
    gate = devices.by_cookie(cookie)
    assert (gate.device_id, gate.name, gate.profile) == (device.id, device.name, Profile.STAFF)
    assert (gate.occasion_title, gate.checkpoint) == (
        occasion.title,
        occasion.checkpoints[0].public_id,
    )
    assert devices.by_bearer(devices.bearer(gate)) == gate


def test_a_wrong_pin_does_not_pair_and_is_counted(each_app, device, occasion):
    assert not tried(device, occasion, wrong(device, occasion))
    assert not tried(device, occasion, "")
    assert tries(device) == 2
    assert devices.by_cookie(devices.cookie(device, occasion)) is None


def test_a_right_pin_forgets_the_wrong_ones(app, device, occasion):
    tried(device, occasion, wrong(device, occasion))
    assert tried(device, occasion, devices.pin(device, occasion))
    assert tries(device) == 0


def test_five_wrong_pins_lock_even_the_right_one(each_app, device, occasion):
    for _ in range(devices.PIN_TRIES):
        assert not tried(device, occasion, wrong(device, occasion))
    with pytest.raises(TooMany) as refused:
        tried(device, occasion, devices.pin(device, occasion))
    assert refused.value.code == "pin_locked"
    assert tries(device) == devices.PIN_TRIES


def test_parallel_guesses_are_all_counted(each_app, device, occasion):
    token, guess = devices.pair_token(device, occasion), wrong(device, occasion)
    read_only_done()

    def act(_number):
        with transaction():
            return devices.try_pin(token, guess)

    results = race(each_app, act)
    assert results.count(False) == devices.PIN_TRIES
    assert sum(isinstance(result, TooMany) for result in results) == 16 - devices.PIN_TRIES
    assert tries(device) == devices.PIN_TRIES


def test_of_two_phones_with_the_right_pin_one_is_paired(each_app, device, occasion):
    token, pin = devices.pair_token(device, occasion), devices.pin(device, occasion)
    read_only_done()

    def act(_number):
        with transaction():
            return devices.try_pin(token, pin)

    results = race(each_app, act, 8)
    assert results.count(True) == 1
    # Some wait for the winner's row and learn the reason only from what they read before.
    assert all(isinstance(r, (Conflict, TooMany)) for r in results if r is not True)


def test_a_pairing_link_is_spent_by_pairing(each_app, device, occasion):
    assert tried(device, occasion, devices.pin(device, occasion))
    db.session.refresh(device)
    with pytest.raises(Conflict) as refused:
        tried(device, occasion, devices.pin(device, occasion))
    assert refused.value.code == "already_paired"


def test_looking_at_the_pairing_link_spends_nothing(app, device, occasion, client):
    token = devices.pair_token(device, occasion)
    for _ in range(7):
        assert client.get(f"/door/pair/{token}").status_code == 200
    assert tries(device) == 0
    assert (
        client.submit(f"/door/pair/{token}", pin=devices.pin(device, occasion)).status_code == 302
    )
    assert client.get("/door/").status_code == 200


def secrets_of(device, occasion):
    gate = factories.gate(device, occasion)
    return devices.cookie(device, occasion), devices.bearer(gate)


def test_a_new_pairing_code_makes_the_old_phone_strange(each_app, occasion):
    device = factories.device(occasion)
    cookie, bearer = secrets_of(device, occasion)
    link, pin = devices.pair_token(device, occasion), devices.pin(device, occasion)
    with factories.writing():
        devices.renew(device, occasion, factories.ACTOR)
    assert devices.by_cookie(cookie) is devices.by_bearer(bearer) is None
    with pytest.raises(NotFound):
        devices.by_pair_token(link)
    assert devices.pin(device, occasion) != pin
    assert tried(device, occasion, devices.pin(device, occasion))
    assert devices.by_cookie(cookie) is None
    assert devices.by_cookie(devices.cookie(device, occasion)) is not None


def test_a_new_pairing_code_works_after_a_lock_and_a_revocation(app, device, occasion):
    for _ in range(devices.PIN_TRIES):
        tried(device, occasion, wrong(device, occasion))
    with factories.writing():
        devices.revoke(device, factories.ACTOR)
        devices.renew(device, occasion, factories.ACTOR)
    assert tried(device, occasion, devices.pin(device, occasion))


def test_a_revoked_phone_is_strange_at_once(each_app, gate):
    assert gate.client.get("/door/").status_code == 200
    with factories.writing():
        devices.revoke(gate.device, factories.ACTOR)
    assert devices.by_bearer(gate.bearer) is None
    refused = gate.scan(code="anything")
    assert (refused.status_code, refused.json["code"]) == (401, "unknown_device")
    assert gate.client.get("/door/").status_code == 401


def test_a_phone_that_leaves_is_strange_and_can_be_paired_anew(app, gate, occasion):
    with factories.writing():
        devices.leave(gate.gate)
    assert devices.by_bearer(gate.bearer) is None
    db.session.refresh(gate.device)
    with factories.writing():
        devices.renew(gate.device, occasion, factories.ACTOR)
    assert tried(gate.device, occasion, devices.pin(gate.device, occasion))


def test_after_the_end_of_the_occasion_nothing_works(each_app, gate, occasion, clock):
    new = factories.device(occasion, paired=False)
    cookie = devices.cookie(gate.device, occasion)
    clock.to(occasion.ends_at)
    assert devices.by_cookie(cookie) is devices.by_bearer(gate.bearer) is None
    with pytest.raises(NotFound) as refused:
        tried(new, occasion, devices.pin(new, occasion))
    assert refused.value.code == "dead_pairing"
    assert gate.scan(code="anything").status_code == 401


def test_the_four_secrets_of_a_phone_do_not_open_each_others_doors(app, gate, occasion):
    cookie, link = devices.cookie(gate.device, occasion), devices.pair_token(gate.device, occasion)
    assert devices.by_bearer(cookie) is devices.by_cookie(gate.bearer) is None
    assert devices.by_cookie(link) is devices.by_bearer(link) is None
    with pytest.raises(NotFound):
        devices.by_pair_token(cookie)


def test_the_database_holds_hashes_only(app, gate, occasion):
    kept = str(db.session.execute(sa.text("SELECT * FROM device")).all())
    for secret in (*secrets_of(gate.device, occasion), devices.pair_token(gate.device, occasion)):
        assert secret not in kept
    assert f"'{devices.pin(gate.device, occasion)}'" not in kept


def test_two_gates_of_one_name_are_refused_within_an_occasion_only(app, occasion):
    factories.device(occasion, name="北门")
    with pytest.raises(Conflict) as refused:
        factories.device(occasion, name=" 北门 ")
    assert refused.value.code == "gate_exists"
    assert factories.device(factories.occasion(), name="北门").name == "北门"


def test_a_gate_is_found_within_its_occasion_only(app, device, occasion):
    assert devices.find(occasion, device.public_id) == device
    with pytest.raises(NotFound):
        devices.find(factories.occasion(), device.public_id)
    assert occasions.devices(occasion) == [device]


def test_a_bearer_is_not_made_for_a_gate_that_is_gone(app, gate):
    strange = devices.Gate(10**6, "", 10**6, "", 1, "", "", Profile.STAFF)
    with pytest.raises(Forbidden):
        devices.bearer(strange)


def test_pairing_renewal_and_revocation_are_on_record(app, occasion):
    device = factories.device(occasion)
    with factories.writing():
        devices.revoke(device, factories.ACTOR)
        devices.renew(device, occasion, factories.ACTOR)
    acts = db.session.scalars(
        sa.select(AuditEntry.action).where(AuditEntry.object_id == device.public_id)
    )
    assert {"add_gate", "pair", "revoke_gate", "renew_gate"} <= set(acts)


def test_the_door_cookie_is_hidden_from_scripts(app, device, occasion, client):
    token = devices.pair_token(device, occasion)
    answer = client.submit(f"/door/pair/{token}", pin=devices.pin(device, occasion))
    (set_cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if scanning.cookie_name() in c]
    assert "HttpOnly" in set_cookie
    assert "SameSite=Lax" in set_cookie
    assert now() < occasion.ends_at
