"""Commands: accounts and their links, set-up that may be run again, the doctor."""

import pytest
import sqlalchemy as sa

from core.accounts import LoginLink, User
from core.audit import AuditEntry
from core.db import db
from tests import databases, factories


@pytest.fixture
def run(app):
    """Run a command as on the command line."""

    def run(*arguments):
        db.session.remove()
        answer = app.test_cli_runner().invoke(args=arguments)
        db.session.remove()
        return answer

    return run


def test_an_account_is_added_with_its_role_and_a_link_that_works(run, client):
    answer = run("user", "add", "example", "王示例", "--role", "office")
    assert answer.exit_code == 0, answer.output
    link = answer.output.strip().splitlines()[-1]
    assert link.startswith("http://localhost/sign-in/")
    assert client.submit(link.removeprefix("http://localhost")).location == "/home"
    assert client.get("/office/").status_code == 200
    assert "example\t王示例\toffice@system\tactive" in run("user", "list").output


def test_an_account_is_not_added_twice(run):
    run("user", "add", "example", "王示例")
    answer = run("user", "add", "example", "王示例")
    assert answer.exit_code == 1
    assert "there is an account example already" in answer.output


def test_a_new_link_is_made_for_an_account_and_for_nobody_else(run):
    user = factories.user(login="example")
    assert "http://localhost/sign-in/" in run("user", "link", "example").output
    answer = run("user", "link", "unknown")
    assert answer.exit_code == 1
    assert "flask user list" in answer.output
    links = db.session.scalars(sa.select(LoginLink).filter_by(user_id=user.id)).all()
    assert len(links) == 1


def test_an_unknown_role_is_refused(run):
    assert run("user", "add", "example", "王示例", "--role", "king").exit_code == 2
    assert db.session.scalar(sa.select(User).filter_by(login="example")) is None


def test_what_the_commands_do_is_on_record(run):
    run("user", "add", "example", "王示例")
    run("user", "link", "example")
    query = sa.select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(2)
    assert set(db.session.scalars(query)) == {"create", "link"}


def test_the_doctor_is_content_with_a_good_installation_or_names_its_faults(run, monkeypatch):
    monkeypatch.setattr("core.cli.documents.fonts_ok", list)
    monkeypatch.setattr("core.cli.sqlite_module", lambda: None)
    answer = run("doctor")
    assert answer.exit_code == 1
    assert "the system's SQLite is used" in answer.output
    with factories.writing():
        db.session.execute(sa.text("DELETE FROM alembic_version"))
    assert "run flask db upgrade" in run("doctor").output


def test_setup_makes_a_database_and_run_again_changes_nothing(tmp_path):
    app = databases.build(f"sqlite:///{tmp_path}/new.db", tmp_path)
    runner = app.test_cli_runner()
    with app.app_context():
        for _ in range(2):
            assert runner.invoke(args=["setup"]).exit_code == 0
            counts = {
                table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table))
                for table in databases.tables()
                if table.name != "login_link"  # a start makes new ones to print
            }
            db.session.remove()
        assert counts["user"] == 45
        assert counts["occasion"] == 4
    databases.dispose(app)


def test_the_purge_of_accounts_is_a_job_of_every_hour(app):
    from core import cli, jobs

    cli._purge(None)
    assert any("accounts.purge" in str(item) for item in vars(jobs).values())


def test_a_role_is_granted_and_taken_back_later_and_both_are_on_record(run):
    factories.user(login="example")
    assert run("user", "grant", "example", "admin").exit_code == 0
    assert run("user", "grant", "example", "office").exit_code == 0
    assert "admin@system, office@system" in run("user", "list").output
    assert run("user", "revoke", "example", "admin").exit_code == 0
    assert "\toffice@system\t" in run("user", "list").output
    again = run("user", "revoke", "example", "admin")
    assert (again.exit_code, "example is not admin" in again.output) == (1, True)
    query = sa.select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(3)
    assert sorted(db.session.scalars(query)) == ["grant", "grant", "revoke"]


@pytest.mark.parametrize("command", [["add", "new", "王示例", "--role"], ["grant", "example"]])
def test_an_organiser_of_the_whole_system_is_not_offered(run, command):
    factories.user(login="example")
    assert run("user", *command, "organiser").exit_code == 2
    assert "\torganiser" not in run("user", "list").output.replace("organiser@occasion", "")
