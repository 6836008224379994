"""The browser of the fast tests: a Flask client that checks every answer it receives."""

from contextvars import Context
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, has_app_context
from flask import session as browser_session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from core.db import db, read_only_done
from tests import page_checker

SAFE = ("GET", "HEAD", "OPTIONS")
#: Forms that stand on many pages beside their own purpose.
ASIDE = ("/language", "/sign-out")


class Client(FlaskClient):
    """A client whose every answer is checked (:mod:`tests.page_checker`).

    - A POST carries a valid CSRF token, as if its page had been opened; ``csrf=False`` omits it.
    - :meth:`submit` opens the page and sends the form that is really there.
    - It answers outside the test's own application context, as a server would, and afterwards
      the test's session reads afresh.
    """

    def open(self, *args: Any, csrf: bool = True, **kwargs: Any) -> TestResponse:
        """Send a request, check the answer and return it."""
        _leave_transaction()
        method = str(kwargs.get("method", "GET")).upper()
        if csrf and args and isinstance(args[0], str) and method not in SAFE:
            headers = dict(kwargs.pop("headers", None) or {})
            if "Authorization" not in headers:
                headers.setdefault("X-CSRFToken", Context().run(self._token))
            kwargs["headers"] = headers
        response: TestResponse = Context().run(super().open, *args, **kwargs)
        if has_app_context():
            read_only_done()
            db.session.expire_all()
        page_checker.check(response)
        return response

    def submit(self, path: str, /, *, form: int = 0, **fields: Any) -> TestResponse:
        """Open ``path``, fill in its ``form``-th form with a main purpose, and send it.

        Forms that only sign out or change the language are not counted. A field the form does
        not have is an error of the test or of the page.
        """
        page = self.get(path)
        assert page.status_code == 200, f"{path} answered {page.status}"
        found = [f for f in forms(page.text) if urlsplit(f.action).path not in ASIDE]
        assert len(found) > form, f"{path} has {len(found)} forms"
        chosen = found[form]
        unknown = set(fields) - chosen.names
        assert not unknown, f"the form of {path} has no {sorted(unknown)}: {sorted(chosen.names)}"
        values = {**chosen.values, **fields}
        return self.open(chosen.action or path, method=chosen.method, data=values, csrf=False)

    def _token(self) -> str:
        with self.session_transaction() as session:
            kept = dict(session)
        with self.application.test_request_context():
            browser_session.update(kept)
            token: str = generate_csrf()
            raw = browser_session["csrf_token"]
        if kept.get("csrf_token") != raw:
            with self.session_transaction() as session:
                session["csrf_token"] = raw
        return token


def _leave_transaction() -> None:
    """Refuse a request inside a write transaction: the server would wait for it for ever."""
    if not has_app_context():
        return
    session = db.session()
    if session.in_transaction() and session.connection().get_execution_options().get("write"):
        raise RuntimeError(f"{current_app.name}: close transaction() before sending a request")


class Form:
    """A form as a browser without JavaScript would send it."""

    def __init__(self, attributes: dict[str, str | None]) -> None:
        self.action = attributes.get("action") or ""
        self.method = (attributes.get("method") or "get").upper()
        self.values: dict[str, str] = {}
        self.names: set[str] = set()


def forms(html: str) -> list[Form]:
    """Return the forms of a page in their order."""
    parser = _Forms()
    parser.feed(html)
    return parser.found


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._form: Form | None = None
        self._select = ""
        self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form":
            self._form = Form(values)
            self.found.append(self._form)
        if self._form is None:
            return
        name = values.get("name") or ""
        if name:
            self._form.names.add(name)
            self._field(self._form, tag, name, values)
        elif tag == "option":
            self._option(self._form, values)

    def _field(self, form: Form, tag: str, name: str, values: dict[str, str | None]) -> None:
        if tag == "input":
            self._input(form, name, values)
        elif tag == "select":
            self._select = name
        elif tag == "textarea":
            self._textarea = name
            form.values[name] = ""

    def _option(self, form: Form, values: dict[str, str | None]) -> None:
        if self._select and ("selected" in values or self._select not in form.values):
            form.values[self._select] = values.get("value") or ""

    @staticmethod
    def _input(form: Form, name: str, values: dict[str, str | None]) -> None:
        kind = values.get("type") or "text"
        if kind in ("submit", "button", "image", "reset", "file"):
            return
        if kind in ("checkbox", "radio"):
            if "checked" in values:
                form.values[name] = values.get("value") or "on"
            return
        form.values[name] = values.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._textarea:
            self._form.values[self._textarea] += data.removeprefix("\n").removeprefix("\r\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""
