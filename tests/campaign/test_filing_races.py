"""Acts on one item at the same moment, on both databases, and controls that go wrong."""

import threading
import time
from typing import Any

import pytest
import sqlalchemy as sa

from campaign import filings
from campaign.models import (
    Act,
    Filing,
)
from core.clock import now
from core.db import db, read_only_done
from core.errors import Conflict
from tests.campaign import worlds
from tests.campaign.acts import OFFICE, PLAN, file
from tests.factories import writing
from tests.racing import race


@pytest.fixture
def body(month):
    return month.body


@pytest.fixture
def actor(month):
    return worlds.actor(month.officer)


def outcomes(results):
    return sorted(r.code if isinstance(r, Conflict) else type(r).__name__ for r in results)


def compete(app, body, acts):
    """Run the acts at once, each in a transaction of its own, on the body as it finds it."""

    def run(number: int) -> Any:
        with writing():
            return acts[number](db.session.get_one(type(body), body.id))

    read_only_done()
    return race(app, run, len(acts))


def saving(actor, edit):
    return lambda body: filings.save_draft(body, PLAN, {"note": "x"}, actor, edit=edit)


def filing(actor):
    return lambda body: filings.file(body, PLAN, {"note": "x"}, actor, at=now())


def accepting(version):
    return lambda body: filings.accept(body, PLAN, OFFICE, version=version)


def test_of_first_savings_at_once_one_is_kept_and_the_others_are_told(each_app, body, actor):
    results = compete(each_app, body, [saving(actor, 0)] * 4)
    assert outcomes(results) == ["FilingDraft", *["draft_changed"] * 3]


def test_control_without_the_count_the_last_window_overwrites_unseen(each_app, body, actor):
    results = compete(each_app, body, [saving(actor, None)] * 4)
    assert outcomes(results) == ["FilingDraft"] * 4


def test_a_file_that_arrives_while_the_text_is_saved_keeps_the_newer_text(each_app, body, actor):
    """On PostgreSQL the draft was read before the body's row was taken, and written back."""
    with writing():
        filings.save_draft(body, PLAN, {"note": "old"}, actor)
    read_only_done()
    saved = threading.Event()

    def run(number):
        if number:
            saved.wait(10)
        with db.session.begin():  # without the product's queue of writers
            db.session.connection(execution_options={"write": True})
            found = db.session.get_one(type(body), body.id)
            if number:
                filings.touch_draft(found, PLAN, actor)
            else:
                filings.save_draft(found, PLAN, {"note": "new"}, actor)
                saved.set()
                time.sleep(0.5)  # the other one waits for the row, or reads too early

    assert race(each_app, run, 2) == [None, None]
    db.session.expire_all()
    assert filings.draft(body, PLAN).document == {"note": "new"}


def test_of_filings_at_once_each_is_a_version(each_app, body, actor):
    results = compete(each_app, body, [filing(actor)] * 4)
    assert sorted(r.version for r in results) == [1, 2, 3, 4]


def test_acceptance_and_a_newer_version_at_once_never_accept_what_nobody_saw(each_app, body, actor):
    file(body, actor)
    results = compete(each_app, body, [accepting(1), filing(actor), accepting(1), filing(actor)])
    last = filings.history(body, PLAN)
    accepted = [act for act in last if act.act is Act.ACCEPTED]
    if accepted:  # then nothing was filed after it
        assert (last[0].act, last[0].version) == (Act.ACCEPTED, 1)
    codes = {r.code for r in results if isinstance(r, Conflict)}
    assert codes <= {"newer_version", "nothing_filed", "accepted_already"}
    assert all(isinstance(r, Filing | Conflict) for r in results)


def test_control_without_the_lock_two_acts_take_the_same_number(each_app, body, actor, monkeypatch):
    """What stands between two acts when nobody waits is the constraint alone."""
    both = threading.Barrier(2)
    number = filings._next

    def slow(body, item):
        found = number(body, item)
        both.wait(10)
        return found

    monkeypatch.setattr(filings, "_lock", lambda _body: None)
    monkeypatch.setattr(filings, "_next", slow)
    read_only_done()

    def run(_number):
        with db.session.begin():  # without the product's queue of writers
            return filing(actor)(db.session.get_one(type(body), body.id))

    results = race(each_app, run, 2)
    assert sum(isinstance(r, sa.exc.IntegrityError | sa.exc.OperationalError) for r in results) == 1
