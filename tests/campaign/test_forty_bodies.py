"""A whole month through the pages: from forty invitations to forty accepted summaries."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from campaign import bodies, campaigns, filings
from campaign.models import FilingDraft, Item
from campaign.progress import Lateness, State
from core.access import Role
from core.clock import ZONE, local, now
from core.db import db, read_only_done
from tests import factories
from tests.campaign.forty import EXTENDED, LATE, RETURNED, Office, officers

FIRST, LAST = (Item.SLIP, Item.PLAN), (Item.SUMMARY, Item.EVIDENCE)


@pytest.fixture
def desk(app):
    return factories.user(Role.OFFICE)


@pytest.fixture
def province(browser, desk):
    return Office(browser(desk), campaigns.current().year)


def midnight(days):
    day = local(now()).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=ZONE)
    return day + timedelta(days=days)


def set_deadlines(province, first, last):
    """Type the deadlines as the notice says them: until 24:00 of a day."""
    typed = {}
    for items, due in ((FIRST, first), (LAST, last)):
        for item in items:
            typed[f"{item.value}_day"] = f"{due - timedelta(days=1):%Y-%m-%d}"
            typed[f"{item.value}_time"] = "24:00"
    done = province.client.submit(province.path("deadlines"), **typed)
    assert done.status_code in (302, 303), done.text


def progress(item):
    read_only_done()
    campaign = campaigns.current()
    standings = filings.standings(campaign, bodies.bodies(campaign))
    return {number: one.items[item] for number, one in enumerate(standings, 1)}


def returned_plans(province, people):
    """Return the plans of three bodies with a reason, which each of them reads."""
    for person in (p for p in people if p.number in RETURNED):
        plan = filings.last_version(person.body, Item.PLAN)
        read_only_done()
        filing = province.path(f"filings/{plan.public_id}")
        province.decide(filing, "return", reason="【示例】请补充任务分工。")
        assert "请补充任务分工" in person.client.get(person.path("plan")).text


def test_the_whole_month_of_forty_bodies(province, desk, browser, clock):
    set_deadlines(province, midnight(5), midnight(40))
    listed = bodies.bodies(campaigns.current())
    read_only_done()
    people = officers(listed, province.links(), browser)
    nine = next(p for p in people if p.number in EXTENDED)
    province.post(
        f"bodies/{nine.body.public_id}/extend", item=["slip", "plan"],
        day=f"{midnight(11):%Y-%m-%d}", time="24:00", reason="机构调整，经同意延期",
    )  # fmt: skip
    for person in people:
        if person.number not in LATE | EXTENDED:
            person.file_slip_and_plan()
    returned_plans(province, people)

    clock.to(midnight(5))  # the deadline itself is late already
    overdue = {n for n, p in progress(Item.PLAN).items() if p.lateness is Lateness.OVERDUE}
    assert overdue == LATE
    clock.forward(days=1)
    province.client = browser(desk)
    for person in people:
        person.sign_in()
        if person.number in LATE | EXTENDED:
            person.file_slip_and_plan()
        elif person.number in RETURNED:
            person.send("plan", note="【示例】已补充")
    late = {n for n, p in progress(Item.PLAN).items() if p.lateness is not Lateness.IN_TIME}
    assert late == LATE
    assert {n for n, p in progress(Item.PLAN).items() if p.version == 2} == RETURNED
    assert province.accept_all() == 80

    for person in people:
        person.file_summary_and_evidence()
    assert province.accept_all() == 80
    for item in Item:
        assert {p.state for p in progress(item).values()} == {State.ACCEPTED}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(FilingDraft)) == 0
