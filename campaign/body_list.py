"""The list of reporting bodies of a year: named, ordered, added and taken out by the office."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from campaign import bodies
from campaign.models import Body, BodyKind, Campaign, Deadline, Filing, FilingDraft, FilingFile
from core import audit
from core.access import Actor, Scope
from core.accounts import Grant
from core.db import db
from core.errors import N_, Conflict, InvalidInput
from core.sealed import seal

#: What would speak of nothing if its body went.
_HOLDING = (Filing.body_id, FilingDraft.body_id, FilingFile.body_id, Deadline.body_id)
_NAME_TAKEN = N_("Another body of this year has this name already.")


@dataclass(frozen=True)
class Row:
    """One body as the form shows it; ``position`` is where it shall stand."""

    public_id: str
    position: int
    name: str
    kind: BodyKind
    place_id: int
    sees_city: bool = False
    remove: bool = False


def state(listed: Sequence[Body]) -> str:
    """Return the mark of the list as it is; another mark means that somebody has changed it."""
    return seal(
        [[b.public_id, b.name, b.kind, b.place_id, b.sees_city] for b in listed]
    )[:16]  # fmt: skip


def held(campaign: Campaign) -> set[int]:
    """Return the numbers of the bodies that stay: something was filed, or somebody files."""
    ids = sa.select(Body.id).filter_by(campaign_id=campaign.id)
    parts = [sa.select(column).where(column.in_(ids)) for column in _HOLDING]
    granted = sa.select(Grant.scope_id).where(Grant.scope == Scope.BODY, Grant.scope_id.in_(ids))
    return set(db.session.scalars(sa.union(*parts, granted)))


def rearrange(campaign: Campaign, rows: Sequence[Row], actor: Actor, *, seen: str) -> int:
    """Bring the list into the state of ``rows`` and return how many bodies changed.

    ``seen`` is the mark of the list the form was opened with. Raises :class:`Conflict` when the
    list is another by now, :class:`InvalidInput` with the public ids of the rows that are wrong.
    """
    db.session.refresh(campaign, with_for_update=True)
    listed = bodies.bodies(campaign)
    if seen != state(listed) or {row.public_id for row in rows} != {b.public_id for b in listed}:
        raise Conflict(
            "list_changed",
            N_("Somebody else changed this list since you opened it. Open it again."),
        )
    by_id = {row.public_id: row for row in rows}
    _check(listed, by_id, held(campaign))
    for body in [body for body in listed if by_id[body.public_id].remove]:
        listed.remove(body)
        db.session.delete(body)
        audit.record("body.remove", "body", body.public_id, actor=actor)
    db.session.flush()
    removed = len(rows) - len(listed)
    return removed + _store(_in_order(listed, by_id), by_id, actor)


def _check(listed: Sequence[Body], rows: dict[str, Row], staying: set[int]) -> None:
    """Refuse what the tables would refuse, with the row it concerns."""
    wrong: dict[str, str] = {}
    names = Counter(row.name for row in rows.values() if not row.remove)
    for body in listed:
        row = rows[body.public_id]
        if row.remove:
            if body.id in staying:
                wrong[body.public_id] = N_(
                    "This body has filed, has an extension or has an officer, so it stays. "
                    "Rename it, or remove its officers first."
                )
            continue
        if names[row.name] > 1 and row.name != body.name:
            wrong[body.public_id] = _NAME_TAKEN
        if row.sees_city and row.kind is not BodyKind.HOUSING:
            wrong[body.public_id] = N_(
                "Only a housing authority sees the other bodies of its city. Take the tick away."
            )
    if wrong:
        raise InvalidInput(
            "list_wrong", N_("Some rows need another look. Nothing was stored."), fields=wrong
        )


def _in_order(listed: Sequence[Body], rows: dict[str, Row]) -> list[Body]:
    """Return the bodies in their new order: who was moved stands exactly where it was put."""
    moved = [body for body in listed if rows[body.public_id].position != body.position]
    order = [body for body in listed if body not in moved]
    # Of two that want one place the upper one gets it: it is put in last.
    for body in sorted(moved, key=lambda b: (rows[b.public_id].position, -b.position)):
        order.insert(max(rows[body.public_id].position - 1, 0), body)
    return order


def _store(order: Sequence[Body], rows: dict[str, Row], actor: Actor) -> int:
    """Store names, kinds and positions; two bodies may have exchanged any of them."""
    wanted = {}
    for position, body in enumerate(order, 1):
        row = rows[body.public_id]
        values = {
            "position": position,
            "name": row.name,
            "kind": row.kind,
            "place_id": row.place_id,
            "sees_city": row.sees_city,
        }
        if changed := {k: v for k, v in values.items() if getattr(body, k) != v}:
            wanted[body] = changed
    # First out of each other's way, for names and positions are unique at every moment.
    for body, changed in wanted.items():
        if "position" in changed:
            body.position = -body.position
        if "name" in changed:
            body.name = body.public_id
    db.session.flush()
    for body, changed in wanted.items():
        for name, value in changed.items():
            setattr(body, name, value)
        audit.record("body.change", "body", body.public_id, actor=actor, fields=sorted(changed))
    db.session.flush()
    return len(wanted)


def add(campaign: Campaign, row: Row, actor: Actor) -> Body:
    """Add a body at a position; those behind it move on by one. ``public_id`` is not used."""
    db.session.refresh(campaign, with_for_update=True)
    listed = bodies.bodies(campaign)
    if row.name in {body.name for body in listed}:
        raise InvalidInput("name_taken", _NAME_TAKEN)
    last = listed[-1].position if listed else 0
    body = Body(
        campaign_id=campaign.id,
        position=last + 1,
        name=row.name,
        kind=row.kind,
        place_id=row.place_id,
    )
    db.session.add(body)
    db.session.flush()
    audit.record("body.add", "body", body.public_id, actor=actor)
    if 1 <= row.position <= last:
        rows = {b.public_id: as_it_is(b) for b in listed}
        rows[body.public_id] = Row(body.public_id, row.position, row.name, row.kind, row.place_id)
        _store(_in_order([*listed, body], rows), rows, actor)
    return body


def as_it_is(body: Body) -> Row:
    """Return the row of a body as it is stored."""
    return Row(
        body.public_id, body.position, body.name, body.kind, body.place_id, body.sees_city
    )  # fmt: skip
