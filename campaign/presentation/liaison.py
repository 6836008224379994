"""What the pages of a liaison officer show: cards of the items, people, figures, what differs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from campaign import figures, filed, holidays, slip, tasks
from campaign.forms.liaison import NoteEntry, Row
from campaign.models import Act, Body, Campaign, Filing, FilingDraft, Item, SlipPerson
from campaign.presentation.days import Left, left
from campaign.progress import Progress, State
from core.accounts import User
from core.clock import now
from core.db import db
from core.i18n import is_chinese

#: The page where an item is filled in.
FORMS = {
    Item.SLIP: "body.slip",
    Item.PLAN: "body.plan",
    Item.SUMMARY: "body.summary",
    Item.EVIDENCE: "body.evidence",
}


@dataclass(frozen=True)
class Card:
    """One item on the page of a body."""

    item: Item
    progress: Progress
    left: Left
    #: Where it is filled in; empty once it is accepted.
    form_url: str
    #: Where the newest version is read; empty before the first.
    version_url: str

    @property
    def action(self) -> str:
        """Return the word on the button that leads to the form."""
        words = {
            State.NONE: _("Fill in"),
            State.DRAFT: _("Go on filling in"),
            State.RETURNED: _("Mend and file again"),
        }
        return str(words.get(self.progress.state, _("Change and file again")))


def cards(body: Body) -> list[Card]:
    """Return the four items of a body with where they stand and what can be done."""
    days, at = holidays.calendar(), now()
    newest = filed.last_versions(body)
    return [
        Card(
            item,
            progress,
            left(progress.due_at, at, days),
            url_for(FORMS[item], body_id=body.public_id) if progress.may_file else "",
            version_address(body, newest[item]) if item in newest else "",
        )
        for item, progress in filed.standing(body).items.items()
    ]


def version_address(body: Body, filing: Filing) -> str:
    """Return the address of a filed version on the body's side."""
    return url_for("body.version", body_id=body.public_id, filing_id=filing.public_id)


@dataclass(frozen=True)
class Desk:
    """What every form of an item needs to know."""

    body: Body
    campaign: Campaign
    item: Item
    progress: Progress
    left: Left
    draft: FilingDraft | None
    newest: Filing | None

    @property
    def edit(self) -> int:
        """Return the count of savings this page shows."""
        return self.draft.edit if self.draft else 0

    @property
    def document(self) -> dict[str, Any]:
        """Return the draft, else the newest version, else nothing."""
        if self.draft:
            return self.draft.document
        return self.newest.document if self.newest else {}


def desk(body: Body, item: Item) -> Desk:
    """Return the desk of an item of a body."""
    progress = filed.standing(body).items[item]
    return Desk(
        body,
        db.session.get_one(Campaign, body.campaign_id),
        item,
        progress,
        left(progress.due_at, now(), holidays.calendar()),
        filed.draft(body, item),
        filed.last_version(body, item),
    )


@dataclass(frozen=True)
class Prefill:
    """The rows a slip form begins with, and where they come from."""

    rows: list[Row]
    #: ``draft``, ``version``, ``earlier`` (the year before) or nothing.
    source: str = ""
    year: int = 0


def prefill(desk: Desk) -> Prefill:
    """Return the rows of the draft, of the newest version, or of the year before."""
    if desk.draft and "rows" in desk.draft.document:
        return Prefill(desk.draft.document["rows"], "draft")
    if desk.newest:
        return Prefill(rows_of(filed.persons(desk.newest)), "version")
    earlier = filed.accepted_before(desk.body, desk.campaign)
    if earlier:
        return Prefill(rows_of(filed.persons(earlier.filing)), "earlier", earlier.year)
    return Prefill([])


def rows_of(persons: Iterable[SlipPerson]) -> list[Row]:
    """Return filed persons as rows of the form."""
    return [{name: str(getattr(p, name)) for name in slip.COLUMNS} for p in persons]


def column_words() -> dict[str, str]:
    """Return the heads of the columns, in the order of the annex."""
    return {
        "name": _("Name"),
        "gender": _("Gender"),
        "employer": _("Employer"),
        "post": _("Post"),
        "landline": _("Landline"),
        "mobile": _("Mobile"),
    }


#: A place in a form, what was typed here, what the newer draft says there.
Difference = tuple[str, str, str]


def slip_differences(mine: Sequence[Row], newer: Sequence[Row]) -> list[Difference]:
    """Return where two lists of persons differ."""
    words, found = column_words(), []
    for number in range(max(len(mine), len(newer))):
        for name, word in words.items():
            ours, theirs = (
                rows[number].get(name, "") if number < len(rows) else "" for rows in (mine, newer)
            )
            if ours.strip() != theirs.strip():
                place = _("Person %(number)s", number=number + 1) + " · " + word
                found.append((place, _shown(name, ours), _shown(name, theirs)))
    return found


def _shown(name: str, text: str) -> str:
    return {"male": _("Male"), "female": _("Female")}.get(text, text) if name == "gender" else text


def note_differences(mine: NoteEntry, newer: NoteEntry) -> list[Difference]:
    """Return where two plans or summaries differ."""
    found = [(_("Accompanying note"), mine.note, newer.note)] if mine.note != newer.note else []
    for counter in tasks.counters():
        ours, theirs = mine.text(counter.code), newer.text(counter.code)
        if ours != theirs:
            found.append((name_of(counter), ours, theirs))
    return found


def name_of(named: "tasks.Counter | tasks.Task") -> str:
    """Return the name of a figure or a task in the reader's language."""
    return named.name if is_chinese() else named.name_en


def unit_of(counter: tasks.Counter) -> str:
    """Return the unit of a figure in the reader's language."""
    return counter.unit if is_chinese() else counter.unit_en


def counted(body: Body) -> dict[str, int]:
    """Return what the system itself counted for the city of a body (系统), by figure."""
    found: dict[str, int] = {}
    for figure in figures.counted(body.campaign_id):
        if figure.place_id == body.place_id:
            found[figure.code] = found.get(figure.code, 0) + figure.value
    return found


@dataclass(frozen=True)
class Step:
    """One act in the history of an item."""

    act: Act
    filing: Filing
    #: Name of whoever filed; empty for acts of the office.
    by: str
    #: Where the version is read.
    url: str


def steps(body: Body, acts: Sequence[Filing]) -> list[Step]:
    """Return the acts of an item with who filed and where each version is read."""
    names = _names(acts)
    urls = {a.version: version_address(body, a) for a in acts if a.act is Act.FILED}
    return [
        Step(
            act.act,
            act,
            names.get(act.user_id, "") if act.act is Act.FILED else "",
            urls.get(act.version, ""),
        )
        for act in acts
    ]


def _names(acts: Iterable[Filing]) -> Mapping[int | None, str]:
    ids = {act.user_id for act in acts if act.user_id}
    found = db.session.execute(sa.select(User.id, User.name).where(User.id.in_(ids)))
    return {row.id: row.name for row in found}
