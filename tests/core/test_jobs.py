import threading
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core import jobs
from core.clock import moved, now
from core.db import db, read_only_done, transaction
from core.errors import Conflict
from core.jobs import Job, JobState


@pytest.fixture(autouse=True)
def context(each_app, no_noise, monkeypatch):
    """Run everything on both databases, with no jobs but those of the test."""
    monkeypatch.setattr(jobs, "_periods", {})
    monkeypatch.setattr(jobs, "_handlers", {})


@pytest.fixture
def done():
    """Return the subjects of the jobs that ran, in order."""
    subjects = []

    @jobs.handler("note")
    def note(claim):
        subjects.append(claim.subject)
        return {"length": len(claim.subject)}

    return subjects


def add(kind="note", subject="a", **more):
    with transaction():
        return jobs.enqueue(kind, subject, **more).id


def row(number, *columns):
    values = db.session.execute(sa.select(*columns).where(Job.id == number)).one()
    read_only_done()
    return tuple(values)


def in_threads(app, count, act):
    def run(number):
        with app.app_context():
            act(number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def test_a_job_runs_once_and_keeps_its_result(done):
    number = add(subject="abc")
    assert jobs.run_once(5) == 1
    assert jobs.run_once(5) == 0
    assert done == ["abc"]
    found = row(number, Job.state, Job.progress, Job.result, Job.attempts)
    assert found == (JobState.DONE, 100, {"length": 3}, 1)


def test_a_job_exists_exactly_if_its_reason_does(done):
    with pytest.raises(RuntimeError), transaction():
        jobs.enqueue("note")
        raise RuntimeError
    assert jobs.run_once() == 0


def test_a_key_makes_one_job(done):
    first, second = add(key="mail-1"), add(key="mail-1", subject="b")
    assert first == second != add()
    assert jobs.run_once(5) == 2
    assert done == ["a", "a"]


def test_jobs_run_in_order_and_not_before_their_time(done):
    add(subject="late", run_after=now() + timedelta(hours=1))
    add(subject="first")
    add(subject="second")
    assert jobs.run_once(2) == 2
    assert jobs.run_once() == 0
    with moved(timedelta(hours=2)):
        jobs.run_once()
    assert done == ["first", "second", "late"]


def test_a_kind_without_a_handler_waits_for_a_worker_that_knows_it():
    number = add("unknown")
    assert jobs.run_once() == 0
    assert row(number, Job.state) == (JobState.QUEUED,)


def test_a_handler_gets_its_payload_and_shows_progress():
    @jobs.handler("count")
    def count(claim):
        claim.progress(40)
        seen.append(row(claim.id, Job.progress, Job.state))
        seen.append(claim.payload)

    seen = []
    add("count", payload={"n": 3})
    jobs.run_once()
    assert seen == [(40, JobState.RUNNING), {"n": 3}]


def failing(error):
    @jobs.handler("fail")
    def fail(claim):
        raise error

    return add("fail")


def test_a_failure_waits_longer_each_time_and_ends_failed():
    number, waited = failing(ValueError("张三 13800000001")), timedelta()
    for wait in (30, 60, 120, 240):
        with moved(waited):
            assert jobs.run_once() == 1
            assert jobs.run_once() == 0
            due = row(number, Job.run_after)[0] - now()
        assert timedelta(seconds=wait - 20) < due <= timedelta(seconds=wait)
        waited += timedelta(seconds=wait)
    with moved(waited):
        jobs.run_once()
    with moved(timedelta(days=1)):
        assert jobs.run_once() == 0
    assert row(number, Job.state, Job.attempts) == (JobState.FAILED, 5)


@pytest.mark.parametrize(
    ("error", "kept"),
    [(ValueError("张三"), "ValueError"), (Conflict("full", "张三"), "Conflict:full")],
)
def test_a_failure_keeps_class_and_code_but_no_words(error, kept, caplog):
    number = failing(error)
    jobs.run_once()
    assert row(number, Job.error) == (kept,)
    assert "张三" not in caplog.text + str([vars(record) for record in caplog.records])


def test_what_a_failed_handler_wrote_is_rolled_back(done):
    @jobs.handler("half")
    def half(claim):
        with transaction():
            jobs.enqueue("note")
            raise RuntimeError

    add("half")
    assert jobs.run_once(5) == 1
    assert done == []


class Killed(BaseException):
    """As if the process had gone: nothing is marked."""


def killing():
    @jobs.handler("kill")
    def kill(claim):
        raise Killed

    number = add("kill")
    with pytest.raises(Killed):
        jobs.run_once()
    read_only_done()
    return number


def test_a_job_of_a_killed_worker_runs_again_after_its_lease():
    number, ran = killing(), []
    jobs.handler("kill")(lambda claim: ran.append(claim.attempts))
    assert jobs.run_once() == 0
    with moved(jobs.LEASE + timedelta(seconds=1)):
        assert jobs.run_once() == 1
    assert ran == [2]
    assert row(number, Job.state) == (JobState.DONE,)


def test_a_job_that_kills_every_worker_is_given_up():
    number = killing()
    for days in range(1, 5):
        with moved(timedelta(days=days)), pytest.raises(Killed):
            jobs.run_once()
    with moved(timedelta(days=9)):
        assert jobs.run_once() == 1
    assert row(number, Job.state, Job.error) == (JobState.FAILED, "WorkerLost")


def test_a_worker_that_lost_its_lease_cannot_finish_the_job(done):
    @jobs.handler("slow")
    def slow(claim):
        with moved(jobs.LEASE * 2):
            assert jobs._claim().attempts == 2
        claim.progress(50)

    number = add("slow")
    jobs.run_once()
    state, error, token = row(number, Job.state, Job.error, Job.lease_token)
    assert (state, error) == (JobState.RUNNING, "")
    assert token


def test_workers_in_threads_never_run_one_job_twice(app):
    ran, running, twice = Counter(), set(), []

    @jobs.handler("race")
    def race(claim):
        if claim.id in running:
            twice.append(claim.id)
        running.add(claim.id)
        ran[claim.id] += 1
        threading.Event().wait(0.002)
        running.discard(claim.id)

    numbers = [add("race") for _ in range(40)]
    in_threads(app, 6, lambda _: jobs.run_once(40))
    while jobs.run_once():  # what a thread left because the others held the first rows
        pass
    assert twice == []
    assert ran == dict.fromkeys(numbers, 1)


def test_one_key_from_many_threads_makes_one_job(app):
    found = []
    in_threads(app, 8, lambda _: found.append(add(key="same")))
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_periodic_job_runs_once_in_a_slot_over_all_workers(app, done):
    jobs.every("note", 60)
    start = timedelta(seconds=3600 - now().timestamp() % 3600)
    with moved(start):
        in_threads(app, 6, lambda _: jobs.run_once(3))
        jobs.run_once(3)
        assert len(done) == 1
    with moved(start + timedelta(minutes=58)):
        assert jobs.run_once() == 0
    with moved(start + timedelta(minutes=61)):
        assert jobs.run_once() == 1


def test_only_a_job_that_has_not_begun_can_be_cancelled(done):
    number = add()
    with transaction():
        assert jobs.cancel(number)
    with transaction():
        assert not jobs.cancel(number)
    assert jobs.run_once() == 0
    assert row(number, Job.state) == (JobState.CANCELLED,)


def test_finished_jobs_are_forgotten_after_a_month(done):
    jobs.handler("jobs.purge")(jobs.purge)
    add()
    jobs.run_once()
    kept = add(run_after=now() + timedelta(days=90))
    with moved(jobs.KEEP + timedelta(days=1)):
        add("jobs.purge")
        jobs.run_once()
    assert db.session.scalars(sa.select(Job.id).where(Job.kind == "note")).all() == [kept]
