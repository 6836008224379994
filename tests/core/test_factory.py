"""Making the application: settings, features, checks, and a key for a developer's machine."""

import stat
import sys

import jinja2
import pytest

from core.config import SettingsError
from core.factory import build
from tests import databases


@pytest.fixture
def make(tmp_path):
    made = []

    def make(*features, **settings):
        app = build(*features, data_dir=str(tmp_path), **settings)
        made.append(app)
        return app

    yield make
    for app in made:
        databases.dispose(app)


def test_a_development_machine_gets_a_key_once_and_keeps_it(make, tmp_path):
    first, second = make().secret_key, make().secret_key
    assert first == second == (tmp_path / "secret-key").read_text()
    assert len(first) > 32


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_key_is_readable_by_its_owner_alone(make, tmp_path):
    make()
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_a_given_key_is_used_and_none_is_written(make, tmp_path):
    assert make(secret_key="given").secret_key == "given"
    assert not (tmp_path / "secret-key").exists()


def test_cookies_are_bound_to_the_host_over_https_only(make):
    plain, secure = make(), make(public_url="https://a.example")
    assert plain.config["SESSION_COOKIE_NAME"] == "qm"
    assert secure.config["SESSION_COOKIE_NAME"] == "__Host-qm"
    for app in (plain, secure):
        assert app.config["SESSION_COOKIE_HTTPONLY"]
        assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"
        assert app.config["SESSION_COOKIE_SECURE"] is (app is secure)


def test_every_feature_joins_in_order_and_sees_the_settings(make):
    seen = []

    class Feature:
        def __init__(self, name):
            self.name = name

        def init_app(self, app):
            seen.append((self.name, app.extensions["qm-settings"].qr_case))

    make(Feature("a"), Feature("b"), qr_case="lower")
    assert seen == [("a", "lower"), ("b", "lower")]


def test_an_unknown_setting_stops_the_start(make, monkeypatch):
    monkeypatch.setenv("QM_DATABASE", "misspelt")
    with pytest.raises(SettingsError, match="QM_DATABASE"):
        make()


def test_a_name_a_template_does_not_know_is_an_error_and_text_is_escaped(app):
    with app.test_request_context():
        with pytest.raises(jinja2.UndefinedError):
            app.jinja_env.from_string("{{ nobody }}").render()
        rendered = app.jinja_env.get_template("errors/error.html").render(
            code="x", status=400, sentence_zh="<b>", sentence_en="<i>", request_id="1",
            action_url=None, locale="zh", site=type("S", (), {"name": "x", "footer": ()})(),
        )  # fmt: skip
    assert "&lt;b&gt;" in rendered
