"""Everything one code gave: its stages, its readings as typed, and what was made of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _

from core.errors import N_
from scoring.evaluation.plan import Plan
from scoring.evaluation.regroup import Given, regrouped
from scoring.presentation import numbers, words
from scoring.presentation.judge.evaluation import Evaluation, Json
from scoring.presentation.judge.parameter import Graded, graded
from scoring.presentation.lab.names import quantity_name
from scoring.presentation.words import Noticed

_SOURCES = {
    "form": N_("typed into the form"),
    "import": N_("imported"),
}
_PATHS = {
    "one_dropped": N_("one value dropped"),
    "two_dropped": N_("two values dropped"),
    "void_stage_1": N_("several values beyond ±10 %: void"),
    "void_stage_2": N_("void: after dropping one, another is beyond ±10 %"),
    "void_ask_judge": N_("the standard does not say: the judges decide"),
    "redo": N_("the redone pair counts"),
    "redo_missing": N_("the pair was not redone"),
    "closest_two": N_("the two closest of three runs"),
    "middle_of_three": N_("the middle one of three runs"),
    "third_missing": N_("the third run is missing"),
    "repeat": N_("the repeat decides"),
    "repeat_missing": N_("the repeat is missing"),
    "incomplete": N_("readings missing"),
}


@dataclass(frozen=True)
class Reading:
    """One reading as typed, and the strength or run it gives."""

    text: str
    #: Number of the specimen or run, empty where there is only one.
    number: str
    #: What it makes by itself, empty where nothing is made of one reading.
    makes: str
    dropped: bool
    outside: bool


@dataclass(frozen=True)
class ReadingRow:
    """The readings of one quantity in one attempt; the only ones of a group need no label."""

    label: str
    unit: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class GroupLine:
    """One parameter and item of a code."""

    result: Graded
    rows: tuple[ReadingRow, ...]
    steps: tuple[tuple[str, str], ...]
    path: str
    reported: str
    findings: tuple[Noticed, ...]
    reason: str


@dataclass(frozen=True)
class ParameterBlock:
    """A parameter of a code with both items."""

    code: str
    name: str
    unit: str
    lines: tuple[GroupLine, ...]
    zb: str
    zw: str


@dataclass(frozen=True)
class StageBlock:
    """A stage of a code: how it came, and its parameters."""

    code: str
    came: bool
    blocks: tuple[ParameterBlock, ...]
    late: bool = False
    versions: int = 0
    source: str = ""
    cast_at: datetime | None = None
    broken_at: datetime | None = None
    reason: str = ""
    #: What was found about the stage as a whole.
    findings: tuple[Noticed, ...] = field(default=())


def stages(evaluation: Evaluation, plan: Plan, code: str) -> list[StageBlock]:
    """Return the stages of a code; :class:`core.errors.NotFound` for an unknown one."""
    entries = evaluation.participant(code)["entries"]
    given = regrouped(plan, entries)
    came = {entry["stage"]: entry for entry in entries}
    found = []
    for stage in evaluation.run.snapshot["stages"]:
        entry = came.get(stage["stage"])
        blocks = tuple(
            _block(evaluation, code, parameter, given, entry)
            for parameter in evaluation.parameters
            if parameter in stage["parameters"]
        )
        found.append(_stage(stage["stage"], entry, blocks))
    return found


def _stage(code: str, entry: Json | None, blocks: tuple[ParameterBlock, ...]) -> StageBlock:
    if entry is None:
        return StageBlock(code=code, came=False, blocks=blocks)
    found = sorted({row["code"] for row in entry["findings"] if "." not in row["address"]})
    return StageBlock(
        code=code,
        came=True,
        blocks=blocks,
        late=entry["late"],
        versions=int(entry["versions"]),
        source=_said(_SOURCES, entry["source"]),
        cast_at=_instant(entry["cast_at"]),
        broken_at=_instant(entry["broken_at"]),
        reason=entry["reason"],
        findings=tuple(words.findings(found)),
    )


def _said(names: Mapping[str, str], key: str) -> str:
    """Return the word of a key, empty for one that needs none."""
    return str(_(names[key])) if key in names else ""


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _block(
    evaluation: Evaluation,
    code: str,
    parameter: str,
    given: Mapping[tuple[str, str], Given],
    entry: Json | None,
) -> ParameterBlock:
    summaries = evaluation.items(parameter)
    pair = evaluation.pair(code, parameter) or {"zb": None, "zw": None}
    return ParameterBlock(
        code=parameter,
        name=words.parameter(parameter),
        unit=next(iter(summaries.values()))["unit"],
        lines=tuple(
            _line(
                evaluation.result(code, parameter, item),
                summary,
                given.get((parameter, item)),
                _typed(entry, parameter, item),
            )
            for item, summary in summaries.items()
        ),
        zb=numbers.fixed(pair["zb"], numbers.SCORE),
        zw=numbers.fixed(pair["zw"], numbers.SCORE),
    )


@dataclass(frozen=True)
class _Typed:
    """What an entry holds about one parameter and item."""

    row: Json | None = None
    findings: tuple[str, ...] = ()


def _typed(entry: Json | None, parameter: str, item: str) -> _Typed:
    if entry is None:
        return _Typed()
    rows = entry["results"]
    own = (row for row in rows if (row["parameter"], row["item"]) == (parameter, item))
    place = f"{parameter}.{item}"
    said = (
        row["code"] for row in entry["findings"] if f"{row['address']}.".startswith(f"{place}.")
    )
    return _Typed(next(own, None), tuple(said))


def _line(result: Json, summary: Json, given: Given | None, typed: _Typed) -> GroupLine:
    found = sorted({*result["findings"], *typed.findings})
    row = typed.row or {}
    return GroupLine(
        result=graded(result, summary),
        rows=tuple(_rows(row, result, given)),
        steps=tuple(_steps(dict(result["intermediate"]))),
        path=_said(_PATHS, result["path"]),
        reported=_reported(result["reported"], summary["step"]),
        findings=tuple(words.findings(found)),
        reason=row.get("reason", ""),
    )


def _reported(text: str | None, step: str | None) -> str:
    if text == "void":
        return str(_("Void"))
    try:
        return numbers.result(text, step)
    except ArithmeticError:  # what was typed is no number
        return text or numbers.NOTHING


def _rows(row: Json, result: Json, given: Given | None) -> Iterator[ReadingRow]:
    groups: dict[tuple[int, str], list[Json]] = {}
    for one in row.get("readings", ()):
        groups.setdefault((int(one["attempt"]), one["quantity"]), []).append(one)
    steps = dict(result["intermediate"])
    outside = given.reduction.outside if given else ()
    for (attempt, quantity), readings in groups.items():
        unit, label = readings[0]["unit"], quantity_name(quantity) if len(groups) > 1 else ""
        if attempt > 1:
            label = _again(quantity, label)
        yield ReadingRow(
            label,
            "" if unit == "1" else unit,
            tuple(_reading(one, steps, result["dropped"], outside, attempt) for one in readings),
        )


def _again(quantity: str, label: str) -> str:
    """Return the label of a second attempt: soundness is repeated, a pair is redone."""
    if quantity in ("A", "C"):
        return str(_("Repeated: %(what)s", what=label))
    return str(_("Redone: %(what)s", what=label))


def _reading(
    one: Json, steps: Mapping[str, str], dropped: list[str], outside: tuple[int, ...], attempt: int
) -> Reading:
    idx = str(one["idx"])
    own = one["quantity"] in ("load", "residue") and attempt == 1
    return Reading(
        text=one["text"],
        number=idx if idx != "0" else "",
        makes=(steps.get(f"specimen.{idx}") or steps.get(f"run.{idx}") or "") if own else "",
        dropped=own and idx in dropped,
        outside=own and int(idx) in outside,
    )


def _steps(steps: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the values on the way to the result, limits as one range."""
    names = {
        "m": N_("Mean"),
        "mean": N_("Mean of the first test"),
        "repeat": N_("Mean of the repeat"),
        "na2o": N_("Mean Na₂O"),
        "k2o": N_("Mean K₂O"),
        "difference": N_("Difference"),
        "limit": N_("Limit of the difference"),
        "deviation": N_("Deviation of the dropped one (%)"),
        "m5": N_("Mean of the other five"),
    }
    for key, name in names.items():
        if key not in steps:
            continue
        yield _(name), steps[key]
        if key in ("m", "m5"):
            low, high = (steps[f"{bound}{key[1:]}"] for bound in ("low", "high"))
            yield _("Limits (±10 %)"), f"{low}–{high}"
