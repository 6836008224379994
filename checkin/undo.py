"""Undo of a check-in: a record of its own that annuls an earlier one."""

import sqlalchemy as sa

from checkin import registrations
from checkin.admission import Direction, Reason, Word
from checkin.models import Attendance, Scan
from checkin.models.attendance import Source
from core.clock import now
from core.db import db, insert, public_id
from core.errors import N_, Conflict


def undo(scan: Scan, *, device_id: int | None, actor_id: int | None = None) -> Scan:
    """Take an admission back by a record of its own; the first record stays as it was.

    A walk-in entered by the scan is cancelled with it. Undone once, never twice.
    """
    if scan.verdict is not Word.ADMITTED or scan.registration_id is None:
        raise Conflict(
            "nothing_to_undo", N_("This record admitted nobody, so there is nothing to undo.")
        )
    annulling = _annul(scan, device_id, actor_id)
    if annulling is None:
        raise Conflict("already_undone", N_("This check-in has been undone already."))
    db.session.execute(
        sa.delete(Attendance).where(
            Attendance.checkpoint_id == scan.checkpoint_id,
            Attendance.registration_id == scan.registration_id,
        )
    )
    if scan.source is Source.WALK_IN:
        registrations.undo_walk_in(scan.registration_id, beyond=scan.reason is Reason.OVER_CAPACITY)
    return annulling


def is_undone(scan: Scan) -> bool:
    """Say whether a later record annuls this one."""
    return db.session.scalar(sa.select(Scan.id).where(Scan.annuls_id == scan.id)) is not None


def _annul(scan: Scan, device_id: int | None, actor_id: int | None) -> Scan | None:
    """Insert the record that annuls ``scan``, or return None when there is one already."""
    at = now()
    annulling: Scan | None = db.session.scalar(
        insert(Scan)
        .values(
            public_id=public_id(),
            checkpoint_id=scan.checkpoint_id,
            registration_id=scan.registration_id,
            device_id=device_id,
            actor_id=actor_id,
            direction=Direction.OUT,
            source=Source.UNDO,
            clock={},
            received_at=at,
            effective_at=at,
            uncertain=False,
            # No phone can have sent it before; "annuls" is what makes an undo happen once.
            nonce=public_id(),
            online=True,
            verdict=Word.LEFT,
            reason=Reason.OK,
            facts={},
            annuls_id=scan.id,
        )
        .on_conflict_do_nothing()
        .returning(Scan)
    )
    return annulling
