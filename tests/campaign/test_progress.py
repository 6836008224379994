"""Where an item stands: told from acts, draft and deadline; 逾期 is never stored."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.progress import ActDone, Lateness, State, lateness, progress
from core.clock import ZONE

#: 「8月26日前」: over when the 27th begins in Beijing.
DUE = datetime(2024, 8, 27, tzinfo=ZONE)
BEFORE, SECOND = DUE - timedelta(days=3), timedelta(seconds=1)
TIMES = st.datetimes(datetime(2024, 1, 1), datetime(2025, 1, 1), timezones=st.just(UTC))


def act(kind, version=1, at=BEFORE, reason=""):
    return ActDone(kind, version, at, reason)


def test_what_arrives_on_26_august_at_24_is_late():
    assert lateness(datetime(2024, 8, 26, 16, tzinfo=UTC), DUE, DUE) is Lateness.FILED_LATE


def test_one_second_before_is_in_time():
    assert lateness(DUE - SECOND, DUE, DUE + timedelta(days=9)) is Lateness.IN_TIME


def test_26_august_itself_is_in_time_all_day():
    noon = datetime(2024, 8, 26, 12, tzinfo=ZONE)
    assert lateness(noon, DUE, DUE + SECOND) is Lateness.IN_TIME


def test_nothing_filed_is_overdue_from_the_instant_on():
    assert lateness(None, DUE, DUE - SECOND) is Lateness.IN_TIME
    assert lateness(None, DUE, DUE) is Lateness.OVERDUE


def test_an_extension_ends_being_overdue_at_once():
    now = DUE + timedelta(days=1)
    assert progress([], None, DUE, now).lateness is Lateness.OVERDUE
    assert progress([], None, now + SECOND, now).lateness is Lateness.IN_TIME


def test_an_extension_makes_a_late_filing_one_in_time():
    acts = [act("filed", at=DUE + SECOND)]
    assert progress(acts, None, DUE, DUE + 2 * SECOND).lateness is Lateness.FILED_LATE
    longer = DUE + timedelta(days=2)
    assert progress(acts, None, longer, DUE + 2 * SECOND).lateness is Lateness.IN_TIME


def test_a_later_version_does_not_make_the_first_late():
    acts = [act("filed"), act("returned"), act("filed", 2, DUE + timedelta(days=5))]
    assert progress(acts, None, DUE, DUE + timedelta(days=6)).lateness is Lateness.IN_TIME


def test_without_act_or_draft_nothing_was_filed():
    found = progress([], None, DUE, BEFORE)
    assert (found.state, found.at, found.version, found.drafting) == (State.NONE, None, 0, False)
    assert found.outstanding
    assert found.may_file


def test_a_saved_draft_is_a_draft_since_then():
    found = progress([], BEFORE, DUE, DUE)
    assert (found.state, found.at, found.drafting) == (State.DRAFT, BEFORE, True)
    assert found.outstanding


@pytest.mark.parametrize(
    ("kind", "outstanding", "may_file"),
    [("filed", False, True), ("returned", True, True), ("accepted", False, False)],
)
def test_the_newest_act_is_the_state(kind, outstanding, may_file):
    found = progress([act("filed"), act(kind, reason="缺页")], None, DUE, DUE)
    assert (found.state, found.reason) == (State(kind), "缺页")
    assert (found.outstanding, found.may_file) == (outstanding, may_file)


def test_a_draft_beside_a_filed_version_does_not_hide_it():
    found = progress([act("filed")], BEFORE, DUE, DUE)
    assert (found.state, found.drafting, found.at) == (State.FILED, True, BEFORE)


def test_the_version_is_the_highest_that_was_filed():
    acts = [act("filed"), act("filed", 2), act("returned", 2)]
    assert progress(acts, None, DUE, DUE).version == 2


@given(TIMES, TIMES, TIMES, st.timedeltas(timedelta(0), timedelta(days=90)))
def test_more_time_never_makes_anybody_late(filed, due, now, more):
    if lateness(filed, due, now) is Lateness.IN_TIME:
        assert lateness(filed, due + more, now) is Lateness.IN_TIME
    if lateness(None, due, now) is Lateness.IN_TIME:
        assert lateness(None, due + more, now) is Lateness.IN_TIME


@given(TIMES, TIMES, TIMES)
def test_whoever_has_filed_is_never_overdue_and_the_clock_changes_nothing(filed, due, now):
    found = lateness(filed, due, now)
    assert found is not Lateness.OVERDUE
    assert found is lateness(filed, due, now + timedelta(days=400))


@given(st.lists(st.sampled_from(["filed", "returned", "accepted"]), min_size=1), TIMES, TIMES)
def test_the_state_follows_the_last_act_alone(kinds, due, now):
    found = progress([act(kind) for kind in kinds], None, due, now)
    assert found.state.value == kinds[-1]
    assert found.outstanding is (kinds[-1] == "returned")
