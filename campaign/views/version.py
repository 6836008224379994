"""A filed version as the body reads it: the receipt, what it says, and what happened since."""

from typing import Any

from flask import redirect, render_template
from flask_babel import gettext as _

from campaign import filings, tasks
from campaign.models import Act, Filing, Item
from campaign.presentation.liaison import (
    column_words,
    counted,
    desk,
    name_of,
    steps,
    unit_of,
    version_address,
)
from campaign.views.pages import body, mine, officer, speaks_for
from core.errors import N_, NotFound


@body.get("/<body_id>/filings/<filing_id>")
@officer
def version(body_id: str, filing_id: str) -> Any:
    """Show a filed version; an act of the office leads to the version it speaks of."""
    found = mine(body_id)
    filing = filings.find(filing_id)
    if filing.body_id != found.id:
        raise NotFound("unknown_filing", N_("There is no such filing. Go back to the list."))
    acts = filings.history(found, filing.item)
    versions = {act.version: act for act in acts if act.act is Act.FILED}
    if filing.act is not Act.FILED:
        return redirect(version_address(found, versions[filing.version]))
    before = versions.get(filing.version - 1)
    return render_template(
        "campaign/body/version.html",
        desk=desk(found, filing.item),
        filing=filing,
        steps=steps(found, acts),
        before=before,
        after=versions.get(filing.version + 1),
        own=speaks_for(found),
        persons=filings.persons(filing),
        columns=column_words(),
        tasks=tasks.tasks() if filing.item is Item.SUMMARY else (),
        system=counted(found) if filing.item is Item.SUMMARY else {},
        changes=_changes(filing, before),
        name_of=name_of,
        unit_of=unit_of,
        address=lambda act: version_address(found, act),
    )


def _changes(filing: Filing, before: Filing | None) -> list[str]:
    """Return which parts differ from the version before."""
    if before is None:
        return []
    new, old = filing.document, before.document
    found = []
    if new.get("note", "") != old.get("note", ""):
        found.append(_("the note"))
    changed = sum(
        value != old.get("figures", {}).get(code) for code, value in new.get("figures", {}).items()
    )
    if changed:
        found.append(_("%(number)s figures", number=changed))
    if _ids(new) != _ids(old):
        found.append(_("the files"))
    return found


def _ids(document: dict[str, Any]) -> list[str]:
    return [file["id"] for file in document.get("files", [])]
