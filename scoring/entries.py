"""Entries of laboratories: the draft of a stage, and its submission as a sealed version."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from campaign.models import Organisation
from core import audit
from core.access import Actor
from core.clock import local, now
from core.db import db
from core.errors import N_, AppError, Conflict, NotFound
from core.findings import Finding
from core.sealed import plain, seal
from scoring import draft, intake, rounds, submission
from scoring.cement.validation import Group
from scoring.draft import Clash, Sent
from scoring.intake import Intake
from scoring.messages import finding
from scoring.models import Entry, EntryVersion, Participation, Round, Stage
from scoring.models.entry import Source
from scoring.phase import Window, window
from scoring.submission import Given, Heading

#: 回执号: so many hexadecimal digits of the seal, more only where two would be equal.
RECEIPT = 8


@dataclass(frozen=True)
class Desk:
    """A laboratory before one stage: everything its pages show, nothing of anybody else."""

    participation: Participation
    organisation: Organisation
    round: Round
    stage: Stage
    entry: Entry | None
    #: The version that counts unless a newer one arrives in time.
    standing: EntryVersion | None

    @property
    def fields(self) -> dict[str, str]:
        """Return the draft as it was typed."""
        return {
            name: cell["text"] for name, cell in (self.entry.fields if self.entry else {}).items()
        }

    @property
    def clashes(self) -> list[Clash]:
        """Return the fields that were changed in two places, until a text is chosen."""
        return draft.clashes(self.entry.fields) if self.entry else []

    @property
    def rev(self) -> int:
        """Return the number of the newest save."""
        return self.entry.rev if self.entry else 0

    @property
    def sample_numbers(self) -> dict[int, str]:
        """Return the sample number of each pack."""
        return {sample.pack: sample.sample_no for sample in self.participation.samples}

    def window(self, at: datetime) -> Window:
        """Say whether the stage is open at ``at``; with its list published it is locked."""
        return Window.LOCKED if self.stage.digest else window(rounds.times(self.stage), at)


@dataclass(frozen=True)
class Arrival:
    """How, when and from whom a version came in."""

    source: Source
    at: datetime
    #: Account that submitted; none for an import.
    user_id: int | None = None


class ClosedError(AppError):
    """The stage is not open; ``finding`` says what counts instead."""

    status = 409

    def __init__(self, found: Finding) -> None:
        super().__init__(
            found.code,
            N_("This stage is closed, nothing was changed. The page shows what was received."),
        )
        self.finding = found


def desks(actor: Actor) -> list[Desk]:
    """Return every stage of the rounds the actor's laboratory takes part in, newest round first."""
    rows = db.session.execute(_own(actor).order_by(Round.id.desc(), Stage.opens_at, Stage.id)).all()
    entries = _entries([row.Participation.id for row in rows])
    return [_desk(row, entries) for row in rows]


def desk(actor: Actor, stage_id: str) -> Desk:
    """Return the desk of a stage; a stage of others is answered like an unknown one."""
    row = db.session.execute(_own(actor).where(Stage.public_id == stage_id)).first()
    if row is None:
        raise NotFound("unknown_stage", N_("There is no such stage. Go back to your tasks."))
    return _desk(row, _entries([row.Participation.id]))


def _own(actor: Actor) -> Any:
    return (
        sa.select(Participation, Organisation, Round, Stage)
        .join(Organisation, Organisation.id == Participation.organisation_id)
        .join(Round, Round.id == Participation.round_id)
        .join(Stage, Stage.round_id == Round.id)
        .where(Participation.id.in_(rounds.parties(actor)))
        .options(selectinload(Participation.samples))
    )


def _entries(participations: list[int]) -> dict[tuple[int, int], Entry]:
    rows = db.session.scalars(
        sa.select(Entry)
        .where(Entry.participation_id.in_(participations))
        .options(selectinload(Entry.versions))
    )
    return {(entry.participation_id, entry.stage_id): entry for entry in rows}


def _desk(row: Any, entries: dict[tuple[int, int], Entry]) -> Desk:
    entry = entries.get((row.Participation.id, row.Stage.id))
    standing = entry.versions[-1] if entry and entry.versions else None
    return Desk(row.Participation, row.Organisation, row.Round, row.Stage, entry, standing)


def read(desk: Desk, fields: Mapping[str, str]) -> Intake:
    """Return what ``fields`` say, checked by the rules of the round and the own earlier stages."""
    return intake.read(
        fields,
        desk.stage.parameters,
        on=local(desk.stage.opens_at).date(),
        options=rounds.options_of(desk.round),
        earlier=groups_before(desk.participation.id, desk.stage.id),
    )


