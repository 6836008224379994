"""Looking changes nothing: no row of any table, whoever looks at whatever page."""

import hashlib
from contextvars import Context

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from core.accounts import LoginSession
from core.db import db, read_only_done
from tests.addresses import ROLES, World, routes
from tests.databases import tables

#: The one thing a visit may write.
MAY_MOVE = LoginSession.__table__.c.seen_at


def state():
    """Return the hash of every table's rows."""
    found = {}
    for table in tables():
        columns = [column for column in table.columns if column is not MAY_MOVE]
        rows = db.session.execute(sa.select(*columns).order_by(*table.primary_key)).all()
        found[table.name] = hashlib.sha256(repr(rows).encode()).hexdigest()
    read_only_done()
    return found


def changed(before):
    after = state()
    return [name for name in before if before[name] != after[name]]


def test_the_hash_notices_a_changed_row(app):
    before = state()
    World(app)
    assert {"occasion", "registration", "device", "scan", "login_link"} <= set(changed(before))


def visit(client, path):
    """Open a page and ask for its head; nothing is checked of the latter, there is none."""
    client.get(path, buffered=True)
    head = Context().run(FlaskClient.open, client, path, method="HEAD", buffered=True)
    assert head.data == b""


def addresses(app, world):
    """Return every page's address, with real links and with guessed ones, and its rule."""
    return {
        world.path(rule, known=known) + "?q=张三&next=/": rule
        for rule, method in routes(app)
        if method == "GET"
        for known in (True, False)
    }


@pytest.mark.parametrize("role", ROLES)
def test_a_visit_of_every_page_changes_no_row(app, clock, role):
    world = World(app)
    client = world.browser(role)
    clock.forward(minutes=2)
    visits = addresses(app, world)
    before, wrong = state(), []
    for path in visits:
        visit(client, path)
    if changed(before):  # which of them was it? Once more, looking after each
        before = state()
        for path, rule in visits.items():
            visit(client, path)
            wrong += [f"GET {rule}: {name}" for name in changed(before)]
        pytest.fail("\n".join(wrong) or "a page changed a row at its first visit only")


def test_a_visit_moves_the_time_the_session_was_last_seen(app, clock):
    client = World(app).browser("office")
    clock.forward(minutes=2)
    newest = sa.select(sa.func.max(LoginSession.seen_at))
    before = db.session.scalar(newest)
    client.get("/office/")
    assert db.session.scalar(newest) > before
