"""PURE: everything to say about an entry at once, by code; the wording is in ``messages``."""

from collections.abc import Collection, Iterable
from datetime import date

from core.findings import Finding
from scoring.cement import catalogue
from scoring.cement.entry_findings import (
    Conditions,
    about_conditions,
    about_groups,
    age_out_of_window,
    by_place,
)
from scoring.cement.group import Group, Reduced, field, reduced
from scoring.cement.group_findings import findings
from scoring.cement.outcome import Options

__all__ = [
    "Conditions",
    "Group",
    "age_out_of_window",
    "check",
    "field",
]


def check(
    groups: Iterable[Group],
    conditions: Conditions,
    *,
    on: date,
    options: Options,
    earlier: Iterable[Group] = (),
    unread: Collection[str] = (),
) -> list[Finding]:
    """Return all findings of one stage; ``earlier`` holds groups of stages submitted before.

    ``on`` is the day of the test, which decides the edition of each method. A parameter without
    an edition is left out: that is a matter of the round, not of the laboratory. ``unread`` are
    fields that hold something which is no number: said already, so they are not missing as well.
    """
    here = _reduced(groups, on, options)
    said = [*about_conditions(conditions, here, on)]
    for of in here:
        said += findings(of, unread)
    said += about_groups(by_place(here), by_place(_reduced(earlier, on, options)))
    return said


def _reduced(groups: Iterable[Group], on: date, options: Options) -> list[Reduced]:
    found = []
    for group in groups:
        try:
            found.append(reduced(group, catalogue.parameter(group.parameter, on), options))
        except catalogue.EditionMissing:
            continue
    return found
