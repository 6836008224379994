"""Unmasking: full numbers of one person at a time, for a reason that is put on record.

The audit log holds who looked at whom, when and why, as codes; the numbers are shown once, on
the answer to the form, which no browser keeps.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from core import audit, throttle
from core.access import Actor
from core.account_tables import User
from core.db import db

#: Code of a reason → its words.
REASONS = {
    "call": _l("To call the person"),
    "remind": _l("To remind them of what is due"),
    "correct": _l("To correct what is stored"),
    "request": _l("The person asked for it"),
    "other": _l("Another duty"),
}
#: What was unmasked, by the kind in the audit log.
KINDS = {
    "slip_person": _l("Liaison officer on a reply slip"),
    "registration": _l("Registered person"),
    "user": _l("Account"),
}
LIMIT = "60/hour"
ACT = "unmask"


def count(actor: Actor) -> None:
    """Count one unmasking of an account; call it before the view's ``transaction()``."""
    throttle.hit(ACT, str(actor.id), limit=LIMIT)


def note(kind: str, public_id: str, reason: str, actor: Actor) -> None:
    """Put an unmasking on record, in the caller's transaction."""
    if reason not in REASONS or kind not in KINDS:
        raise ValueError("an unmasking has a known kind and a known reason")
    audit.record(ACT, kind, public_id, actor=actor, reason=reason)


@dataclass(frozen=True)
class Unmasked:
    """One unmasking, as the data map lists it."""

    at: datetime
    who: str
    kind: str
    object_id: str
    reason: str


def recent(limit: int = 20) -> list[Unmasked]:
    """Return the newest unmaskings."""
    entry = audit.AuditEntry
    rows = db.session.execute(
        sa.select(entry.at, User.name, entry.object_kind, entry.object_id, entry.details)
        .outerjoin(User, User.id == entry.actor_id)
        .where(entry.action == ACT)
        .order_by(entry.id.desc())
        .limit(limit)
    )
    return [
        Unmasked(row.at, row.name or "", row.object_kind, row.object_id, row.details["reason"])
        for row in rows
    ]
