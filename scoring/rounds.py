"""Rounds: add one with its stages, plan, laboratories and samples; find those of an actor."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from campaign.campaigns import current as current_campaign
from campaign.models import Organisation
from core import audit
from core.access import Actor, Role, Scope
from core.clock import now
from core.db import db
from core.errors import N_, Conflict, NotFound
from core.sealed import seal
from scoring import phase
from scoring.cement.reduction import Options
from scoring.evaluation.plan import from_document
from scoring.models import Entry, EntryVersion, Participation, Plan, Round, Stage
from scoring.phase import NoticedStage, Phase, Times


def create(
    code: str, title: str, stages: Iterable[NoticedStage], plan: dict[str, Any], actor: Actor
) -> Round:
    """Add a round with its stages and its sealed plan; raise :class:`Conflict` on a known code."""
    if db.session.scalar(sa.select(Round.id).filter_by(code=code)) is not None:
        raise Conflict(
            "round_exists",
            N_("There is a round %(round)s already. Choose another code."),
            round=code,
        )
    round_ = Round(code=code, title=title, campaign_id=current_campaign().id)
    round_.stages = [
        Stage(
            code=stage.code,
            opens_at=stage.opens_at,
            closes_at=stage.closes_at,
            parameters=list(stage.parameters),
        )
        for stage in stages
    ]
    db.session.add(round_)
    db.session.flush()
    db.session.add(Plan(round_id=round_.id, no=1, document=plan, seal=seal(plan)))
    db.session.flush()
    audit.record("create", "round", round_.code, actor=actor)
    return round_


def enrol(round_: Round, organisation: Organisation, **details: Any) -> Participation:
    """Add a laboratory to a round, accepted."""
    participation = Participation(
        round_id=round_.id, organisation_id=organisation.id, samples=[], **details
    )
    db.session.add(participation)
    db.session.flush()
    return participation


def find(code: str) -> Round:
    """Return the round of a code with its stages, or raise :class:`NotFound`."""
    round_ = db.session.scalar(
        sa.select(Round).filter_by(code=code).options(selectinload(Round.stages))
    )
    if round_ is None:
        raise _unknown()
    return round_


def _unknown() -> NotFound:
    return NotFound("unknown_round", N_("There is no such round. Go back to the list of rounds."))


def judged_by(actor: Actor) -> list[Round]:
    """Return the rounds an actor judges, the newest first."""
    return list(
        db.session.scalars(
            sa.select(Round)
            .where(Round.id.in_(_scopes(actor, Role.JUDGE)))
            .options(selectinload(Round.stages))
            .order_by(Round.id.desc())
        )
    )


def find_for_judge(code: str, actor: Actor) -> Round:
    """Return a round the actor judges; another's is answered like an unknown one."""
    round_ = find(code)
    if not actor.may(Role.JUDGE, Scope.ROUND, round_.id):
        raise _unknown()
    return round_


def _scopes(actor: Actor, role: Role) -> list[int]:
    return [h.scope_id for h in actor.grants if (h.role, h.scope) == (role, Scope.ROUND)]


def parties(actor: Actor) -> list[int]:
    """Return the numbers of the participations an actor speaks for."""
    return [h.party_id for h in actor.grants if (h.role, h.scope) == (Role.LAB, Scope.ROUND)]


def times(stage: Stage) -> Times:
    """Return what the pure rules need of a stage."""
    return Times(stage.opens_at, stage.closes_at)


def phase_of(round_: Round, at: datetime | None = None) -> Phase:
    """Return the phase of a round, at this moment unless said otherwise."""
    return phase.phase([times(stage) for stage in round_.stages], at or now())


def plan_of(round_: Round) -> Plan:
    """Return the plan in force, the newest version."""
    newest = sa.select(Plan).filter_by(round_id=round_.id).order_by(Plan.no.desc()).limit(1)
    return db.session.scalars(newest).one()


def options_of(round_: Round) -> Options:
    """Return how the round reduces readings, by its plan in force."""
    return from_document(plan_of(round_).document).options


def count_submissions(round_: Round) -> dict[str, int]:
    """Return how many laboratories have submitted, by stage code; nothing about values."""
    rows = db.session.execute(
        sa.select(Stage.code, sa.func.count(sa.distinct(Entry.id)).label("number"))
        .join(Entry, Entry.stage_id == Stage.id)
        .join(EntryVersion, EntryVersion.entry_id == Entry.id)
        .where(Stage.round_id == round_.id)
        .group_by(Stage.code)
    )
    found = {row.code: row.number for row in rows}
    return {stage.code: found.get(stage.code, 0) for stage in round_.stages}


def count_laboratories(round_: Round) -> int:
    """Return how many laboratories take part."""
    own = sa.select(sa.func.count()).where(Participation.round_id == round_.id)
    return db.session.scalar(own) or 0
