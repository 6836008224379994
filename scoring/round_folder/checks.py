"""PURE: whether stages, laboratories and samples fit together; what does not is noted."""

from collections import defaultdict
from datetime import date

from core.clock import local
from core.errors import N_
from scoring.cement import catalogue
from scoring.round_folder import entered
from scoring.round_folder.contents import SAMPLE_CONDITIONS, parameters
from scoring.round_folder.tables import Row, Table, Tables, instant

PACKS = ("1", "2")
ITEMS = ("A", "B")


def check(tables: Tables) -> None:
    """Note in the tables what is wrong with rows by themselves and beside each other."""
    _stages(tables["stages"])
    _laboratories(tables["labs"], tables["samples"])
    _samples(tables["samples"], tables["labs"])
    entered.check(tables)


def _stages(table: Table) -> None:
    _check_some(table)
    listed: set[str] = set()
    for row in table.rows:
        table.check_filled(row, "stage", "opens_at", "closes_at", "parameters")
        table.check_code(row, "stage")
        table.check_once(row, "stage")
        opens, closes = (table.check_instant(row, name) for name in ("opens_at", "closes_at"))
        if opens and closes and closes <= opens:
            message = N_("The stage closes before it opens. Correct opens_at or closes_at.")
            table.wrong(row, message)
        if row["parameters"] and not parameters(row):
            table.wrong(row, N_("The stage has no parameter. Write them like rf28;rc28."))
        for parameter in parameters(row):
            _check_listed_once(table, row, parameter, listed)
    _check_editions(table)


def _check_some(table: Table) -> None:
    if table.readable and not table.rows:
        table.wrong(None, N_("There is no line below the heading. Add at least one."))


def _check_listed_once(table: Table, row: Row, parameter: str, listed: set[str]) -> None:
    if parameter not in catalogue.codes():
        message = N_("There is no parameter “{value}”. Write one of: {words}.")
        table.wrong(row, message, value=parameter, words=", ".join(catalogue.codes()))
    elif parameter in listed:
        message = N_("Parameter {value} is listed twice. Leave it once, in one stage.")
        table.wrong(row, message, value=parameter)
    listed.add(parameter)


def _check_editions(table: Table) -> None:
    """Note methods without an edition: on the first day for the plan, on its own for an entry."""
    days = {row.line: local(at).date() for row in table.rows if (at := instant(row["opens_at"]))}
    for row in table.rows:
        wanted = {days[row.line], min(days.values())} if row.line in days else set()
        for parameter in parameters(row):
            for day in sorted(wanted):
                _check_edition(table, row, parameter, day)


def _check_edition(table: Table, row: Row, parameter: str, day: date) -> None:
    if parameter not in catalogue.codes():
        return
    try:
        catalogue.parameter(parameter, day)
    except catalogue.EditionMissing:
        message = N_(
            "No edition of the method for {value} is known on {day}. Correct opens_at, or leave "
            "the parameter out."
        )
        table.wrong(row, message, value=parameter, day=day.isoformat())


def _laboratories(table: Table, samples: Table) -> None:
    _check_some(table)
    packs: dict[str, set[str]] = defaultdict(set)
    for row in samples.rows:
        packs[row["lab_code"]].add(row["pack_label"])
    for row in table.rows:
        lab = row["lab_code"]
        table.check_filled(row, "lab_code", "lab_name")
        table.check_code(row, "lab_code")
        table.check_once(row, "lab_code")
        table.check_once(row, "lab_name")
        table.check_instant(row, "registered_at")
        # A label that cannot be read is said at its own line.
        if lab and samples.readable and packs[lab].issubset(PACKS):
            for pack in sorted(set(PACKS) - packs[lab]):
                message = N_("Laboratory {lab} has no pack {pack} in samples.csv. Add it there.")
                table.wrong(row, message, lab=lab, pack=pack)


def _samples(table: Table, labs: Table) -> None:
    known = {row["lab_code"] for row in labs.rows}
    for row in table.rows:
        table.check_filled(row, "sample_no", "lab_code")
        table.check_known(row, "lab_code", known, labs)
        table.check_word(row, "pack_label", *PACKS)
        table.check_word(row, "item", *ITEMS)
        table.check_word(row, "condition", *SAMPLE_CONDITIONS, *SAMPLE_CONDITIONS.values(), "")
        table.check_instant(row, "dispatched_at")
        table.check_once(row, "sample_no")
        table.check_once(row, "lab_code", "pack_label")
        table.check_once(row, "lab_code", "item")
