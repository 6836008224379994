"""Runs: nothing before the last lock, a list that holds, equal inputs never two runs."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from core import audit, jobs
from core.db import db, read_only_done, transaction
from core.errors import Conflict
from core.sealed import seal
from scoring import rounds, runs
from scoring.models import EntryVersion, Run
from scoring.phase import SETTLING
from tests import factories
from tests.racing import race
from tests.scoring import worlds


def evaluate(code="SN99"):
    with factories.writing():
        return runs.evaluate(rounds.find(code), audit.SYSTEM)


def test_nobody_evaluates_before_the_list_of_the_last_stage_is_final(world, clock):
    clock.to(world.later.closes_at + SETTLING - timedelta(seconds=2))
    with pytest.raises(Conflict) as refusal:
        evaluate()
    assert refusal.value.code == "not_locked_yet"
    clock.forward(seconds=3)
    assert evaluate().no == 1


def test_a_run_keeps_codes_and_items_and_nothing_that_names(each_app, locked):
    run = evaluate()
    text = str(run.snapshot) + str(run.output)
    for lab in locked.labs:
        secrets = [lab.name, lab.user.login, *lab.samples.values(), "YL-500", "钱示例"]
        assert not [secret for secret in secrets if secret in text]
    assert seal(run.output) == run.output_seal
    assert {row["code"][:5] for row in run.output["results"]} == {"SN99-"}


def test_values_go_to_the_true_item_whichever_pack_held_it(locked):
    """Both laboratories typed the same packs; the second has the items the other way round."""
    run = evaluate()
    values = {}
    for row in run.output["results"]:
        if row["parameter"] == "rc3":
            values.setdefault(row["code"], {})[row["item"]] = row["value"]
    first, second = values.values()
    assert (first["A"], first["B"]) == (second["B"], second["A"])
    assert first["A"] != first["B"]


def test_the_digest_is_the_seal_of_the_sorted_list_and_is_written_once(each_app, locked):
    evaluate()
    stage = rounds.find("SN99").stages[0]
    versions = db.session.scalars(sa.select(EntryVersion)).all()
    assert stage.digest_list == sorted(version.seal for version in versions)
    assert stage.digest == seal(stage.digest_list)
    for name, value in (("digest", "0" * 64), ("closes_at", stage.closes_at + timedelta(days=1))):
        with pytest.raises(IntegrityError, match="digest written once"), factories.writing():
            setattr(rounds.find("SN99").stages[0], name, value)
            db.session.flush()
        db.session.expire_all()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET participation_id = participation_id + 1",
        "UPDATE entry SET stage_id = stage_id + 1",
        "UPDATE sample SET item = CASE item WHEN 'A' THEN 'B' ELSE 'A' END",
        "UPDATE sample SET pack = 3 - pack",
        "UPDATE lab_code SET code = code || 'x'",
        "DELETE FROM lab_code",
    ],
)
def test_whose_a_submission_is_and_what_a_pack_holds_is_never_changed(each_app, world, statement):
    worlds.submit(world, world.lab)
    with pytest.raises(IntegrityError, match=r"never changed|append-only"), factories.writing():
        db.session.execute(sa.text(statement))


def test_a_deadline_is_never_moved_earlier(each_app, world):
    with pytest.raises(IntegrityError), factories.writing():
        rounds.find("SN99").stages[0].closes_at -= timedelta(seconds=1)
        db.session.flush()
    db.session.expire_all()
    with factories.writing():
        rounds.find("SN99").stages[0].closes_at += timedelta(days=1)


def test_a_round_that_cannot_be_evaluated_holds_up_no_other(locked, monkeypatch):
    other = worlds.past("SN97")
    with factories.writing():
        db.session.execute(sa.text("DROP TRIGGER run_no_delete"))
        db.session.execute(sa.delete(Run))
    real = runs.evaluate

    def evaluate_or_fail(round_, actor):
        if round_.code == "SN99":
            raise RuntimeError("planted")
        return real(round_, actor)

    monkeypatch.setattr(runs, "evaluate", evaluate_or_fail)
    read_only_done()
    jobs.run_once(10)
    assert runs.current(rounds.find("SN99")) is None
    assert runs.current(rounds.find(other.code)) is not None
    assert rounds.find("SN99").stages[0].digest


def test_a_newer_version_replaces_the_older_until_the_lock(world, clock):
    worlds.submit(world, world.lab)
    second = worlds.submit(world, world.lab, **{"init__1__1__elapsed__1": "181"})
    clock.to(world.later.closes_at + SETTLING)
    run = evaluate()
    assert rounds.find("SN99").stages[0].digest_list == [second.seal]
    values = [row["value"] for row in run.output["results"] if row["parameter"] == "init"]
    assert "181" in values


def test_equal_inputs_never_give_two_runs_whoever_asks_at_once(each_app, locked):
    def ask(_number):
        with transaction():
            return runs.evaluate(rounds.find("SN99"), audit.SYSTEM).no

    read_only_done()
    assert race(each_app, ask, 4) == [1, 1, 1, 1]
    read_only_done()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Run)) == 1


def test_a_run_is_never_changed_or_removed(each_app, locked):
    evaluate()
    for statement in (sa.update(Run).values(no=2), sa.delete(Run)):
        with pytest.raises(IntegrityError, match="append-only"), factories.writing():
            db.session.execute(statement)


def test_the_worker_evaluates_by_itself_once(locked):
    read_only_done()
    jobs.run_once(10)
    first = runs.current(rounds.find("SN99"))
    assert first is not None
    assert runs.due() == []
    read_only_done()
    jobs.run_once(10)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Run)) == 1


def test_the_worker_publishes_the_list_of_a_stage_long_before_the_last_one_closes(world, clock):
    version = worlds.submit(world, world.lab)
    clock.to(world.stage.closes_at + SETTLING - timedelta(seconds=5))
    read_only_done()
    jobs.run_once(10)
    assert rounds.find("SN99").stages[0].digest is None
    clock.forward(minutes=6)
    read_only_done()
    jobs.run_once(10)
    assert rounds.find("SN99").stages[0].digest_list == [version.seal]
    assert rounds.find("SN99").stages[1].digest is None


def tampered(statement):
    """Change what no statement of ours may change, as somebody with the file could."""
    read_only_done()
    with db.engine.begin() as connection:
        for trigger in ("entry_version_no_update", "run_no_update", "entry_own", "stage_final"):
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        connection.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        (
            "UPDATE entry_version SET document = replace(document, 'YL-500', 'YL-501')",
            "does not match its seal",
        ),
        ("UPDATE entry_version SET seal = seal || '0' WHERE id = 1", "published list"),
        (
            "UPDATE entry SET stage_id = 2 WHERE id = 1",
            "does not match its seal",
        ),
        ("UPDATE stage SET digest = 'x' WHERE id = 1", "published list"),
        ("UPDATE run SET output = replace(output, '\"n\"', '\"m\"')", "does not match its seals"),
    ],
)
def test_a_changed_byte_is_found(locked, statement, problem):
    evaluate()
    assert runs.verify(rounds.find("SN99")) == []
    tampered(statement)
    db.session.expire_all()
    assert problem in " ".join(runs.verify(rounds.find("SN99")))


def test_an_altered_version_is_not_evaluated(locked):
    tampered("UPDATE entry_version SET document = replace(document, '2', '3')")
    db.session.expire_all()
    with pytest.raises(Conflict) as refusal:
        evaluate()
    assert refusal.value.code == "version_altered"
