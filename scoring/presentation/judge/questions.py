"""The integrity screens as judges read them: questions about codes, never verdicts."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from flask_babel import gettext as _

from core.errors import N_
from scoring.presentation import numbers, words
from scoring.presentation.judge.evaluation import Evaluation, Json
from scoring.screens import RULES, SCREENS

#: Places of this many parameters are counted, not listed.
MANY = 4
_BY = {"item": N_("compared by item"), "pack": N_("compared by the label of the pack")}


@dataclass(frozen=True)
class Question:
    """What one screen asks about one laboratory or one pair."""

    screen: str
    name: str
    question: str
    strong: bool
    codes: tuple[str, ...]
    #: What exactly fired, a sentence for each way of comparing.
    grounds: tuple[str, ...]


def questions(evaluation: Evaluation, code: str = "") -> list[Question]:
    """Return the questions of a run, those that need an answer first; ``code`` keeps its own."""
    rows = [
        row for row in evaluation.run.output["screens"] if code in ("", row["code"], row["other"])
    ]
    found = [_question(list(same)) for _key, same in groupby(sorted(rows, key=_key_of), _key_of)]
    return sorted(found, key=lambda one: not one.strong)


def _key_of(row: Json) -> tuple[str, str, str]:
    return row["screen"], row["code"], row["other"] or ""


def _question(rows: list[Json]) -> Question:
    first = rows[0]
    screen = SCREENS[first["screen"]]
    return Question(
        screen=first["screen"],
        name=_(screen.name),
        question=_(screen.question),
        strong=any(row["strong"] for row in rows),
        codes=tuple(code for code in (first["code"], first["other"]) if code),
        grounds=tuple(_ground(row) for row in rows),
    )


def _ground(row: Json) -> str:
    """Return what fired, how it was compared, and where."""
    rule, way = RULES[row["rule"]], _BY.get(row["by"] or "", "")
    said = _(rule).format(statistic=_short(row["statistic"]), limit=_short(row["limit"]))
    parts = [said, _(way) if way else "", _places(row["where"])]
    return " · ".join(part for part in parts if part)


def _short(text: str) -> str:
    """Return a figure with three decimals at most; a range stays as it is."""
    if "/" in text:
        return text
    return numbers.fixed(text, min(3, numbers.places(text)))


def _places(where: list[str]) -> str:
    parameters = list(dict.fromkeys(place.partition(".")[0] for place in where))
    if len(parameters) > MANY:
        return str(_("%(n)s parameters", n=len(parameters)))
    if len(where) > MANY:
        return _listed(words.parameter(code) for code in parameters)
    return _listed(_place(place) for place in where)


def _listed(names: Iterable[str]) -> str:
    comma: str = _(", ")
    return comma.join(names)


def _place(place: str) -> str:
    code, _dot, part = place.partition(".")
    label = _("sample %(pack)s", pack=part) if part in ("1", "2") else _("item %(item)s", item=part)
    return f"{words.parameter(code)} {label}"
