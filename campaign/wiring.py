"""How the campaign joins the application."""

import click
from flask import Flask
from flask.cli import AppGroup

from campaign import attic, bodies, campaigns, demo, own_data, retention, words
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
    site.describe(app, front.page, campaigns.root_file)
    app.cli.add_command(commands)
    own_data.init_app()
    retention.init_app()
    attic.init_app()
    serve.at_start(app, _start)
    serve.at_start(app, demo.start)
