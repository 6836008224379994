"""How the campaign joins the application."""

import click
from flask import Flask
from flask.cli import AppGroup

from campaign import attic, bodies, campaigns, demo, own_data, retention, seals, words
from campaign.views import (
    attachments,
    board,
    bodies_edit,
    deadlines,
    evidence,
    figures,
    front,
    holidays,
    invitations,
    liaison,
    office_files,
    pages,
    people,
    reminders,
    reporting,
    review,
    settings,
    slip,
    version,
)
from core import access, outbox, serve, site
from core.access import Role
from core.db import transaction

commands = AppGroup("campaign", help="The Quality Month of a year.")


@commands.command("setup")
@click.option("--year", type=click.IntRange(2000, 2100), help="Default: the newest, else this.")
def setup(year: int | None) -> None:
    """Load places and reporting bodies; harmless to run again."""
    with transaction():
        name = campaigns.setup(year).name
    click.echo(name)


@commands.command("verify")
def verify() -> None:
    """Recompute the seals of all filed versions and the hashes of their files."""
    found = seals.check()
    click.echo(f"{found.versions} versions, {found.files} files")
    for public_id in found.changed:
        click.echo(f"version {public_id} is not what was sealed")
    for public_id in found.damaged:
        click.echo(f"file {public_id} is missing or not what was sent")
    if found.changed or found.damaged:
        raise click.ClickException("Restore these from a backup, and look for who changed them.")


def _start() -> list[str]:
    with transaction():
        campaigns.setup()
    return []


def init_app(app: Flask) -> None:
    """Register pages and commands, and load the product data before a server starts."""
    # Each job of the month adds its pages to one of two blueprints; naming them loads them.
    assert all((board, figures, invitations, liaison, reminders, settings))  # noqa: S101
    assert all((bodies_edit, deadlines, holidays))  # noqa: S101
    assert all((reporting, review, slip, version))  # noqa: S101
    assert all((attachments, evidence, office_files, people))  # noqa: S101
    app.register_blueprint(pages.office)
    app.register_blueprint(pages.body)
    outbox.name_subjects(app, "body", bodies.names)
    access.register_home(app, Role.LIAISON, "body.home")
    app.jinja_env.globals["month_words"] = words
    app.jinja_env.globals["month_front"] = campaigns.front
    site.describe(app, site.Feature(front.page, campaigns.root_file, front.privacy))
    app.cli.add_command(commands)
    own_data.init_app()
    retention.init_app()
    attic.init_app()
    serve.at_start(app, _start)
    serve.at_start(app, demo.start)
