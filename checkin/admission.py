"""PURE: the rules of the door, in order, and the sentence that each answer shows.

``decide`` reads no clock and no table: whoever calls it gathers the :class:`Facts`. The rules live
here once; a device gets decided answers, never a second set of rules.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Word(StrEnum):
    """Name what the door does: the verdict in one word."""

    ADMITTED = "admitted"
    LEFT = "left"
    ALREADY_IN = "already_in"
    REVIEW = "review"
    REFUSED = "refused"


class Reason(StrEnum):
    """Name why, as a stable code; some are reached by uploads of offline scans only."""

    OK = "ok"
    LATE_SYNC = "late_sync"
    REENTRY = "reentry"
    ALREADY_IN = "already_in"
    UNLISTED = "unlisted"
    WRONG_OCCASION = "wrong_occasion"
    WRONG_CHECKPOINT = "wrong_checkpoint"
    NOT_OPEN = "not_open"
    CLOSED = "closed"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"
    REPLACED = "replaced"
    BLOCKED = "blocked"
    UNKNOWN_CODE = "unknown_code"
    NOT_INSIDE = "not_inside"
    OVER_CAPACITY = "over_capacity"
    REVOKED_DEVICE = "revoked_device"


class Direction(StrEnum):
    """Name which way the person goes."""

    IN = "in"
    OUT = "out"


class State(StrEnum):
    """Name where a registration stands."""

    DRAFT = "draft"
    ACCEPTED = "accepted"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


class Policy(StrEnum):
    """Name how often a checkpoint admits the same person."""

    ONCE = "once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Hold all that a decision depends on.

    A walk-in registered by this very scan may have no registration yet (``known`` false, ``state``
    None); it belongs to the occasion of the door that enters it.
    """

    #: A registration was found for the code.
    known: bool
    #: It belongs to the occasion of the checkpoint.
    same_occasion: bool
    #: The device may work at the checkpoint.
    same_checkpoint: bool
    state: State | None
    blocked: bool
    #: Signing in is open while ``opens <= at < closes``.
    opens: datetime
    closes: datetime
    direction: Direction
    #: First admission of this person at this checkpoint, and the gate where it happened.
    since: datetime | None = None
    gate: str | None = None
    walk_in: bool = False
    over_capacity: bool = False
    #: A supervisor's name was given.
    supervised: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Hold the answer of the door and the facts its sentence names."""

    word: Word
    reason: Reason
    since: datetime | None = None
    gate: str | None = None
    opens: datetime | None = None


_Rule = tuple[Word, Reason, Callable[[Facts, datetime], bool]]

#: The rules of the door: the first whose condition holds gives the verdict.
_RULES: tuple[_Rule, ...] = (
    (Word.REFUSED, Reason.WRONG_CHECKPOINT, lambda facts, _: not facts.same_checkpoint),
    (Word.REFUSED, Reason.UNKNOWN_CODE, lambda facts, _: not (facts.known or facts.walk_in)),
    (Word.REFUSED, Reason.WRONG_OCCASION, lambda facts, _: not facts.same_occasion),
    (Word.REFUSED, Reason.BLOCKED, lambda facts, _: facts.blocked),
    (Word.REFUSED, Reason.REPLACED, lambda facts, _: facts.state is State.REPLACED),
    (Word.REFUSED, Reason.CANCELLED, lambda facts, _: facts.state is State.CANCELLED),
    (Word.REFUSED, Reason.WAITLISTED, lambda facts, _: not _confirmed(facts)),
    (Word.REFUSED, Reason.NOT_INSIDE, lambda facts, _: _leaves(facts) and facts.since is None),
    (Word.LEFT, Reason.OK, lambda facts, _: _leaves(facts)),
    # Before the hours: whoever is inside already is told so, early or late.
    (Word.ALREADY_IN, Reason.ALREADY_IN, lambda facts, _: facts.since is not None),
    (Word.REFUSED, Reason.NOT_OPEN, lambda facts, at: at < facts.opens),
    (Word.REFUSED, Reason.CLOSED, lambda facts, at: at >= facts.closes),
    (Word.REVIEW, Reason.OVER_CAPACITY, lambda facts, _: _too_many(facts) and not facts.supervised),
    (Word.ADMITTED, Reason.OVER_CAPACITY, lambda facts, _: _too_many(facts)),
    (Word.ADMITTED, Reason.OK, lambda _facts, _at: True),
)


def decide(facts: Facts, at: datetime) -> Verdict:
    """Return the verdict of the first rule that holds at the instant ``at``.

    Signing in is open while ``opens <= at < closes``: the opening instant admits, the closing
    instant refuses. Signing out is possible at any time.
    """
    word, reason = next((word, reason) for word, reason, holds in _RULES if holds(facts, at))
    return Verdict(word, reason, facts.since, facts.gate, facts.opens)


def _confirmed(facts: Facts) -> bool:
    """Tell whether the place is sure: accepted, or a walk-in about to be registered."""
    return facts.state is State.ACCEPTED or (facts.state is None and facts.walk_in)


def _leaves(facts: Facts) -> bool:
    return facts.direction is Direction.OUT


def _too_many(facts: Facts) -> bool:
    """Tell whether the hall is too full for this walk-in; registered people have their place."""
    return facts.walk_in and facts.over_capacity


#: Chinese and English sentence of each reason; every refusal says what to do now.
_SENTENCES: dict[Reason, tuple[str, str]] = {
    Reason.OK: ("签到成功", "Checked in"),
    Reason.LATE_SYNC: ("签到成功（离线补传）", "Checked in (uploaded later)"),
    Reason.REENTRY: ("签到成功（再次入场）", "Checked in (entered again)"),
    Reason.ALREADY_IN: ("已签到{detail}", "Already checked in{detail}"),
    Reason.UNLISTED: ("名单外，请核对姓名", "Not on the list: please check the name"),
    Reason.WRONG_OCCASION: (
        "不是本场次的票，请到咨询台核对场次",
        "This ticket is for another session: please check it at the information desk",
    ),
    Reason.WRONG_CHECKPOINT: (
        "本设备不能在此签到点使用，请主办方重新配对设备",
        "This device may not work at this checkpoint: please ask the organiser to pair it again",
    ),
    Reason.NOT_OPEN: (
        "未到签到时间{detail}，请届时再扫码",
        "Check-in is not open yet{detail}: please scan again then",
    ),
    Reason.CLOSED: (
        "签到已结束，请到咨询台",
        "Check-in is closed: please go to the information desk",
    ),
    Reason.WAITLISTED: (
        "报名尚未确认，请到咨询台",
        "The registration is not confirmed: please go to the information desk",
    ),
    Reason.CANCELLED: (
        "报名已取消，请到咨询台",
        "The registration was cancelled: please go to the information desk",
    ),
    Reason.REPLACED: (
        "已换人，此票作废，请改用新票或到咨询台",
        "Another person took this place: please use the new ticket or go to the information desk",
    ),
    Reason.BLOCKED: (
        "此票已停用，请到咨询台",
        "This ticket is blocked: please go to the information desk",
    ),
    Reason.UNKNOWN_CODE: (
        "二维码无效，请改输短码",
        "This code is not valid: please type the short code instead",
    ),
    Reason.NOT_INSIDE: (
        "尚未签到，不能签退，请先签到",
        "Not checked in, so cannot check out: please check in first",
    ),
    Reason.OVER_CAPACITY: (
        "已超出容量，请负责人确认后再入场",
        "The session is full: please ask a supervisor to confirm before entry",
    ),
    Reason.REVOKED_DEVICE: (
        "本设备已停用，请换用其他设备并联系主办方",
        "This device was revoked: please use another device and tell the organiser",
    ),
}

#: Where the same reason comes with another word, the sentence differs.
_WITH_WORD: dict[tuple[Word, Reason], tuple[str, str]] = {
    (Word.LEFT, Reason.OK): ("签退成功", "Checked out"),
    (Word.ADMITTED, Reason.OVER_CAPACITY): (
        "签到成功（超出容量，负责人已确认）",
        "Checked in (over capacity, confirmed by a supervisor)",
    ),
}


def sentences(verdict: Verdict, local: Callable[[datetime], str]) -> dict[str, str]:
    """Return the sentence of ``verdict`` in Chinese and English; ``local`` writes an instant."""
    key = (verdict.word, verdict.reason)
    zh, en = _WITH_WORD.get(key) or _SENTENCES[verdict.reason]
    zh_detail, en_detail = _detail(verdict, local)
    return {"zh": zh.replace("{detail}", zh_detail), "en": en.replace("{detail}", en_detail)}


def _detail(verdict: Verdict, local: Callable[[datetime], str]) -> tuple[str, str]:
    """Return the bracket that says when and where, in both languages."""
    if verdict.reason is Reason.NOT_OPEN and verdict.opens is not None:
        start = local(verdict.opens)
        return f"（{start} 开始）", f" (starts at {start})"
    known = [local(verdict.since)] if verdict.since is not None else []
    known += [verdict.gate] if verdict.gate else []
    return (f"（{'，'.join(known)}）", f" ({', '.join(known)})") if known else ("", "")
