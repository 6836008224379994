"""The edge: headers on whatever is answered, refusals in two languages, a log without secrets."""

import io
import json
import logging
import re

import pytest
import sqlalchemy as sa

from core import access, logs, web
from core.config import Settings, SettingsError
from core.db import db
from core.errors import TooMany, Unavailable
from tests import databases, factories
from tests.addresses import World, routes
from tests.clients import Client
from tests.factories import PASSWORD

STRONG = {"QM_ENV": "production", "QM_SECRET_KEY": "k" * 32, "QM_PUBLIC_URL": "https://a.example"}


@pytest.fixture
def broken(app, unshared):
    """Return the application with views that fail in every way."""

    def add(name, error):
        def view():
            raise error

        app._got_first_request = False
        app.add_url_rule(f"/broken/{name}/<token>", name, access.public(lambda token: view()))

    add("crash", RuntimeError("secret 13812345678"))
    add("down", sa.exc.OperationalError("SELECT 1", {}, Exception("gone")))
    twin = Exception("duplicate key: Key (name)=(张示例) already exists")
    add("twin", sa.exc.IntegrityError("INSERT", {"name": "张示例"}, twin))
    add("busy", Unavailable("wrong_secret_key", "Please sign in first, then try again."))
    add("many", TooMany("too_many_attempts", "Wait.", retry_after=77))
    return app


@pytest.fixture
def lines(monkeypatch):
    """Return the stream of the log."""
    stream, logger = io.StringIO(), logging.getLogger("qm")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonLines())
    monkeypatch.setattr(logger, "handlers", [handler])
    monkeypatch.setattr(logger, "level", logging.DEBUG)
    logging.getLogger("qm.web").manager._clear_cache()
    return stream


def entries(lines):
    return [json.loads(line) for line in lines.getvalue().splitlines()]


@pytest.mark.parametrize(
    "path",
    ["/", "/nowhere", "/sign-in", "/office/", "/door/", "/healthz", "/api/v1/openapi.json",
     "/static/css/base.css", "/static/none.css", "/broken/crash/x", "/broken/down/x", "/T/none",
     "/my/../etc/passwd"],
)  # fmt: skip
def test_every_answer_carries_the_headers(broken, client, path):
    headers = client.get(path, buffered=True).headers  # the client checks policy and ids
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers
    assert "unsafe-inline" not in headers["Content-Security-Policy"]


def test_only_the_scanner_page_and_its_files_get_the_wide_policy(app):
    world, wide = World(app), set()
    for rule, method in routes(app):
        if method == "GET":
            for role in ("door", "office", "holder"):
                answer = world.ask(world.browser(role), role, rule, method)
                if "wasm-unsafe-eval" in answer.headers["Content-Security-Policy"]:
                    wide.add((rule.endpoint, role))
                    assert "camera=(self)" in answer.headers["Permissions-Policy"]
    assert wide == {("door.scanner", "door")}


def test_the_decoders_worker_has_the_wide_policy_and_its_neighbours_have_not(client):
    worker = client.get("/static/js/door/decoder-worker.js", buffered=True)
    style = client.get("/static/css/door.css", buffered=True)
    assert "'wasm-unsafe-eval'" in worker.headers["Content-Security-Policy"]
    assert "wasm" not in style.headers["Content-Security-Policy"]


def test_a_crash_shows_a_number_and_the_log_line_has_it(broken, client, lines):
    answer = client.get("/broken/crash/x")
    number = answer.headers["X-Request-ID"]
    assert answer.status_code == 500
    assert number in answer.text
    assert "13812345678" not in answer.text
    assert "RuntimeError" not in answer.text
    crash = next(entry for entry in entries(lines) if entry["message"] == "crash")
    assert crash["request_id"] == number
    assert "RuntimeError" in crash["exception"]


def test_a_database_that_is_down_is_said_to_be_and_when_to_come_back(broken, client, lines):
    answer = client.get("/broken/down/x")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "Try again in a minute" in answer.text
    assert answer.headers["X-Request-ID"] in [e["request_id"] for e in entries(lines)]


def test_a_table_that_is_gone_is_a_refusal_too_and_not_a_page_of_errors(app, client):
    with factories.writing():
        db.session.execute(sa.text("ALTER TABLE occasion RENAME TO gone"))
    answer = client.get("/")
    assert answer.status_code == 503
    assert "SELECT" not in answer.text


def test_refusals_of_our_own_say_when_to_come_back(broken, client):
    assert client.get("/broken/busy/x").headers["Retry-After"] == "10"
    answer = client.get("/broken/many/x")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "77")


@pytest.mark.parametrize(
    ("path", "status", "zh", "en"),
    [
        ("/nowhere", 404, "没有", "There is no such page."),
        ("/my/none", 404, "链接", "This link is not valid any more."),
        ("/T/none", 404, "票", "This ticket code is not valid."),
        ("/o/none", 404, "场次", "There is no such session."),
        ("/v/none", 404, "文件", "No document has this number."),
        ("/door/", 401, "手机", "This phone is not paired with a gate."),
        ("/door/pair/none", 404, "配对", "This pairing code is not valid any more."),
        ("/sign-in/none", 404, "链接", "This sign-in link has been used or has expired."),
    ],
)
def test_a_refusal_is_read_in_both_languages_the_readers_first(client, path, status, zh, en):
    chinese = client.get(path)
    client.set_cookie("lang", "en")
    english = client.get(path)
    assert chinese.status_code == english.status_code == status
    for page in (chinese.text, english.text):
        assert zh in page
        assert en in page
    assert re.search(rf"<h1[^>]*>[^<]*{zh}", chinese.text)
    assert f'<h1 class="mb-3">{en}' in english.text


