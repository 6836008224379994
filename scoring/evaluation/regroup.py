"""PURE: the groups of a laboratory as a snapshot holds them, reduced again, and what they say."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from core.findings import Finding
from scoring.cement import catalogue, number
from scoring.cement.entry_findings import about_groups, by_place
from scoring.cement.group import Group, Reduced
from scoring.cement.group_findings import findings
from scoring.cement.reduction import Reading, Reduction, reduce
from scoring.cement.reported import reporting_error
from scoring.evaluation.plan import ParameterPlan, Plan, PlanError

Json = Mapping[str, Any]
#: Parameter and item.
Place = tuple[str, str]


@dataclass(frozen=True)
class Given:
    """Hold one group as it was given, the entry it came in, and what its readings make."""

    place: Place
    entry: Json
    reduced: Reduced
    #: The laboratory's own result, its number as typed or ``void``.
    own: str | None

    @property
    def reduction(self) -> Reduction:
        """Return what its readings make."""
        return self.reduced.reduction

    @property
    def status(self) -> str:
        """Return what the laboratory declared: value, void or not_tested."""
        return self.reduced.group.status


def regrouped(plan: Plan, entries: Iterable[Json]) -> dict[Place, Given]:
    """Return the groups of all ``entries`` of a laboratory that belong to the plan, reduced."""
    known = {one.code: _edition(one) for one in plan.parameters}
    found = {}
    for entry in entries:
        for row in entry["results"]:
            if row["parameter"] not in known or row["item"] not in plan.items:
                continue
            group = Group(
                row["parameter"], int(row["pack"]), row["status"], row["reason"], _readings(row)
            )
            method = known[group.parameter]
            reduction = reduce(method.rule, group.readings, plan.options, method.step)
            place = (group.parameter, row["item"])
            found[place] = Given(place, entry, Reduced(group, method, reduction), _own(row))
    return found


def remarks(given: Collection[Given]) -> dict[Place, set[str]]:
    """Return the codes of what is to be said about each group, by itself and beside the others."""
    places = {_address(one.reduced): one.place for one in given}
    said: dict[Place, set[str]] = {one.place: set() for one in given}
    whole = by_place(one.reduced for one in given)
    found = [finding for one in given for finding in findings(one.reduced)]
    found += about_groups(whole, {})
    found += [error for one in given if (error := _reporting_error(one))]
    for finding in found:
        parameter, pack, *_ = finding.address.split(".")
        said[places[parameter, int(pack)]].add(finding.code)
    return said


def _edition(plan: ParameterPlan) -> catalogue.Parameter:
    """Return the edition that the plan names, with the rule and the limits the plan seals."""
    for edition in catalogue.editions(plan.code):
        if edition.valid_from.isoformat() == plan.edition:
            return replace(
                edition,
                kind=plan.kind,
                unit=plan.unit,
                rule=plan.rule,
                step=plan.step,
                hard_lo=plan.hard_lo,
                hard_hi=plan.hard_hi,
                plausible_lo=plan.plausible_lo,
                plausible_hi=plan.plausible_hi,
            )
    raise PlanError(f"{plan.code} has no edition of {plan.edition}")


def _readings(row: Json) -> tuple[Reading, ...]:
    return tuple(
        Reading(one["quantity"], int(one["idx"]), int(one["attempt"]), Decimal(one["value"]))
        for one in row["readings"]
        if one["value"]
    )


def _own(row: Json) -> str | None:
    own = row.get("reported")
    if not own:
        return None
    return "void" if own["status"] == "void" else str(own["value"] or own.get("text", ""))


def _reporting_error(given: Given) -> Finding | None:
    if given.own is None or given.status == "not_tested":
        return None
    value = None if given.own == "void" else number.parse(given.own).value
    of = given.reduced
    return reporting_error(of.first, of.parameter.unit, of.reduction, value)


def _address(of: Reduced) -> tuple[str, int]:
    return of.group.parameter, of.group.pack
