"""Commands of the contest: import a round, evaluate it, let people in."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from flask import current_app, url_for
from flask.cli import AppGroup

from campaign.models import Organisation
from core import accounts, audit
from core.access import Role, Scope
from core.config import settings
from core.db import db, transaction
from core.errors import N_, AppError, Conflict
from scoring import importing, rounds, runs
from scoring.models import Participation, Round

commands = AppGroup("scoring", help="The contest: rounds, evaluation, who takes part.")


@contextmanager
def _work() -> Iterator[None]:
    """Open the command's transaction; a refusal is told in its own words."""
    try:
        with transaction():
            yield
    except AppError as error:
        raise click.ClickException(error.message % error.params) from error


@commands.command("import-round")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--code", help="Code of the round; default: the name of the folder.")
@click.option("--title", default="", help="Title people read.")
def import_round(folder: Path, code: str | None, title: str) -> None:
    """Add a whole round from the CSV files of FOLDER, submissions of the past included."""
    code = code or folder.resolve().name
    with _work():
        found = importing.read_folder(folder)
        lines = _summary(importing.import_round(found, code, title or code, audit.SYSTEM))
    for line in lines:
        click.echo(line)


def _summary(found: importing.Imported) -> list[str]:
    codes = ", ".join(f"{code} {times}" for code, times in sorted(found.findings.items()))
    return [
        f"round {found.round.code}: {found.laboratories} laboratories, "
        f"{found.with_submission} with at least one submission",
        f"{found.submissions} stage submissions, {found.late} late, {found.unsealed} without seal",
        f"{found.readings} readings; findings: {codes or 'none'}",
        f"next: flask scoring evaluate {found.round.code}",
    ]


@commands.command("evaluate")
@click.argument("code", metavar="ROUND")
@click.option("--json", "as_json", is_flag=True, help="Print parameters, results and ranking.")
def evaluate(code: str, *, as_json: bool) -> None:
    """Evaluate a round whose stages are locked; by participant code only."""
    with _work():
        run = runs.evaluate(rounds.find(code), audit.SYSTEM)
        output = run.output
        headline = f"round {code}: evaluation {run.no}, check code {run.output_seal[:8]}"
    if as_json:
        click.echo(json.dumps(_printed(code, output), ensure_ascii=False, indent=1))
        return
    click.echo(headline)
    for row in output["ranking"][:10]:
        click.echo(f"{row['rank']:>4}  {row['code']}  {row['score']}")


#: What is printed of each part of the output, in this order.
PRINTED = {
    "parameters": (
        "parameter", "item", "n", "median", "niqr", "algorithm_a", "x_pt", "sigma_pt", "u", "score",
    ),
    "results": (
        "code", "parameter", "item", "status", "policy", "value", "in_consensus", "z", "verdict",
    ),
    "ranking": ("code", "c", "score", "rank", "award"),
}  # fmt: skip


def _printed(code: str, output: dict[str, Any]) -> dict[str, Any]:
    parts = {
        part: [{name: row[name] for name in names} for row in output[part]]
        for part, names in PRINTED.items()
    }
    return {"round": code, **parts}


@commands.command("verify")
@click.argument("code", metavar="ROUND")
def verify(code: str) -> None:
    """Recompute the seals of every version and run of a round; fail where one does not hold."""
    with _work():
        problems = runs.verify(rounds.find(code))
    for problem in problems:
        click.echo(f"- {problem}")
    if problems:
        raise SystemExit(1)
    click.echo("every seal holds")


@commands.command("invite")
@click.argument("code", metavar="ROUND")
@click.option("--lab", "name", default="", help="Only laboratories whose name contains this.")
def invite(code: str, name: str) -> None:
    """Print name, account and a one-time sign-in link for each laboratory of a round."""
    with _work():
        people = [
            (organisation.name, account_of(participation, organisation))
            for participation, organisation in _taking_part(rounds.find(code), name)
        ]
        lines = [f"{laboratory}\t{user.login}\t{_link(user)}" for laboratory, user in people]
    for line in lines:
        click.echo(line)


def _taking_part(round_: Round, name: str) -> list[tuple[Participation, Organisation]]:
    rows = db.session.execute(
        sa.select(Participation, Organisation)
        .join(Organisation, Organisation.id == Participation.organisation_id)
        .where(
            Participation.round_id == round_.id, Organisation.name.contains(name, autoescape=True)
        )
        .order_by(Organisation.name)
    )
    return [(row.Participation, row.Organisation) for row in rows]


def account_of(participation: Participation, organisation: Organisation) -> accounts.User:
    """Return the account of a laboratory in a round, made when there is none."""
    user = db.session.scalar(
        sa.select(accounts.User)
        .join(accounts.Grant)
        .where(
            accounts.Grant.role == Role.LAB,
            accounts.Grant.scope_id == participation.round_id,
            accounts.Grant.party_id == participation.id,
        )
        .order_by(accounts.User.id)
        .limit(1)
    )
    if user is None:
        user = _account(f"lab-{participation.public_id}", organisation.name)
        _check_free(user, Role.LAB, participation.round_id, participation.id)
        accounts.grant(user, Role.LAB, Scope.ROUND, participation.round_id, participation.id)
        audit.record("invite", "participation", participation.public_id, actor=audit.SYSTEM)
    return user


def _account(login: str, name: str) -> accounts.User:
    """Return the account of a login, made when there is none."""
    user = db.session.scalar(sa.select(accounts.User).filter_by(login=login))
    return user or accounts.create(login, name)


def _check_free(user: accounts.User, role: Role, round_id: int, party_id: int = 0) -> None:
    """Refuse an account that has another part in the round: nobody judges their own results."""
    own = sa.select(accounts.Grant.id).where(
        accounts.Grant.user_id == user.id,
        accounts.Grant.scope == Scope.ROUND,
        accounts.Grant.scope_id == round_id,
        sa.or_(accounts.Grant.role != role, accounts.Grant.party_id != party_id),
    )
    if db.session.scalar(own) is not None:
        raise Conflict(
            "other_part_in_round",
            N_(
                "The account %(login)s is judge or laboratory of this round already, and nobody "
                "is both. Use another account."
            ),
            login=user.login,
        )


@commands.command("judge")
@click.argument("code", metavar="ROUND")
@click.argument("login")
def judge(code: str, login: str) -> None:
    """Let an account judge a round, and print a one-time sign-in link."""
    with _work():
        round_ = rounds.find(code)
        user = _account(login.strip(), login.strip())
        _check_free(user, Role.JUDGE, round_.id)
        accounts.grant(user, Role.JUDGE, Scope.ROUND, round_.id)
        audit.record("grant", "user", user.public_id, actor=audit.SYSTEM, role=Role.JUDGE.value)
        link = _link(user)
    click.echo(link)


def _link(user: accounts.User) -> str:
    with current_app.test_request_context():
        path = url_for("account.link", token=accounts.make_link(user))
    return settings().public_url + path
