"""PURE: what a folder holds, once its rows are known to be right."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from core.clock import local
from scoring.cement.group import field as key_of
from scoring.cement.head import TIMES
from scoring.intake import CONDITIONS
from scoring.phase import NoticedStage
from scoring.round_folder.tables import Row, Tables, instant

#: How the state of a sample is written, and how it is stored.
SAMPLE_CONDITIONS = {"完好": "intact", "破损": "damaged", "编号不符": "number_differs"}


@dataclass(frozen=True)
class Sample:
    """A numbered pack and the item it holds."""

    sample_no: str
    pack: int
    item: str
    dispatched_at: datetime | None


@dataclass(frozen=True)
class Laboratory:
    """A laboratory with its code and its samples."""

    code: str
    name: str
    place: str
    qualification_no: str
    contact_name: str
    contact_mobile: str
    registered_at: datetime | None
    samples: tuple[Sample, ...]


@dataclass(frozen=True)
class Submission:
    """What a laboratory submitted for a stage, by field key as a form would send it."""

    lab: str
    stage: str
    at: datetime
    sealed: bool
    fields: dict[str, str]
    #: Its own results, (status, text as typed), by parameter and pack.
    reported: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class RoundFolder:
    """A whole round: laboratories and submissions in the order of their files."""

    stages: tuple[NoticedStage, ...]
    laboratories: tuple[Laboratory, ...]
    submissions: tuple[Submission, ...]


def parameters(row: Row) -> tuple[str, ...]:
    """Return the parameters of a stage; blanks and a separator too many do no harm."""
    parts = row["parameters"].replace("；", ";").split(";")
    return tuple(part.strip() for part in parts if part.strip())


def assembled(tables: Tables) -> RoundFolder:
    """Return what tables hold that were checked before."""
    stages = tuple(
        NoticedStage(row["stage"], _at(row, "opens_at"), _at(row, "closes_at"), parameters(row))
        for row in tables["stages"].rows
    )
    return RoundFolder(stages, _laboratories(tables), _submissions(tables, stages))


def _at(row: Row, column: str) -> datetime:
    found = instant(row[column])
    if found is None:  # the checks have refused it
        raise ValueError(f"{column} in line {row.line}")
    return found


def _laboratories(tables: Tables) -> tuple[Laboratory, ...]:
    samples: dict[str, list[Sample]] = defaultdict(list)
    for row in tables["samples"].rows:
        samples[row["lab_code"]].append(
            Sample(
                sample_no=row["sample_no"],
                pack=int(row["pack_label"]),
                item=row["item"],
                dispatched_at=instant(row["dispatched_at"]),
            )
        )
    return tuple(
        Laboratory(
            code=row["lab_code"],
            name=row["lab_name"],
            place=row["city"],
            qualification_no=row["qualification_no"],
            contact_name=row["contact_name"],
            contact_mobile=row["contact_mobile"],
            registered_at=instant(row["registered_at"]),
            samples=tuple(samples[row["lab_code"]]),
        )
        for row in tables["labs"].rows
    )


def _submissions(tables: Tables, stages: tuple[NoticedStage, ...]) -> tuple[Submission, ...]:
    stage_of = {parameter: stage.code for stage in stages for parameter in stage.parameters}
    packs = {row["sample_no"]: int(row["pack_label"]) for row in tables["samples"].rows}
    conditions: dict[str, dict[str, str]] = defaultdict(dict)
    for row in tables["samples"].rows:
        said = SAMPLE_CONDITIONS.get(row["condition"], row["condition"])
        conditions[row["lab_code"]][f"sample.{row['pack_label']}.condition"] = said
    found = {
        row.of("lab_code", "stage"): Submission(
            lab=row["lab_code"],
            stage=row["stage"],
            at=_at(row, "submitted_at"),
            sealed=row["sealed"] == "yes",
            fields=_conditions(row) | conditions[row["lab_code"]],
        )
        for row in tables["submissions"].rows
    }
    for row in tables["readings"].rows:
        pack, attempt, idx = packs[row["sample_no"]], int(row["attempt"]), int(row["idx"])
        key = key_of(row["parameter"], pack, attempt, row["quantity"], idx)
        found[row["lab_code"], stage_of[row["parameter"]]].fields[key] = row["value"]
    read = {row.of("sample_no", "parameter") for row in tables["readings"].rows}
    for row in tables["reported"].rows:
        submission = found[row["lab_code"], stage_of[row["parameter"]]]
        pack = packs[row["sample_no"]]
        submission.reported[row["parameter"], pack] = (row["status"], row["value"])
        if row["status"] == "void" and row.of("sample_no", "parameter") not in read:
            submission.fields[f"{row['parameter']}.{pack}.status"] = "void"
    return tuple(found.values())


def _conditions(row: Row) -> dict[str, str]:
    fields = {name: row[name] for name in CONDITIONS}
    times = {name: instant(row[name]) for name in TIMES}
    written = {name: f"{local(at):%Y-%m-%dT%H:%M}" if at else "" for name, at in times.items()}
    return fields | written
