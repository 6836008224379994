"""How the door joins the application."""

from typing import Any

from flask import Flask, url_for

from campaign import figures
from campaign.figures import Figure
from checkin import demo, month_figures, retention
from checkin.models import Scan
from checkin.views import (
    api,
    attendee,
    door,
    gates,
    office,
    organisers,
    own_data,
    scanning,
    unmask,
)
from core import access, audit, serve
from core.access import Role


def init_app(app: Flask) -> None:
    """Register pages, API, the door's actors, the sealing of scans and the commands."""
    for role in (Role.ADMIN, Role.OFFICE, Role.ORGANISER):
        access.register_home(app, role, "office.home")
    access.register_actor(app, "door", scanning.load_door, scanning.refuse)
    access.register_actor(app, "bearer", scanning.load_bearer, scanning.refuse)
    # Gates and organisers add their pages to the office; naming them loads them.
    assert gates.pages is organisers.pages is office.pages  # noqa: S101
    assert all((own_data, unmask))  # noqa: S101
    for blueprint in (attendee.pages, door.pages, office.pages):
        app.register_blueprint(blueprint)
    api.init_app(app)
    app.cli.add_command(demo.commands)
    audit.register_source("scan", Scan, _sealed, at="received_at")
    retention.init_app()
    figures.register("checkin", _counted)
    serve.at_start(app, demo.start)


#: What the seal of a scan covers; a column added later stays outside, or old seals would break.
SEALED = (
    "id", "public_id", "checkpoint_id", "registration_id", "device_id", "actor_id", "direction",
    "source", "clock", "received_at", "effective_at", "uncertain", "nonce", "online", "verdict",
    "reason", "facts", "annuls_id",
)  # fmt: skip


def _sealed(scan: Scan) -> dict[str, Any]:
    """Return what the seal of a scan covers; none of it holds a person's data."""
    return {name: getattr(scan, name) for name in SEALED}


def _counted(campaign_id: int) -> list[Figure]:
    """Return the door's figures of a campaign, each row with the page of its occasion."""
    return month_figures.counted(
        campaign_id, lambda public_id: url_for("office.occasion", occasion_id=public_id)
    )
