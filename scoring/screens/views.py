"""PURE: what the screens see of a laboratory, and the row that one of them writes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from scoring.figures import figure

Json = Mapping[str, Any]
#: Parameter and item, or parameter and pack.
Place = tuple[str, str]
Loads = tuple[Decimal, ...]
#: Attempt, quantity and number of a reading, as in the addresses of findings: ``1.load.3``.
Key = str
#: What an evaluation made, by code, parameter and item.
Results = Mapping[tuple[str, str, str], Decimal]

EARLY, LATE = ("rf3", "rc3"), ("rf28", "rc28")
COMPRESSIVE = ("rc3", "rc28")
#: MPa for one kN on half a prism and for one N on a prism, unrounded: raw readings are looked at.
PER_KN, PER_N = Fraction("0.625"), Fraction("0.00234375")
#: The readings of a complete set of prisms, of halves.
_PRISMS, _HALVES = (tuple(f"1.load.{idx}" for idx in range(1, n)) for n in (4, 7))
_SETS: dict[str, tuple[Key, ...]] = dict.fromkeys(("rf3", "rf28"), _PRISMS) | dict.fromkeys(
    COMPRESSIVE, _HALVES
)


@dataclass(frozen=True)
class View:
    """Hold what one laboratory gave, by item or by pack."""

    code: str
    #: By address: ``rc28.A.1.load.3``.
    readings: dict[str, Decimal]
    #: Complete sets of loads, in the order of the specimens.
    sets: dict[Place, Loads]
    results: dict[Place, Decimal]

    @cached_property
    def six(self) -> dict[Place, Loads]:
        """Return the complete compressive sets, by place in order."""
        return {
            place: loads for place, loads in sorted(self.sets.items()) if place[0] in COMPRESSIVE
        }

    @cached_property
    def four(self) -> dict[Place, Loads]:
        """Return the compressive sets of two samples at both ages, or none if one is missing."""
        sets = self.six
        return sets if len(sets) == 4 else {}


def views(lab: Json, given: Results) -> tuple[View, View]:
    """Return what a laboratory gave, by item and by pack.

    Its results are those ``given``, or its own where nobody's are.
    """
    code = lab["code"]
    seen = View(code, {}, {}, {}), View(code, {}, {}, {})
    for row in (row for entry in lab["entries"] for row in entry["results"]):
        parameter, item = row["parameter"], row["item"]
        typed = _typed(row)
        loads = _loads(typed, _SETS.get(parameter, ()))
        own = given.get((code, parameter, item)) if given else _own(row)
        for side, one in zip((item, str(row["pack"])), seen, strict=True):
            place = (parameter, side)
            here = f"{parameter}.{side}."
            one.readings.update({here + key: value for key, value in typed.items()})
            if loads:
                one.sets[place] = loads
            if own is not None:
                one.results[place] = own
    return seen


def _typed(row: Json) -> dict[Key, Decimal]:
    return {
        f"{one['attempt']}.{one['quantity']}.{one['idx']}": Decimal(one["value"])
        for one in row["readings"]
        if one["value"]
    }


def _loads(typed: Mapping[Key, Decimal], keys: tuple[Key, ...]) -> Loads:
    """Return the loads of a set in the order of the specimens, nothing where one is missing."""
    found = [typed[key] for key in keys if key in typed]
    return tuple(found) if len(found) == len(keys) else ()


def _own(row: Json) -> Decimal | None:
    own = row.get("reported")
    return Decimal(own["value"]) if own and own["value"] else None


def fired(
    name: tuple[str, str],
    codes: Sequence[str],
    where: Iterable[Place],
    statistic: Fraction | int,
    limit: Fraction | int | str,
    *,
    by: str | None = None,
    strong: bool = False,
) -> dict[str, Any]:
    """Return the row of one screen; ``name`` is screen and rule, ``codes`` are one or two."""
    screen, rule = name
    code, other = (*codes, None)[:2]
    return {
        "screen": screen,
        "rule": rule,
        "strong": strong,
        "code": code,
        "other": other,
        "by": by,
        "where": [".".join(place) for place in where],
        "statistic": figure(statistic),
        "limit": limit if isinstance(limit, str) else figure(limit),
    }
