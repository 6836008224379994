"""PURE: where a round stands, as a function of its times; never stored, no job decides it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: A request that arrived in time may take so long to be stored; only then is the list final.
SETTLING = timedelta(seconds=120)


class Phase(StrEnum):
    """What a round is at: reporting (进行) until every stage is locked, then evaluation (评价)."""

    RUNNING = "running"
    EVALUATION = "evaluation"


class Window(StrEnum):
    """What a stage is at for a laboratory."""

    NOT_OPEN = "not_open"
    OPEN = "open"
    LOCKED = "locked"


@dataclass(frozen=True)
class Times:
    """When a stage opens and closes."""

    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class NoticedStage:
    """A stage as the notice gives it."""

    code: str
    opens_at: datetime
    closes_at: datetime
    parameters: tuple[str, ...]


def window(stage: Times, at: datetime) -> Window:
    """Say whether a request that arrives at ``at`` may submit; the closing instant is too late."""
    if at < stage.opens_at:
        return Window.NOT_OPEN
    return Window.OPEN if at < stage.closes_at else Window.LOCKED


def settled(stage: Times, at: datetime) -> bool:
    """Say whether the versions of a stage are final, those still on their way included."""
    return at >= stage.closes_at + SETTLING


def phase(stages: Iterable[Times], at: datetime) -> Phase:
    """Return the phase of a round; without stages it is still running."""
    times = list(stages)
    done = bool(times) and all(settled(stage, at) for stage in times)
    return Phase.EVALUATION if done else Phase.RUNNING
