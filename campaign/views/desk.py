"""What the forms of all items share: keep what was typed, file it, or say why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from campaign import filings
from campaign.models import Body, Filing, Item, Media
from campaign.presentation.liaison import version_address
from campaign.slip import Person
from campaign.views.pages import mine
from core import access
from core.db import transaction
from core.errors import AppError, Conflict

#: What these items say stands in a document; a note alone is no plan.
NEED_DOCUMENT = (Item.PLAN, Item.SUMMARY)


class Entry(Protocol):
    """What was typed into the form of an item."""

    @property
    def document(self) -> dict[str, Any]:
        """Return what the draft keeps."""

    @property
    def filed(self) -> dict[str, Any]:
        """Return what a version says."""

    @property
    def persons(self) -> Sequence[Person]:
        """Return the people named, outside the document."""

    @property
    def wrong(self) -> Mapping[Any, AppError]:
        """Return what keeps it from being filed, by field."""


@dataclass(frozen=True)
class Outcome:
    """What became of a form that was sent."""

    #: The version that says it now.
    filed: Filing | None = None
    #: Why nothing was kept: somebody else was faster, or the item is closed.
    refused: Conflict | None = None
    #: Asked to be filed and not filed.
    stopped: bool = False


def receive(body_id: str, item: Item, entry: Entry) -> Outcome:
    """Keep ``entry`` as the draft and, if it was to be filed and may be, file it."""
    try:
        with transaction():
            return _keep(mine(body_id), item, entry)
    except Conflict as error:
        return Outcome(refused=error)


def _keep(body: Body, item: Item, entry: Entry) -> Outcome:
    actor = access.current()
    wanted = request.form.get("act") == "file"
    ready = wanted and not entry.wrong and has_document(body, item)
    edit = request.form.get("edit", type=int)
    same = filings.unchanged(body, item, entry.filed, entry.persons) if ready else None
    if same:
        _end_draft(body, item, edit)
        return Outcome(filed=same)
    version = request.form.get("version", type=int)
    filings.save_draft(body, item, entry.document, actor, edit=edit, version=version)
    if not ready:
        return Outcome(stopped=wanted)
    filing = filings.file(body, item, entry.filed, actor, at=g.arrived_at, persons=entry.persons)
    return Outcome(filed=filing)


def _end_draft(body: Body, item: Item, edit: int | None) -> None:
    """Throw the sender's own draft away, which says no more than the version that stands."""
    draft = filings.draft(body, item)
    if draft and draft.edit == edit:
        filings.drop_draft(body, item)


def has_document(body: Body, item: Item) -> bool:
    """Say whether an item that lives in a document has one attached."""
    kinds = (Media.DOCUMENT, Media.PHOTO)  # a photo of the stamped paper is one too
    return item not in NEED_DOCUMENT or any(f.media in kinds for f in filings.files(body, item))


def onward(body_id: str, page: str, outcome: Outcome) -> Response:
    """Lead to the receipt, to the printed form, or back to the form."""
    if outcome.filed:
        flash(_("Filed. This page is the receipt; keep its number."), "success")
        return redirect(version_address(mine(body_id), outcome.filed))
    if request.form.get("act") == "print":
        return redirect(url_for("body.slip_print", body_id=body_id))
    flash(_("The draft is saved. It is not filed yet."), "success")
    return redirect(url_for(page, body_id=body_id))
