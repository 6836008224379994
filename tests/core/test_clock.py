"""The clock: one reader, aware, in Beijing time for people."""

from datetime import UTC, datetime, timedelta

import pytest

from core import clock


def test_now_is_aware_and_in_utc():
    assert clock.now().tzinfo is UTC


def test_people_see_beijing_time():
    at = clock.local(datetime(2024, 8, 26, 16, 30, tzinfo=UTC))
    assert (at.day, at.hour, at.minute) == (27, 0, 30)
    assert at.utcoffset() == timedelta(hours=8)


def test_what_a_form_sends_is_beijing_time():
    typed = datetime.fromisoformat("2024-08-27T00:30")
    assert clock.from_local(typed) == datetime(2024, 8, 26, 16, 30, tzinfo=UTC)


def test_local_and_back_is_the_same_instant():
    at = datetime(2024, 2, 29, 23, 59, 59, 999999, tzinfo=UTC)
    assert clock.from_local(clock.local(at).replace(tzinfo=None)) == at


def test_a_moved_clock_goes_on_and_comes_back():
    before = clock.now()
    with clock.moved(timedelta(days=400)):
        assert clock.now() - before >= timedelta(days=400)
        with clock.moved(timedelta(days=-400)):
            assert clock.now() - before < timedelta(minutes=1)
    assert clock.now() - before < timedelta(minutes=1)


def test_the_clock_comes_back_after_an_error():
    before = clock.now()
    with pytest.raises(ZeroDivisionError), clock.moved(timedelta(days=1)):
        1 / 0  # noqa: B018
    assert clock.now() - before < timedelta(minutes=1)


def test_the_hand_on_the_clock_sets_an_instant(request):
    before, hand = clock.now(), request.getfixturevalue("clock")
    target = datetime(2024, 9, 1, tzinfo=UTC)
    assert abs(hand.to(target) - target) < timedelta(seconds=1)
    hand.forward(hours=2)
    assert timedelta(hours=2) <= clock.now() - target < timedelta(hours=2, seconds=2)
    assert before > target
