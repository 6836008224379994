"""Filings: states, versions, and the drafts of two windows."""

from datetime import timedelta

import pytest

from campaign import campaigns, filings
from campaign.models import (
    Filing,
    Item,
)
from campaign.progress import Lateness, State
from core.clock import now
from core.errors import InvalidInput, NotFound
from tests.campaign import worlds
from tests.campaign.acts import OFFICE, PLAN, SLIP, attach, file, refusal, save, stands
from tests.factories import writing


@pytest.fixture
def body(month):
    return month.body


@pytest.fixture
def actor(month):
    return worlds.actor(month.officer)


def test_an_item_passes_from_nothing_over_draft_and_filed_to_returned_and_accepted(
    each_app, body, actor
):
    states = [stands(body).state]
    save(body, actor)
    states.append(stands(body).state)
    file(body, actor)
    states.append(stands(body).state)
    with writing():
        filings.give_back(body, PLAN, "请补充", OFFICE)
    states.append(stands(body).state)
    file(body, actor)
    with writing():
        filings.accept(body, PLAN, OFFICE, version=2)
    states.append(stands(body).state)
    assert states == [State.NONE, State.DRAFT, State.FILED, State.RETURNED, State.ACCEPTED]


def test_filing_again_is_a_new_version_and_the_old_one_stays(each_app, body, actor):
    first = file(body, actor, document={"note": "一"})
    second = file(body, actor, document={"note": "二"})
    assert (first.version, second.version, stands(body).version) == (1, 2, 2)
    assert [act.document["note"] for act in filings.history(body, PLAN)] == ["二", "一"]
    assert first.seal != second.seal


def test_filing_ends_the_draft(each_app, body, actor):
    save(body, actor)
    file(body, actor)
    assert filings.draft(body, PLAN) is None


def test_a_draft_beside_a_filed_version_changes_nothing_of_it(body, actor):
    file(body, actor)
    save(body, actor)
    assert (stands(body).state, stands(body).drafting) == (State.FILED, True)


def test_what_was_accepted_goes_on_only_through_return(each_app, body, actor):
    file(body, actor)
    with writing():
        filings.accept(body, PLAN, OFFICE, version=1)
    assert refusal(filings.file, body, PLAN, {}, actor, at=now()) == "accepted_already"
    assert refusal(filings.save_draft, body, PLAN, {}, actor) == "accepted_already"
    with writing():
        filings.give_back(body, PLAN, "请更正", OFFICE)
    assert file(body, actor).version == 2


def test_only_the_version_that_was_looked_at_is_decided_about(each_app, body, actor):
    file(body, actor)
    file(body, actor)
    assert refusal(filings.accept, body, PLAN, OFFICE, version=1) == "newer_version"
    assert refusal(filings.give_back, body, PLAN, "旧", OFFICE, version=1) == "newer_version"
    assert stands(body).state is State.FILED


def test_nothing_is_decided_about_what_does_not_wait(each_app, body, actor):
    assert refusal(filings.accept, body, PLAN, OFFICE, version=0) == "nothing_filed"
    assert refusal(filings.give_back, body, PLAN, "x", OFFICE) == "nothing_filed"
    file(body, actor)
    with writing():
        filings.give_back(body, PLAN, "x", OFFICE)
    assert refusal(filings.accept, body, PLAN, OFFICE, version=1) == "nothing_filed"


def test_a_return_has_a_reason(body, actor):
    file(body, actor)
    with pytest.raises(InvalidInput, match="reason_missing"), writing():
        filings.give_back(body, PLAN, " 　", OFFICE)


def test_whether_the_deadline_was_kept_is_told_by_when_the_request_arrived(body, actor):
    due = stands(body).due_at
    file(body, actor, at=due - timedelta(microseconds=1))
    assert stands(body).lateness is Lateness.IN_TIME
    file(body, actor, item=Item.SUMMARY, at=stands(body, Item.SUMMARY).due_at)
    assert stands(body, Item.SUMMARY).lateness is Lateness.FILED_LATE


