"""Commands of the installation: accounts, preparation, health."""

import csv
import io
from datetime import datetime
from pathlib import Path

import click
import sqlalchemy as sa
from flask import Flask, url_for
from flask.cli import AppGroup, with_appcontext

from core import accounts, audit, chain, documents, jobs, serve, site, throttle
from core.access import Role, Scope
from core.clock import from_local
from core.config import ROOT, settings
from core.db import db, sqlite_module, transaction

users = AppGroup("user", help="Accounts and their roles.")
#: Organisers hold their role in sessions only; the office grants it there.
SYSTEM_ROLE = click.Choice([Role.ADMIN.value, Role.OFFICE.value])


def _user(login: str) -> accounts.User:
    user = db.session.scalar(sa.select(accounts.User).filter_by(login=login))
    if user is None:
        raise click.ClickException(f"there is no account {login}; see flask user list")
    return user


@users.command("add")
@click.argument("login")
@click.argument("name")
@click.option("--role", type=SYSTEM_ROLE, help="For the system.")
def add(login: str, name: str, role: str | None) -> None:
    """Add an account and print its one-time sign-in link."""
    with transaction():
        if db.session.scalar(sa.select(accounts.User.id).filter_by(login=login)):
            raise click.ClickException(f"there is an account {login} already")
        user = accounts.create(login, name)
        if role:
            accounts.grant(user, Role(role), Scope.SYSTEM)
        audit.record("create", "user", user.public_id, actor=audit.SYSTEM)
        token = accounts.make_link(user)
    _print_link(token)


def _print_link(token: str) -> None:
    from flask import current_app

    with current_app.test_request_context():
        click.echo(settings().public_url + url_for("account.link", token=token))


@users.command("link")
@click.argument("login")
def link(login: str) -> None:
    """Print a one-time sign-in link, valid 14 days."""
    with transaction():
        user = _user(login)
        token = accounts.make_link(user)
        audit.record("link", "user", user.public_id, actor=audit.SYSTEM)
    _print_link(token)


@users.command("grant")
@click.argument("login")
@click.argument("role", type=SYSTEM_ROLE)
def grant(login: str, role: str) -> None:
    """Give an account a role for the whole system."""
    with transaction():
        user = _user(login)
        accounts.grant(user, Role(role))
        audit.record("grant", "user", user.public_id, actor=audit.SYSTEM, role=role)
    click.echo(f"{login} is {role} now")


@users.command("revoke")
@click.argument("login")
@click.argument("role", type=SYSTEM_ROLE)
def revoke(login: str, role: str) -> None:
    """Take a role for the whole system back; it counts from the next page on."""
    with transaction():
        user = _user(login)
        if not accounts.revoke(user, Role(role)):
            raise click.ClickException(f"{login} is not {role}; see flask user list")
        audit.record("revoke", "user", user.public_id, actor=audit.SYSTEM, role=role)
    click.echo(f"{login} is not {role} any more")


@users.command("list")
def list_users() -> None:
    """List accounts with their roles."""
    for user in db.session.scalars(sa.select(accounts.User).order_by(accounts.User.login)):
        roles = ", ".join(f"{held.role.value}@{held.scope.value}" for held in user.grants)
        state = "disabled" if user.disabled_at else "active"
        click.echo(f"{user.login}\t{user.name}\t{roles or '-'}\t{state}")


@click.command("setup")
@with_appcontext
def setup() -> None:
    """Migrate the database and load the product's own data; harmless to run again."""
    for line in serve.prepare():
        click.echo(line)


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Say what keeps this installation from working well."""
    problems = site.readiness() + documents.fonts_ok()
    if db.engine.dialect.name == "sqlite" and sqlite_module() is None:
        problems.append(
            "the system's SQLite is used; releases before 3.51.3 may corrupt a database"
        )
    if not (Path(ROOT) / "static" / "vendor" / "manifest.json").exists():
        problems.append("the scanner's decoder is missing: run make setup (typing still works)")
    for problem in problems:
        click.echo(f"- {problem}")
    if problems:
        raise SystemExit(1)
    click.echo("all is well")


@click.command("export")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="First day, Beijing time.")
@with_appcontext
def export_audit(since: datetime | None) -> None:
    """Print the audit log as CSV, e.g. for an inspection; it holds codes, no person's data."""
    for line in audit.lines(from_local(since) if since else None):
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerow(line)
        click.echo(text.getvalue(), nl=False)


def init_app(app: Flask) -> None:
    """Register the commands and the modules that bring their own."""
    for command in (users, setup, doctor, serve.serve):
        app.cli.add_command(command)
    chain.audit_cli.add_command(export_audit)
    for part in (jobs, throttle, chain):
        part.init_app(app)
    jobs.handler("accounts.purge")(_purge)
    jobs.every("accounts.purge", 60)


def _purge(_claim: jobs.Claim) -> None:
    with transaction():
        accounts.purge()
