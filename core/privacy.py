"""The data map as a page and a file: what of persons is kept, why, until when, who sees it."""

from typing import Any

from flask import Blueprint, Flask, Response, render_template
from flask_babel import gettext as _

from core import access, data_map, i18n, reports, retention, sheets, unmasking
from core.access import Role
from core.clock import now
from core.data_map import Place, Purpose
from core.db import Model
from core.sending import File, send_made

pages = Blueprint("privacy", __name__, url_prefix="/office/data-map")


def everything() -> dict[Purpose, list[Place]]:
    """Return the marked columns of all tables by purpose."""
    return data_map.by_purpose(Model.registry.metadata)


@pages.get("/", endpoint="data_map")
@access.roles(Role.ADMIN, Role.OFFICE)
def show() -> str:
    """Show the map, the retention clock and the newest unmaskings."""
    return render_template(
        "account/data_map.html",
        purposes=everything(),
        clock=retention.outlook(),
        now=now(),
        unmasked=unmasking.recent(),
        reasons=unmasking.REASONS,
        kinds=unmasking.KINDS,
    )


@pages.get("/map.<any(csv, xlsx):kind>")
@access.roles(Role.ADMIN, Role.OFFICE)
def data_map_file(kind: str) -> Response:
    """Return the map as CSV or XLSX; it speaks of columns and holds no person."""
    columns, title = reports.data_map_columns(), _("Data map")
    frame = reports.frame(_rows(), columns)
    if kind == "csv":
        content, media_type = sheets.csv_bytes(frame, columns), "text/csv"
    else:
        content = sheets.xlsx(frame, columns, title=title, note=i18n.full(now()), sheet_name=title)
        media_type = sheets.XLSX
    return send_made(File(content, media_type, f"data-map.{kind}"))


def _rows() -> list[dict[str, Any]]:
    return [
        {
            "purpose": _(purpose.title),
            "what": _(place.mark.what),
            "where": f"{place.table}.{place.column}",
            "why": _(purpose.why),
            "basis": _(purpose.basis),
            "checked": _("Checked") if purpose.verified else _("To be checked"),
            "keep": _(place.keep),
            "who": _(place.who),
        }
        for purpose, places in everything().items()
        for place in places
    ]


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(pages)
