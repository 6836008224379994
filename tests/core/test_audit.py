import csv
from datetime import timedelta

import pytest
import sqlalchemy as sa

from core import audit, chain, jobs
from core.access import Actor
from core.audit import AuditEntry
from core.chain import AuditSeal, Broken
from core.clock import local, moved, now
from core.db import Model, db, read_only_done, transaction

OFFICER = Actor("account", 7)
LATER = timedelta(minutes=2)


@pytest.fixture(autouse=True)
def context(each_app, no_noise, monkeypatch):
    """Run everything on both databases; the door's scans have a chain elsewhere."""
    monkeypatch.setattr(chain, "_sources", {"audit": chain._sources["audit"]})


def write(count=1):
    with transaction():
        for number in range(count):
            audit.record("ticket.issue", "registration", f"r{number}", actor=OFFICER, field="name")


def seal_later():
    read_only_done()
    with moved(LATER):
        return audit.seal_all()


def tamper(*statements):
    """Change the tables as somebody with the database's password would."""
    read_only_done()
    with transaction() as session:
        if db.engine.dialect.name == "postgresql":
            session.execute(sa.text("SET LOCAL session_replication_role = replica"))
        else:
            for table in ("audit_entry", "audit_seal"):
                session.execute(sa.text(f"DROP TRIGGER {table}_no_update"))
                session.execute(sa.text(f"DROP TRIGGER {table}_no_delete"))
        for statement in statements:
            session.execute(sa.text(statement))


def problems():
    read_only_done()
    return audit.verify()


def test_an_entry_says_who_did_what_from_where(app):
    with app.test_request_context(environ_base={"REMOTE_ADDR": "192.0.2.9"}), transaction():
        audit.record("sign_in", "user", "u1", actor=OFFICER, result="refused", tries=2)
    row = db.session.scalars(sa.select(AuditEntry)).one()
    assert (row.actor_kind, row.actor_id, row.address) == ("account", 7, "192.0.2.9")
    assert (row.action, row.object_kind, row.object_id) == ("sign_in", "user", "u1")
    assert (row.result, row.details) == ("refused", {"tries": 2})


def test_an_entry_disappears_with_the_callers_transaction():
    with pytest.raises(RuntimeError), transaction():
        audit.record("export", "occasion", "o1", actor=audit.SYSTEM)
        raise RuntimeError
    assert db.session.scalar(sa.select(sa.func.count(AuditEntry.id))) == 0


@pytest.mark.parametrize(
    "details", [{"name": "张三"}, {"to": "13800000001"}, {"to": ["a b"]}, {"n": 13800000001}]
)
def test_words_and_numbers_of_people_are_refused(details):
    with transaction(), pytest.raises(ValueError, match="codes"):
        audit.record("export", "occasion", "o1", actor=OFFICER, **details)


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id + 1000", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_delete(table, statement):
    write()
    seal_later()
    with pytest.raises(sa.exc.IntegrityError, match="append-only"), transaction() as session:
        session.execute(sa.text(statement.format(table)))
    assert problems() == []


def test_postgresql_refuses_to_empty_the_table(app):
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite knows no TRUNCATE")
    with pytest.raises(sa.exc.IntegrityError, match="append-only"), transaction() as session:
        session.execute(sa.text("TRUNCATE audit_entry"))


def triggers():
    postgresql = db.engine.dialect.name == "postgresql"
    column, catalogue = ("tgname", "pg_trigger") if postgresql else ("name", "sqlite_master")
    names = set(db.session.scalars(sa.text(f"SELECT {column} FROM {catalogue}")))
    read_only_done()
    return {name for name in names if "_no_" in name}


def test_every_append_only_table_has_its_triggers():
    acts = {"postgresql": ("change", "truncate"), "sqlite": ("update", "delete")}
    assert {"audit_entry", "audit_seal"} <= set(audit.append_only_tables())
    wanted = {
        f"{t}_no_{a}" for t in audit.append_only_tables() for a in acts[db.engine.dialect.name]
    }
    assert triggers() == wanted


def test_installing_the_triggers_again_is_harmless():
    before = triggers()
    with transaction() as session:
        for table in audit.append_only_tables():
            for statement in audit.append_only_sql(db.engine.dialect.name, table):
                session.connection().exec_driver_sql(statement)
    assert triggers() == before


def test_rows_are_sealed_in_blocks_that_form_a_chain(monkeypatch):
    monkeypatch.setattr(chain, "BLOCK", 3)
    write(7)
    assert seal_later() == 7
    blocks = db.session.scalars(sa.select(AuditSeal).order_by(AuditSeal.id)).all()
    assert [(b.first_id, b.last_id, b.count) for b in blocks] == [(1, 3, 3), (4, 6, 3), (7, 7, 1)]
    assert [b.previous for b in blocks] == ["", blocks[0].seal, blocks[1].seal]
    assert problems() == []


