"""The demonstration month: forty bodies in every state, with people who do not exist."""

import sqlalchemy as sa

from campaign import bodies, campaigns, demo, filings
from campaign.models import Filing, Item, SlipPerson
from campaign.progress import Lateness, State
from core.db import db
from tests.factories import writing


def filled():
    with writing():
        assert demo.fill()
    campaign = campaigns.current()
    return filings.standings(campaign, bodies.bodies(campaign))


def test_every_state_and_every_lateness_is_there_to_look_at(no_noise, app):
    stands = filled()
    plans = [one.items[Item.PLAN] for one in stands]
    assert {p.state for p in plans} | {State.NONE} == set(State)
    assert {p.lateness for p in plans} == set(Lateness)
    summaries = {one.items[Item.SUMMARY].state for one in stands}
    assert summaries == set(State)


def test_where_something_was_filed_already_nothing_is_added(app, month):
    count = sa.select(sa.func.count()).select_from(Filing)
    with writing():
        before = db.session.scalar(count)
        assert not demo.fill()
        assert db.session.scalar(count) == before


def test_nobody_in_it_has_a_mobile_that_could_be_real(no_noise, app):
    filled()
    mobiles = db.session.scalars(sa.select(SlipPerson.mobile)).all()
    assert len(mobiles) > 40
    assert all(mobile.startswith("120") and len(mobile) == 11 for mobile in mobiles)
    names = db.session.scalars(sa.select(SlipPerson.name)).all()
    assert all(name.endswith("示例") for name in names)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Filing)) > 80
