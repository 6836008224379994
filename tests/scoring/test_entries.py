"""Drafts and versions: nothing is lost, arrival decides, a version never changes."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from core.clock import local, now
from core.db import db, transaction
from core.errors import Conflict, NotFound
from core.sealed import seal
from scoring import entries, runs, submission
from scoring.entries import ClosedError
from scoring.models import Entry, EntryVersion
from scoring.models.entry import Source
from scoring.presentation.lab import tasks
from scoring.presentation.lab.entry_form import carried
from tests import factories
from tests.racing import race
from tests.scoring import worlds
from tests.scoring.lab_browser import draft

SECOND = timedelta(seconds=1)


def save(world, fields, rev=0, user=None, chosen=()):
    actor = worlds.actor(user) if user else world.lab.actor
    with factories.writing():
        desk = entries.desk(actor, world.stage.public_id)
        return entries.save(desk, fields, rev, actor, chosen)


def test_a_draft_keeps_what_was_typed_as_it_was_typed(each_app, world):
    assert save(world, {"rc3.1.1.load.1": "４２.9 ", "rc3.1.1.load.2": "42,9"}) == []
    assert draft(world).fields == {"rc3.1.1.load.1": "４２.9 ", "rc3.1.1.load.2": "42,9"}
    assert draft(world).rev == 1


def test_saving_the_same_again_is_no_new_save(world):
    save(world, {"press_no": "YL-1"})
    save(world, {"press_no": "YL-1"})
    assert draft(world).rev == 1


def test_a_field_both_colleagues_changed_is_kept_and_both_texts_are_returned(each_app, world):
    other = worlds.colleague(world.lab.participation, "李同事")
    save(world, {"rc3.1.1.load.1": "42.9"}, user=other)
    (clash,) = save(world, {"rc3.1.1.load.1": "24.9", "press_no": "YL-1"})
    standing, (copy,) = clash.standing, clash.copies
    assert (standing.text, standing.by, copy.text) == ("42.9", "李同事", "24.9")
    assert copy.at == f"{local(now()):%Y-%m-%d %H:%M}"
    assert draft(world).fields == {"rc3.1.1.load.1": "42.9", "press_no": "YL-1"}
    assert draft(world).clashes == [clash]


def test_copies_are_kept_each_once_until_one_text_is_chosen(each_app, world):
    save(world, {"press_no": "YL-0"}, user=worlds.colleague(world.lab.participation))
    for text in ("YL-1", "YL-2", "YL-1"):
        save(world, {"press_no": text})
    (clash,) = draft(world).clashes
    assert [copy.text for copy in clash.copies] == ["YL-2", "YL-1"]
    # A choice made on a page that is itself out of date decides nothing.
    save(world, {"press_no": "YL-1"}, chosen={"press_no"})
    assert draft(world).clashes == [clash]
    save(world, {"press_no": "YL-0"}, rev=draft(world).rev, chosen={"press_no"})
    assert (draft(world).clashes, draft(world).fields) == ([], {"press_no": "YL-0"})


def test_a_field_left_alone_while_a_colleague_went_on_is_theirs_without_a_question(world):
    other = worlds.colleague(world.lab.participation)
    save(world, {"press_no": "YL-1"})
    save(world, {"press_no": "YL-2", "tested_by": "钱示例"}, rev=1, user=other)
    save(world, {"press_no": "YL-3"}, rev=2, user=other)
    # The page was opened at save 1: its press is still YL-1, its tester still empty.
    assert save(world, {"press_no": "YL-1", "tested_by": "", "checked_by": "杨"}, rev=1) == []
    fields = {"press_no": "YL-3", "tested_by": "钱示例", "checked_by": "杨"}
    assert draft(world).fields == fields


def test_a_clash_seen_once_may_be_decided_either_way(world):
    save(world, {"press_no": "YL-2"}, user=worlds.colleague(world.lab.participation))
    assert save(world, {"press_no": "YL-1"})
    assert save(world, {"press_no": "YL-1"}, rev=draft(world).rev) == []
    assert draft(world).fields == {"press_no": "YL-1"}


def test_first_saves_at_the_same_moment_all_count(each_app, world):
    stage_id, actor = world.stage.public_id, world.lab.actor
    db.session.rollback()

    def act(number):
        with transaction():
            desk = entries.desk(actor, stage_id)
            return entries.save(desk, {f"rc3.1.1.load.{number}": "42.9"}, 0, actor)

    assert race(each_app, act, 6) == [[]] * 6
    assert len(draft(world).fields) == 6
    assert db.session.scalar(sa.select(sa.func.count(Entry.id))) == 1


def test_what_arrived_a_second_before_the_close_counts_however_late_it_is_stored(
    each_app, world, clock
):
    closes = world.stage.closes_at
    clock.to(closes + 60 * SECOND)
    version = worlds.submit(world, world.lab, at=closes - SECOND)
    assert version.arrived_at == closes - SECOND
    assert draft(world).standing.receipt_no == version.receipt_no


@pytest.mark.parametrize("late", [timedelta(), SECOND])
def test_what_arrives_at_the_close_or_later_is_refused_with_what_counts_instead(
    each_app, world, late
):
    at = world.stage.closes_at + late
    with pytest.raises(ClosedError) as refused:
        worlds.submit(world, world.lab, at=at)
    assert refused.value.finding.code == "E16"
    db.session.rollback()
    receipt = worlds.submit(world, world.lab).receipt_no
    with pytest.raises(ClosedError) as refused:
        worlds.submit(world, world.lab, at=at)
    assert (refused.value.finding.code, refused.value.finding.values["r"]) == ("E15", receipt)


def test_the_database_itself_refuses_a_version_that_arrived_at_the_close(each_app, world):
    first = worlds.submit(world, world.lab)
    for source, fine in ((Source.FORM, False), (Source.IMPORT, True)):
        late = EntryVersion(
            round_id=first.round_id, entry_id=first.entry_id, no=2, document={}, seal=source,
            receipt_no=source, source=source, arrived_at=world.stage.closes_at,
        )  # fmt: skip
        db.session.rollback()
        db.session.add(late)
        if fine:
            db.session.flush()
        else:
            with pytest.raises(sa.exc.DatabaseError, match="stage closed"):
                db.session.flush()
        db.session.rollback()


def test_once_the_list_is_published_nothing_is_added_whenever_it_arrived(each_app, world, clock):
    closes = world.stage.closes_at
    version = worlds.submit(world, world.lab)
    clock.to(closes + timedelta(seconds=121))
    with factories.writing():
        runs.lock(entries.desk(world.lab.actor, world.stage.public_id).stage)
    with pytest.raises(ClosedError):
        worlds.submit(world, world.lab, at=closes - SECOND)
    db.session.rollback()
    found = draft(world)
    assert (found.stage.digest_list, tasks.line_in_list(found)) == ([version.seal], 1)
    assert found.stage.digest == seal([version.seal])


def test_a_stage_that_is_not_open_yet_takes_nothing(world):
    with pytest.raises(Conflict) as refused:
        worlds.submit(world, world.lab, stage=world.later)
    assert refused.value.code == "stage_not_open"


def test_a_version_is_the_sealed_document_of_what_was_typed(each_app, world):
    version = worlds.submit(world, world.lab, rc3__1__1__load__1="４１.８")
    assert version.seal == seal(version.document)
    assert version.receipt_no.replace("-", "").lower() == version.seal[:8]
    assert submission.count(version.document) == 28
    result = next(r for r in version.document["results"] if r["parameter"] == "rc3")
    assert result["readings"][0] | {"text": "４１.８", "value": "41.8"} == result["readings"][0]
    assert result["sample_no"] == world.lab.samples[1]
    assert not {"item", "code"} & set(result)


def test_a_newer_submission_stands_and_names_the_one_before(each_app, world):
    first = worlds.submit(world, world.lab)
    second = worlds.submit(world, world.lab, press_no="YL-501")
    assert (second.no, second.document["based_on"]) == (2, first.seal)
    assert draft(world).standing.receipt_no == second.receipt_no
    assert not tasks.differs(draft(world))
    save(world, {"press_no": "YL-502"}, rev=draft(world).rev)
    assert tasks.differs(draft(world))


def test_a_stage_of_another_laboratory_is_answered_like_an_unknown_one(each_app, world):
    elsewhere = worlds.make(code="SN98")
    answers = []
    for stage_id in (elsewhere.stage.public_id, "nobodys"):
        with pytest.raises(NotFound) as refused:
            entries.desk(world.lab.actor, stage_id)
        answers.append((refused.value.code, refused.value.message))
    assert answers[0] == answers[1]
    own = {desk.stage.public_id for desk in entries.desks(world.lab.actor)}
    assert own == {world.stage.public_id, world.later.public_id}


def test_two_laboratories_before_one_stage_see_their_own_entry_only(each_app, world):
    save(world, {"press_no": "YL-1"})
    worlds.submit(world, world.other)
    theirs = entries.desk(world.other.actor, world.stage.public_id)
    assert draft(world).fields == {"press_no": "YL-1"}
    assert draft(world).standing is None
    assert theirs.fields["press_no"] == "YL-500"
    assert set(draft(world).sample_numbers.values()) == set(world.lab.samples.values())


def test_the_next_stage_starts_with_what_the_submitted_one_said_of_the_conditions(world):
    worlds.submit(world, world.lab)
    desk = entries.desk(world.lab.actor, world.later.public_id)
    found = carried(desk, entries.desks(world.lab.actor))
    said = worlds.typed(world)
    assert found["cast_at"] == said["cast_at"]
    assert (found["press_no"], found["approved_by"]) == ("YL-500", "吴示例")
    assert "broken_at" not in found
    assert not any(key.startswith("rc") for key in found)


def test_a_casting_year_without_an_edition_is_read_by_the_edition_of_the_stage(world):
    desk = entries.desk(world.lab.actor, world.stage.public_id)
    checked = entries.read(desk, worlds.typed(world, cast_at="2000-01-01T09:48"))
    assert [p.code for p in checked.editions] == list(worlds.FIRST)
    assert "E07" in {found.code for found in checked.findings}
