"""Filings of the bodies: drafts, versions, return and acceptance; one writer for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from campaign import campaigns
from campaign.models import (
    Act,
    Body,
    Campaign,
    Filing,
    FilingDraft,
    FilingFile,
    Gender,
    Item,
    SlipPerson,
)
from campaign.progress import ActDone, Progress, progress
from campaign.slip import Person
from core import audit
from core.access import Actor
from core.clock import now
from core.db import db
from core.errors import N_, Conflict, NotFound
from core.sealed import plain, seal


@dataclass(frozen=True)
class Standing:
    """A body and where its four items stand."""

    body: Body
    items: dict[Item, Progress]


def standings(campaign: Campaign, bodies: Sequence[Body]) -> list[Standing]:
    """Return where every item of ``bodies`` stands now, in their order; four statements."""
    at, due = now(), campaigns.deadlines_of_bodies(campaign)
    ids = [body.id for body in bodies]
    acts: dict[tuple[int, Item], list[ActDone]] = {}
    found = db.session.execute(
        sa.select(Filing.body_id, Filing.item, Filing.act, Filing.version, Filing.at, Filing.reason)
        .where(Filing.body_id.in_(ids))
        .order_by(Filing.seq)
    )
    for row in found:
        done = ActDone(row.act.value, row.version, row.at, row.reason)
        acts.setdefault((row.body_id, row.item), []).append(done)
    drafts = {
        (row.body_id, row.item): row.saved_at
        for row in db.session.execute(
            sa.select(FilingDraft.body_id, FilingDraft.item, FilingDraft.saved_at).where(
                FilingDraft.body_id.in_(ids)
            )
        )
    }
    return [
        Standing(
            body,
            {
                item: progress(
                    acts.get((body.id, item), []), drafts.get((body.id, item)),
                    due[body.id, item], at,
                )
                for item in Item
            },
        )
        for body in bodies
    ]  # fmt: skip


def standing(body: Body) -> Standing:
    """Return where the items of one body stand."""
    campaign = db.session.get_one(Campaign, body.campaign_id)
    return standings(campaign, [body])[0]


def draft(body: Body, item: Item) -> FilingDraft | None:
    """Return what the body prepares and has not filed."""
    return db.session.get(FilingDraft, (body.id, item))


def save_draft(
    body: Body, item: Item, document: dict[str, Any], actor: Actor, *, edit: int | None = None
) -> FilingDraft:
    """Keep ``document`` as the draft of an item.

    ``edit`` is the count the page was opened with (0 when there was no draft); raises
    :class:`Conflict` when another window has saved since. None saves in any case.
    """
    _check_open(body, item)
    known = db.session.get(FilingDraft, (body.id, item), with_for_update=True)
    if edit is not None and edit != (known.edit if known else 0):
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
    known = draft(body, item)
    save_draft(body, item, known.document if known else last_document(body, item), actor)


def drop_draft(body: Body, item: Item) -> None:
    """Throw the draft away; files go back to those of the newest version."""
    db.session.execute(sa.delete(FilingDraft).filter_by(body_id=body.id, item=item))
    filed = {entry["id"] for entry in last_document(body, item).get("files", [])}
    for file in db.session.scalars(sa.select(FilingFile).filter_by(body_id=body.id, item=item)):
        if file.public_id in filed:
            file.removed_at = None
        elif file.removed_at is None:
            file.removed_at = now()
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
    whole = plain(document) | {"files": [_entry(f) for f in files(body, item)]}
    if persons:
        whole["persons"] = len(persons)
    counted = {"at": at, "seq": seq, "version": version + 1}
    filing = _act(body, item, Act.FILED, actor, document=whole, **counted)
    for position, person in enumerate(persons, 1):
        values = vars(person) | {"gender": Gender(person.gender)}
        db.session.add(SlipPerson(filing_id=filing.id, position=position, **values))
    db.session.execute(sa.delete(FilingDraft).filter_by(body_id=body.id, item=item))
    db.session.flush()
    return filing


def give_back(body: Body, item: Item, reason: str, actor: Actor) -> Filing:
    """Return the newest version (退回) with a reason the body reads."""
    seq, version = _next(body, item)
    if _last_act(body, item) not in (Act.FILED, Act.ACCEPTED):
        raise _nothing_filed()
    counted = {"at": now(), "seq": seq, "version": version}
    return _act(body, item, Act.RETURNED, actor, reason=reason.strip(), **counted)


def accept(body: Body, item: Item, actor: Actor, *, version: int) -> Filing:
    """Accept the newest version (已收), which must still be the ``version`` that was looked at."""
    seq, newest = _next(body, item)
    if _last_act(body, item) is not Act.FILED:
        raise _nothing_filed()
    if newest != version:
        raise Conflict(
            "newer_version",
            N_("The body has filed a newer version meanwhile. Look at it before you accept it."),
        )
    return _act(body, item, Act.ACCEPTED, actor, at=now(), seq=seq, version=version)


def files(body: Body, item: Item) -> list[FilingFile]:
    """Return the files attached to an item now, oldest first."""
    return list(
        db.session.scalars(
            sa.select(FilingFile)
            .filter_by(body_id=body.id, item=item, removed_at=None)
            .order_by(FilingFile.id)
        )
    )


def history(body: Body, item: Item) -> list[Filing]:
    """Return every act on an item, the newest first."""
    return list(
        db.session.scalars(
            sa.select(Filing).filter_by(body_id=body.id, item=item).order_by(Filing.seq.desc())
        )
    )


def find(public_id: str) -> Filing:
    """Return an act by its public id, or raise :class:`NotFound`."""
    filing = db.session.scalar(sa.select(Filing).filter_by(public_id=public_id))
    if filing is None:
        raise NotFound("unknown_filing", N_("There is no such filing. Go back to the list."))
    return filing


def last_version(body: Body, item: Item) -> Filing | None:
    """Return the newest filed version of an item."""
    return db.session.scalar(
        sa.select(Filing)
        .filter_by(body_id=body.id, item=item, act=Act.FILED)
        .order_by(Filing.seq.desc())
        .limit(1)
    )


def last_document(body: Body, item: Item) -> dict[str, Any]:
    """Return what the newest version holds; empty before the first."""
    newest = last_version(body, item)
    return newest.document if newest else {}


def persons(filing: Filing) -> list[SlipPerson]:
    """Return the person rows of a filed slip in their order."""
    return list(
        db.session.scalars(
            sa.select(SlipPerson).filter_by(filing_id=filing.id).order_by(SlipPerson.position)
        )
    )


def _check_open(body: Body, item: Item) -> None:
    if _last_act(body, item) is Act.ACCEPTED:
        raise Conflict(
            "accepted_already",
            N_("This item has been accepted. Ask the office to return it before you change it."),
        )


def _last_act(body: Body, item: Item) -> Act | None:
    return db.session.scalar(
        sa.select(Filing.act)
        .filter_by(body_id=body.id, item=item)
        .order_by(Filing.seq.desc())
        .limit(1)
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


def _nothing_filed() -> Conflict:
    return Conflict(
        "nothing_filed",
        N_("There is nothing to decide: the newest version is no longer waiting. Reload the page."),
    )