def groups_before(participation_id: int, stage_id: int) -> list[Group]:
    """Return the groups a laboratory has submitted for other stages of the round."""
    versions = db.session.scalars(
        sa.select(EntryVersion)
        .join(Entry)
        .where(Entry.participation_id == participation_id, Entry.stage_id != stage_id)
        .order_by(EntryVersion.entry_id, EntryVersion.no)
    )
    newest = {version.entry_id: version for version in versions}
    return [group for version in newest.values() for group in submission.groups(version.document)]


def save(
    desk: Desk, fields: Mapping[str, str], rev: int, actor: Actor, chosen: Collection[str] = ()
) -> list[Clash]:
    """Keep ``fields`` as the draft; return those that were changed elsewhere since ``rev``.

    Such a field keeps its text and gets the other as a copy. ``chosen`` are the fields of which
    one of the texts was chosen: their copies are dropped.
    """
    entry = _locked_entry(desk)
    sent = Sent(fields, rev, actor.name, f"{local(now()):%Y-%m-%d %H:%M}", chosen)
    merged = draft.merge(entry.fields, entry.rev + 1, sent)
    entry.fields = merged.cells
    if merged.changed:
        entry.rev += 1
        entry.saved_at = now()
    db.session.flush()
    return merged.clashes


def _locked_entry(desk: Desk) -> Entry:
    """Return the entry of the desk, locked for this transaction, added when it is missing."""
    wanted = {"participation_id": desk.participation.id, "stage_id": desk.stage.id}
    # On PostgreSQL the row of the participation makes two first saves wait for each other.
    db.session.execute(
        sa.select(Participation.id).filter_by(id=desk.participation.id).with_for_update()
    )
    entry = db.session.scalar(
        sa.select(Entry).filter_by(**wanted).execution_options(populate_existing=True)
    )
    if entry is None:
        entry = Entry(**wanted, fields={}, rev=0, versions=[])
        db.session.add(entry)
        db.session.flush()
    db.session.refresh(entry, ["versions"])
    return entry


def check_open(desk: Desk, arrived_at: datetime) -> None:
    """Raise :class:`ClosedError` unless a request that arrived then may change the entry."""
    state = desk.window(arrived_at)
    if state is Window.OPEN:
        return
    if state is Window.NOT_OPEN:
        raise Conflict("stage_not_open", N_("This stage is not open yet. Come back when it opens."))
    closed = f"{local(desk.stage.closes_at):%Y-%m-%d %H:%M}"
    if desk.standing:
        raise ClosedError(finding("E15", "", t=closed, r=desk.standing.receipt_no))
    raise ClosedError(finding("E16", ""))


def submit(
    desk: Desk, fields: Mapping[str, str], checked: Intake, arrived_at: datetime, actor: Actor
) -> EntryVersion:
    """Seal ``fields`` as the next version and return it with its receipt.

    The caller has refused what :func:`scoring.intake.unanswered` names. Raises
    :class:`ClosedError` when the request arrived too late.
    """
    check_open(desk, arrived_at)
    entry = _locked_entry(desk)
    arrival = Arrival(Source.FORM, arrived_at, actor.id)
    version = add_version(desk.participation, desk.stage, entry, Given(fields, checked), arrival)
    audit.record("submit", "entry", version.receipt_no, actor=actor, stage=desk.stage.code)
    return version


def add_version(
    participation: Participation, stage: Stage, entry: Entry, given: Given, arrival: Arrival
) -> EntryVersion:
    """Add the next sealed version of an entry; the window is the caller's to check."""
    before = entry.versions[-1] if entry.versions else None
    heading = Heading(
        round=stage.round.code,
        stage=stage.code,
        participation=participation.public_id,
        no=before.no + 1 if before else 1,
        based_on=before.seal if before else None,
        nonce=secrets.token_hex(16),
        source=arrival.source,
        arrived_at=arrival.at,
    )
    samples = {sample.pack: sample.sample_no for sample in participation.samples}
    document = plain(submission.document(heading, samples, given))
    sealed = seal(document)
    version = EntryVersion(
        round_id=stage.round_id,
        no=heading.no,
        document=document,
        seal=sealed,
        receipt_no=_receipt_no(stage.round_id, sealed),
        source=arrival.source,
        arrived_at=arrival.at,
        user_id=arrival.user_id,
    )
    entry.versions.append(version)
    db.session.flush()
    return version


def _receipt_no(round_id: int, sealed: str) -> str:
    for length in range(RECEIPT, len(sealed) + 1, 4):
        digits = sealed[:length].upper()
        number = "-".join(digits[i : i + 4] for i in range(0, length, 4))
        taken = sa.select(EntryVersion.id).filter_by(round_id=round_id, receipt_no=number)
        if db.session.scalar(taken) is None:
            return number
    raise AssertionError("two versions with the same seal")  # the nonce rules it out
