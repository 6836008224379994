"""PURE: what a laboratory typed, field by field, read as groups, conditions and findings.

The form, the spreadsheet and the import all come through here with the same field keys
(``rc28.1.1.load.3``: parameter, pack, attempt, quantity, index), so the same checks hold.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from core.clock import ZONE
from core.findings import Finding, Level
from scoring.cement import catalogue, head, number, validation
from scoring.cement.catalogue import Parameter, Slot
from scoring.cement.head import CONDITIONS, moment
from scoring.cement.reduction import Options, Reading
from scoring.cement.validation import Conditions, Group
from scoring.messages import finding, of_cell

__all__ = [
    "CONDITIONS", "LONGEST", "PACKS", "STATUSES", "VOID", "Intake", "is_reading", "key", "keys",
    "moment", "read", "reason_key", "unanswered",
]  # fmt: skip

PACKS = (1, 2)
STATUSES = ("value", "void", "not_tested")
#: Longest text of a field, in characters.
LONGEST = 500


@dataclass(frozen=True)
class Intake:
    """What was read: the groups of both packs, the conditions, and everything to be said."""

    groups: tuple[Group, ...]
    conditions: Conditions
    findings: tuple[Finding, ...]
    #: The editions of the methods on the day of the test, in the order of the stage.
    editions: tuple[Parameter, ...]
    #: How the round reduces readings.
    options: Options

    @property
    def count(self) -> int:
        """Return how many readings there are."""
        return sum(len(group.readings) for group in self.groups)


def read(
    fields: Mapping[str, str],
    parameters: Sequence[str],
    *,
    on: date,
    options: Options,
    earlier: Sequence[Group] = (),
) -> Intake:
    """Return groups and findings of ``fields``; ``on`` stands in for a missing casting day.

    ``earlier`` are the groups of a stage that was submitted before, for what compares ages.
    """
    conditions, findings = head.conditions(fields)
    day, editions = _in_force(parameters, conditions.cast_at, on)
    groups = []
    for parameter in editions:
        for pack in PACKS:
            group, found = _group(fields, parameter, pack)
            groups.append(group)
            findings += found
    findings += head.missing(fields, groups)
    unread = [found.address for found in findings if found.level is Level.BLOCK]
    findings += validation.check(
        groups, conditions, on=day, options=options, earlier=earlier, unread=unread
    )
    return Intake(tuple(groups), conditions, tuple(findings), tuple(editions), options)


def _in_force(
    parameters: Sequence[str], cast_at: datetime | None, on: date
) -> tuple[date, list[Parameter]]:
    """Return the day of the test and its editions; ``on`` where a slip names a day without any."""
    if cast_at:
        day = cast_at.astimezone(ZONE).date()
        with suppress(catalogue.EditionMissing):
            return day, [catalogue.parameter(code, day) for code in parameters]
    return on, [catalogue.parameter(code, on) for code in parameters]


def key(parameter: str, pack: int, slot: Slot) -> str:
    """Return the field key of a reading."""
    return validation.field(parameter, pack, slot.attempt, slot.quantity, slot.idx)


def is_reading(name: str) -> bool:
    """Say whether a field key is that of a reading."""
    return name.count(".") == 4


def keys(parameters: Iterable[str], on: date) -> list[str]:
    """Return every field key of a stage, in the order of the form."""
    found = [f"sample.{pack}.condition" for pack in PACKS] + list(CONDITIONS)
    for parameter in (catalogue.parameter(code, on) for code in parameters):
        for pack in PACKS:
            found += [key(parameter.code, pack, slot) for slot in catalogue.slots(parameter)]
            found += [f"{parameter.code}.{pack}.status", f"{parameter.code}.{pack}.reason"]
    return [*found, "reason"]


def unanswered(intake: Intake, fields: Mapping[str, str]) -> list[Finding]:
    """Return what keeps the entry from being submitted: errors, and warnings without a reason."""
    return [
        found
        for found in intake.findings
        if found.level is Level.BLOCK
        or (found.level is Level.WARN and not _answered(found, fields))
    ]


def reason_key(address: str) -> str:
    """Return the key of the field that answers a warning at ``address``."""
    parts = address.split(".")
    grouped = len(parts) >= 2 and parts[1] in ("1", "2") and parts[0] != "sample"
    return f"{parts[0]}.{parts[1]}.reason" if grouped else "reason"


#: These warnings say that the set is void; only that very tick answers them.
VOID = ("E09", "E23")


def _answered(found: Finding, fields: Mapping[str, str]) -> bool:
    if found.code in VOID:
        parameter, pack = found.address.split(".")[:2]
        return fields.get(f"{parameter}.{pack}.status") == "void"
    return bool(fields.get(reason_key(found.address), "").strip())


def _group(
    fields: Mapping[str, str], parameter: Parameter, pack: int
) -> tuple[Group, list[Finding]]:
    readings, findings = [], []
    for slot in catalogue.slots(parameter):
        address = key(parameter.code, pack, slot)
        typed = number.parse(fields.get(address, ""), slot.quantity)
        if typed.problem == "empty":
            continue
        if typed.value is None:
            findings.append(of_cell(address, typed.text, typed.problem or "", slot.label))
            continue
        if typed.normalised is not None:
            findings.append(finding("E37", address, v=typed.text, w=typed.normalised))
        readings.append(Reading(slot.quantity, slot.idx, slot.attempt, typed.value, typed.text))
    prefix = f"{parameter.code}.{pack}"
    status = fields.get(f"{prefix}.status", "")
    group = Group(
        parameter=parameter.code,
        pack=pack,
        status=status if status in STATUSES else "value",
        reason=fields.get(f"{prefix}.reason", "").strip(),
        readings=tuple(readings),
    )
    return group, findings
