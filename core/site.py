"""Pages of the installation itself: health, readiness, and the check of an issued document."""

import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, jsonify, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from core import access, documents, writer
from core.config import ROOT, settings
from core.db import db, read_only_done
from core.errors import N_, NotFound

pages = Blueprint("site", __name__)
#: Below this much free disk the server stops taking visitors rather than fail half-way.
DISK_RESERVE = 200 * 1024 * 1024


@pages.get("/healthz")
@access.public
def healthz() -> Response:
    """Say that the process lives; it asks nothing else."""
    return jsonify(status="ok")


@pages.get("/readyz")
@access.public
def readyz() -> tuple[Response, int]:
    """Say whether the server can do its work, with the reasons when it cannot."""
    problems = readiness()
    return jsonify(
        status="unready" if problems else "ok", problems=problems
    ), 503 if problems else 200


def readiness() -> list[str]:
    """Return what keeps this server from working: database, migrations, disk."""
    problems = []
    try:
        connection = db.session.connection()
        current = MigrationContext.configure(connection).get_current_heads()
        if set(current) != newest_migrations():
            problems.append("the database is not at the newest migration: run flask db upgrade")
        read_only_done()
        if not _takes_a_write():
            problems.append("the database is read-only")
    except (sa.exc.SQLAlchemyError, OSError) as error:
        problems.append(f"the database does not take a write: {type(error).__name__}")
    finally:
        read_only_done()
    directory = Path(settings().data_dir)
    if directory.exists() and shutil.disk_usage(directory).free < DISK_RESERVE:
        problems.append("the disk is nearly full")
    return problems


@cache
def newest_migrations() -> frozenset[str]:
    """Return the heads of the migrations; reading their files once is enough."""
    return frozenset(ScriptDirectory(str(ROOT / "core" / "migrations")).get_heads())


def _takes_a_write() -> bool:
    """Begin a write in its turn, like everybody, and leave without writing."""
    with writer.turn(db.engine):
        try:
            connection = db.session.connection(execution_options={"write": True})
            if db.engine.dialect.name != "postgresql":
                return True  # what cannot be written refuses to begin
            return bool(connection.scalar(sa.text("SHOW transaction_read_only")) == "off")
        finally:
            read_only_done()


@pages.get("/v/<token>")
@access.link
def verify(token: str) -> str:
    """Show whether an issued document is genuine, with nothing personal in it."""
    document = documents.verify(token)
    if document is None:
        raise NotFound(
            "unknown_document",
            N_("No document has this number. Compare the address with the printed one."),
        )
    return render_template("site/verify.html", document=document)


@dataclass(frozen=True)
class Site:
    """What every page says of the installation."""

    name: str
    #: Lines at the foot of each page.
    footer: tuple[str, ...] = ()


def init_app(app: Flask) -> None:
    """Register the pages, and what every template may use."""
    app.register_blueprint(pages)

    @app.context_processor
    def everywhere() -> dict[str, object]:
        return {"site": Site(_("Quality Month")), "current_actor": access.current()}
