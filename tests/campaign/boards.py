"""Forty bodies in mixed states, for tests of the board, the review and the figures."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from campaign import bodies, campaigns, filings
from campaign.models import Body, Campaign, Filing, Item
from campaign.progress import Lateness, Progress, State
from core.clock import ZONE, now
from tests import factories
from tests.campaign import worlds

#: 27 August 00:00 is the instant in the pure tests; acts lie around it.
DUE = datetime(2024, 8, 27, tzinfo=ZONE)


def listed() -> list[Body]:
    """Return the forty bodies."""
    return bodies.bodies(campaigns.current())


def by_name(name: str) -> Body:
    """Return the body of a name."""
    return next(body for body in listed() if body.name == name)


def file(body: Body, item: Item = Item.PLAN, **document: Any) -> Filing:
    """File a version now, with two persons when it is a slip."""
    persons = [worlds.person(), worlds.person()] if item is Item.SLIP else []
    with factories.writing():
        return filings.file(body, item, document, factories.ACTOR, at=now(), persons=persons)


def summary(body: Body, **figures: int | None) -> Filing:
    """File a summary; ``tours__sessions=3`` stands for ``tours.sessions``."""
    return file(
        body, Item.SUMMARY,
        figures={code.replace("__", "."): value for code, value in figures.items()},
    )  # fmt: skip


def give_back(body: Body, item: Item = Item.PLAN) -> None:
    """Return the newest version."""
    with factories.writing():
        filings.give_back(body, item, "缺少公章", factories.ACTOR)


def accept(body: Body, item: Item = Item.PLAN) -> None:
    """Accept the newest version."""
    with factories.writing():
        newest = filings.last_version(body, item)
        assert newest is not None
        filings.accept(body, item, factories.ACTOR, version=newest.version)


def deadline(due: datetime, items: Iterable[Item] = Item) -> Campaign:
    """Set when items are due for all bodies."""
    with factories.writing():
        campaign = campaigns.current()
        campaigns.set_deadline(campaign, list(items), due, factories.ACTOR)
        return campaign


def mixed() -> Campaign:
    """Make mixed states: the deadline of all is over now, some filed before it, some after."""
    found = listed()
    deadline(now() - timedelta(hours=1))
    for body in found[:6]:
        file(body, Item.PLAN)
    deadline(now() + timedelta(hours=1), [Item.SUMMARY])
    for body in found[2:5]:
        file(body, Item.SUMMARY, figures={"tours.sessions": 2})
    accept(found[0])
    give_back(found[1])
    give_back(found[39 - 36], Item.SUMMARY)
    with factories.writing():
        filings.save_draft(found[39], Item.EVIDENCE, {"note": ""}, factories.ACTOR)
        return campaigns.current()


def progress(
    state: State = State.NONE, late: Lateness = Lateness.IN_TIME, at: datetime | None = None
) -> Progress:
    """Return where an item stands, for the pure rules."""
    return Progress(state, late, at, 0 if state in (State.NONE, State.DRAFT) else 1, DUE)
