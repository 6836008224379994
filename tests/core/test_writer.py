"""The writer's turn: in order of arrival, one at a time, released whatever happens."""

import multiprocessing
import sqlite3
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from core import writer
from core.writer import FairLock
from tests.racing import race


@pytest.fixture
def engine(tmp_path):
    made = sa.create_engine(f"sqlite:///{tmp_path / 'turn.db'}")
    yield made
    made.dispose()


def waiting(lock, count):
    """Wait until ``count`` threads stand in the queue."""
    until = time.monotonic() + 5
    while len(lock._waiting) < count and time.monotonic() < until:
        time.sleep(0.001)
    assert len(lock._waiting) == count


def test_the_lock_is_handed_over_in_order_of_arrival():
    lock, served, threads = FairLock(), [], []

    def act(number):
        lock.acquire()
        served.append(number)
        lock.release()

    lock.acquire()
    for number in range(8):
        threads.append(threading.Thread(target=act, args=(number,)))
        threads[-1].start()
        waiting(lock, number + 1)
    lock.release()
    for thread in threads:
        thread.join(5)
    assert served == list(range(8))


def test_a_free_lock_is_taken_without_waiting():
    lock = FairLock()
    for _ in range(3):
        lock.acquire()
        lock.release()


def test_only_one_thread_has_the_turn(engine):
    inside, most = [], []

    def act(number):
        with writer.turn(engine):
            inside.append(number)
            most.append(len(inside))
            time.sleep(0.002)
            inside.remove(number)

    threads = [threading.Thread(target=act, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == [1] * 12


def test_the_turn_ends_with_an_error(engine):
    with pytest.raises(ZeroDivisionError), writer.turn(engine):
        1 / 0  # noqa: B018
    with writer.turn(engine):
        pass


def test_a_turn_that_cannot_lock_its_file_is_given_back(tmp_path):
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'missing' / 'turn.db'}")
    for _ in range(2):  # the second would wait for ever
        with pytest.raises(FileNotFoundError), writer.turn(engine):
            pass
    engine.dispose()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_has_no_queue(url):
    engine = sa.create_engine(url)
    with writer.turn(engine), writer.turn(engine):
        pass
    engine.dispose()


def hold(path, ready, leave):
    """Take the turn in another process."""
    engine = sa.create_engine(f"sqlite:///{path}")
    with writer.turn(engine):
        ready.set()
        leave.wait(10)


def test_another_process_waits_for_its_turn(engine):
    context = multiprocessing.get_context("spawn")
    ready, leave = context.Event(), context.Event()
    other = context.Process(target=hold, args=(engine.url.database, ready, leave))
    other.start()
    assert ready.wait(20)
    entered = threading.Event()

    def act():
        with writer.turn(engine):
            entered.set()

    thread = threading.Thread(target=act)
    thread.start()
    assert not entered.wait(0.2)
    leave.set()
    assert entered.wait(10)
    thread.join(5)
    other.join(5)


def count_up(path, between=lambda: time.sleep(0.002), timeout=0):
    """Read, then write: the way of a request that decides on what it has read.

    Opening and reading may wait for ``timeout`` seconds; writing never waits.
    """
    connection = sqlite3.connect(path, timeout=timeout, isolation_level=None)
    try:
        connection.execute("BEGIN")
        (number,) = connection.execute("SELECT n FROM counter").fetchone()
        between()
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("UPDATE counter SET n = ?", (number + 1,))
        connection.execute("COMMIT")
    finally:
        connection.close()


@pytest.fixture
def counter(tmp_path):
    path = tmp_path / "counter.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE counter (n INTEGER)")
        connection.execute("INSERT INTO counter VALUES (0)")
    connection.close()
    return path


def read(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        return connection.execute("SELECT n FROM counter").fetchone()[0]
    finally:
        connection.close()


def test_control_without_turns_writes_are_lost_to_a_locked_database(app, counter):
    barrier = threading.Barrier(8)
    results = race(app, lambda _: count_up(counter, lambda: barrier.wait(60), timeout=60), 8)
    assert sum(isinstance(result, sqlite3.OperationalError) for result in results) == 7
    assert read(counter) == 1


def test_with_turns_every_write_arrives(app, counter):
    engine = sa.create_engine(f"sqlite:///{counter}")

    def act(_):
        with writer.turn(engine):
            count_up(counter)

    assert race(app, act, 8) == [None] * 8
    assert read(counter) == 8
    engine.dispose()
