"""Participant codes: the one place where names and results could meet (I8).

Codes come from the system's secure random source, in no relation to order or city. Until a round
is unblinded nothing joins a name and a code for people; the evaluation takes the mapping for its
snapshot, which holds codes alone.
"""

import secrets

import sqlalchemy as sa

from core.db import db
from scoring.models import Participation, Round
from scoring.models.lab_code import LabCode

#: A round of at most so many laboratories has codes of three digits.
THREE_DIGITS = 500


def draw(round_: Round, participations: list[Participation]) -> None:
    """Give every participation without a code one of its own."""
    used = set(by_participation(round_.id).values())
    known = set(db.session.scalars(sa.select(LabCode.participation_id)))
    missing = [p for p in participations if p.id not in known]
    size = 1000 if len(used) + len(missing) <= THREE_DIGITS else 100_000
    width = len(str(size - 1))
    free = [code for n in range(1, size) if (code := f"{round_.code}-{n:0{width}d}") not in used]
    for participation in missing:
        assign(participation, free.pop(secrets.randbelow(len(free))))


def assign(participation: Participation, code: str) -> None:
    """Keep a code that was drawn elsewhere, for an imported round."""
    db.session.add(
        LabCode(participation_id=participation.id, round_id=participation.round_id, code=code)
    )
    db.session.flush()


def by_participation(round_id: int) -> dict[int, str]:
    """Return the code of every participation, for the snapshot of a run and for nothing else."""
    rows = db.session.execute(
        sa.select(LabCode.participation_id, LabCode.code).filter_by(round_id=round_id)
    )
    return {row.participation_id: row.code for row in rows}
