"""The retention clock: what is due is forgotten once, on record, and nothing else."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from campaign import filings
from campaign import retention as month_retention
from campaign.models import Campaign, FilingDraft, Item, SlipPerson
from core import audit, jobs, notify, retention
from core.clock import local, now
from core.db import db, read_only_done
from core.notify import Channel, Message, MessageState
from scoring.models import Participation
from tests import factories
from tests.campaign import worlds as months
from tests.scoring import worlds as contests


@pytest.fixture
def month(month):
    """The month as it was filed: what the product changes later does not reach these objects."""
    db.session.expunge(month.officer)
    db.session.expunge(month.person)
    return month


def rule(name):
    return next(rule for rule in retention.rules() if rule.name == name)


def run(name):
    with factories.writing():
        return retention.carry_out(rule(name))


def over(campaign, **more):
    """Return the instant the numbers of a campaign are forgotten, and a little more."""
    end = month_retention.forgotten_at(campaign.ends_on, campaign.retention_months)
    return end + timedelta(**more)


def fresh(model, row_id):
    db.session.expire_all()
    found = db.session.get_one(model, row_id)
    read_only_done()
    return found


@pytest.mark.parametrize(
    ("at", "months", "then"),
    [
        ((2024, 9, 30), 12, date(2025, 9, 30)),
        ((2024, 8, 31), 6, date(2025, 2, 28)),
        ((2024, 2, 29), 12, date(2025, 2, 28)),
        ((2024, 12, 31), 1, date(2025, 1, 31)),
        ((2025, 3, 31), -1, date(2025, 2, 28)),
        ((2025, 1, 15), -12, date(2024, 1, 15)),
    ],
)
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(at, months, then):
    found = retention.later(datetime(*at, 4, tzinfo=UTC), months)
    assert local(found).date() == then
    assert local(found).hour == 12


@given(st.datetimes(datetime(2000, 1, 1), datetime(2080, 1, 1)), st.integers(1, 24))
def test_months_later_is_never_earlier(naive, months):
    at = naive.replace(tzinfo=UTC)
    assert timedelta(days=27 * months) < retention.later(at, months) - at
    assert retention.later(at, months) - at < timedelta(days=32 * months)


def test_numbers_on_slips_go_when_the_time_is_over_and_names_stay(each_app, month, clock):
    clock.to(over(month.campaign, seconds=-60))
    assert run("slip_persons") == 0
    clock.forward(seconds=120)
    assert run("slip_persons") == 1
    person = fresh(SlipPerson, month.person.id)
    assert (person.mobile, person.landline) == ("", "")
    assert person.name == month.person.name
    assert person.forgotten_at is not None
    assert run("slip_persons") == 0


def test_a_campaign_that_keeps_six_months_forgets_after_six(month, clock):
    with factories.writing():
        db.session.get_one(Campaign, month.campaign.id).retention_months = 6
    clock.to(retention.later(month_retention.end(month.campaign.ends_on), 6) + timedelta(hours=1))
    assert run("slip_persons") == 1


def test_drafts_of_slips_go_thirty_days_after_the_month_and_other_drafts_stay(
    each_app, month, clock
):
    actor = months.actor(month.officer)
    with factories.writing():
        filings.save_draft(month.body, Item.SLIP, {"rows": [{"name": "张示例"}]}, actor)
        filings.save_draft(month.body, Item.PLAN, {"note": "示例"}, actor)
    clock.to(month_retention.end(month.campaign.ends_on) + timedelta(days=29))
    assert run("slip_drafts") == 0
    clock.forward(days=2)
    assert run("slip_drafts") == 1
    left = db.session.scalars(sa.select(FilingDraft.item).filter_by(body_id=month.body.id)).all()
    assert left == [Item.PLAN]


def message(user, about="body:x"):
    with factories.writing():
        recipient = notify.Recipient(user.id, user.name, mobile=user.login)
        actor = months.actor(user)
        return notify.note("reminder.plan", about, recipient, "题", "文", Channel.COPY, actor)


def test_messages_are_emptied_when_their_time_is_over(each_app, month, clock):
    sent = message(month.officer)
    clock.forward(days=300)
    assert run("messages") == 0
    clock.forward(days=70)
    assert run("messages") >= 1
    kept = fresh(Message, sent.id)
    assert (kept.to_name, kept.to_address, kept.text) == ("", "", "")
    assert kept.state is MessageState.NOTED


def test_messages_of_a_month_that_runs_on_stay_however_old_they_are(each_app, month, clock):
    sent = message(month.officer, f"body:{month.body.public_id}")
    with factories.writing():
        campaign = db.session.get_one(Campaign, month.campaign.id)
        campaign.ends_on = (local(now()) + timedelta(days=300)).date()
        campaign.retention_months = 6
    clock.forward(days=250)
    assert run("messages") == 0
    assert fresh(Message, sent.id).text == "文"
    due = rule("messages").next_due(now())
    assert due == over(campaign)
    clock.to(due + timedelta(hours=1))
    assert rule("messages").due(now()) == run("messages") >= 1
    assert run("messages") == 0


def test_contacts_of_laboratories_lose_their_number_when_the_time_is_over(each_app, clock):
    contest = contests.make()
    number = contest.lab.participation.id
    with factories.writing():
        found = db.session.get_one(Participation, number)
        found.contact_name, found.contact_mobile = "张示例", factories.mobile()
        campaign = db.session.scalars(sa.select(Campaign)).first()
    assert run("contest_contacts") == 0
    clock.to(over(campaign, hours=1))
    assert run("contest_contacts") >= 1
    assert fresh(Participation, number).contact_mobile == ""
    assert fresh(Participation, number).contact_name == "张示例"


def test_a_dry_run_says_what_is_due_and_changes_nothing(app, month, clock):
    clock.to(over(month.campaign, hours=1))
    said = app.test_cli_runner().invoke(args=["purge", "--dry-run"]).output
    assert "slip_persons\t1 due" in said
    assert fresh(SlipPerson, month.person.id).forgotten_at is None


def test_purge_forgets_and_is_on_record_with_the_count_only(app, month, clock):
    clock.to(over(month.campaign, hours=1))
    said = app.test_cli_runner().invoke(args=["purge"]).output
    assert "slip_persons\t1 forgotten" in said
    entry = db.session.scalars(
        sa.select(audit.AuditEntry).filter_by(action="forget", object_id="slip_persons")
    ).one()
    assert entry.details == {"count": 1}
    read_only_done()
    assert "slip_persons\t0 forgotten" in app.test_cli_runner().invoke(args=["purge"]).output


def test_the_daily_job_does_the_same(app, month, clock):
    clock.to(over(month.campaign, hours=1))
    jobs.run_once(50)
    assert fresh(SlipPerson, month.person.id).forgotten_at is not None


def test_a_rule_that_fails_holds_up_no_other(app, month, clock, monkeypatch):
    def broken(_at):
        raise RuntimeError("example")

    bad = retention.Rule("a_first", "x", "y", due=broken, forget=broken)
    monkeypatch.setitem(retention._rules, "a_first", bad)
    clock.to(over(month.campaign, hours=1))
    jobs.run_once(50)
    assert fresh(SlipPerson, month.person.id).forgotten_at is not None
    job = db.session.scalars(sa.select(jobs.Job).filter_by(kind=retention.JOB)).one()
    assert job.error == "RuntimeError"


def test_the_audit_log_is_never_purged(app, month, clock):
    before = db.session.scalar(sa.select(sa.func.count(audit.AuditEntry.id)))
    clock.forward(days=3650)
    app.test_cli_runner().invoke(args=["purge"])
    assert db.session.scalar(sa.select(sa.func.count(audit.AuditEntry.id))) >= before


def test_dead_sessions_and_old_jobs_go(each_app, browser, clock):
    browser(factories.user())
    with factories.writing():
        jobs.enqueue("example").finished_at = now()
    assert rule("jobs").next_due(now()) > now()
    clock.forward(days=31)
    assert run("sessions") >= 1
    assert run("jobs") >= 1
    assert run("sessions") == run("jobs") == 0


def test_the_page_says_when_each_rule_has_work_next(office, month, clock):
    page = office.get("/office/data-map/").text
    due = over(month.campaign)
    assert f"{local(due).year}年{local(due).month}月{local(due).day}日" in page
    for found in retention.outlook():
        assert found.due >= 0
