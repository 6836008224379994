"""A whole round from a folder of CSV files: laboratories, samples, submissions, raw readings.

Every cell is text, as a laboratory would type it. What came after the deadline stays marked as
late, what is outside the hard limits is kept: the evaluation knows rows for both.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from campaign import organisations
from core.access import Actor
from core.clock import local
from core.db import db
from core.errors import N_, InvalidInput
from core.findings import Finding
from scoring import codes, entries, intake, round_folder, rounds
from scoring.cement import catalogue, number
from scoring.cement.reduction import Options
from scoring.entries import Arrival
from scoring.evaluation.plan import default_plan
from scoring.messages import finding
from scoring.models import Entry, Participation, Round, Sample, Stage
from scoring.models.entry import Source
from scoring.models.participation import Item, Paperwork
from scoring.round_folder import Laboratory, RoundFolder, Submission
from scoring.submission import Given


@dataclass
class Imported:
    """What was read, for the person who imports."""

    round: Round
    laboratories: int = 0
    with_submission: int = 0
    submissions: int = 0
    late: int = 0
    readings: int = 0
    unsealed: int = 0
    #: How often each message code was found.
    findings: Counter[str] = field(default_factory=Counter)


def read_folder(folder: Path) -> RoundFolder:
    """Return the round in a folder; raise :class:`InvalidInput` with everything to be mended."""
    return round_folder.read({name: _bytes(folder / f"{name}.csv") for name in round_folder.FILES})


def _bytes(path: Path) -> bytes | None:
    with suppress(OSError):
        return path.read_bytes()
    return None


def import_round(folder: RoundFolder, code: str, title: str, actor: Actor) -> Imported:
    """Add the round of ``folder`` in the caller's transaction, whole or not at all."""
    if not round_folder.is_round_code(code):
        raise InvalidInput(
            "round_code_unusable",
            N_(
                "“%(round)s” cannot be the code of a round. Choose another with --code: up to 30 "
                "letters (A-Z), digits, dots, dashes and underscores, a letter or digit first."
            ),
            round=code,
        )
    day = local(min(stage.opens_at for stage in folder.stages)).date()
    plan = default_plan(catalogue.parameter(p, day) for s in folder.stages for p in s.parameters)
    round_ = rounds.create(code, title, folder.stages, plan.document(), actor)
    paperwork = _paperwork(folder.submissions)
    labs = {
        lab.code: _enrol(round_, lab, paperwork.get(lab.code, Paperwork.MISSING))
        for lab in folder.laboratories
    }
    found = Imported(round_, laboratories=len(labs), with_submission=len(paperwork))
    stages = {stage.code: stage for stage in round_.stages}
    for given in folder.submissions:
        _store(given, labs[given.lab], stages[given.stage], plan.options, found)
    db.session.flush()
    return found


def _paperwork(submissions: Iterable[Submission]) -> dict[str, Paperwork]:
    """Return the state of the stamped form: one stage without a seal sends it back."""
    found: dict[str, Paperwork] = {}
    for given in submissions:
        good = given.sealed and found.get(given.lab) is not Paperwork.RETURNED
        found[given.lab] = Paperwork.RECEIVED if good else Paperwork.RETURNED
    return found


def _enrol(round_: Round, lab: Laboratory, paperwork: Paperwork) -> Participation:
    organisation = organisations.ensure(
        lab.name, qualification_no=lab.qualification_no, place=lab.place
    )
    participation = rounds.enrol(
        round_,
        organisation,
        contact_name=lab.contact_name,
        contact_mobile=lab.contact_mobile,
        registered_at=lab.registered_at,
        paperwork=paperwork,
    )
    codes.assign(participation, lab.code)
    for sample in lab.samples:
        participation.samples.append(
            Sample(
                round_id=round_.id,
                sample_no=sample.sample_no,
                pack=sample.pack,
                item=Item(sample.item),
                dispatched_at=sample.dispatched_at,
            )
        )
    return participation


def _store(
    given: Submission, lab: Participation, stage: Stage, options: Options, found: Imported
) -> None:
    """Seal one submission; findings never keep it out, they are counted and stay with it."""
    checked = intake.read(
        given.fields,
        stage.parameters,
        on=local(stage.opens_at).date(),
        options=options,
        earlier=entries.groups_before(lab.id, stage.id),
    )
    checked = replace(checked, findings=checked.findings + tuple(_typed(given.reported)))
    entry = Entry(participation_id=lab.id, stage_id=stage.id, versions=[])
    entry.fields, entry.rev = {}, 0
    db.session.add(entry)
    db.session.flush()
    whole = Given(given.fields, checked, given.reported)
    entries.add_version(lab, stage, entry, whole, Arrival(Source.IMPORT, given.at))
    found.submissions += 1
    found.late += given.at >= stage.closes_at
    found.unsealed += not given.sealed
    found.readings += checked.count
    found.findings.update(one.code for one in checked.findings)


def _typed(reported: Mapping[tuple[str, int], tuple[str, str]]) -> Iterable[Finding]:
    """Yield how an own result was read where that is not as it was typed."""
    for (parameter, pack), (_status, text) in reported.items():
        read = number.parse(text)
        if read.normalised is not None:
            yield finding("E37", f"{parameter}.{pack}.reported", v=text, w=read.normalised)
