"""The evidence of a body: its gallery, what is said of the files, and filing it."""

from typing import Any

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from campaign import attachments, filings, gallery
from campaign.forms import files as forms
from campaign.forms.liaison import NoteEntry, kept, note_entry
from campaign.models import FilingFile, Item
from campaign.presentation.bundle import task_names
from campaign.presentation.liaison import Desk, desk, note_differences
from campaign.views.attachments import back_to
from campaign.views.desk import Outcome, onward, receive
from campaign.views.pages import body, mine, officer
from core import access
from core.db import read_only_done, transaction
from core.errors import N_, AppError, InvalidInput

NOTHING: AppError = InvalidInput(
    "no_evidence", N_("Attach a file or a link, or write a note, then file.")
)


@body.route("/<body_id>/evidence", methods=["GET", "POST"])
@officer
def evidence(body_id: str) -> Any:
    """Show the gallery; describe its files, keep the note, or file the evidence."""
    if request.method != "POST":
        found = desk(mine(body_id), Item.EVIDENCE)
        return _page(found, kept(found.document, figures=False))
    if request.form.get("act") not in ("save", "file"):
        return _describe(body_id)
    entry = note_entry(request.form)
    if not entry.note and not filings.files(mine(body_id), Item.EVIDENCE):
        entry.wrong["files"] = NOTHING
    read_only_done()
    outcome = receive(body_id, Item.EVIDENCE, entry)
    if outcome.refused or outcome.stopped:
        found = desk(mine(body_id), Item.EVIDENCE)
        return _page(found, entry, outcome), 409 if outcome.refused else 422
    return onward(body_id, "body.evidence", outcome)


def _describe(body_id: str) -> Response:
    """Save the captions, tasks and dates of a page at once, and take one file out if asked."""
    gone, more = request.form.get("remove", ""), {}
    with transaction():
        found, actor = mine(body_id), access.current()
        said: list[tuple[FilingFile, Any]] = [
            (attachments.find(one, found), forms.said(request.form, one))
            for one in forms.described(request.form)
        ]
        changed = attachments.change(found, said, actor)
        if gone:
            attachments.remove(found, attachments.find(gone, found), actor)
            more = {"removed": gone}
    if changed or not gone:
        flash(_("The descriptions are saved."), "success")
    return redirect(back_to(body_id, Item.EVIDENCE, **more))


def _page(found: Desk, entry: NoteEntry, outcome: Outcome | None = None) -> str:
    wish = forms.wish(request.args)
    refused = outcome.refused if outcome else None
    return render_template(
        "campaign/body/evidence.html",
        desk=found,
        entry=entry,
        wish=wish,
        gallery=gallery.at_hand(found.body, Item.EVIDENCE, wish),
        task_names=task_names(),
        problems=list(entry.wrong.items()),
        refused=refused,
        differences=note_differences(entry, kept(found.document, figures=False)) if refused else [],
    )