def test_an_extension_is_true_at_once_because_lateness_is_not_stored(each_app, body, actor, clock):
    """Mistake 21: 逾期 as a stored state that goes stale when an extension is granted."""
    clock.to(stands(body).due_at)
    assert stands(body).lateness is Lateness.OVERDUE
    with writing():
        campaign = campaigns.current()
        later = now() + timedelta(days=2)
        campaigns.set_deadline(campaign, [PLAN], later, OFFICE, body=body, reason="台风")
    assert stands(body).lateness is Lateness.IN_TIME
    assert not {column.name for column in Filing.__table__.columns} & {"late", "overdue", "state"}


def test_a_filed_slip_keeps_its_people_outside_the_sealed_document(each_app, body, actor):
    people = [worlds.person(name="张𬭎"), worlds.person(name="李·示例")]
    filing = file(body, actor, SLIP, {"informed": True}, persons=people)
    assert filing.document == {"informed": True, "files": [], "persons": 2}
    kept = filings.persons(filing)
    assert [(p.position, p.name) for p in kept] == [(1, "张𬭎"), (2, "李·示例")]


def test_a_version_keeps_what_its_files_were(each_app, body, actor):
    scan = attach(body, "扫描.pdf")
    filing = file(body, actor)
    with writing():
        scan.caption, scan.removed_at = "改了", now()
    (entry,) = filings.last_document(body, PLAN)["files"]
    assert (entry["name"], entry["caption"], entry["id"]) == ("扫描.pdf", "", scan.public_id)
    assert filing.seal == filings.last_version(body, PLAN).seal


def test_an_unknown_act_is_not_found(app):
    with pytest.raises(NotFound, match="unknown_filing"):
        filings.find("nobodys")


# Two windows


def test_a_draft_counts_its_savings(each_app, body, actor):
    assert [save(body, actor, edit=0).edit, save(body, actor, edit=1).edit] == [1, 2]


def test_a_window_that_is_out_of_date_does_not_overwrite_the_newer_draft(each_app, body, actor):
    save(body, actor, {"note": "第一个窗口"}, edit=0)
    assert refusal(filings.save_draft, body, PLAN, {}, actor, edit=0) == "draft_changed"
    assert filings.draft(body, PLAN).document == {"note": "第一个窗口"}


def test_a_window_from_before_the_newest_version_does_not_overwrite_it(each_app, body, actor):
    """The count begins again after a filing; the version tells the two drafts apart."""
    save(body, actor, edit=0, version=0)
    file(body, actor)
    stale = {"edit": 0, "version": 0}
    assert refusal(filings.save_draft, body, PLAN, {}, actor, **stale) == "draft_changed"
    assert save(body, actor, edit=0, version=1).edit == 1


def test_files_that_change_are_a_change_of_the_draft(body, actor):
    file(body, actor, document={"note": "已报"})
    with writing():
        filings.touch_draft(body, PLAN, actor)
    assert filings.draft(body, PLAN).document["note"] == "已报"
    with writing():
        filings.touch_draft(body, PLAN, actor)
    assert filings.draft(body, PLAN).edit == 2


def test_throwing_a_draft_away_brings_back_the_files_of_the_version(each_app, body, actor):
    filed = attach(body, "方案.pdf")
    file(body, actor)
    with writing():
        filed.removed_at = now()
    again = attach(body, "又一次.pdf", sha=filed.sha256)  # the same bytes as what comes back
    save(body, actor)
    with writing():
        filings.drop_draft(body, PLAN)
    assert [f.public_id for f in filings.files(body, PLAN)] == [filed.public_id]
    assert (again.removed_at is None, filings.draft(body, PLAN)) == (False, None)


def test_the_same_once_more_is_known_as_the_version_that_stands(each_app, body, actor):
    people = [worlds.person()]
    filing = file(body, actor, SLIP, {"informed": True}, persons=people)
    same = (body, SLIP, {"informed": True})
    assert filings.unchanged(*same, people) is filing
    assert filings.unchanged(*same, [*people, worlds.person()]) is None
    assert filings.unchanged(body, PLAN, {}) is None
    attach(body, "扫描.pdf", SLIP)
    assert filings.unchanged(*same, people) is None


def test_what_was_returned_may_be_filed_again_without_a_change(body, actor):
    file(body, actor)
    with writing():
        filings.give_back(body, PLAN, "误退", OFFICE)
    assert filings.unchanged(body, PLAN, {"note": "示例"}) is None
