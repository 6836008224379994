"""PURE: figures the system itself has counted (系统), offered by the features that count them.

The campaign asks nobody upwards: features register providers when they join the application, and
the board and the report read the registry. Figures of bodies (填报) are never added to these.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """One row behind a figure: what was counted, how much it gives, and where it is."""

    label: str
    value: int
    #: Address inside the office; empty when there is no page of it.
    url: str = ""


@dataclass(frozen=True)
class Figure:
    """A counted figure of one task in one place."""

    #: A code of :func:`campaign.tasks.counters`.
    code: str
    #: Number of the place; 0 when it belongs to none.
    place_id: int
    value: int
    rows: tuple[Source, ...] = ()


#: Takes the number of the campaign, reads and returns; called outside write transactions.
Provider = Callable[[int], Iterable[Figure]]
_providers: dict[str, Provider] = {}


def register(name: str, provider: Provider) -> None:
    """Have ``provider`` asked for its figures; the same name replaces."""
    _providers[name] = provider


def counted(campaign_id: int) -> list[Figure]:
    """Return what every registered provider counts for a campaign."""
    return [figure for ask in _providers.values() for figure in ask(campaign_id)]
