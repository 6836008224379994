"""Sending what the outbox holds: one job per message, with the back-off of jobs.

No transaction is open while a server is spoken to. A message is handed over while its row says
``queued`` and noted afterwards; between the two lies the one moment in which a dying worker
leaves it to be handed over a second time.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core import audit, jobs, mail, notify, webhook
from core.access import Actor
from core.clock import now
from core.db import db, public_id, read_only_done, transaction
from core.errors import N_, Conflict
from core.jobs import Job, JobState
from core.letters import Letter, Undelivered
from core.notify import JOB, Channel, Message, MessageState

log = logging.getLogger("qm.delivery")

SWEEP = "message.sweep"
SWEEP_MINUTES = 5
#: A message that waits longer than this for a worker waits for nobody.
PATIENCE = timedelta(minutes=5)
_send = {Channel.EMAIL: mail.send, Channel.WEBHOOK: webhook.send}


@jobs.handler(JOB)
def deliver(claim: jobs.Claim) -> dict[str, Any]:
    """Send one message unless it was sent or cancelled meanwhile."""
    with transaction():
        found = _change(claim.subject, attempts=Message.attempts + 1)
    if not found:
        return {"skipped": True}
    try:
        channel, letter = _letter(claim.subject)
        _send[channel](letter)
    except Undelivered as error:
        _not_sent(claim, error)
        if error.final:
            return {"failed": error.reason}
        raise
    _sent(claim)
    return {}


def _letter(message_id: str) -> tuple[Channel, Letter]:
    """Return what leaves, with its link drawn only now; no transaction is open afterwards."""
    try:
        message = notify.find(message_id)
        if message.channel not in notify.channels():
            raise Undelivered("not_configured", final=True)
        if notify.dead_link(message):
            raise Undelivered("link_dead", final=True)
        address = message.to_address
        by_mail = "@" in address
        return message.channel, Letter(
            id=message.public_id,
            kind=message.kind,
            name=message.to_name,
            mobile="" if by_mail else address,
            email=address if by_mail else "",
            title=message.title,
            text=notify.rendered(message),
        )
    finally:
        read_only_done()


def _sent(claim: jobs.Claim) -> None:
    with transaction():
        _change(claim.subject, state=MessageState.SENT, sent_at=now(), error="")


def _not_sent(claim: jobs.Claim, error: Undelivered) -> None:
    last = error.final or claim.attempts >= jobs.MAX_ATTEMPTS
    state = MessageState.FAILED if last else MessageState.QUEUED
    with transaction():
        _change(claim.subject, state=state, error=error.reason)
    data = {"message": claim.subject, "error": error.reason, "failed": last}
    log.warning("message not sent", extra={"data": data})


def _change(message_id: str, **values: object) -> bool:
    """Change a message that still waits; say whether there was one."""
    waiting = sa.update(Message).where(
        Message.public_id == message_id, Message.state == MessageState.QUEUED
    )
    done = waiting.values(**values).execution_options(synchronize_session=False)
    return db.session.scalar(done.returning(Message.id)) is not None


def retry(message_id: str, actor: Actor) -> None:
    """Queue a failed message again, in the caller's transaction."""
    message = notify.find(message_id)
    if not message.text:
        raise Conflict(
            "message_emptied",
            N_("Its text was deleted when its time was over. Write a new message."),
        )
    if notify.dead_link(message):
        raise Conflict(
            "link_dead", N_("Its sign-in link opens nothing any more. Send this person a new one.")
        )
    failed = sa.update(Message).where(
        Message.public_id == message_id, Message.state == MessageState.FAILED
    )
    again = failed.values(state=MessageState.QUEUED, error="")
    if db.session.scalar(again.returning(Message.id)) is None:
        raise Conflict(
            "message_not_failed",
            N_("Only a message that failed is sent again. Reload the page to see how it stands."),
        )
    jobs.enqueue(JOB, message_id, key=f"message:{message_id}:{public_id()}")
    audit.record("retry", "message", message_id, actor=actor)


def cancel(message_id: str, actor: Actor) -> None:
    """Cancel a message that waits, in the caller's transaction.

    Whoever takes the job decides: once a worker has it, the message may be with the server.
    """
    message = notify.find(message_id)
    if message.state is not MessageState.QUEUED:
        raise Conflict(
            "message_not_waiting",
            N_("Only a message that waits is cancelled. Reload the page to see how it stands."),
        )
    waiting = sa.select(Job.id).where(_job_of(message_id), Job.state == JobState.QUEUED)
    job_id = db.session.scalar(waiting)
    if job_id is None or not jobs.cancel(job_id):
        raise Conflict(
            "message_in_hand",
            N_("It is being sent at this moment. Reload the page in a few minutes."),
        )
    _change(message_id, state=MessageState.CANCELLED)
    audit.record("cancel", "message", message_id, actor=actor)


def _job_of(message_id: Any) -> sa.ColumnElement[bool]:
    return sa.and_(Job.kind == JOB, Job.subject == message_id)


def next_try(message_id: str) -> datetime | None:
    """Return when a message that waits is tried next, or None."""
    return db.session.scalar(
        sa.select(Job.run_after).where(_job_of(message_id), Job.state == JobState.QUEUED)
    )


def stalled() -> bool:
    """Say whether messages wait although they are long due: no worker runs."""
    due = sa.select(Job.id).where(
        Job.kind == JOB, Job.state == JobState.QUEUED, Job.run_after < now() - PATIENCE
    )
    return db.session.scalar(due.limit(1)) is not None


@jobs.handler(SWEEP)
def sweep(_claim: jobs.Claim) -> dict[str, Any]:
    """Call failed what waits without a job, because its workers died or the code had a fault."""
    alive = sa.exists().where(
        _job_of(Message.public_id),
        Job.state.in_((JobState.QUEUED, JobState.RUNNING)),
    )
    lost = sa.update(Message).where(Message.state == MessageState.QUEUED, ~alive)
    failed = lost.values(state=MessageState.FAILED, error="broken_off")
    with transaction():
        done = failed.execution_options(synchronize_session=False).returning(Message.id)
        return {"failed": len(db.session.scalars(done).all())}


jobs.every(SWEEP, SWEEP_MINUTES)
