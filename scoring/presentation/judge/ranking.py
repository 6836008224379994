"""The ranking by code, and the arithmetic of one place."""

from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from scoring.figures import figure
from scoring.presentation import numbers, words
from scoring.presentation.judge.evaluation import Evaluation, Json

#: Kinds of scores, and the policy row of a laboratory that has sent nothing.
SCORED = ("z", "z_prime")
NOTHING_CAME = "P04"


@dataclass(frozen=True)
class Line:
    """One place."""

    rank: str
    shared: bool
    code: str
    score: str
    c: str
    award: str
    award_code: str
    reasons: tuple[str, ...]
    over_two: str
    worst: str


@dataclass(frozen=True)
class Unranked:
    """A laboratory without a place, and why."""

    code: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """What one parameter adds to C; a score of ``–`` counts 3."""

    code: str
    name: str
    scores: tuple[str, ...]
    capped: tuple[str, ...]
    c: str
    weight: str
    product: str


@dataclass(frozen=True)
class Arithmetic:
    """How a place was reckoned: ``C`` is the sum of products over the sum of weights."""

    line: Line
    parts: tuple[Part, ...]
    products: str
    weights: str


def weights(evaluation: Evaluation) -> list[tuple[str, str]]:
    """Return the parameters that count and their weights, as the first place has them all."""
    counted: dict[str, str] = {}
    for row in evaluation.places.values():
        for term in row["terms"]:
            counted.setdefault(term["parameter"], term["weight"])
    return [
        (words.parameter(code), counted[code]) for code in evaluation.parameters if code in counted
    ]


def lines(evaluation: Evaluation) -> list[Line]:
    """Return the places, best first."""
    return [_line(row) for row in evaluation.places.values()]


def unranked(evaluation: Evaluation) -> list[Unranked]:
    """Return who has no place, also where nobody has one."""
    return [
        Unranked(code, tuple(words.reason(why) for why in _why(evaluation, code)))
        for code in evaluation.codes
        if code not in evaluation.places
    ]


def _why(evaluation: Evaluation, code: str) -> list[str]:
    """Return the policy rows that keep a laboratory from a place."""
    row = evaluation.unranked.get(code)
    if row is not None:
        return list(row["reasons"])
    return sorted({why for why in evaluation.policies(code) if why not in words.SILENT})


def none_because(evaluation: Evaluation) -> str:
    """Return why a round has no places."""
    if all(set(evaluation.policies(code)) <= {NOTHING_CAME} for code in evaluation.codes):
        return str(_("Nobody has submitted results."))
    scored = any(
        row["score"] in SCORED for items in evaluation.parameters.values() for row in items.values()
    )
    if scored:
        return str(_("No parameter that is scored in this round has a weight."))
    return str(
        _("No parameter of this round could be scored, so there are no places; see its overview.")
    )


def arithmetic(evaluation: Evaluation, code: str) -> Arithmetic | None:
    """Return how the place of a laboratory was reckoned, None where it has none."""
    row = evaluation.places.get(code)
    if row is None:
        return None
    products = sum((_product(term) for term in row["terms"]), Decimal(0))
    total = sum((Decimal(term["weight"]) for term in row["terms"]), Decimal(0))
    return Arithmetic(
        line=_line(row),
        parts=tuple(_part(term) for term in row["terms"]),
        products=numbers.fixed(str(products), 4),
        weights=figure(total),
    )


def _line(row: Json) -> Line:
    return Line(
        rank=row["rank"],
        shared=row["shared"],
        code=row["code"],
        score=numbers.fixed(row["score"], 1),
        c=numbers.fixed(row["c"], 4),
        award=words.award(row["award"]),
        award_code=row["award"] or "",
        reasons=tuple(words.reason(code) for code in row["reasons"]),
        over_two=row["over_two"],
        worst=numbers.fixed(row["worst"], numbers.SCORE),
    )


def _part(term: Json) -> Part:
    return Part(
        code=term["parameter"],
        name=words.parameter(term["parameter"]),
        scores=tuple(numbers.fixed(score, 4) for score in term["scores"]),
        capped=tuple(numbers.fixed(capped, 4) for capped in term["capped"]),
        c=numbers.fixed(term["c"], 4),
        weight=term["weight"],
        product=numbers.fixed(str(_product(term)), 5),
    )


def _product(term: Json) -> Decimal:
    return Decimal(term["weight"]) * Decimal(term["c"])
