"""How the campaign joins the application."""

import click
from flask import Flask
from flask.cli import AppGroup

from campaign import campaigns
from core import serve
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
    """Register the commands and load the product data before a server starts."""
    app.cli.add_command(commands)
    serve.at_start(app, _start)
