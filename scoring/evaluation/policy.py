"""PURE: what happens to a result that is not simply valid and on time, as one table.

A row says whether the result takes part in the consensus, whether it is scored, how it counts in
the ranking, whether it leaves the way to an award open, and the words that are printed. The
organiser's four questions change cells of it. A result may fall under several rows; the stricter
cell holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from core.errors import N_


class Counts(StrEnum):
    """Name how a result counts in the ranking; later members are stricter."""

    SCORE = "score"
    NO_TERM = "no_term"
    LEFT_OUT = "left_out"
    THREE = "three"
    UNRANKED = "unranked"


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one row of the table; ``words`` are printed beside the class or instead of it."""

    code: str
    words: str
    consensus: bool
    scored: bool
    counts: Counts
    award: bool


_ROWS = (
    Row("P01", "", True, True, Counts.SCORE, True),
    Row("P02", N_("Late, accepted"), False, True, Counts.SCORE, False),
    Row("P04", N_("Not reported"), False, False, Counts.UNRANKED, False),
    Row("P10", N_("Not tested"), False, False, Counts.THREE, False),
    Row("P11", N_("Stage not reported"), False, False, Counts.THREE, False),
    Row("P12", N_("Void"), False, False, Counts.THREE, False),
    Row("P13", N_("Void, to be decided by the judges"), False, False, Counts.THREE, False),
    Row("P15", N_("Reporting error"), False, True, Counts.SCORE, False),
    Row("P16", N_("Age outside the window"), True, True, Counts.SCORE, True),
    Row("P21", N_("Listed only"), True, False, Counts.LEFT_OUT, True),
    Row("P22", N_("Pass or fail"), True, True, Counts.NO_TERM, True),
    Row("P23", N_("Not enrolled for this parameter"), False, False, Counts.THREE, False),
)


@dataclass(frozen=True, slots=True)
class Answers:
    """Hold the organiser's answers to the policy questions; the defaults are the usual ones."""

    #: Q1 Is a late result that was accepted scored?
    late_scored: bool = True
    #: Q2 Does a void set count 3? Otherwise it is left out.
    void_counts: bool = True
    #: Q3 Does a stage without report count 3? Otherwise the laboratory is not ranked.
    missing_stage_ranked: bool = True
    #: Q4 May a result tested outside the age window win?
    age_may_win: bool = True


def table(answers: Answers) -> Mapping[str, Row]:
    """Return the rows by code, in their order, as ``answers`` make them."""
    rows = {row.code: row for row in _ROWS}
    if not answers.late_scored:
        rows["P02"] = replace(rows["P02"], scored=False, counts=Counts.THREE)
    if not answers.void_counts:
        for code in ("P12", "P13"):
            rows[code] = replace(rows[code], counts=Counts.LEFT_OUT)
    if not answers.missing_stage_ranked:
        rows["P11"] = replace(rows["P11"], counts=Counts.UNRANKED)
    if not answers.age_may_win:
        rows["P16"] = replace(rows["P16"], award=False)
    return rows


@cache
def combined(rows: tuple[Row, ...]) -> Row:
    """Return the row that ``rows`` make together: in each cell the strictest of theirs.

    Raises ``ValueError`` if there is none.
    """
    order = list(Counts)
    return Row(
        code=" ".join(row.code for row in rows),
        words="",
        consensus=all(row.consensus for row in rows),
        scored=all(row.scored for row in rows),
        counts=max((row.counts for row in rows), key=order.index),
        award=all(row.award for row in rows),
    )
