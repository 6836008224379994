"""PURE: every result of a round from its raw readings, and the policy rows it falls under."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import product
from typing import Any

from scoring.cement.entry_findings import age_out_of_window
from scoring.cement.reduction import Reduction
from scoring.evaluation.plan import ParameterPlan, Plan
from scoring.evaluation.policy import Row, combined, table
from scoring.evaluation.regroup import Given, regrouped, remarks

Json = Mapping[str, Any]

NOTHING = Reduction(value=None, path="")
#: The path of a flexural set that the standard does not cover.
_ASK_JUDGE = "void_ask_judge"


@dataclass(frozen=True, kw_only=True)
class Result:
    """Hold what one laboratory gave for one parameter and item, reduced and classed."""

    code: str
    parameter: str
    item: str
    stage: str
    #: value, void, not_tested or not_reported
    status: str
    rows: tuple[Row, ...]
    #: What its policy rows make together.
    row: Row
    reduction: Reduction = NOTHING
    findings: tuple[str, ...] = ()
    reported: str | None = None

    @property
    def value(self) -> Decimal | None:
        """Return the reduced value, if there is one."""
        return self.reduction.value

    @property
    def late(self) -> bool:
        """Tell whether it arrived late and was accepted."""
        return any(row.code == "P02" for row in self.rows)


def gather(plan: Plan, snapshot: Json) -> list[Result]:
    """Return one result for each laboratory, parameter and item, in that order."""
    stages = {code: row["stage"] for row in snapshot["stages"] for code in row["parameters"]}
    rows = table(plan.answers)
    return [
        result
        for participant in sorted(snapshot["participants"], key=lambda row: str(row["code"]))
        for result in _of_participant(plan, participant, stages, rows)
    ]


def _of_participant(
    plan: Plan, participant: Json, stages: Mapping[str, str], rows: Mapping[str, Row]
) -> Iterator[Result]:
    entries = {entry["stage"]: entry for entry in participant["entries"]}
    groups = regrouped(plan, entries.values())
    said = remarks(groups.values())
    enrolled = participant.get("parameters")
    for one, item in product(plan.parameters, plan.items):
        given, stage = groups.get((one.code, item)), stages.get(one.code, "")
        if given is None:
            left_out = enrolled is not None and one.code not in enrolled
            status, codes = _absent(entries, stage, left_out=left_out)
        else:
            status, codes = _present(one, given)
        fallen = tuple(row for code, row in rows.items() if code in codes)
        yield Result(
            code=participant["code"],
            parameter=one.code,
            item=item,
            stage=stage,
            status=status,
            rows=fallen,
            row=combined(fallen),
            reduction=given.reduction if given else NOTHING,
            findings=tuple(sorted({*_by_policy(codes), *said.get((one.code, item), ())})),
            reported=given.own if given else None,
        )


def _absent(entries: Mapping[str, Json], stage: str, *, left_out: bool) -> tuple[str, list[str]]:
    """Return why there is no group: the farther reason comes first."""
    if not entries:
        return "not_reported", ["P04"]
    if left_out:
        return "not_reported", ["P23"]
    if stage not in entries:
        return "not_reported", ["P11"]
    return "not_tested", ["P10", *_late(entries[stage])]


def _present(plan: ParameterPlan, given: Given) -> tuple[str, list[str]]:
    """Return what a group of readings gave: they decide, not what was declared."""
    status, codes = _outcome(given)
    if status == "value":
        codes += ["P15"] * _impossible(plan, given.reduction.value)
        codes += ["P16"] * _age_out(plan, given.entry)
    codes += _late(given.entry)
    # A verdict is always matched, never scored; a value without another row is simply valid.
    if status == "value" and not plan.quantitative:
        codes.append("P22")
    return status, codes or ["P01"]


def _outcome(given: Given) -> tuple[str, list[str]]:
    reduction = given.reduction
    if given.status == "not_tested":
        return "not_tested", ["P10"]
    if reduction.value is not None or reduction.verdict is not None:
        return "value", []
    if reduction.path == _ASK_JUDGE:
        return "void", ["P13"]
    if reduction.void or given.status == "void":
        return "void", ["P12"]
    return "not_tested", ["P10"]


def _late(entry: Json) -> list[str]:
    return ["P02"] if entry["late"] else []


def _impossible(plan: ParameterPlan, value: Decimal | None) -> bool:
    if value is None:
        return False
    low, high = plan.hard_lo, plan.hard_hi
    return (low is not None and value < low) or (high is not None and value > high)


def _age_out(plan: ParameterPlan, entry: Json) -> bool:
    times = entry.get("cast_at"), entry.get("broken_at")
    if plan.age_days is None or not all(times):
        return False
    cast_at, broken_at = (datetime.fromisoformat(str(time)) for time in times)
    return age_out_of_window(cast_at, broken_at, plan.age_days)


def _by_policy(codes: Iterable[str]) -> list[str]:
    return ["E07"] if "P16" in codes else []
