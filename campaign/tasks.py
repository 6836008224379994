"""PURE: the eight tasks of the notice and the figures a summary gives for each.

场次, 人次 and 人数 (sessions, attendances, distinct people) are never one column, and a figure that
nobody gave is missing (未报), never 0.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.errors import N_, InvalidInput

DATA = Path(__file__).parent / "data" / "counters.csv"
#: A figure longer than this is a slip of the keyboard.
DIGITS = 8
#: Only these are other spellings: ten squared, 10², shall not become 102.
_WIDE = str.maketrans("０１２３４５６７８９，", "0123456789,")


@dataclass(frozen=True)
class Counter:
    """One figure of one task."""

    #: Number of the task in the notice, 1 to 8.
    task: int
    #: Stable name, e.g. ``tours.attendances``.
    code: str
    name: str
    name_en: str
    unit: str
    unit_en: str


@dataclass(frozen=True)
class Task:
    """One of the eight tasks, with its figures."""

    no: int
    name: str
    name_en: str
    counters: tuple[Counter, ...]


@cache
def tasks() -> tuple[Task, ...]:
    """Return the eight tasks in the order of the notice."""
    with DATA.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found: dict[int, list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault(int(row["task"]), []).append(row)
    return tuple(
        Task(no, group[0]["task_name"], group[0]["task_name_en"], tuple(map(_counter, group)))
        for no, group in found.items()
    )


def _counter(row: Mapping[str, str]) -> Counter:
    names = ("code", "name", "name_en", "unit", "unit_en")
    return Counter(task=int(row["task"]), **{name: row[name] for name in names})


def counters() -> tuple[Counter, ...]:
    """Return every figure in the order of the form."""
    return tuple(counter for task in tasks() for counter in task.counters)


def parse_figure(text: str) -> int | None:
    """Return the whole number typed, or None for an empty field (未报).

    Full-width digits and commas between thousands are taken; anything else raises
    :class:`InvalidInput`, for a guess would be a false report.
    """
    typed = text.translate(_WIDE).strip()
    if not typed:
        return None
    digits = typed.replace(",", "") if _grouped(typed) else typed
    if not digits.isascii() or not digits.isdigit():
        raise InvalidInput(
            "figure_invalid",
            N_("Enter a whole number, or leave the field empty if there is no figure."),
        )
    if len(digits.lstrip("0")) > DIGITS:
        raise InvalidInput("figure_too_large", N_("This number is too large. Check it."))
    return int(digits)


def _grouped(typed: str) -> bool:
    first, *groups = typed.split(",")
    begins = 1 <= len(first) <= 3 and not first.startswith("0")
    return bool(groups) and begins and all(len(group) == 3 for group in groups)
