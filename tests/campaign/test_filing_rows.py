"""What the database itself refuses, whatever the service would do."""

import pytest
import sqlalchemy as sa

from campaign import filings
from campaign.models import (
    Filing,
    FilingDraft,
    FilingFile,
    SlipPerson,
)
from core.clock import now
from core.db import db
from tests.campaign import worlds
from tests.campaign.acts import OFFICE, PLAN, attach, file, save
from tests.factories import writing


@pytest.fixture
def body(month):
    return month.body


@pytest.fixture
def actor(month):
    return worlds.actor(month.officer)


ROW = {
    "item": "plan", "act": "filed", "version": 1, "seq": 1, "document": "{}",
    "seal": "a" * 64, "reason": "", "public_id": "x",
}  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"act": "returned", "seal": "", "reason": "x"},
        {"act": "accepted", "seal": ""},
        {"seq": 2},
        {"version": 2},
        {"version": 0},
        {"seal": ""},
        {"seal": "abc"},
        {"item": "slip"},
        {"act": "lost"},
        {"item": "lost"},
    ],
)
def test_an_act_that_does_not_follow_or_is_not_whole_is_refused(each_app, body, wrong):
    row = ROW | {"body_id": body.id, "at": now()} | wrong
    with pytest.raises(sa.exc.DatabaseError), writing():
        db.session.execute(sa.insert(Filing.__table__).values(**_typed(row)))


def _typed(row):
    return row | {"document": {}} | {k: row[k] for k in ("item", "act")}


@pytest.mark.parametrize("act", ["filed", "accepted"])
def test_nothing_but_a_return_follows_an_acceptance(each_app, body, actor, act):
    file(body, actor)
    with writing():
        filings.accept(body, PLAN, OFFICE, version=1)
    row = ROW | {"body_id": body.id, "at": now(), "seq": 3, "act": act}
    row |= {} if act == "filed" else {"seal": ""}
    with pytest.raises(sa.exc.DatabaseError, match="does not follow"), writing():
        db.session.execute(sa.insert(Filing.__table__).values(**_typed(row)))


@pytest.mark.parametrize(
    "wrong", [{"version": 1}, {"version": 3}, {"act": "accepted", "seal": "", "version": 2}]
)
def test_a_version_is_the_next_one_and_a_decision_speaks_of_the_newest(
    each_app, body, actor, wrong
):
    for _version in range(1 + (wrong["version"] == 1)):
        file(body, actor)
    seq = {"seq": 3 if wrong["version"] == 1 else 2}
    row = ROW | {"body_id": body.id, "at": now()} | seq | wrong
    with pytest.raises(sa.exc.DatabaseError, match="does not follow"), writing():
        db.session.execute(sa.insert(Filing.__table__).values(**_typed(row)))


def test_what_is_accepted_gets_no_draft_from_anybody(each_app, body, actor):
    file(body, actor)
    with writing():
        filings.accept(body, PLAN, OFFICE, version=1)
    with pytest.raises(sa.exc.DatabaseError, match="accepted already"), writing():
        db.session.add(FilingDraft(body_id=body.id, item=PLAN, saved_at=now()))
        db.session.flush()


def test_a_return_without_reason_is_refused_by_the_database_too(each_app, body, actor):
    file(body, actor)
    row = ROW | {"body_id": body.id, "at": now(), "seq": 2, "act": "returned", "seal": ""}
    with pytest.raises(sa.exc.IntegrityError), writing():
        db.session.execute(sa.insert(Filing.__table__).values(**_typed(row)))


@pytest.mark.parametrize("statement", ["UPDATE filing SET reason = 'x'", "DELETE FROM filing"])
def test_an_act_is_never_changed_or_deleted(each_app, month, statement):
    with pytest.raises(sa.exc.DatabaseError, match="append-only"), writing():
        db.session.execute(sa.text(statement))


def test_a_filed_person_is_only_forgotten(each_app, month):
    change = sa.update(SlipPerson).where(SlipPerson.id == month.person.id)
    with pytest.raises(sa.exc.DatabaseError, match="only forgotten"), writing():
        db.session.execute(change.values(name="李示例"))
    with pytest.raises(sa.exc.IntegrityError), writing():
        db.session.execute(change.values(forgotten_at=now()))
    forgotten = {"forgotten_at": now(), "mobile": "", "landline": ""}
    with pytest.raises(sa.exc.DatabaseError, match="only forgotten"), writing():
        db.session.execute(change.values(name="李示例", **forgotten))
    with pytest.raises(sa.exc.DatabaseError, match="only forgotten"), writing():
        db.session.execute(sa.delete(SlipPerson))
        db.session.execute(change.values(forgotten_at=now(), mobile="", landline=""))


def test_the_bytes_of_a_file_never_change(each_app, body):
    kept = attach(body, "方案.pdf")
    with pytest.raises(sa.exc.DatabaseError, match="never changed"), writing():
        db.session.execute(
            sa.update(FilingFile).where(FilingFile.id == kept.id).values(sha256="b" * 64)
        )


def test_the_same_bytes_are_attached_once(each_app, body):
    attach(body, "方案.pdf")
    with pytest.raises(sa.exc.IntegrityError):
        attach(body, "方案2.pdf")


def test_an_item_has_one_draft(each_app, body, actor):
    save(body, actor)
    values = {"body_id": body.id, "item": PLAN, "document": {}, "saved_at": now()}
    with pytest.raises(sa.exc.IntegrityError), writing():
        db.session.execute(sa.insert(FilingDraft).values(**values))
