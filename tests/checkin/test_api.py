"""The scan API: bearer only, defaults for a small client, problems in two languages."""

import json
import socket

import pytest
import sqlalchemy as sa

from checkin import devices
from checkin.models import Registration, Scan
from core.db import db
from core.web import MAX_BODY
from tests import factories
from tests.servers import Server, free_port

PATH = "/api/v1/scans"


@pytest.fixture
def code(occasion):
    return factories.ticket(factories.registration(occasion), occasion)


def scans():
    return db.session.scalar(sa.select(sa.func.count()).select_from(Scan))


def problem(answer, status):
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    body = json.loads(answer.text)
    assert body["status"] == status
    assert body["message"]["zh"]
    assert body["message"]["en"] == body["title"]
    assert body["type"] == f"urn:quality-month:problem:{body['code']}"
    assert body["request_id"] == answer.headers["X-Request-ID"]
    return body


def test_checkpoint_nonce_and_code_are_enough(gate, code):
    answer = gate.scan(code=code)
    assert answer.status_code == 200
    body = answer.json
    assert (body["verdict"], body["reason"]) == ("admitted", "ok")
    assert body["message"] == {"zh": "签到成功", "en": "Checked in"}
    assert body["attendee"]["unit"] == "示例水泥有限公司"
    assert body["attendee"].keys() == {"name", "unit", "bus", "group", "seat", "helmet"}
    assert body["counts"] == {"expected": 1, "present": 1}
    assert body["gate"] == gate.device.name


def test_a_full_body_is_taken(gate, code):
    clock = {"wall": "2024-08-26T06:30:00Z", "mono": 12.5, "sync_mono": 1, "sync_server": "x"}
    answer = gate.scan(code=code, direction="in", source="typed", online=False, clock=clock)
    assert answer.json["verdict"] == "admitted"
    scan = db.session.scalar(sa.select(Scan).order_by(Scan.id.desc()))
    assert (scan.source.value, scan.online, scan.uncertain) == ("typed", False, True)
    assert scan.clock == {"wall": "2024-08-26T06:30:00Z", "mono": "12.5", "sync_mono": "1.0",
                          "sync_server": "x"}  # fmt: skip


def test_whole_numbers_stand_for_floats(gate, code):
    assert gate.scan(code=code, clock={"mono": 12, "sync_mono": 0}).status_code == 200


@pytest.mark.parametrize("nonce", ["12345678", "x" * 64])
def test_the_same_nonce_gets_the_same_answer_and_writes_nothing(gate, code, nonce):
    first = gate.scan(code=code, nonce=nonce)
    again, other = gate.scan(code=code, nonce=nonce), gate.scan(code="A" * 26, nonce=nonce)
    assert first.json == again.json == other.json
    assert scans() == 1


def test_a_refusal_is_an_answer_and_is_replayed_too(gate):
    first = gate.scan(code="A" * 26, nonce="12345678")
    assert (first.status_code, first.json["verdict"]) == (200, "refused")
    assert first.json["reason"] == "unknown_code"
    assert first.json["attendee"] is None
    assert gate.scan(code="A" * 26, nonce="12345678").json == first.json


def test_a_walk_in_is_entered_and_admitted(gate):
    person = {"name": "钱补登", "unit": "示例劳务公司", "mobile": "+86 130-0000-9999"}
    answer = gate.scan(walk_in=person)
    assert answer.json["verdict"] == "admitted"
    made = db.session.scalar(sa.select(Registration).filter_by(name="钱补登"))
    assert (made.mobile, made.walk_in) == ("13000009999", True)


BAD = [
    ({"nonce": None}, "nonce"),
    ({"nonce": "short"}, "nonce"),
    ({"nonce": "x" * 65}, "nonce"),
    ({"checkpoint": ""}, "checkpoint"),
    ({"checkpoint": 7}, "checkpoint"),
    ({"checkpoint": "unknown"}, "checkpoint"),
    ({"direction": "sideways"}, "direction"),
    ({"source": "undo"}, "source"),
    ({"code": ""}, "code"),
    ({"code": "x" * 513}, "code"),
    ({"code": ["a"]}, "code"),
    ({"online": "perhaps"}, "online"),
    ({"clock": {"mono": "soon"}}, "clock"),
    ({"clock": 5}, "clock"),
    ({"walk_in": {"name": "", "unit": "x"}}, "walk_in"),
    ({"walk_in": {"name": "张", "unit": ""}}, "walk_in"),
    ({"walk_in": {"name": "张", "unit": "x", "mobile": "letters"}}, "walk_in"),
    ({"walk_in": {"name": "张", "unit": "x"}, "code": "A" * 26}, "code"),
    ({"walk_in": {"name": "张", "unit": "  "}}, "walk_in"),
    ({"walk_in": {"name": "张", "unit": "a\0b"}}, "walk_in"),
    ({"walk_in": {"name": "张", "unit": "x", "reason": "\ud800"}}, "walk_in"),
    ({"clock": {"wall": "\ud800"}}, "clock"),
    ({"clock": {"sync_server": "a\nb"}}, "clock"),
    ({"nonce": "1234567\ud800"}, "nonce"),
    ({"checkpoint": "a\0b"}, "checkpoint"),
    ({"\ud800": 1}, "\ud800"),
    ({"unknown": 1}, "unknown"),
]


