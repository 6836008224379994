"""Filings of the bodies: drafts, versions, return and acceptance; one writer for all of them.

Every act first takes the body's row, so that two people who act at once do so one after the
other, on either database, and the second is told what the first has done.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from campaign.filed import (
    Standing,
    draft,
    files,
    find,
    history,
    last_act,
    last_document,
    last_version,
    persons,
    standing,
    standings,
)
from campaign.models import (
    Act,
    Body,
    Filing,
    FilingDraft,
    FilingFile,
    Gender,
    Item,
    SlipPerson,
)
from campaign.slip import Person
from core import audit
from core.access import Actor
from core.clock import now
from core.db import db
from core.errors import N_, Conflict, InvalidInput
from core.sealed import plain, seal

__all__ = [
    "Standing",
    "accept",
    "draft",
    "drop_draft",
    "file",
    "files",
    "find",
    "give_back",
    "history",
    "last_act",
    "last_document",
    "last_version",
    "persons",
    "save_draft",
    "standing",
    "standings",
    "touch_draft",
    "unchanged",
]


def save_draft(
    body: Body,
    item: Item,
    document: dict[str, Any],
    actor: Actor,
    *,
    edit: int | None = None,
    version: int | None = None,
) -> FilingDraft:
    """Keep ``document`` as the draft of an item.

    ``edit`` is the count the page was opened with (0 when there was no draft) and ``version``
    the newest version it knew; raises :class:`Conflict` when another window has saved or filed
    since. None saves in any case.
    """
    _check_open(body, item)
    known = db.session.get(FilingDraft, (body.id, item), populate_existing=True)
    stale = edit is not None and edit != (known.edit if known else 0)
    if stale or (version is not None and version != _next(body, item)[1]):
        raise Conflict(
            "draft_changed",
            N_(
                "This page was saved in another window since you opened it. "
                "Compare with the newer draft before you save again."
            ),
        )
    if known is None:
        known = FilingDraft(body_id=body.id, item=item, edit=0)
        db.session.add(known)
    known.document, known.edit = plain(document), known.edit + 1
    known.saved_at, known.user_id = now(), actor.id or None
    db.session.flush()
    return known


def touch_draft(body: Body, item: Item, actor: Actor) -> None:
    """Note that the files of an item changed, which is a change of its draft."""
    _lock(body)  # first: what another window saves meanwhile is not overwritten with older words
    known = db.session.get(FilingDraft, (body.id, item), populate_existing=True)
    save_draft(body, item, known.document if known else last_document(body, item), actor)


def drop_draft(body: Body, item: Item) -> None:
    """Throw the draft away; files go back to those of the newest version."""
    _lock(body)
    db.session.execute(sa.delete(FilingDraft).filter_by(body_id=body.id, item=item))
    filed = {entry["id"] for entry in last_document(body, item).get("files", [])}
    every = db.session.scalars(sa.select(FilingFile).filter_by(body_id=body.id, item=item)).all()
    for file in every:
        if file.public_id not in filed and file.removed_at is None:
            file.removed_at = now()
    db.session.flush()  # what was added goes first: the same photo may have been taken out before
    for file in every:
        if file.public_id in filed:
            file.removed_at = None
    db.session.flush()


def file(
    body: Body,
    item: Item,
    document: dict[str, Any],
    actor: Actor,
    *,
    at: datetime,
    persons: Sequence[Person] = (),
) -> Filing:
    """File a version: seal the document with the files at hand and end the draft.

    ``at`` is when the request arrived. ``persons`` are the rows of a slip; they stay outside the
    document, so that they can be forgotten. Raises :class:`Conflict` when it was accepted.
    """
    _check_open(body, item)
    seq, version = _next(body, item)
    whole = _whole(body, item, document, persons)
    counted = {"at": at, "seq": seq, "version": version + 1}
    filing = _act(body, item, Act.FILED, actor, document=whole, **counted)
    for position, person in enumerate(persons, 1):
        values = vars(person) | {"gender": Gender(person.gender)}
        db.session.add(SlipPerson(filing_id=filing.id, position=position, **values))
    db.session.execute(sa.delete(FilingDraft).filter_by(body_id=body.id, item=item))
    db.session.flush()
    return filing


def give_back(
    body: Body, item: Item, reason: str, actor: Actor, *, version: int | None = None
) -> Filing:
    """Return the newest version (退回) with a reason the body reads.

    With ``version``, that one must still be the newest: it is the one that was looked at.
    """
    _lock(body)
    if not reason.strip():
        raise InvalidInput("reason_missing", N_("Write the reason: the body reads it and mends."))
    if last_act(body, item) not in (Act.FILED, Act.ACCEPTED):
        raise _nothing_filed()
    seq, newest = _next(body, item)
    if version not in (None, newest):
        raise _newer_version()
    counted = {"at": now(), "seq": seq, "version": newest}
    return _act(body, item, Act.RETURNED, actor, reason=reason.strip(), **counted)


def accept(body: Body, item: Item, actor: Actor, *, version: int) -> Filing:
    """Accept the newest version (已收), which must still be the ``version`` that was looked at."""
    _lock(body)
    if last_act(body, item) is not Act.FILED:
        raise _nothing_filed()
    seq, newest = _next(body, item)
    if newest != version:
        raise _newer_version()
    return _act(body, item, Act.ACCEPTED, actor, at=now(), seq=seq, version=version)


def unchanged(
    body: Body, item: Item, document: dict[str, Any], persons: Sequence[Person] = ()
) -> Filing | None:
    """Return the newest version if it stands and already says all this, with the same files.

    Filing it once more, e.g. by a second click, would be a version that says nothing.
    """
    newest = last_version(body, item)
    if newest is None or last_act(body, item) is not Act.FILED:
        return None
    if newest.document != _whole(body, item, document, persons):
        return None
    before = db.session.scalars(
        sa.select(SlipPerson).filter_by(filing_id=newest.id).order_by(SlipPerson.position)
    )
    names = Person.__dataclass_fields__
    known = [tuple(str(getattr(row, name)) for name in names) for row in before]
    return newest if known == [tuple(vars(person).values()) for person in persons] else None


def _whole(
    body: Body, item: Item, document: dict[str, Any], persons: Sequence[Person]
) -> dict[str, Any]:
    """Return the document as it is filed: with the files at hand and the count of persons."""
    whole: dict[str, Any] = plain(document) | {"files": [_entry(f) for f in files(body, item)]}
    return whole | ({"persons": len(persons)} if persons else {})


def _lock(body: Body) -> None:
    """Take the body's row until the commit; SQLite has one writer at a time anyway."""
    db.session.execute(sa.select(Body.id).where(Body.id == body.id).with_for_update(key_share=True))


