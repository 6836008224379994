"""A body with its officer and a filed reply slip, for tests that need one of everything."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from campaign import bodies, campaigns, filings
from campaign.models import Body, Campaign, Filing, Item, SlipPerson
from campaign.slip import Person
from core import accounts
from core.access import Actor, Held, Role, Scope
from core.accounts import User
from core.clock import now
from core.db import db
from tests import factories


@dataclass(frozen=True)
class Month:
    """The current campaign, one body of it, its officer and what was filed."""

    campaign: Campaign
    body: Body
    #: Of another city; nothing of it may be seen by ``officer``.
    elsewhere: Body
    officer: User
    filing: Filing
    person: SlipPerson


def make() -> Month:
    """Return the month with the first body, whose officer has filed a slip."""
    with factories.writing():
        campaign = campaigns.current()
        body, elsewhere = bodies.bodies(campaign)[:2]
        user = officer(body)
        filing = filings.file(body, Item.SLIP, {}, actor(user), at=now(), persons=[person()])
        row = db.session.scalars(sa.select(SlipPerson).filter_by(filing_id=filing.id)).one()
        return Month(campaign, body, elsewhere, user, filing, row)


def officer(body: Body) -> User:
    """Return a new account that files for ``body``."""
    with factories.writing():
        user = accounts.create(factories.mobile(), "张示例")
        accounts.grant(user, Role.LIAISON, Scope.BODY, body.id)
        return user


def actor(user: User) -> Actor:
    """Return the actor behind an account, with its grants."""
    with factories.writing():
        rows = db.session.execute(
            sa.select(
                accounts.Grant.role,
                accounts.Grant.scope,
                accounts.Grant.scope_id,
                accounts.Grant.party_id,
            ).where(accounts.Grant.user_id == user.id)
        )
        return Actor("account", user.id, user.name, frozenset(Held(*row) for row in rows))


def person(**changes: Any) -> Person:
    """Return a clean row of a slip."""
    values = {
        "name": "张示例",
        "gender": "female",
        "employer": "【示例】市质量安全监督站（虚构）",
        "post": "科长",
        "landline": "020-12345678、12345679",
        "mobile": factories.mobile(),
    }
    return Person(**values | changes)