@pytest.mark.parametrize(("changes", "field"), BAD)
def test_what_is_malformed_is_named(gate, code, changes, field):
    body = changes if "walk_in" in changes else {"code": code} | changes
    answer = problem(gate.scan(**body), 422)
    assert field in answer["errors"]
    assert scans() == 0


def test_a_missing_field_is_named(gate):
    answer = problem(gate.client.post(PATH, json={}, headers=gate.headers), 422)
    assert answer["errors"].keys() == {"checkpoint", "nonce"}
    assert "code" in problem(gate.scan(), 422)["errors"]


@pytest.mark.parametrize(
    ("data", "kind"),
    [(b"{", "application/json"), (b"[]", "application/json"), (b"\xff", "application/json"),
     (b"null", "application/json"), (b"a=b", "application/x-www-form-urlencoded"),
     (b"{}", "text/plain"), (b"", "")],
)  # fmt: skip
def test_what_is_no_json_object_is_a_problem_and_stores_nothing(gate, data, kind):
    answer = gate.client.post(PATH, data=data, content_type=kind, headers=gate.headers)
    problem(answer, answer.status_code)
    assert answer.status_code in (400, 415, 422)
    assert scans() == 0


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer wrong", "Basic dTpw", "Bearer a b", "Bearer \xe9"]
)
def test_an_unknown_token_is_told_to_pair_again(gate, code, header):
    answer = gate.client.post(PATH, json={}, headers={"Authorization": header})
    assert problem(answer, 401)["code"] == "unknown_device"


def test_a_revoked_gate_scans_nothing_any_more(gate, code):
    with factories.writing():
        devices.revoke(gate.device, factories.ACTOR)
    problem(gate.scan(code=code), 401)


def test_a_wrong_method_is_a_problem(client):
    problem(client.get(PATH), 405)


def test_an_unknown_address_below_the_api_is_a_problem(client):
    problem(client.get("/api/v1/nothing"), 404)


def test_a_body_of_ten_megabytes_is_refused_with_a_sentence(gate):
    answer = gate.scan(code="x" * 10 * MAX_BODY)
    assert "More than 1 MB was sent." in problem(answer, 413)["title"]


def test_the_description_is_openapi_with_the_path_and_its_answers(client):
    document = json.loads(client.get("/api/v1/openapi.json").text)
    assert document["openapi"] == "3.1.0"
    post = document["paths"][PATH]["post"]
    assert {"200", "401", "422"} <= post["responses"].keys()
    assert "requestBody" in post


def test_the_description_says_that_a_scan_needs_the_bearer(client):
    document = json.loads(client.get("/api/v1/openapi.json").text)
    assert document["paths"][PATH]["post"]["security"] == [{"bearer": []}]
    scheme = document["components"]["securitySchemes"]["bearer"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")


@pytest.mark.parametrize("text", ["BEGIN:VCARD\r\nEND:VCARD", "\x1d01", "a\0b", "\ud800"])
def test_a_foreign_barcode_is_refused_at_the_door_and_not_as_malformed(each_app, gate, text):
    assert gate.scan(code=text).json["reason"] == "unknown_code"


@pytest.fixture
def served(app, database_url, tmp_path):
    """Serve the database of the test by the production server."""
    server = Server(f"http://127.0.0.1:{free_port()}", database_url, tmp_path / "server")
    server.start()
    yield server
    server.stop()


def send_large(server, path, bearer):
    """Send ten megabytes to a real server, as a client that reads only afterwards."""
    size, answer = 10 * MAX_BODY, b""
    host, port = server.url.removeprefix("http://").split(":")
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {size}\r\n"
    head += f"Content-Type: application/json\r\nAuthorization: Bearer {bearer}\r\n"
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(f"{head}Connection: close\r\n\r\n".encode())
        for _ in range(10):
            connection.sendall(b"x" * MAX_BODY)
        while part := connection.recv(65536):
            answer += part
    return answer.decode()


def test_a_client_of_the_real_server_receives_the_refusal_of_a_large_body(gate, served):
    answer = send_large(served, PATH, gate.bearer)
    assert answer.startswith("HTTP/1.1 413 ")
    assert "More than 1 MB was sent." in answer
    assert send_large(served, "/sign-in", "").startswith("HTTP/1.1 413 ")


def test_a_client_of_the_real_server_with_an_unknown_token_receives_that_refusal(served):
    assert send_large(served, PATH, "unknown").startswith("HTTP/1.1 401 ")
