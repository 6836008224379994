"""PURE: the head of an entry as typed: times, room, press, names, and the state of both samples."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from core.clock import ZONE
from core.findings import Finding
from scoring.cement import catalogue, number
from scoring.cement.entry_findings import Conditions
from scoring.cement.group import Group
from scoring.messages import finding, of_cell, of_sheet_cell

#: What is typed once for a stage, in the order of the form.
CONDITIONS = (
    "cast_at", "broken_at", "room_temp_c", "room_rh_pct", "press_no", "press_calibrated_to",
    "tested_by", "checked_by", "approved_by",
)  # fmt: skip
#: What the state of a sample and the names of those who answer for the entry are called.
STATES = ("sample.1.condition", "sample.2.condition")
NAMES = ("tested_by", "checked_by", "approved_by")
#: A strength has an age, so it needs both times.
TIMES = ("cast_at", "broken_at")
#: Numbers of the head: unit, lowest and highest value of a room.
_NUMBERS = {"room_temp_c": ("℃", 0, 60), "room_rh_pct": ("%", 0, 100)}

#: A day, with or without the time of day; no zone, for everybody reads the same clock.
_MOMENT = re.compile(
    r"(20[0-9]{2})[-/]([0-9]{1,2})[-/]([0-9]{1,2})(?:[T ]+([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?)?"
)


def moment(text: str) -> datetime | None:
    """Return a typed Beijing time such as 2024-09-10T09:48, or None when it cannot be read."""
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        return None
    try:
        return datetime(*(int(part or 0) for part in found.groups()), tzinfo=ZONE)  # type: ignore[arg-type,misc]
    except ValueError:
        return None


def conditions(fields: Mapping[str, str]) -> tuple[Conditions, list[Finding]]:
    """Return the head of ``fields``, and what in it cannot be read or cannot be."""
    findings: list[Finding] = []
    text = {name: fields.get(name, "").strip() for name in CONDITIONS}
    cast, broken, valid = (
        _moment(name, text[name], findings) for name in (*TIMES, "press_calibrated_to")
    )
    for name in _NUMBERS:
        findings += _number(name, text[name])
    read = Conditions(
        cast_at=cast,
        broken_at=broken,
        press_calibrated_to=valid.date() if valid else None,
        tested_by=text["tested_by"],
        checked_by=text["checked_by"],
        approved_by=text["approved_by"],
    )
    return read, findings


def _moment(name: str, text: str, findings: list[Finding]) -> datetime | None:
    found = moment(text)
    if found is None and text:
        findings.append(of_sheet_cell(name, text, "not_a_date"))
    return found


def _number(name: str, text: str) -> Iterator[Finding]:
    """Yield why a field holds no number, or none of a room; an empty one says nothing."""
    typed = number.parse(text)
    if typed.problem == "decimal_comma":
        yield of_cell(name, text, typed.problem, "")
    elif typed.value is None and typed.problem != "empty":
        yield of_sheet_cell(name, text, typed.problem or "")
    if typed.value is None:
        return
    unit, low, high = _NUMBERS[name]
    if not Decimal(low) <= typed.value <= Decimal(high):
        yield finding(
            "E05", name, wording="no_unit",
            v=str(typed.value), u=unit, lo=str(low), hi=str(high),
        )  # fmt: skip


def missing(fields: Mapping[str, str], groups: Iterable[Group]) -> Iterator[Finding]:
    """Yield E39 for each field that must not be empty; times only where a strength was tested."""
    tested = (group.parameter for group in groups if group.status != "not_tested")
    times = TIMES if any(catalogue.age(code) for code in tested) else ()
    for name in (*STATES, *times, *NAMES):
        if not fields.get(name, "").strip():
            yield finding("E39", name)
