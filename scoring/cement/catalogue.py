"""PURE: the parameters of cement testing, from ``parameters.csv``: editions, limits, cells.

Rows are keyed by code and the first day of the edition. Limits are editable data, never code;
``verified`` says whether a person has compared the row with the printed standard.
"""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_name("parameters.csv")


class EditionMissing(LookupError):
    """No edition of the method is in force on the day."""

    def __init__(self, code: str, on: date) -> None:
        super().__init__(f"{code} has no edition on {on.isoformat()}")
        self.code = code
        self.on = on


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """Hold what is measured, by which edition, how it is reduced and which values are possible."""

    code: str
    name_zh: str
    name_en: str
    symbol: str
    unit: str
    #: quantitative (graded by z), threshold (a number with a limit) or passfail.
    kind: str
    standard: str
    valid_from: date
    valid_to: date | None
    replicates: int
    raw_unit: str
    rule: str
    step: Decimal | None
    plausible_lo: Decimal | None
    plausible_hi: Decimal | None
    hard_lo: Decimal | None
    hard_hi: Decimal | None
    hint_zh: str
    verified: bool

    def in_force(self, on: date) -> bool:
        """Say whether this edition applies to a test on the day ``on``."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


#: How a cell is told from those of other quantities in its row.
_PREFIXES = {"A": "A", "C": "C", "sieve_factor": "C", "na2o": "Na₂O ", "k2o": "K₂O "}


@dataclass(frozen=True)
class Slot:
    """Name one cell of the form; an attempt after the first is filled where the method asks."""

    attempt: int
    quantity: str
    idx: int
    unit: str
    required: bool = True

    @property
    def label(self) -> str:
        """Return the short name of the cell, the same in every language: ``1``, ``C``, ``A1``."""
        prefix = _PREFIXES.get(self.quantity, "")
        return f"{prefix}{self.idx}" if self.idx else prefix


def codes() -> tuple[str, ...]:
    """Return the codes of all parameters, in the order of the catalogue."""
    return tuple(_editions())


def editions(code: str) -> tuple[Parameter, ...]:
    """Return every edition of a parameter, oldest first; ``KeyError`` for an unknown code."""
    return _editions()[code]


def parameter(code: str, on: date) -> Parameter:
    """Return the edition in force on the day of the test; :class:`EditionMissing` without one."""
    for edition in editions(code):
        if edition.in_force(on):
            return edition
    raise EditionMissing(code, on)


def age(code: str) -> int | None:
    """Return the age in days at which a strength is tested, or None for other parameters."""
    found = re.fullmatch(r"r[cf]([0-9]+)", code)
    return int(found[1]) if found else None


def slots(of: Parameter) -> tuple[Slot, ...]:
    """Return the cells in which the readings of one sample are entered, in the form's order."""
    return _SLOTS[of.rule](of.raw_unit)


def unit_of(code: str, quantity: str) -> str:
    """Return the unit in which a quantity is read; the same in every edition."""
    return {slot.quantity: slot.unit for slot in slots(editions(code)[-1])}[quantity]


@cache
def _editions() -> dict[str, tuple[Parameter, ...]]:
    with _TABLE.open(encoding="utf-8", newline="") as table:
        rows = [_row(row) for row in csv.DictReader(table)]
    found: dict[str, tuple[Parameter, ...]] = {}
    for row in rows:
        found[row.code] = (*found.get(row.code, ()), row)
    return {
        code: tuple(sorted(known, key=lambda row: row.valid_from)) for code, known in found.items()
    }


def _row(row: dict[str, str]) -> Parameter:
    return Parameter(
        code=row["code"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        symbol=row["symbol"],
        unit=row["unit"],
        kind=row["kind"],
        standard=row["standard"],
        valid_from=date.fromisoformat(row["edition_valid_from"]),
        valid_to=date.fromisoformat(row["edition_valid_to"]) if row["edition_valid_to"] else None,
        replicates=int(row["replicates"]),
        raw_unit=row["raw_unit"],
        rule=row["reduce_rule"],
        step=_decimal(row["rounding_step"]),
        plausible_lo=_decimal(row["plausible_lo"]),
        plausible_hi=_decimal(row["plausible_hi"]),
        hard_lo=_decimal(row["hard_lo"]),
        hard_hi=_decimal(row["hard_hi"]),
        hint_zh=row["plausible_hint_zh"],
        verified=row["verified"] == "yes",
    )


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


#: What a pair of determinations is a determination of, by its unit.
_DETERMINATIONS = {
    "mm": "diameter",
    "%": "mass_fraction",
    "m²/kg": "specific_surface",
    "g/cm³": "density",
}


def _row_of(quantity: str, count: int, unit: str) -> tuple[Slot, ...]:
    return tuple(Slot(1, quantity, idx, unit) for idx in range(1, count + 1))


def _pair(unit: str) -> tuple[Slot, ...]:
    return _row_of(_DETERMINATIONS[unit], 2, unit)


def _again(first: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """Return the cells with those of the repeat that the method may ask for."""
    return first + tuple(Slot(2, cell.quantity, cell.idx, cell.unit, False) for cell in first)


def _sieve(unit: str) -> tuple[Slot, ...]:
    third = Slot(1, "residue", 3, unit, required=False)
    return (Slot(1, "sieve_factor", 0, "1"), *_row_of("residue", 2, unit), third)


def _needles(unit: str) -> tuple[Slot, ...]:
    """Return A and C of both specimens: the distance of the needles before and after boiling."""
    return tuple(Slot(1, quantity, idx, unit) for idx in (1, 2) for quantity in ("A", "C"))


_SLOTS: dict[str, Callable[[str], tuple[Slot, ...]]] = {
    "water_500g": lambda unit: _row_of("water_volume", 1, unit),
    "single_reading": lambda unit: _row_of("elapsed", 1, unit),
    "le_chatelier_repeat": lambda unit: _again(_needles(unit)),
    "visual": lambda unit: _row_of("verdict", 1, unit),
    "mean2": _pair,
    "mean2_redo_2pct": lambda unit: _again(_pair(unit)),
    "mean2_redo_abs_0.02": lambda unit: _again(_pair(unit)),
    "sieve_10g_third_run": _sieve,
    "sieve_25g_third_run": _sieve,
    "flexural_3": lambda unit: _row_of("load", 3, unit),
    "compressive_6": lambda unit: _row_of("load", 6, unit),
    "alkali_sum": lambda unit: _row_of("na2o", 2, unit) + _row_of("k2o", 2, unit),
}
