"""How a scan is stored: never changed, once per person, in four statements and one commit."""

import itertools
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from checkin import scans
from checkin.admission import Word
from checkin.models import Attendance, Scan
from checkin.views import scanning
from core.clock import now
from core.db import db
from tests import factories
from tests.checkin.controls import count


@pytest.mark.parametrize("statement", ["UPDATE scan SET verdict = 'left'", "DELETE FROM scan"])
def test_the_database_refuses_to_change_or_delete_a_scan(each_app, gate, ticket, statement):
    gate.scan(code=ticket)
    with pytest.raises(sa.exc.DatabaseError, match="append-only"), factories.writing():
        db.session.execute(sa.text(statement))
    assert db.session.scalars(sa.select(Scan.verdict)).all() == [Word.ADMITTED]


def test_a_person_is_in_once_whoever_inserts(each_app, gate, occasion, guest, ticket):
    gate.scan(code=ticket)
    row = {"checkpoint_id": gate.gate.checkpoint_id, "registration_id": guest.id}
    with pytest.raises(sa.exc.IntegrityError), factories.writing():
        db.session.execute(sa.insert(Attendance).values(first_in=now(), gate="", **row))


@contextmanager
def statements():
    """Collect what is sent to the database, begin and commit left out."""
    sent = []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            sent.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("kind", ["admitted", "already_in", "unknown", "replayed"])
def test_a_scan_takes_at_most_four_statements(each_app, gate, ticket, kind):
    code = "0" * 26 if kind == "unknown" else ticket
    if kind in ("already_in", "replayed"):
        gate.scan(code=ticket, nonce="sent before")
    nonce = "sent before" if kind == "replayed" else "sent just now"
    with statements() as sent:
        assert gate.scan(code=code, nonce=nonce).status_code == 200
    assert 1 <= len(sent) <= 4, "\n".join(sent)


def test_a_scan_is_one_commit(each_app, gate, ticket):
    commits = []
    note = lambda _connection: commits.append(1)  # noqa: E731
    sa.event.listen(db.engine, "commit", note)
    gate.scan(code=ticket)
    sa.event.remove(db.engine, "commit", note)
    assert len(commits) == 1


def overtaken(monkeypatch, times):
    """Let another act be faster as often as ``times`` says."""
    real, left = scans.claim, itertools.count(1)
    monkeypatch.setattr(scans, "claim", lambda row: next(left) > times and real(row))


def test_an_act_overtaken_by_its_twin_runs_again(app, gate, ticket, monkeypatch):
    overtaken(monkeypatch, scanning.RUNS - 1)
    assert gate.scan(code=ticket).json["verdict"] == "admitted"
    assert (count(Scan), count(Attendance)) == (1, 1)


def test_an_act_overtaken_for_ever_is_a_conflict_and_leaves_nothing(app, gate, ticket, monkeypatch):
    overtaken(monkeypatch, scanning.RUNS)
    refused = gate.scan(code=ticket)
    assert (refused.status_code, refused.json["code"]) == (409, "twin")
    assert count(Scan) == count(Attendance) == 0