def _check_open(body: Body, item: Item) -> None:
    _lock(body)
    if last_act(body, item) is Act.ACCEPTED:
        raise Conflict(
            "accepted_already",
            N_("This item has been accepted. Ask the office to return it before you change it."),
        )


def _next(body: Body, item: Item) -> tuple[int, int]:
    """Return the number of the next act and of the newest version."""
    row = db.session.execute(
        sa.select(sa.func.max(Filing.seq), sa.func.max(Filing.version)).filter_by(
            body_id=body.id, item=item
        )
    ).one()
    return (row[0] or 0) + 1, row[1] or 0


def _act(body: Body, item: Item, act: Act, actor: Actor, **values: Any) -> Filing:
    document = values.get("document", {})
    filing = Filing(
        body_id=body.id,
        item=item,
        act=act,
        seal=seal(document) if act is Act.FILED else "",
        user_id=actor.id or None,
        **values,
    )
    db.session.add(filing)
    db.session.flush()
    audit.record(
        f"filing.{act.value}", "filing", filing.public_id, actor=actor,
        body=body.public_id, item=item, version=filing.version,
    )  # fmt: skip
    return filing


def _entry(file: FilingFile) -> dict[str, Any]:
    """Return what a version keeps of a file; its caption may change later, this does not."""
    kept = ("name", "media", "media_type", "size", "sha256", "url", "caption", "task", "taken_on")
    return {"id": file.public_id} | {name: plain(getattr(file, name)) for name in kept}


def _newer_version() -> Conflict:
    return Conflict(
        "newer_version",
        N_("The body has filed a newer version meanwhile. Look at it before you decide."),
    )


def _nothing_filed() -> Conflict:
    return Conflict(
        "nothing_filed",
        N_("There is nothing to decide: the newest version is no longer waiting. Reload the page."),
    )
