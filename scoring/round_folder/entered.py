"""PURE: whether submissions, readings and own results belong to the round and to each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from core.errors import N_
from scoring.cement import catalogue
from scoring.cement.head import TIMES
from scoring.round_folder.contents import parameters
from scoring.round_folder.tables import Row, Table, Tables, instant


@dataclass(frozen=True)
class _Known:
    """What the rows refer to."""

    tables: Tables
    labs: frozenset[str]
    #: When each stage opens, None where that cannot be read.
    opens: Mapping[str, datetime | None]
    #: The stage of each parameter.
    stage_of: Mapping[str, str]
    #: The laboratory of each sample.
    owner: Mapping[str, str]
    #: Laboratory and stage of each submission.
    submitted: frozenset[tuple[str, ...]]


def check(tables: Tables) -> None:
    """Note in the tables what is wrong with what laboratories handed in."""
    known = _known(tables)
    _submissions(tables["submissions"], known)
    _readings(tables["readings"], known)
    _reported(tables["reported"], known)


def _known(tables: Tables) -> _Known:
    stages, samples = tables["stages"].rows, tables["samples"].rows
    return _Known(
        tables=tables,
        labs=frozenset(row["lab_code"] for row in tables["labs"].rows),
        opens={row["stage"]: instant(row["opens_at"]) for row in stages},
        stage_of={parameter: row["stage"] for row in stages for parameter in parameters(row)},
        # Of two rows with one number the second is said to be wrong.
        owner={row["sample_no"]: row["lab_code"] for row in reversed(samples)},
        submitted=frozenset(row.of("lab_code", "stage") for row in tables["submissions"].rows),
    )


def _submissions(table: Table, known: _Known) -> None:
    for row in table.rows:
        table.check_filled(row, "lab_code", "stage", "submitted_at")
        table.check_known(row, "lab_code", known.labs, known.tables["labs"])
        table.check_known(row, "stage", known.opens, known.tables["stages"])
        table.check_once(row, "lab_code", "stage")
        table.check_word(row, "sealed", "yes", "no")
        at, _cast, _broken = (table.check_instant(row, name) for name in ("submitted_at", *TIMES))
        opens = known.opens.get(row["stage"])
        if at and opens and at < opens:
            message = N_("submitted_at is before stage {stage} opens. Correct one of the two.")
            table.wrong(row, message, stage=row["stage"])


def _readings(table: Table, known: _Known) -> None:
    for row in table.rows:
        table.check_filled(
            row, "lab_code", "sample_no", "parameter", "attempt", "quantity", "idx", "value"
        )
        table.check_once(row, "sample_no", "parameter", "attempt", "quantity", "idx")
        if _check_place(table, row, known) and row["parameter"] in catalogue.codes():
            _check_slot(table, row)


def _check_slot(table: Table, row: Row) -> None:
    """Note a reading that the method does not have: it would be left out of the result."""
    slot, slots = row.of("attempt", "quantity", "idx"), _slots(row["parameter"])
    if slot not in slots and all(slot):
        message = N_(
            "{parameter} has no reading {slot} (attempt, quantity, idx). Write one of: {slots}."
        )
        possible = ", ".join(" ".join(one) for one in slots)
        table.wrong(row, message, parameter=row["parameter"], slot=" ".join(slot), slots=possible)


@cache
def _slots(parameter: str) -> tuple[tuple[str, str, str], ...]:
    """Return the cells of a parameter as they are written; the same in every edition."""
    newest = catalogue.editions(parameter)[-1]
    return tuple(
        (str(slot.attempt), slot.quantity, str(slot.idx)) for slot in catalogue.slots(newest)
    )


def _reported(table: Table, known: _Known) -> None:
    for row in table.rows:
        table.check_filled(row, "lab_code", "sample_no", "parameter")
        table.check_word(row, "status", "reported", "void")
        if row["status"] == "reported":
            table.check_filled(row, "value")
        table.check_once(row, "sample_no", "parameter")
        _check_place(table, row, known)


def _check_place(table: Table, row: Row, known: _Known) -> bool:
    """Note what a row refers to and is not there; say whether its parameter is of the round."""
    lab, sample, parameter = row.of("lab_code", "sample_no", "parameter")
    lab_known = table.check_known(row, "lab_code", known.labs, known.tables["labs"])
    if (
        table.check_known(row, "sample_no", known.owner, known.tables["samples"])
        and lab_known
        and known.owner[sample] != lab
    ):
        message = N_(
            "Sample {sample} belongs to laboratory {owner}, not to {lab}. Correct lab_code or "
            "sample_no."
        )
        table.wrong(row, message, sample=sample, owner=known.owner[sample], lab=lab)
    if not table.check_known(row, "parameter", known.stage_of, known.tables["stages"]):
        return False
    stage = known.stage_of[parameter]
    handed_in = known.tables["submissions"]
    if lab_known and handed_in.readable and (lab, stage) not in known.submitted:
        message = N_(
            "Laboratory {lab} has no submission for stage {stage} in submissions.csv. Add it "
            "there, or delete the line."
        )
        table.wrong(row, message, lab=lab, stage=stage)
    return True
