"""Demo data: nobody real, added once, and a door that any load client can use."""

import json

import pytest
import sqlalchemy as sa

from checkin import demo
from checkin.models import Attendance, Device, Occasion, Registration
from core import accounts
from core.config import settings
from core.db import db, read_only_done, transaction
from core.errors import InvalidInput
from core.personal import parse_mobile


def count(model):
    found = db.session.scalar(sa.select(sa.func.count()).select_from(model))
    read_only_done()
    return found


def fill():
    with transaction():
        return demo.fill()


def test_filling_an_empty_database_twice_adds_once(each_app, no_noise):
    assert fill() is True
    models = (Occasion, Registration, Attendance, Device, accounts.User)
    before = [count(model) for model in models]
    assert before[:3] == [4, 66 + 41 + 40 + 1, 23 + 1]
    assert fill() is False
    assert [count(model) for model in models] == before


def test_a_database_with_occasions_is_left_alone(app):
    before = count(Registration)
    assert fill() is False
    assert count(Registration) == before


def test_nobody_of_the_demo_data_is_real(app, no_noise):
    fill()
    for person in db.session.scalars(sa.select(Registration)):
        assert "虚构" in person.employer
        assert any(word in person.name for word in (*demo.GIVEN, "补登"))
        with pytest.raises(InvalidInput):  # no network gives numbers that begin with 120
            parse_mobile(person.mobile or "")
    for occasion in db.session.scalars(sa.select(Occasion)):
        assert occasion.title.startswith("【示例】")
        assert occasion.title.endswith("（虚构）")
        assert "example" in occasion.map_url
    assert all("示例" in user.name for user in db.session.scalars(sa.select(accounts.User)))


def test_the_demo_occasions_keep_their_capacity_and_count(app, no_noise):
    fill()
    for occasion in db.session.scalars(sa.select(Occasion)):
        rows = db.session.scalars(
            sa.select(Registration).filter_by(occasion_id=occasion.id, walk_in=False)
        ).all()
        assert occasion.taken == len(rows)
        assert occasion.capacity is None or occasion.taken <= occasion.capacity


def start(app):
    """Start as a development server does (core.serve), beside any request."""
    with app.test_request_context(base_url=settings().public_url):
        return demo.start()


def test_a_development_server_starts_with_links_that_open(app, no_noise, client):
    links = [word for line in start(app) for word in line.split() if word.startswith("http")]
    assert len(links) == 6
    for link in links:
        assert client.get(link.removeprefix(settings().public_url)).status_code == 200


def test_a_production_server_gets_no_demo_data(app, no_noise, monkeypatch):
    monkeypatch.setattr(demo, "settings", lambda: type("S", (), {"production": True}))
    assert start(app) == []
    assert count(Occasion) == 0


def test_starting_beside_other_data_prints_what_there_is(app):
    assert all("http" in line for line in start(app))


def run(app, *words):
    read_only_done()
    result = app.test_cli_runner().invoke(args=["demo", *words])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_command_says_whether_it_added_anything(app, no_noise):
    assert "added" in run(app, "fill")
    assert "nothing was added" in run(app, "fill")


def test_the_door_for_load_clients_admits_its_own_codes(each_app, client, tmp_path):
    target = tmp_path / "door.json"
    run(each_app, "door", "--tickets", "3", "--json", str(target))
    door = json.loads(target.read_text(encoding="utf-8"))
    assert list(door) == ["url", "token", "checkpoint", "codes"]
    assert (door["url"], len(set(door["codes"]))) == (settings().public_url, 3)
    headers = {"Authorization": f"Bearer {door['token']}"}
    for code in door["codes"]:
        body = {"checkpoint": door["checkpoint"], "nonce": f"load {code}", "code": code}
        answer = client.post("/api/v1/scans", json=body, headers=headers)
        assert (answer.status_code, answer.json["verdict"]) == (200, "admitted")
    assert answer.json["counts"] == {"expected": 3, "present": 3}


def test_a_second_door_is_another_occasion(app, tmp_path):
    doors = []
    for name in ("a", "b"):
        run(app, "door", "--tickets", "1", "--json", str(tmp_path / name))
        doors.append(json.loads((tmp_path / name).read_text(encoding="utf-8")))
    assert doors[0]["checkpoint"] != doors[1]["checkpoint"]
    assert doors[0]["token"] != doors[1]["token"]
