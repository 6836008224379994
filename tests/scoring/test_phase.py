"""Open, locked, in evaluation: functions of times alone, with no job running."""

from datetime import UTC, datetime, timedelta

import pytest

from scoring.phase import SETTLING, Phase, Times, Window, phase, settled, window

OPENS = datetime(2026, 9, 10, tzinfo=UTC)
CLOSES = datetime(2026, 9, 20, 10, tzinfo=UTC)
FIRST = Times(OPENS, CLOSES)
SECOND = Times(OPENS + timedelta(days=28), CLOSES + timedelta(days=28))
SECOND_ = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (OPENS - SECOND_, Window.NOT_OPEN),
        (OPENS, Window.OPEN),
        (CLOSES - SECOND_, Window.OPEN),
        (CLOSES, Window.LOCKED),
        (CLOSES + SECOND_, Window.LOCKED),
    ],
)
def test_the_closing_instant_itself_is_too_late(at, state):
    assert window(FIRST, at) is state


@pytest.mark.parametrize(("after", "final"), [(SETTLING - SECOND_, False), (SETTLING, True)])
def test_a_list_is_final_when_no_request_can_be_on_its_way(after, final):
    assert settled(FIRST, CLOSES + after) is final


@pytest.mark.parametrize(
    ("stages", "at", "expected"),
    [
        ([FIRST, SECOND], OPENS, Phase.RUNNING),
        ([FIRST, SECOND], CLOSES + SETTLING, Phase.RUNNING),
        ([FIRST, SECOND], SECOND.closes_at, Phase.RUNNING),
        ([FIRST, SECOND], SECOND.closes_at + SETTLING, Phase.EVALUATION),
        ([SECOND, FIRST], SECOND.closes_at + SETTLING, Phase.EVALUATION),
        ([], CLOSES, Phase.RUNNING),
    ],
)
def test_a_round_is_evaluated_after_its_last_stage(stages, at, expected):
    assert phase(stages, at) is expected
