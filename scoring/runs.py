"""Runs: lock the stages, take the snapshot by code and item, evaluate it, keep the output."""

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from core import audit
from core.access import Actor
from core.clock import now
from core.db import db
from core.errors import N_, Conflict
from core.sealed import plain, seal
from scoring import phase, rounds
from scoring.evaluation.evaluate import ENGINE
from scoring.evaluation.evaluate import evaluate as evaluated
from scoring.evaluation.plan import from_document
from scoring.models import EntryVersion, Plan, Round, Run, Stage
from scoring.phase import Phase
from scoring.snapshots import altered, snapshot, standing


def current(round_: Round) -> Run | None:
    """Return the run of today's inputs, the plan in force and this engine; None if there is none.

    Versions of a locked stage never change, so nothing else can move.
    """
    plan_ = rounds.plan_of(round_)
    return db.session.scalar(
        sa.select(Run)
        .filter_by(round_id=round_.id, plan_id=plan_.id, engine_version=ENGINE)
        .order_by(Run.no.desc())
        .limit(1)
    )


def lock_settled() -> None:
    """Publish the list of every stage that is settled and has none yet."""
    waiting = sa.select(Stage).where(Stage.digest.is_(None), Stage.closes_at < now())
    for stage in db.session.scalars(waiting.order_by(Stage.id)).all():
        lock(stage)


def due() -> list[str]:
    """Return the codes of the rounds that wait for a run."""
    everything = db.session.scalars(sa.select(Round).options(selectinload(Round.stages)))
    return [r.code for r in everything if rounds.phase_of(r) is Phase.EVALUATION and not current(r)]


def evaluate(round_: Round, actor: Actor) -> Run:
    """Return the run of today's inputs, made now if need be; equal inputs never give two runs (I5).

    Raises :class:`Conflict` while a stage is open: no statistics before the last lock, for anybody.
    """
    if rounds.phase_of(round_) is not Phase.EVALUATION:
        raise Conflict(
            "not_locked_yet",
            N_("The round is evaluated after its last stage is locked. Come back then."),
        )
    # Two evaluations at once would number their runs alike; the second finds the first one's.
    db.session.execute(sa.select(Round.id).filter_by(id=round_.id).with_for_update())
    if known := current(round_):
        return known
    for stage in round_.stages:
        lock(stage)
    plan_ = rounds.plan_of(round_)
    taken = snapshot(round_)
    input_seal = seal({"plan": plan_.seal, "snapshot": taken, "engine": ENGINE})
    known = db.session.scalar(sa.select(Run).filter_by(round_id=round_.id, input_seal=input_seal))
    if known is not None:
        return known
    output = plain(evaluated(from_document(plan_.document), taken))
    run = Run(
        round_id=round_.id,
        no=_next_no(round_),
        plan_id=plan_.id,
        engine_version=ENGINE,
        snapshot=taken,
        input_seal=input_seal,
        output=output,
        output_seal=seal(output),
    )
    db.session.add(run)
    db.session.flush()
    audit.record("evaluate", "round", round_.code, actor=actor, run=run.no)
    return run


def _next_no(round_: Round) -> int:
    newest = db.session.scalar(sa.select(sa.func.max(Run.no)).filter_by(round_id=round_.id))
    return (newest or 0) + 1


def lock(stage: Stage) -> None:
    """Publish the list of a settled stage and its digest, once (阶段摘要)."""
    db.session.refresh(stage, with_for_update=True)  # another may have published it meanwhile
    if stage.digest is not None or not phase.settled(rounds.times(stage), now()):
        return
    seals = sorted(version.seal for version in standing([stage.id]))
    stage.digest_list, stage.digest, stage.digest_at = seals, seal(seals), now()
    db.session.flush()


def verify(round_: Round) -> list[str]:
    """Recompute every seal and every run of this engine, and return what does not hold."""
    versions = sa.select(EntryVersion).filter_by(round_id=round_.id).order_by(EntryVersion.id)
    problems = altered(
        round_, db.session.scalars(versions.options(selectinload(EntryVersion.entry))).all()
    )
    plans = {p.id: p for p in db.session.scalars(sa.select(Plan).filter_by(round_id=round_.id))}
    problems += [
        f"plan {plan_.no} does not match its seal"
        for plan_ in plans.values()
        if seal(plan_.document) != plan_.seal
    ]
    for run in db.session.scalars(sa.select(Run).filter_by(round_id=round_.id).order_by(Run.no)):
        problems += _verify_run(run, plans[run.plan_id])
    return problems


def _verify_run(run: Run, plan_: Plan) -> list[str]:
    inputs = {"plan": seal(plan_.document), "snapshot": run.snapshot, "engine": run.engine_version}
    if seal(inputs) != run.input_seal or seal(run.output) != run.output_seal:
        return [f"evaluation {run.no} does not match its seals"]
    if run.engine_version != ENGINE:
        return []  # another engine made it; its seals hold, which is all this one can say
    again = evaluated(from_document(plan_.document), run.snapshot)
    return [] if seal(again) == run.output_seal else [f"evaluation {run.no} gives another output"]
