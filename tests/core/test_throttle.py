import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core import jobs, throttle
from core.clock import moved
from core.db import TransactionError, db, read_only_done, transaction
from core.errors import TooMany
from core.throttle import SqlStorage, Throttle

LIMIT = "3/15 minutes"


@pytest.fixture(autouse=True)
def context(each_app, no_noise):
    """Run everything on both databases."""


def hits(count, *parts, limit=LIMIT):
    for _ in range(count):
        throttle.hit("sign-in", *parts, limit=limit)


def rows():
    found = db.session.execute(sa.select(Throttle.key, Throttle.hits)).all()
    read_only_done()
    return found


def test_the_attempt_after_the_last_is_refused_and_says_how_long():
    hits(3, "a")
    with pytest.raises(TooMany) as refused:
        hits(1, "a")
    assert refused.value.code == "too_many_attempts"
    assert 880 < refused.value.retry_after <= 900
    assert refused.value.params == {"minutes": 15}


def test_others_are_not_affected():
    hits(3, "a", "192.0.2.1")
    hits(3, "a", "192.0.2.2")
    throttle.hit("look-up", "a", "192.0.2.1", limit=LIMIT)


def test_the_window_ends_although_the_attempts_went_on():
    hits(3, "a")
    for minutes in (5, 14):
        with moved(timedelta(minutes=minutes)), pytest.raises(TooMany):
            hits(1, "a")
    with moved(timedelta(minutes=16)):
        hits(3, "a")
        with pytest.raises(TooMany):
            hits(1, "a")


def test_success_clears_the_attempts_under_every_limit():
    hits(3, "a")
    hits(3, "a", limit="3/hour")
    hits(3, "b")
    throttle.reset("sign-in", "a")
    hits(3, "a")
    hits(3, "a", limit="3/hour")
    with pytest.raises(TooMany):
        hits(1, "b")


def test_the_table_holds_no_number_and_no_address():
    hits(1, "13800000001", "192.0.2.1")
    [(key, _hits)] = rows()
    assert "13800000001" not in key
    assert "192.0.2.1" not in key


def test_an_attempt_counts_although_the_request_is_rolled_back():
    hits(2, "a")
    with pytest.raises(RuntimeError), transaction():
        raise RuntimeError
    assert [count for _key, count in rows()] == [2]


def test_reads_before_it_are_ended_and_the_transaction_may_follow():
    db.session.scalar(sa.select(1))
    hits(1, "a")
    assert not db.session().in_transaction()
    with transaction():
        pass


def hit_once():
    hits(1, "a")


def forget():
    throttle.reset("sign-in", "a")


@pytest.mark.parametrize("act", [hit_once, forget])
def test_inside_the_transaction_it_is_refused_instead_of_waiting_for_itself(act):
    with transaction(), pytest.raises(TransactionError):
        act()


def test_of_sixteen_threads_exactly_the_limit_passes(app):
    passed, refused = [], []

    def attack():
        with app.app_context():
            for _ in range(5):
                try:
                    hits(1, "a", limit="30/15 minutes")
                    passed.append(1)
                except TooMany:
                    refused.append(1)

    threads = [threading.Thread(target=attack) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (len(passed), len(refused)) == (30, 50)
    assert [count for _key, count in rows()] == [80]


def test_the_worker_deletes_windows_that_are_over():
    hits(1, "old", limit="3/minute")
    hits(1, "new", limit="3/day")
    with moved(timedelta(hours=2)):
        while jobs.run_once():
            pass
    assert len(rows()) == 1


def test_the_storage_keeps_the_contract_of_the_library():
    storage = SqlStorage()
    assert storage.check()
    assert storage.get("k") == 0
    assert [storage.incr("k", 60), storage.incr("k", 60, 2), storage.get("k")] == [1, 3, 3]
    with moved(timedelta(minutes=2)):
        assert storage.get("k") == 0
    storage.clear("k")
    assert storage.reset() == 0
    assert issubclass(sa.exc.OperationalError, storage.base_exceptions)
