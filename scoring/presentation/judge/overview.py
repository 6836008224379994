"""The first pages of a judge: the rounds, and one round's statistics."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.clock import now
from scoring import rounds
from scoring.models import Round
from scoring.phase import Phase
from scoring.presentation import numbers, words
from scoring.presentation.judge.evaluation import Evaluation, Json
from scoring.presentation.words import Warned, Word


@dataclass(frozen=True)
class StageLine:
    """A stage with how many laboratories have submitted; nothing about values."""

    code: str
    parameters: str
    opens_at: datetime
    closes_at: datetime
    submitted: int


@dataclass(frozen=True)
class RoundCard:
    """A round on the list of those an account judges."""

    code: str
    title: str
    #: Every stage is locked, so the round can be evaluated.
    locked: bool
    laboratories: int
    stages: tuple[StageLine, ...]

    @property
    def closes_at(self) -> datetime:
        """Return when the last stage closes."""
        return max(stage.closes_at for stage in self.stages)

    @property
    def latest(self) -> StageLine:
        """Return the stage that opened last, or the first one before any has."""
        opened = [stage for stage in self.stages if stage.opens_at <= now()]
        return opened[-1] if opened else self.stages[0]


def card(round_: Round) -> RoundCard:
    """Return a round with the counts its judges may see at any time."""
    submitted = rounds.count_submissions(round_)
    return RoundCard(
        code=round_.code,
        title=round_.title,
        locked=rounds.phase_of(round_) is Phase.EVALUATION,
        laboratories=rounds.count_laboratories(round_),
        stages=tuple(
            StageLine(
                code=stage.code,
                parameters=" · ".join(words.parameter(code) for code in stage.parameters),
                opens_at=stage.opens_at,
                closes_at=stage.closes_at,
                submitted=submitted[stage.code],
            )
            for stage in sorted(round_.stages, key=lambda stage: stage.opens_at)
        ),
    )


@dataclass(frozen=True)
class Figures:
    """The statistics of one parameter and item, as they are printed."""

    item: str
    unit: str
    n: str
    median: str
    niqr: str
    robust_cv: str
    lowest: str
    highest: str
    range: str
    x_pt: str
    sigma_pt: str
    source: str
    u: str
    #: z, z_prime, none or pass_fail
    kind: str
    scoring: str
    majority: Word | None
    #: How many results have each verdict, the best first.
    counts: tuple[tuple[Word, int], ...]
    guards: tuple[Warned, ...]

    @property
    def scored(self) -> bool:
        """Say whether there are scores."""
        return self.kind in ("z", "z_prime")


def figures(row: Json) -> Figures:
    """Return the summary of a parameter and item in words and written numbers."""
    step, labels = row["step"], row["label_set"]
    places = numbers.places(step)
    verdicts = ("PASS", "FAIL") if row["score"] == "pass_fail" else words.VERDICTS
    known = [(words.verdict(code, labels), code) for code in verdicts]
    return Figures(
        item=row["item"],
        unit=row["unit"],
        n=row["n"],
        median=numbers.fixed(row["median"], places + 1),
        niqr=numbers.fixed(row["niqr"], places + 2),
        robust_cv=numbers.fixed(row["robust_cv"], 1),
        lowest=numbers.result(row["min"], step),
        highest=numbers.result(row["max"], step),
        range=numbers.result(row["range"], step),
        x_pt=numbers.fixed(row["x_pt"], places + 2),
        sigma_pt=numbers.fixed(row["sigma_pt"], places + 2),
        source=words.source(row["sigma_source"]),
        u=numbers.fixed(row["u"], places + 2),
        kind=row["score"],
        scoring=words.scoring(row["score"]),
        majority=words.verdict(row["verdict"], labels),
        counts=tuple((word, int(row["counts"].get(code, "0"))) for word, code in known if word),
        guards=tuple(words.guard(guard, step) for guard in row["guards"]),
    )


@dataclass(frozen=True)
class ParameterLine:
    """A parameter of the overview with both items."""

    code: str
    name: str
    unit: str
    items: tuple[Figures, ...]


@dataclass(frozen=True)
class Notice:
    """A guard that spoke, and of which parameters and items."""

    guard: Warned
    places: tuple[str, ...]


def notices(shown: Iterable[ParameterLine]) -> list[Notice]:
    """Return every guard once; the numbers are on the page of each parameter."""
    guards: dict[str, Warned] = {}
    places: dict[str, dict[str, list[str]]] = {}
    for line in shown:
        for item in line.items:
            for guard in item.guards:
                guards.setdefault(guard.code, guard)
                names = places.setdefault(guard.code, {})
                names.setdefault(line.name, []).append(item.item)
    return [
        Notice(guards[code], tuple(f"{name} {'/'.join(items)}" for name, items in names.items()))
        for code, names in sorted(places.items())
    ]


def lines(evaluation: Evaluation) -> list[ParameterLine]:
    """Return every parameter with its statistics, in the order of the plan."""
    found = []
    for code, items in evaluation.parameters.items():
        rows = tuple(figures(row) for row in items.values())
        found.append(ParameterLine(code, words.parameter(code), rows[0].unit, rows))
    return found