def test_rows_younger_than_a_minute_wait():
    write()
    assert audit.seal_all() == 0
    assert seal_later() == 1
    assert seal_later() == 0


def test_an_older_row_behind_a_young_one_waits_too():
    with moved(LATER):
        write()
    write()
    assert seal_later() == 0
    with moved(2 * LATER):
        assert audit.seal_all() == 2


def test_of_two_workers_one_seals_a_block(monkeypatch):
    write(2)
    ours = chain._next_block

    def slow(source):
        block = ours(source)
        if block:
            read_only_done()
            monkeypatch.setattr(chain, "_next_block", ours)
            assert audit.seal_all() == 2
        return block

    monkeypatch.setattr(chain, "_next_block", slow)
    assert seal_later() == 0
    assert problems() == []


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE audit_entry SET object_id = 'x' WHERE id = 3", "rows_changed"),
        ("UPDATE audit_entry SET details = '{}' WHERE id = 4", "rows_changed"),
        ("DELETE FROM audit_entry WHERE id = 3", "rows_missing"),
        ("UPDATE audit_entry SET id = 4 + 5 WHERE id = 4", "rows_missing"),
        ("UPDATE audit_seal SET seal = 'x' WHERE id = 2", "rows_changed"),
        ("DELETE FROM audit_seal WHERE id = 1", "chain_broken"),
    ],
)
def test_tampering_is_found_and_its_block_named(monkeypatch, statement, code):
    monkeypatch.setattr(chain, "BLOCK", 2)
    write(6)
    seal_later()
    tamper(statement)
    block = 1 if code == "chain_broken" else 2
    assert problems()[0] == Broken("audit", block, code)


def test_a_row_smuggled_in_below_the_seal_is_found():
    write(3)
    tamper("UPDATE audit_entry SET id = 10 WHERE id = 3")
    seal_later()
    copied = ", ".join(c.name for c in AuditEntry.__table__.columns if c.name != "id")
    with transaction() as session:
        row = f"SELECT 5, {copied} FROM audit_entry LIMIT 1"
        session.execute(sa.text(f"INSERT INTO audit_entry (id, {copied}) {row}"))
    assert problems() == [Broken("audit", 1, "rows_added")]


def test_sources_have_chains_of_their_own():
    audit.register_source("jobs", jobs.Job, lambda row: {"id": row.id}, at="created_at")
    write()
    with transaction():
        jobs.enqueue("test.mail")
    assert seal_later() == 2
    firsts = db.session.execute(sa.select(AuditSeal.source, AuditSeal.previous))
    assert set(map(tuple, firsts)) == {("audit", ""), ("jobs", "")}


def test_the_worker_seals_the_log():
    write()
    read_only_done()
    with moved(LATER):
        while jobs.run_once():
            pass
    assert db.session.scalar(sa.select(AuditSeal.count)) == 1


def test_the_command_counts_blocks_and_rows(app):
    write(2)
    seal_later()
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert result.exit_code == 0
    assert result.output.startswith("audit: 1 blocks, 2 rows, head ")


def test_the_command_names_the_first_broken_block_and_exits_with_1(app, monkeypatch):
    monkeypatch.setattr(chain, "BLOCK", 1)
    write(3)
    seal_later()
    tamper("UPDATE audit_entry SET result = 'x' WHERE id > 1")
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert result.exit_code == 1
    assert "Block 2 of “audit”" in result.output
    assert "Block 3" not in result.output


def test_the_log_is_a_table_of_the_product():
    assert {"audit_entry", "audit_seal", "job", "throttle"} <= set(Model.metadata.tables)


def test_the_log_is_exported_for_whoever_inspects_it(each_app, clock):
    with transaction():
        audit.record("before", "example", "one", actor=audit.SYSTEM)
    clock.forward(days=3)
    with transaction():
        audit.record("after", "example", "two", actor=audit.SYSTEM, item="plan")
    day = f"{local(now()):%Y-%m-%d}"
    result = each_app.test_cli_runner().invoke(args=["audit", "export", "--since", day])
    head, *rows = list(csv.reader(result.output.splitlines()))
    assert head[:2] == ["at", "actor_kind"]
    assert [row[5:9] for row in rows] == [["after", "example", "two", "ok"]]
    assert (rows[0][0][-6:], rows[0][9]) == ("+08:00", '{"item":"plan"}')
