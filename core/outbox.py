"""Pages of the outbox: what was sent to whom, what failed, and sending it again."""

from typing import Any

from flask import Blueprint, Flask, render_template

from core import access
from core.access import Role

pages = Blueprint("outbox", __name__, url_prefix="/office/messages")


@pages.get("/")
@access.roles(Role.ADMIN, Role.OFFICE)
def home() -> Any:
    """List the messages."""
    return render_template("account/messages.html")


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(pages)