def test_a_wrong_method_says_which_ones_are_right(client):
    answer = client.post("/healthz")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_a_post_without_token_is_refused_everywhere_but_at_the_api(app):
    world, checked = World(app), 0
    browsers = {role: world.browser(role) for role in ("office", "door", "admin", "holder")}
    for rule, method in routes(app):
        if method == "GET":
            continue
        for role, client in browsers.items():
            known = role == "holder"
            path = world.path(rule, known=known, method=method)
            answer = client.open(path, method=method, csrf=False, **world.body(rule.endpoint))
            allowed = (401,) if rule.endpoint == "api.scan" else (400, 401, 403)
            assert answer.status_code in allowed, f"{method} {rule} as {role}"
            checked += answer.status_code == 400
    assert checked > 30


def test_a_page_open_too_long_is_told_to_reload(client):
    answer = client.post("/language", data={"to": "en"}, csrf=False)
    assert answer.status_code == 400
    assert "page_expired" in answer.text
    assert "Go back, reload it and send it again." in answer.text


def test_the_log_has_the_rule_and_never_a_path_token_or_mobile(app, client, lines):
    world = World(app)
    person = factories.person()
    client.get(f"/my/{world.holder}")
    client.get(f"/T/{world.code}")
    client.get(f"/sign-in/{world.link}")
    client.post("/sign-in", data={"login": "13812345678", "password": PASSWORD})
    form = world.body("attendee.register")["data"] | {"mobile": person.mobile}
    client.post(f"/o/{world.occasion.public_id}/register", data=form)
    client.get("/my/13812345678/unknown")
    text = lines.getvalue()
    assert '"rule": "/my/<token>"' in text
    for secret in (world.holder, world.code, world.link, "13812345678", person.mobile, PASSWORD):
        assert secret not in text


def test_the_log_says_who_asked_what_and_how_it_went(office, lines):
    office.get("/office/")
    (entry,) = [entry for entry in entries(lines) if entry["message"] == "request"]
    assert entry["actor"].startswith("account:")
    assert (entry["method"], entry["rule"], entry["status"]) == ("GET", "/office/", 200)
    assert entry["ms"] >= 0


def test_a_line_break_forges_no_entry():
    record = logging.LogRecord("qm", 20, "", 0, "a\nb", None, None)
    record.data = {"value": 'x\n{"message": "forged"}'}
    assert len(logs.JsonLines().format(record).splitlines()) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"QM_SECRET_KEY": ""},
        {"QM_SECRET_KEY": "k" * 31},
        {"QM_PUBLIC_URL": "http://a.example"},
        {"QM_PUBLIC_URL": ""},
        {"QM_ENV": "prod"},
        {"QM_QR_CASE": "mixed"},
        {"QM_PROXIES": "one"},
        {"QM_SECRETKEY": "misspelt"},
    ],
)
def test_production_refuses_weak_or_unknown_settings(changes):
    assert Settings.read(STRONG).production
    with pytest.raises(SettingsError):
        Settings.read(STRONG | changes)


@pytest.fixture
def secure(database_url, tmp_path):
    """Return a browser of a server that people reach over HTTPS."""
    app = databases.build(database_url, tmp_path / "data", "https://localhost")
    app.test_client_class = Client
    with app.app_context():
        yield app.test_client()
    databases.dispose(app)


def test_over_https_cookies_are_bound_to_the_host_and_the_browser_stays_with_it(secure):
    page = secure.get("/sign-in", base_url="https://localhost")
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    (cookie,) = page.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-qm=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert part in cookie
    assert "Domain" not in cookie


def test_over_https_the_doors_cookie_is_bound_to_the_host_too(secure):
    occasion = factories.occasion()
    from checkin import devices

    device = factories.device(occasion, paired=False)
    path = f"/door/pair/{devices.pair_token(device, occasion)}"
    pin = devices.pin(device, occasion)
    headers = {"Referer": "https://localhost/"}
    base = "https://localhost"
    secure.get(path, base_url=base)
    answer = secure.post(path, base_url=base, data={"pin": pin}, headers=headers)
    assert answer.status_code == 302, answer.text
    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if "door" in c]
    assert cookie.startswith("__Host-qm_door=")
    assert {"Secure", "HttpOnly"} <= {part.strip() for part in cookie.split(";")}


def test_a_body_beyond_the_limit_is_refused_with_a_sentence(client):
    answer = client.post("/sign-in", data={"login": "x" * (2 * web.MAX_BODY)})
    assert answer.status_code == 413
    assert "More than 1 MB was sent." in answer.text


def test_a_forwarded_address_is_believed_only_from_a_declared_proxy(database_url, tmp_path):
    from core.factory import build

    app = build(database_url=database_url, data_dir=str(tmp_path), proxies=1)
    assert type(app.wsgi_app).__name__ == "ProxyFix"
    plain = build(database_url=database_url, data_dir=str(tmp_path))
    assert type(plain.wsgi_app).__name__ != "ProxyFix"
    for made in (app, plain):
        databases.dispose(made)


def test_of_two_at_once_the_slower_is_told_and_the_log_has_no_name(broken, client, lines):
    client.set_cookie("lang", "en")
    answer = client.get("/broken/twin/x")
    assert (answer.status_code, "Somebody was a moment faster." in answer.text) == (409, True)
    assert "IntegrityError" in lines.getvalue()
    assert "张示例" not in answer.text + lines.getvalue()
