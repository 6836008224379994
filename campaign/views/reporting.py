"""Plan and summary: a note, the documents, and in a summary the figures of the eight tasks."""

from typing import Any

from flask import redirect, render_template, request
from flask_babel import gettext as _

from campaign import filings, tasks
from campaign.forms.liaison import NoteEntry, kept, note_entry, summary_entry
from campaign.models import Item
from campaign.presentation.liaison import (
    Desk,
    counted,
    desk,
    name_of,
    note_differences,
    unit_of,
    version_address,
)
from campaign.views.desk import Outcome, has_document, onward, receive
from campaign.views.pages import body, mine, officer
from core.errors import N_, AppError, InvalidInput

NO_DOCUMENT: AppError = InvalidInput(
    "no_document", N_("Attach the document first (PDF or Word), then file.")
)
READ = {Item.PLAN: note_entry, Item.SUMMARY: summary_entry}


@body.route("/<body_id>/plan", methods=["GET", "POST"])
@officer
def plan(body_id: str) -> Any:
    """Show the form of the plan; keep or file it."""
    return _answer(body_id, Item.PLAN)


@body.route("/<body_id>/summary", methods=["GET", "POST"])
@officer
def summary(body_id: str) -> Any:
    """Show the form of the summary; keep or file it."""
    return _answer(body_id, Item.SUMMARY)


def _answer(body_id: str, item: Item) -> Any:
    if request.method != "POST":  # HEAD asks like GET and must not save
        found = desk(mine(body_id), item)
        if not found.progress.may_file and found.newest:
            return redirect(version_address(found.body, found.newest))
        return _page(found, kept(found.document, figures=item is Item.SUMMARY))
    entry = READ[item](request.form)
    outcome = receive(body_id, item, entry)
    if outcome.refused or outcome.stopped:
        found = desk(mine(body_id), item)
        return _page(found, entry, outcome), 409 if outcome.refused else 422
    return onward(body_id, f"body.{item.value}", outcome)


def _page(found: Desk, entry: NoteEntry, outcome: Outcome | None = None) -> str:
    refused = outcome.refused if outcome else None
    is_summary = found.item is Item.SUMMARY
    return render_template(
        f"campaign/body/{found.item.value}.html",
        desk=found,
        entry=entry,
        problems=_problems(found, entry, outcome),
        refused=refused,
        differences=note_differences(entry, kept(found.document, figures=is_summary))
        if refused
        else [],
        files=filings.files(found.body, found.item),
        tasks=tasks.tasks() if is_summary else (),
        total=len(tasks.counters()),
        system=counted(found.body) if is_summary else {},
        name_of=name_of,
        unit_of=unit_of,
    )


def _problems(
    found: Desk, entry: NoteEntry, outcome: Outcome | None
) -> list[tuple[str, str, AppError]]:
    """Return what is to be mended: field, label, refusal."""
    names = {counter.code: name_of(counter) for counter in tasks.counters()} | {
        "note": _("Accompanying note")
    }
    listed = [(field, names[field], error) for field, error in entry.wrong.items()]
    if outcome and outcome.stopped and not has_document(found.body, found.item):
        listed.append(("documents", _("Documents"), NO_DOCUMENT))
    return listed
