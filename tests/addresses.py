"""One of everything a page is about, and the addresses of all pages with real values in them.

``World`` is built once per application. :meth:`World.fresh` makes the objects anew that a request
may use up (a person, a gate, a link), so that requests of a table do not disturb each other.
"""

import secrets
from collections.abc import Iterator
from contextvars import Context
from typing import Any

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from checkin import devices, scans
from checkin.models.occasion import Profile
from checkin.views import scanning
from core import accounts, documents
from core.access import Role
from core.notify import MessageState
from core.signin import TOKEN
from scoring import codes
from tests import factories, sent_forms
from tests.campaign import attached, boards, set_up
from tests.campaign import worlds as months
from tests.clients import Client
from tests.factories import PASSWORD, writing
from tests.scoring import worlds

ROLES = (
    "anonymous",
    "nobody",
    "stranger",
    "organiser",
    "office",
    "admin",
    "lab",
    "judge",
    "liaison",
    "door",
    "bearer",
    "holder",
)
#: A link of the right shape that nobody has.
GUESS = "A" * 26
#: What stands in an address of these endpoints where others have another word.
ACTS = {
    "month.decide": "return",
    "month.officer_access": "renew",
    "office.change_gate": "renew",
    "office.change_person": "block",
}
CODES = {"judge.parameter_page": "rf3", "month.figure_rows": "tours.sessions"}


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Yield every rule of the application with each of its methods."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, method


class World:
    """One of everything, and browsers of every role."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.occasion = factories.occasion(
            capacity=500, map_url="https://map.example.cn/?q=1", wear="平底鞋", safety="听从安排"
        )
        self.elsewhere = factories.occasion()
        self.contest = worlds.make()
        worlds.submit(self.contest, self.contest.lab)
        self.past = worlds.past()
        self.past_code = sorted(codes.by_participation(self.past.id).values())[0]
        self.month = months.make()
        with writing():
            self.month.body.sees_city = True
        set_up.put_file()
        self.photo = attached.photo(self.month)
        self.password = accounts.hash_password(PASSWORD)
        self.fresh()

    def fresh(self) -> None:
        """Make a new person, gate, scan, account, link and filing that waits for a decision."""
        occasion = self.occasion
        self.decided = boards.file(self.month.elsewhere)
        self.person = factories.registration(occasion)
        self.code = factories.ticket(self.person, occasion)
        self.holder = factories.holder(self.person, occasion)
        self.free = factories.device(occasion, paired=False)
        self.device = factories.device(occasion)
        with writing():
            scanner = factories.gate(factories.device(occasion), occasion)
            act = scans.Request(
                checkpoint=scanner.checkpoint, nonce=factories.nonce(), code=self.code
            )
            self.scan = scans.record(act, scanner).scan
            self.waiting = factories.registration(occasion)
            self.waiting_holder = factories.holder(self.waiting, occasion)
            self.user = factories.user(Role.ORGANISER, occasion=occasion)
            self.user.password_hash = self.password
            self.link = accounts.make_link(self.user)
            document = documents.issue(
                "attendance",
                "签到情况表",
                secrets.token_bytes(8),
                media_type="application/pdf",
                subject="",
                actor=factories.ACTOR,
            )
            self.document = document.token
            self.failed = factories.message(MessageState.FAILED)
            self.queued = factories.message(MessageState.QUEUED)

    def browser(self, role: str) -> Client:
        """Return a new browser of somebody with ``role``."""
        client: Client = self.app.test_client()  # type: ignore[assignment]
        if role == "door":
            device = factories.device(self.occasion, profile=Profile.STAFF)
            client.set_cookie(scanning.cookie_name(), devices.cookie(device, self.occasion))
        held = {
            "nobody": factories.user,
            "stranger": lambda: factories.user(Role.ORGANISER, occasion=self.elsewhere),
            "organiser": lambda: factories.user(Role.ORGANISER, occasion=self.occasion),
            "office": lambda: factories.user(Role.OFFICE),
            "admin": lambda: factories.user(Role.ADMIN),
            "lab": lambda: worlds.colleague(self.contest.lab.participation),
            "judge": lambda: worlds.judge(self.past),
            "liaison": lambda: self.month.officer,
        }.get(role)
        if held is not None:
            user = held()
            with writing():
                token = accounts.open_session(user.id)
            with client.session_transaction() as session:
                session[TOKEN] = token
        return client

    def ask(
        self, client: Client, role: str, rule: Rule, method: str, **changes: str
    ) -> TestResponse:
        """Send the request of ``rule`` as somebody with ``role``; only a holder has the links."""
        path = self.path(rule, known=role == "holder", method=method, **changes)
        headers = {"X-CSRFToken": Context().run(client._token)}
        if role == "bearer":
            gate = factories.gate(factories.device(self.occasion), self.occasion)
            headers["Authorization"] = f"Bearer {devices.bearer(gate)}"
        body = self.body(rule.endpoint) if method == "POST" else {}
        return client.open(path, method=method, headers=headers, buffered=True, **body)

    def path(self, rule: Rule, *, known: bool, method: str = "GET", **changes: str) -> str:
        """Return the address with real values, or with guessed links."""
        values = self._values(rule.endpoint) | {"token": self._token(rule.endpoint, method)}
        if not known:
            values |= {"token": GUESS, "text": GUESS}
        values |= changes
        wanted = {name: values[name] for name in rule.arguments}
        address = self.app.url_map.bind("localhost").build(rule.endpoint, wanted)
        if str(rule).startswith("/T/"):  # two rules, one endpoint
            address = address.replace("/t/", "/T/", 1)
        return address

    def _values(self, endpoint: str) -> dict[str, str]:
        values = {
            "occasion_id": self.occasion.public_id,
            "gate_id": self.device.public_id,
            "registration_id": self.waiting.public_id,
            "user_id": self.user.public_id,
            "stage_id": self.contest.stage.public_id,
            "round_code": self.past.code,
            "code": CODES.get(endpoint, self.past_code),
            "kind": "csv",
            "year": str(self.month.campaign.year),
            "body_id": self.month.body.public_id,
            "filing_id": self.month.filing.public_id,
            "file_id": self.photo.public_id,
            "person_id": self.month.person.public_id,
            "item": "plan",
            "name": set_up.FILE,
            "message_id": self._message(endpoint),
            "scan_id": self.scan,
            "text": self.code,
            "filename": "css/base.css" if endpoint == "static" else "css/bootstrap.min.css",
            "act": ACTS.get(endpoint, "disable"),
        }
        if endpoint == "month.decide":
            values["filing_id"] = self.decided.public_id
        if endpoint == "month.officer_access":
            values["user_id"] = self.month.officer.public_id
        if endpoint == "office.undo":
            values["registration_id"] = self.person.public_id
        return values

    def _message(self, endpoint: str) -> str:
        return (self.queued if endpoint == "outbox.cancel" else self.failed).public_id

    def _token(self, endpoint: str, method: str) -> str:
        if endpoint == "attendee.withdraw":
            return self.waiting_holder
        return {
            "account.link": self.link,
            "door.pair": devices.pair_token(self.free, self.occasion),
            "site.verify": self.document,
        }.get(endpoint, self.holder)

    def body(self, endpoint: str) -> dict[str, Any]:
        """Return what a form or client would send there."""
        return sent_forms.body(self, endpoint)
