"""How the door joins the application."""

from flask import Flask

from checkin import demo, models, retention
from checkin.views import api, attendee, door, office, scanning
from core import access, audit


def init_app(app: Flask) -> None:
    """Register pages, API, the door's actors, the sealing of scans and the commands."""
    app.config["STAFF_HOME"] = "office.home"
    access.register_actor(app, "door", scanning.load_door, scanning.refuse)
    access.register_actor(app, "bearer", scanning.load_bearer, scanning.refuse)
    for blueprint in (attendee.pages, door.pages, office.pages):
        app.register_blueprint(blueprint)
    api.init_app(app)
    app.cli.add_command(demo.commands)
