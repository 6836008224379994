"""The rules of the door: each one, their order, and the sentences they show."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkin.admission import (
    Direction,
    Facts,
    Policy,
    Reason,
    State,
    Verdict,
    Word,
    decide,
    sentences,
)

OPENS = datetime(2024, 8, 26, 0, 30, tzinfo=UTC)
CLOSES = OPENS + timedelta(hours=2)
SINCE = OPENS + timedelta(minutes=12)
DURING = OPENS + timedelta(hours=1)
EARLY = OPENS - timedelta(seconds=1)

GUEST = Facts(
    known=True,
    same_occasion=True,
    same_checkpoint=True,
    state=State.ACCEPTED,
    blocked=False,
    opens=OPENS,
    closes=CLOSES,
    direction=Direction.IN,
)
CROWD = {"walk_in": True, "over_capacity": True}

#: The refusals of everybody, first rule first: what must be so, and the reason then given.
REFUSALS: list[tuple[dict[str, Any], Reason]] = [
    ({"same_checkpoint": False}, Reason.WRONG_CHECKPOINT),
    ({"known": False}, Reason.UNKNOWN_CODE),
    ({"same_occasion": False}, Reason.WRONG_OCCASION),
    ({"blocked": True}, Reason.BLOCKED),
    ({"state": State.REPLACED}, Reason.REPLACED),
    ({"state": State.CANCELLED}, Reason.CANCELLED),
    ({"state": State.WAITLISTED}, Reason.WAITLISTED),
    ({"direction": Direction.OUT}, Reason.NOT_INSIDE),
    ({"since": SINCE}, Reason.ALREADY_IN),
    ({"opens": DURING + timedelta(minutes=1)}, Reason.NOT_OPEN),
    ({"closes": DURING}, Reason.CLOSED),
    (CROWD, Reason.OVER_CAPACITY),
]


def answer(at: datetime = DURING, **changes: Any) -> tuple[Word, Reason]:
    verdict = decide(replace(GUEST, **changes), at)
    return verdict.word, verdict.reason


ROWS: list[tuple[dict[str, Any], Word, Reason]] = [
    ({}, Word.ADMITTED, Reason.OK),
    ({"same_checkpoint": False}, Word.REFUSED, Reason.WRONG_CHECKPOINT),
    ({"known": False, "state": None}, Word.REFUSED, Reason.UNKNOWN_CODE),
    ({"same_occasion": False}, Word.REFUSED, Reason.WRONG_OCCASION),
    ({"blocked": True}, Word.REFUSED, Reason.BLOCKED),
    ({"state": State.REPLACED}, Word.REFUSED, Reason.REPLACED),
    ({"state": State.CANCELLED}, Word.REFUSED, Reason.CANCELLED),
    ({"state": State.WAITLISTED}, Word.REFUSED, Reason.WAITLISTED),
    ({"state": State.DRAFT}, Word.REFUSED, Reason.WAITLISTED),
    ({"state": None}, Word.REFUSED, Reason.WAITLISTED),
    ({"direction": Direction.OUT}, Word.REFUSED, Reason.NOT_INSIDE),
    ({"direction": Direction.OUT, "since": SINCE}, Word.LEFT, Reason.OK),
    ({"since": SINCE}, Word.ALREADY_IN, Reason.ALREADY_IN),
    ({"at": EARLY}, Word.REFUSED, Reason.NOT_OPEN),
    ({"at": OPENS}, Word.ADMITTED, Reason.OK),
    ({"at": CLOSES - timedelta(microseconds=1)}, Word.ADMITTED, Reason.OK),
    ({"at": CLOSES}, Word.REFUSED, Reason.CLOSED),
    ({"opens": CLOSES, "closes": OPENS}, Word.REFUSED, Reason.NOT_OPEN),
    (CROWD, Word.REVIEW, Reason.OVER_CAPACITY),
    (CROWD | {"supervised": True}, Word.ADMITTED, Reason.OVER_CAPACITY),
    ({"over_capacity": True}, Word.ADMITTED, Reason.OK),
    ({"walk_in": True}, Word.ADMITTED, Reason.OK),
    ({"walk_in": True, "known": False, "state": None}, Word.ADMITTED, Reason.OK),
    ({"walk_in": True, "state": State.CANCELLED}, Word.REFUSED, Reason.CANCELLED),
    ({"walk_in": True, "at": EARLY}, Word.REFUSED, Reason.NOT_OPEN),
    ({"walk_in": True, "direction": Direction.OUT}, Word.REFUSED, Reason.NOT_INSIDE),
]


@pytest.mark.parametrize(("changes", "word", "reason"), ROWS)
def test_each_rule(changes: dict[str, Any], word: Word, reason: Reason) -> None:
    assert answer(**changes) == (word, reason)


#: A walk-in is entered without a code, so that one pair cannot meet.
PAIRS = [
    (first, second)
    for first, second in combinations(REFUSALS, 2)
    if (first[1], second[1]) != (Reason.UNKNOWN_CODE, Reason.OVER_CAPACITY)
]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_the_earlier_rule_wins(
    first: tuple[dict[str, Any], Reason], second: tuple[dict[str, Any], Reason]
) -> None:
    (changes, reason), (others, later) = first, second
    word, why = answer(**(others | changes))
    if (reason, later) == (Reason.NOT_INSIDE, Reason.ALREADY_IN):
        assert (word, why) == (Word.LEFT, Reason.OK)
    else:
        assert why is reason


@pytest.mark.parametrize("at", [EARLY, CLOSES])
def test_whoever_is_inside_is_told_so_and_may_leave_outside_the_hours(at: datetime) -> None:
    assert answer(at, since=SINCE) == (Word.ALREADY_IN, Reason.ALREADY_IN)
    assert answer(at, since=SINCE, direction=Direction.OUT) == (Word.LEFT, Reason.OK)


def test_a_verdict_carries_the_facts_its_sentence_names() -> None:
    verdict = decide(replace(GUEST, since=SINCE, gate="3 号门"), DURING)
    assert (verdict.since, verdict.gate, verdict.opens) == (SINCE, "3 号门", OPENS)


instants = st.integers(-7200, 14400).map(lambda seconds: OPENS + timedelta(seconds=seconds))
everything = st.builds(
    Facts,
    known=st.booleans(),
    same_occasion=st.booleans(),
    same_checkpoint=st.booleans(),
    state=st.none() | st.sampled_from(State),
    blocked=st.booleans(),
    opens=instants,
    closes=instants,
    direction=st.sampled_from(Direction),
    since=st.none() | instants,
    gate=st.none() | st.text(max_size=3),
    walk_in=st.booleans(),
    over_capacity=st.booleans(),
    supervised=st.booleans(),
)
likely = st.builds(
    replace, st.just(GUEST), over_capacity=st.booleans(), walk_in=st.booleans(),
    state=st.sampled_from([None, State.ACCEPTED]), known=st.booleans(), supervised=st.booleans(),
)  # fmt: skip


@given(everything | likely, instants)
def test_nobody_is_admitted_against_a_rule(facts: Facts, at: datetime) -> None:
    verdict = decide(facts, at)
    assert sentences(verdict, str)["zh"]
    if verdict.word is not Word.ADMITTED:
        return
    assert facts.known or facts.walk_in
    assert facts.state is State.ACCEPTED or (facts.state is None and facts.walk_in)
    assert facts.same_occasion
    assert facts.same_checkpoint
    assert not facts.blocked
    assert facts.since is None
    assert facts.opens <= at < facts.closes
    assert facts.supervised or not (facts.walk_in and facts.over_capacity)


@given(everything, instants)
def test_only_people_who_came_in_leave(facts: Facts, at: datetime) -> None:
    if decide(facts, at).word is Word.LEFT:
        assert facts.direction is Direction.OUT
        assert facts.since is not None


VOCABULARY = """
ok late_sync reentry already_in unlisted wrong_occasion wrong_checkpoint not_open closed
waitlisted cancelled replaced blocked unknown_code not_inside over_capacity revoked_device
"""


def test_the_vocabulary_is_that_of_the_interface() -> None:
    assert [*Word] == ["admitted", "left", "already_in", "review", "refused"]
    assert [*Reason] == VOCABULARY.split()
    assert [*Direction] == ["in", "out"]
    assert [*Policy] == ["once"]


def clock(instant: datetime) -> str:
    return (instant + timedelta(hours=8)).strftime("%H:%M")


def say(word: Word, reason: Reason, **facts: Any) -> tuple[str, str]:
    said = sentences(Verdict(word, reason, **facts), clock)
    return said["zh"], said["en"]


@pytest.mark.parametrize(
    ("verdict", "zh"),
    [
        (Verdict(Word.ADMITTED, Reason.OK), "签到成功"),
        (Verdict(Word.LEFT, Reason.OK), "签退成功"),
        (Verdict(Word.ALREADY_IN, Reason.ALREADY_IN, SINCE, "3 号门"), "已签到（08:42，3 号门）"),
        (Verdict(Word.ALREADY_IN, Reason.ALREADY_IN, SINCE), "已签到（08:42）"),
        (Verdict(Word.ALREADY_IN, Reason.ALREADY_IN), "已签到"),
        (
            Verdict(Word.REFUSED, Reason.NOT_OPEN, opens=OPENS),
            "未到签到时间（08:30 开始），请届时再扫码",
        ),
        (Verdict(Word.REFUSED, Reason.NOT_OPEN), "未到签到时间，请届时再扫码"),
        (Verdict(Word.REFUSED, Reason.CANCELLED), "报名已取消，请到咨询台"),
        (Verdict(Word.REFUSED, Reason.UNKNOWN_CODE), "二维码无效，请改输短码"),
        (Verdict(Word.REVIEW, Reason.UNLISTED), "名单外，请核对姓名"),
        (Verdict(Word.REVIEW, Reason.OVER_CAPACITY), "已超出容量，请负责人确认后再入场"),
        (Verdict(Word.ADMITTED, Reason.OVER_CAPACITY), "签到成功（超出容量，负责人已确认）"),
    ],
)
def test_the_words_of_the_door(verdict: Verdict, zh: str) -> None:
    assert sentences(verdict, clock)["zh"] == zh


def test_the_english_bracket_says_when_and_where() -> None:
    inside = say(Word.ALREADY_IN, Reason.ALREADY_IN, since=SINCE, gate="{detail}")
    assert inside[1] == "Already checked in (08:42, {detail})"
    early = say(Word.REFUSED, Reason.NOT_OPEN, opens=OPENS)
    assert early[1] == "Check-in is not open yet (starts at 08:30): please scan again then"


def test_another_occasions_ticket_is_called_so() -> None:
    assert say(Word.REFUSED, Reason.WRONG_OCCASION)[0].startswith("不是本场次的票")


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("word", Word)
def test_every_reason_speaks_both_languages_calmly(word: Word, reason: Reason) -> None:
    for sentence in say(word, reason, opens=OPENS, since=SINCE):
        assert sentence
        assert not set(sentence) & set("!！{}")


CONTENT = {Reason.OK, Reason.LATE_SYNC, Reason.REENTRY, Reason.ALREADY_IN}


@pytest.mark.parametrize("reason", sorted(set(Reason) - CONTENT))
def test_every_refusal_says_the_next_step(reason: Reason) -> None:
    zh, en = say(Word.REFUSED, reason)
    assert "，请" in zh
    assert ": please " in en
    assert len({say(Word.REFUSED, each) for each in Reason}) == len(Reason)
