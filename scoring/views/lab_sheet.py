"""The form of a stage as a workbook: the template to download, and the filled one to upload."""

from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from core import access
from core.clock import now
from core.db import read_only_done, transaction
from core.errors import InvalidInput
from core.sending import File, send_made
from core.sheets.cells import ENTRY, XLSX, FileRefused
from core.web import takes_upload
from scoring import entries
from scoring.entries import ClosedError, Desk
from scoring.phase import Window
from scoring.presentation.lab import template, upload
from scoring.presentation.lab.entry_form import carried
from scoring.presentation.lab.upload import SheetRefused
from scoring.presentation.lab.uploaded import Upload
from scoring.views.lab import closed, filled, form_page, keep, laboratory, pages, revision

__all__ = ["pages"]  # the blueprint, with these pages on it


@pages.get("/entry/<stage_id>/template.xlsx")
@laboratory
def download(stage_id: str) -> AnyResponse:
    """Return the workbook of a stage, filled with the draft."""
    actor = access.current()
    desk = entries.desk(actor, stage_id)
    if desk.window(now()) is Window.NOT_OPEN:
        return redirect(url_for("lab.entry", stage_id=stage_id))
    form = filled(desk, {**carried(desk, entries.desks(actor)), **desk.fields})
    return _workbook(desk, template.write(desk, form.checked.editions, form.fields))


def _workbook(desk: Desk, content: bytes, more: str = "") -> Response:
    name = f"{desk.round.code}-{desk.stage.code}{more}.xlsx"
    return send_made(File(content, XLSX, name))


@pages.route("/entry/<stage_id>/upload", methods=["GET", "POST"])
@laboratory
@takes_upload(ENTRY.size)
def upload_sheet(stage_id: str) -> Any:
    """Read a filled workbook: its values become the draft, all of them or none."""
    if request.method == "GET":  # the page of the findings, opened again
        return redirect(url_for("lab.entry", stage_id=stage_id))
    desk = entries.desk(access.current(), stage_id)
    try:
        entries.check_open(desk, g.arrived_at)
    except ClosedError as error:
        return closed(desk, error.finding, {}, 409)
    try:
        found = _read(desk)
    except InvalidInput as error:
        return _page(desk, None, _sentence(error)), 422
    if request.form.get("act") == "file":
        marked = template.write(desk, found.checked.editions, found.shown, found.marks)
        return _workbook(desk, marked, _("-checked"))
    if found.blocked:
        return _page(desk, found), 422
    return _keep(stage_id, found)


def _read(desk: Desk) -> Upload:
    file = request.files.get("sheet")
    if file is None or not file.filename:
        raise FileRefused("empty", ENTRY)
    editions = filled(desk, desk.fields).checked.editions
    # Reading takes seconds in a process of its own: no connection waits for it.
    read_only_done()
    return upload.read(desk, editions, file.read(), file.filename)


def _sentence(error: InvalidInput) -> str:
    if isinstance(error, SheetRefused):
        return error.finding.text(_)
    return str(_(error.message).format(**error.params))


def _page(desk: Desk, found: Upload | None, refused: str = "") -> str:
    return render_template(
        "scoring/lab/upload.html", desk=desk, upload=found, refused=refused, rev=revision()
    )


def _keep(stage_id: str, found: Upload) -> Any:
    actor = access.current()
    read_only_done()
    with transaction():
        desk = entries.desk(actor, stage_id)
        why, clashes = keep(desk, found.fields)
    if why is not None:
        return closed(desk, why, {}, 409)
    if clashes:
        desk = entries.desk(actor, stage_id)
        return form_page(desk, desk.fields), 409
    said = ngettext(
        "%(num)s value was read from the file into the draft.",
        "%(num)s values were read from the file into the draft.",
        found.counts["n"],
    )
    flash(said, "success")
    return redirect(url_for("lab.check", stage_id=stage_id))
