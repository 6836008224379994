"""How the door joins the application."""

from typing import Any

from flask import Flask

from checkin import demo
from checkin.models import Scan
from checkin.views import api, attendee, door, gates, office, organisers, scanning
from core import access, audit, serve


def init_app(app: Flask) -> None:
    """Register pages, API, the door's actors, the sealing of scans and the commands."""
    app.config["STAFF_HOME"] = "office.home"
    access.register_actor(app, "door", scanning.load_door, scanning.refuse)
    access.register_actor(app, "bearer", scanning.load_bearer, scanning.refuse)
    # Gates and organisers add their pages to the office; naming them loads them.
    assert gates.pages is organisers.pages is office.pages  # noqa: S101
    for blueprint in (attendee.pages, door.pages, office.pages):
        app.register_blueprint(blueprint)
    api.init_app(app)
    app.cli.add_command(demo.commands)
    audit.register_source("scan", Scan, _sealed, at="received_at")
    serve.at_start(app, demo.start)


def _sealed(scan: Scan) -> dict[str, Any]:
    """Return what the seal of a scan covers: every column; none holds a person's data."""
    return {column.key: getattr(scan, column.key) for column in Scan.__table__.columns}
