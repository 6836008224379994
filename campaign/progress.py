"""PURE: where an item of a body stands, told from its acts, its draft and its deadline.

逾期 is derived from the instants and never stored, so an extension is true at once everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """The state of one item, in the order it passes through."""

    NONE = "none"
    DRAFT = "draft"
    FILED = "filed"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class Lateness(StrEnum):
    """How an item stands to its deadline."""

    IN_TIME = "in_time"
    #: 逾期: nothing was filed when the instant came.
    OVERDUE = "overdue"
    #: 逾期补报: the first filing came at or after the instant.
    FILED_LATE = "filed_late"


@dataclass(frozen=True)
class ActDone:
    """One act on an item: ``filed``, ``returned`` or ``accepted``."""

    act: str
    version: int
    at: datetime
    reason: str = ""


@dataclass(frozen=True)
class Progress:
    """Where one item stands."""

    state: State
    lateness: Lateness
    #: Time of the newest act, or of the last saving while there is only a draft.
    at: datetime | None
    #: Number of the newest filed version; 0 before the first.
    version: int
    due_at: datetime
    #: Why the newest version was returned.
    reason: str = ""
    #: A draft is being prepared beside what was filed.
    drafting: bool = False

    @property
    def outstanding(self) -> bool:
        """Say whether the province still waits: nothing filed, or returned."""
        return self.state in (State.NONE, State.DRAFT, State.RETURNED)

    @property
    def may_file(self) -> bool:
        """Say whether the body may file or replace: until it is accepted."""
        return self.state is not State.ACCEPTED


def progress(
    acts: Sequence[ActDone], draft_saved_at: datetime | None, due_at: datetime, now: datetime
) -> Progress:
    """Return where an item stands at ``now``; ``acts`` in their order."""
    first = next((act for act in acts if act.act == "filed"), None)
    version = max((act.version for act in acts), default=0)
    late = lateness(first.at if first else None, due_at, now)
    if not acts:
        state = State.NONE if draft_saved_at is None else State.DRAFT
        return Progress(state, late, draft_saved_at, 0, due_at, drafting=draft_saved_at is not None)
    last = acts[-1]
    return Progress(
        State(last.act), late, last.at, version, due_at, last.reason, draft_saved_at is not None
    )


def lateness(first_filed_at: datetime | None, due_at: datetime, now: datetime) -> Lateness:
    """Return how the first filing, or its absence, stands to the deadline.

    What arrives at the instant itself is late: 8月26日24:00 is over when the 27th begins.
    """
    if first_filed_at is None:
        return Lateness.OVERDUE if now >= due_at else Lateness.IN_TIME
    return Lateness.FILED_LATE if first_filed_at >= due_at else Lateness.IN_TIME
