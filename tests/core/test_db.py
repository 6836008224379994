"""The database: one write transaction a request, instants in UTC, constraints by name."""

import sys
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, StatementError

from core import db as ground
from core.access import Role
from core.accounts import LoginLink, User
from core.clock import now
from core.db import TransactionError, UTCDateTime, db, read_only_done, transaction
from tests import factories
from tests.racing import race

BEIJING = timezone(timedelta(hours=8))


def users():
    count = db.session.scalar(sa.select(sa.func.count()).select_from(User))
    read_only_done()
    return count


def add(login):
    db.session.add(User(login=login, name="张示例"))


def store(row):
    db.session.add(row)
    db.session.flush()


def fail(row):
    """Fail after the row has reached the database."""
    store(row)
    raise ZeroDivisionError


def test_a_transaction_commits_at_its_end(each_app):
    with transaction():
        add("kept")
    with each_app.app_context():
        assert db.session.scalar(sa.select(User.name).filter_by(login="kept")) == "张示例"


def test_an_error_leaves_nothing_behind(each_app):
    before = users()
    with pytest.raises(ZeroDivisionError), transaction():
        fail(User(login="gone", name="张示例"))
    assert users() == before
    with transaction():
        add("next")
    assert users() == before + 1


def test_transactions_do_not_nest(app):
    with transaction(), pytest.raises(TransactionError), transaction():
        pass


def test_reading_first_and_writing_upon_it_is_refused(app):
    db.session.scalar(sa.select(User.id))
    with pytest.raises(TransactionError), transaction():
        pass


def test_reads_that_are_done_leave_the_way_free(app):
    db.session.scalar(sa.select(User.id))
    read_only_done()
    with transaction() as session:
        assert session is db.session()


def test_a_reader_sees_what_was_committed_while_a_writer_writes(each_app):
    before = users()
    with transaction():
        add("in flight")
        db.session.flush()
        with each_app.app_context():
            assert db.session.scalar(sa.select(sa.func.count()).select_from(User)) == before


def read_then_write(number, all_have_read):
    """Write upon what was read before the transaction: what transaction() refuses."""
    db.session.scalar(sa.select(User.id))
    all_have_read.wait(10)
    add(f"late {number}")
    db.session.commit()


def test_control_without_the_discipline_sqlite_loses_writes(app):
    barrier = threading.Barrier(16)
    results = race(app, lambda number: read_then_write(number, barrier))
    assert sum(isinstance(result, sa.exc.OperationalError) for result in results) == 15


def test_many_writers_at_once_lose_nothing(each_app):
    before = users()

    def act(number):
        with transaction():
            db.session.scalar(sa.select(User.id))
            add(f"writer {number}")

    assert race(each_app, act) == [None] * 16
    assert users() == before + 16


def test_a_write_transaction_holds_sqlites_lock_from_its_start(app):
    with transaction(), db.engine.connect() as other:
        other.exec_driver_sql("PRAGMA busy_timeout=0")
        other.rollback()
        with pytest.raises(sa.exc.OperationalError, match="locked"):
            other.execution_options(write=True).begin()


def test_sqlite_runs_with_the_settings_that_lose_nothing(app):
    with db.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 10_000,
        "foreign_keys": 1,
    }


def test_the_newer_sqlite_is_used_where_there_is_one(app, monkeypatch):
    pysqlite3 = pytest.importorskip("pysqlite3")
    assert db.engine.dialect.dbapi is pysqlite3
    monkeypatch.setitem(sys.modules, "pysqlite3", None)
    assert ground.sqlite_module() is None
    assert "module" not in ground._engine_options("sqlite://")


def test_postgresql_connections_are_tested_before_use():
    assert ground._engine_options("postgresql+psycopg://host/qm")["pool_pre_ping"] is True


@pytest.mark.parametrize(
    "given",
    [datetime(2024, 8, 26, 8, 30, tzinfo=UTC), datetime(2024, 8, 26, 16, 30, tzinfo=BEIJING)],
)
def test_instants_come_back_aware_and_in_utc(each_app, given):
    with transaction():
        db.session.add(User(login="at", name="张示例", created_at=given))
    db.session.expire_all()
    found = db.session.scalar(sa.select(User.created_at).filter_by(login="at"))
    assert found == datetime(2024, 8, 26, 8, 30, tzinfo=UTC)
    assert found.tzinfo is UTC


def test_an_instant_that_is_missing_stays_missing(each_app):
    user = factories.user()
    db.session.expire_all()
    assert user.disabled_at is None


def test_a_naive_instant_is_refused(each_app):
    with pytest.raises(StatementError, match="naive"), transaction():
        store(User(login="naive", name="张示例", created_at=datetime.fromisoformat("2024-08-26")))


def test_instants_compare_on_both_databases(each_app):
    user = factories.user()
    earlier = sa.select(User.id).where(User.created_at < now() + timedelta(seconds=1))
    later = sa.select(User.id).where(User.created_at > now() + timedelta(seconds=1))
    assert user.id in db.session.scalars(earlier).all()
    assert user.id not in db.session.scalars(later).all()


def test_foreign_keys_are_kept(each_app):
    with pytest.raises(IntegrityError), transaction():
        store(LoginLink(token_hash="x", user_id=999_999, expires_at=now()))


def test_every_constraint_has_a_name(app):
    unnamed = [
        f"{table.name}: {constraint}"
        for table in db.metadata.sorted_tables
        for constraint in table.constraints
        if not constraint.name
    ]
    assert not unnamed


def test_every_instant_is_stored_as_one(app):
    wrong = [
        str(column)
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, sa.DateTime) and not isinstance(column.type, UTCDateTime)
    ]
    assert not wrong


def test_enums_are_stored_by_value_and_no_other_value_is_taken(each_app):
    user = factories.user(Role.OFFICE)
    query = sa.text('SELECT role FROM "grant" WHERE user_id = :user')
    assert db.session.scalar(query, {"user": user.id}) == "office"
    wrong = sa.text("UPDATE \"grant\" SET role = 'OFFICE' WHERE user_id = :user")
    with pytest.raises(IntegrityError), factories.writing():
        db.session.execute(wrong, {"user": user.id})


def test_tables_are_named_after_their_classes_in_snake_case(app):
    assert LoginLink.__tablename__ == "login_link"
    assert User.__tablename__ == "user"


def test_public_ids_are_random_and_fit_an_address():
    ids = {ground.public_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(one) >= 14 and one.isascii() and "/" not in one for one in ids)


def test_an_insert_knows_conflicts_on_both_databases(each_app):
    user = factories.user(login="twice")
    again = ground.insert(User).values(login="twice", name="李示例").on_conflict_do_nothing()
    with factories.writing():
        assert db.session.scalar(again.returning(User.id)) is None
    assert user.name == "王示例"


def test_a_waiting_writer_goes_on_when_the_first_has_failed(app):
    entered = threading.Event()

    def second():
        with app.app_context(), transaction():
            add("second")
        entered.set()

    thread = threading.Thread(target=second)

    def first():
        with transaction():
            thread.start()
            assert not entered.wait(0.1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        first()
    assert entered.wait(10)
    thread.join(5)
