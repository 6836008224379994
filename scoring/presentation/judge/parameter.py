"""One parameter: statistics, charts, and the results of both items by code."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from core import charts
from core.charts import Svg
from scoring.presentation import numbers, words
from scoring.presentation.judge.evaluation import Evaluation, Json
from scoring.presentation.judge.overview import Figures, figures
from scoring.presentation.words import Noticed, Word

#: Widths of a drawing on a desk and on a phone: shrinking one would make its words unreadable.
DESK, PHONE = 1200, 350
YOUDEN = 560
#: Columns a reader may sort by.
SORT = ("code", "value_a", "z_a", "value_b", "z_b", "zb", "zw")


@dataclass(frozen=True)
class Graded:
    """A result of one item as it is printed."""

    item: str
    value: str
    z: str
    #: The score is a z′.
    prime: bool
    verdict: Word | None
    statuses: tuple[Word, ...]
    #: The verdict is another one than the majority's.
    differs: bool
    outside_consensus: bool


@dataclass(frozen=True)
class CodeLine:
    """The results of one laboratory."""

    code: str
    items: tuple[Graded, ...]
    zb: str
    zw: str
    findings: tuple[Noticed, ...]


@dataclass(frozen=True)
class Drawing:
    """A chart in the two sizes of which a reader sees one."""

    title: str
    wide: Svg
    narrow: Svg


@dataclass(frozen=True)
class ParameterPage:
    """Everything a judge reads about a parameter."""

    code: str
    name: str
    unit: str
    items: tuple[Figures, ...]
    bars: tuple[Drawing, ...]
    youden: Drawing | None
    lines: tuple[CodeLine, ...]

    @property
    def scored(self) -> bool:
        """Say whether any item is scored."""
        return any(item.scored for item in self.items)


def page(evaluation: Evaluation, parameter: str, sort: str, *, down: bool) -> ParameterPage:
    """Return a parameter with its lines sorted; what has no number comes last either way."""
    items = evaluation.items(parameter)
    codes = _sorted(evaluation, parameter, sort, down=down)
    shown = tuple(figures(row) for row in items.values())
    return ParameterPage(
        code=parameter,
        name=words.parameter(parameter),
        unit=shown[0].unit,
        items=shown,
        bars=tuple(_bars(evaluation, row) for row in items.values() if row["x_pt"]),
        youden=_youden(evaluation, parameter),
        lines=tuple(_line(evaluation, parameter, code) for code in codes),
    )


def graded(row: Json, summary: Json) -> Graded:
    """Return a result in words; a verdict word never stands beside its own policy row."""
    return Graded(
        item=row["item"],
        value=numbers.result(row["value"], summary["step"]),
        z=numbers.score(row["z"], row["verdict"]),
        prime=summary["score"] == "z_prime",
        verdict=words.verdict(row["verdict"], summary["label_set"]),
        statuses=tuple(words.statuses(row["policy"])),
        differs=row["matches"] is False,
        outside_consensus=row["status"] == "value" and not row["in_consensus"],
    )


def _line(evaluation: Evaluation, parameter: str, code: str) -> CodeLine:
    summaries = evaluation.items(parameter)
    rows = [evaluation.result(code, parameter, item) for item in summaries]
    pair = evaluation.pair(code, parameter) or {"zb": None, "zw": None}
    found = sorted({finding for row in rows for finding in row["findings"]})
    return CodeLine(
        code=code,
        items=tuple(graded(row, summaries[row["item"]]) for row in rows),
        zb=numbers.fixed(pair["zb"], numbers.SCORE),
        zw=numbers.fixed(pair["zw"], numbers.SCORE),
        findings=tuple(words.findings(found)),
    )


def _sorted(evaluation: Evaluation, parameter: str, sort: str, *, down: bool) -> list[str]:
    number = _numbers(evaluation, parameter, sort)
    if number is None:
        return sorted(evaluation.codes, reverse=down)
    known = {code: text for code in evaluation.codes if (text := number(code)) is not None}
    first = sorted(known, key=lambda code: (Decimal(known[code]), code), reverse=down)
    return first + sorted(code for code in evaluation.codes if code not in known)


def _numbers(
    evaluation: Evaluation, parameter: str, sort: str
) -> Callable[[str], str | None] | None:
    """Return what a column sorts by, or None for the code."""
    items = list(evaluation.items(parameter))
    if sort in ("zb", "zw"):
        return lambda code: (evaluation.pair(code, parameter) or {}).get(sort)
    name, _mark, letter = sort.partition("_")
    place = "ab".find(letter) if letter else -1
    if not 0 <= place < len(items):
        return None
    return lambda code: evaluation.result(code, parameter, items[place]).get(name)


def _bars(evaluation: Evaluation, row: Json) -> Drawing:
    parameter, item = row["parameter"], row["item"]
    symbol = words.symbol(row["score"])
    title = _(
        "%(parameter)s, item %(item)s: sorted %(symbol)s scores",
        parameter=words.parameter(parameter), item=item, symbol=symbol,
    )  # fmt: skip
    scored = [evaluation.result(code, parameter, item) for code in evaluation.codes]
    bars = [charts.Bar(one["code"], float(one["z"])) for one in scored if one["z"]]
    said = _(
        "%(n)s laboratories from the lowest score to the highest, with lines at ±2 and ±3. "
        "The figures are in the table of results by code.",
        n=len(bars),
    )
    wide, narrow = (
        charts.z_bars(bars, title=title, description=said, symbol=symbol, width=width)
        for width in (DESK, PHONE)
    )
    return Drawing(title, wide, narrow)


def _youden(evaluation: Evaluation, parameter: str) -> Drawing | None:
    items = list(evaluation.items(parameter).values())
    found = evaluation.ellipse(parameter)
    if len(items) != 2 or found is None or not all(row["x_pt"] for row in items):
        return None
    first, second = (row["item"] for row in items)
    points = [
        charts.Point(code, float(a), float(b))
        for code in evaluation.codes
        if (a := evaluation.result(code, parameter, first)["value"])
        and (b := evaluation.result(code, parameter, second)["value"])
    ]
    guide = charts.Guide(
        (float(items[0]["median"]), float(items[1]["median"])),
        charts.Ellipse(_two(found["centre"]), _two(found["axes"]), float(found["angle"])),
    )
    title = _("%(parameter)s: item A against item B", parameter=words.parameter(parameter))
    said = _(
        "One point for each of %(n)s laboratories, the medians, and the 95 %% ellipse. "
        "The figures are in the table of results by code.",
        n=len(points),
    )
    unit = items[0]["unit"]
    axes = (f"{first} ({unit})", f"{second} ({unit})")
    wide, narrow = (
        charts.youden(points, guide, title=title, description=said, axes=axes, width=width)
        for width in (YOUDEN, PHONE)
    )
    return Drawing(title, wide, narrow)


def _two(texts: list[str]) -> tuple[float, float]:
    first, second = texts
    return float(first), float(second)
