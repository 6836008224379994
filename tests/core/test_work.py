import os
import signal
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core import jobs
from core.clock import now
from core.db import db, transaction
from core.jobs import Job, JobState


@pytest.fixture(autouse=True)
def context(each_app, no_noise, monkeypatch):
    """Run everything on both databases, with no jobs but those of the test."""
    monkeypatch.setattr(jobs, "_periods", {})
    monkeypatch.setattr(jobs, "_handlers", {})


def _add(kind, **more):
    with transaction():
        return jobs.enqueue(kind, **more).id


def test_the_loop_works_until_it_is_stopped():
    stop = threading.Event()
    jobs.handler("stop")(lambda claim: stop.set())
    _add("stop")
    _add("stop")
    jobs.work(stop, poll=0.01)
    states = db.session.scalars(sa.select(Job.state).order_by(Job.id)).all()
    assert states == [JobState.DONE, JobState.QUEUED]


def test_the_loop_outlives_a_database_that_is_away(monkeypatch):
    stop, calls = threading.Event(), []

    def run_once():
        calls.append(1)
        if len(calls) == 1:
            raise sa.exc.OperationalError("", {}, RuntimeError())
        stop.set()
        return 0

    monkeypatch.setattr(jobs, "run_once", run_once)
    jobs.work(stop, poll=0.01)
    assert len(calls) == 2


@pytest.fixture
def signals():
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, action in before.items():
        signal.signal(number, action)


def test_the_command_runs_what_is_due_and_stops(app, signals):
    done = []
    jobs.handler("note")(lambda claim: done.append(claim.subject))
    _add("note", subject="a")
    _add("note", subject="b")
    assert app.test_cli_runner().invoke(args=["work", "--once"]).exit_code == 0
    assert done == ["a", "b"]


def test_sigterm_finishes_the_job_in_hand(app, signals):
    @jobs.handler("term")
    def term(claim):
        os.kill(os.getpid(), signal.SIGTERM)
        threading.Event().wait(0.3)

    number = _add("term")
    _add("note", run_after=now() + timedelta(days=1))
    assert app.test_cli_runner().invoke(args=["work"]).exit_code == 0
    assert db.session.get_one(Job, number).state == JobState.DONE
