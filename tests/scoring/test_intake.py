"""Times as they are typed, and what a round seals against later corrections of the catalogue."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from core.clock import ZONE
from scoring import intake
from scoring.cement import catalogue
from scoring.evaluation.evaluate import evaluate
from tests.scoring.rounds_played import plan_of, synthetic


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-09-10T09:48", datetime(2024, 9, 10, 9, 48, tzinfo=ZONE)),
        ("2024-09-10 09:48:00", datetime(2024, 9, 10, 9, 48, tzinfo=ZONE)),
        (" 2024/9/10 9:48 ", datetime(2024, 9, 10, 9, 48, tzinfo=ZONE)),
        ("2025-06-02", datetime(2025, 6, 2, tzinfo=ZONE)),
    ],
)
def test_a_time_is_read_as_beijing_time_in_the_usual_spellings(text, day):
    assert intake.moment(text) == day


@pytest.mark.parametrize(
    "text",
    [
        *("", "abc", "0001-01-01T00:00", "1900-01-01", "9999-12-31T23:59", "2024-13-01"),
        *("2024-02-30", "2024-09-10T25:00", "2024-09-10T09:48+00:00", "2024-09-10T09:48Z"),
        *("2024-W37-2", "2024-09-10T09", "20240910"),
    ],
)
def test_what_is_no_time_of_a_round_is_not_guessed(text):
    assert intake.moment(text) is None


def test_every_time_that_is_read_can_be_kept_as_an_instant():
    for text in ("2000-01-01T00:00", "2099-12-31T23:59"):
        assert intake.moment(text).astimezone(UTC).tzinfo is UTC


def test_a_time_far_away_blocks_the_entry():
    options = plan_of("init").options
    day = datetime(2024, 9, 10, tzinfo=ZONE).date()
    found = intake.read({"cast_at": "0001-01-01T00:00"}, ["init"], on=day, options=options)
    assert "cast_at" in {finding.address for finding in intake.unanswered(found, {})}


def test_a_later_correction_of_the_catalogue_changes_no_evaluation(monkeypatch):
    few = synthetic() | {"participants": synthetic()["participants"][:12]}
    plan, before = plan_of(), evaluate(plan_of(), few)
    real = catalogue.editions

    def corrected(code):
        return tuple(
            replace(one, plausible_hi=Decimal(1), hard_hi=Decimal(1)) for one in real(code)
        )

    monkeypatch.setattr(catalogue, "editions", corrected)
    assert evaluate(plan, few) == before
