"""Pages of the installation itself: health, readiness, and the check of an issued document."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, current_app, g, jsonify, render_template
from flask_babel import gettext as _
from werkzeug.local import LocalProxy
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


@pages.get("/<string(maxlength=80):name>.txt")
@access.public
def text_file(name: str) -> Response:
    """Answer with a text file at the root, by which another service knows the site as ours."""
    feature = _feature()
    content = feature.file(f"{name}.txt") if feature else None
    if content is None:
        raise NotFound(
            "not_found",
            N_("There is no such page. Check the address, or start from the home page."),
        )
    return Response(content, mimetype="text/plain")


@dataclass(frozen=True)
class Site:
    """What every page says of the installation."""

    name: str
    #: Lines at the foot of each page.
    footer: tuple[str, ...] = ()


@dataclass(frozen=True)
class Feature:
    """What a feature says of the installation."""

    #: Asked once per request, while a page is rendered; None leaves the plain name.
    page: Callable[[], Site | None]
    #: The text file of that name at the root.
    file: Callable[[str], str | None]
    #: What is done with the data of whoever gets an account; empty before there is a notice.
    privacy: Callable[[], str]


def describe(app: Flask, feature: Feature) -> None:
    """Let a feature say what stands on every page, at the root, and under forms of accounts."""
    app.extensions["qm-site"] = feature


def _feature() -> Feature | None:
    found: Feature | None = current_app.extensions.get("qm-site")
    return found


def privacy() -> str:
    """Return what is done with the data of whoever gets an account, or an empty text."""
    feature = _feature()
    return feature.privacy() if feature else ""


def here() -> Site:
    """Return what the present page says; it is never the reason why a page cannot be shown."""
    if "site" not in g:
        g.site = _asked() or Site(_("Quality Month"))
    site: Site = g.site
    return site


def _asked() -> Site | None:
    feature = _feature()
    if feature is None or g.get("database_down"):
        return None
    try:
        # A page that is being shown writes nothing, so this reading must not either.
        with db.session.no_autoflush:
            return feature.page()
    except sa.exc.SQLAlchemyError:
        # Whatever failed has its own answer, which is perhaps the page being shown.
        return None


def init_app(app: Flask) -> None:
    """Register the pages, and what every template may use."""
    app.register_blueprint(pages)

    @app.context_processor
    def everywhere() -> dict[str, object]:
        # Looked up where it is used: whatever renders no page reads nothing.
        return {"site": LocalProxy(here), "current_actor": access.current()}
