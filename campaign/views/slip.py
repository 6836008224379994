"""The 联络员回执: typed, filed, and printed as the annex of the notice looks."""

from typing import Any

from flask import Response, redirect, render_template, request
from flask_babel import gettext as _

from campaign import filings
from campaign.forms.liaison import Row, SlipEntry, padded, slip_entry, typed_rows
from campaign.models import Act, Body, Item
from campaign.presentation.liaison import (
    Desk,
    Prefill,
    column_words,
    desk,
    prefill,
    rows_of,
    slip_differences,
    version_address,
)
from campaign.presentation.slip_sheet import sheet
from campaign.slip import COLUMNS, MOST
from campaign.views.desk import Outcome, onward, receive
from campaign.views.pages import body, mine, officer, speaks_for
from core import access, documents
from core.db import read_only_done
from core.errors import N_, NotFound
from core.sending import File, send_made


@body.route("/<body_id>/slip", methods=["GET", "POST"])
@officer
def slip(body_id: str) -> Any:
    """Show the rows of the slip; keep, file or print what was typed."""
    if request.method == "POST":
        return _sent(body_id)
    found = desk(mine(body_id), Item.SLIP)
    if not found.progress.may_file and found.newest:
        return redirect(version_address(found.body, found.newest))
    known = known_rows(found)
    return _page(found, padded(known.rows), SlipEntry(known.rows), known=known)


def known_rows(found: Desk) -> Prefill:
    """Return the rows to begin with; of a body it does not speak for, the office sees only its own.

    Numbers of people are opened to the office one by one, on their own page, which is logged.
    """
    actor, draft = access.current(), found.draft
    own_draft = draft is not None and draft.user_id == actor.id and "rows" in draft.document
    if speaks_for(found.body) or own_draft:
        return prefill(found)
    return Prefill([], "withheld" if draft or found.newest else "")


def _sent(body_id: str) -> Any:
    rows = typed_rows(request.form.getlist)
    informed = bool(request.form.get("informed"))
    if "add" in request.form or "remove" in request.form:
        found = desk(mine(body_id), Item.SLIP)
        return _page(found, _changed(rows), SlipEntry(rows, informed))
    entry = slip_entry(rows, informed=informed)
    outcome = receive(body_id, Item.SLIP, entry)
    if outcome.refused or outcome.stopped:
        found = desk(mine(body_id), Item.SLIP)
        return _page(found, entry.shown, entry, outcome), 409 if outcome.refused else 422
    return onward(body_id, "body.slip", outcome)


def _changed(rows: list[Row]) -> list[Row]:
    """Return the rows with one more, or without one."""
    gone = request.form.get("remove", -1, type=int)
    left = [row for number, row in enumerate(rows) if number != gone]
    if "add" in request.form and len(left) < MOST:
        left.append(dict.fromkeys(COLUMNS, ""))
    return left or padded([])[:1]


def _page(
    found: Desk,
    rows: list[Row],
    entry: SlipEntry,
    outcome: Outcome | None = None,
    known: Prefill | None = None,
) -> str:
    refused = outcome.refused if outcome else None
    newer = known_rows(found) if refused else None
    return render_template(
        "campaign/body/slip.html",
        desk=found,
        rows=rows,
        wrong=entry.wrong if outcome and outcome.stopped else {},
        informed=entry.informed,
        columns=column_words(),
        source=known,
        refused=refused,
        differences=slip_differences(entry.rows, newer.rows)
        if newer and newer.source != "withheld"
        else [],
        files=filings.files(found.body, Item.SLIP),
        most=MOST,
    )


@body.get("/<body_id>/slip.pdf")
@officer
def slip_print(body_id: str) -> Response:
    """Return the slip on A4 as the annex looks: the draft, or a version that was filed."""
    found = mine(body_id)
    wish = request.args.get("version", type=int)
    rows = known_rows(desk(found, Item.SLIP)).rows if wish is None else _filed_rows(found, wish)
    # Of the draft the office is given only what it typed itself.
    data = sheet(found.name, rows, masked=not speaks_for(found) and wish is not None)
    read_only_done()  # typesetting takes its time; no connection waits for it
    name = _("Reply slip") + f"-{data['body']}.pdf"
    return send_made(File(documents.render("slip", data), "application/pdf", name))


def _filed_rows(found: Body, version: int) -> list[Row]:
    for filing in filings.history(found, Item.SLIP):
        if filing.act is Act.FILED and filing.version == version:
            return rows_of(filings.persons(filing))
    raise NotFound("unknown_filing", N_("There is no such filing. Go back to the list."))
