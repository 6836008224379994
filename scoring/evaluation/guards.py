"""PURE: the guards of an evaluation: what makes its numbers weak, and how loudly to say so.

A red guard needs a decision, an amber one is printed. Conditions after ISO 13528; the numbers of
results are those of statistics.md §11.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from core.errors import N_

#: A verdict by majority (pass or fail) needs as many results as any consensus.
LEAST_VERDICTS = 6
#: From here on the uncertainty of a consensus value is negligible.
ENOUGH = 18
NEGLIGIBLE = Fraction(3, 10)
#: Below so many rounding steps a robust deviation says more about rounding than laboratories.
UNROBUST = Fraction(3, 4)
LOST_SHARE = Fraction(1, 10)


Number = float | Fraction


class Alarm(StrEnum):
    """Name how loudly a guard speaks."""

    RED = "red"
    AMBER = "amber"


#: Code → level and words; ``{placeholders}`` are the values of the guard.
GUARDS: dict[str, tuple[Alarm, str]] = {
    "G1": (Alarm.RED, N_("Only {n} valid results (minimum {min}): listed, not scored by z.")),
    "G2": (
        Alarm.RED,
        N_(
            "More than half of the results are equal: robust SD is 0 and z cannot be computed. "
            "Use a prescribed σ_pt, or a floor from the rounding step."
        ),
    ),
    "G3": (
        Alarm.AMBER,
        N_("The assigned value is uncertain (u = {u}, limit {limit}): z′ is used for everybody."),
    ),
    "G8": (
        Alarm.AMBER,
        N_("The results are coarse: σ_pt = {sigma} is below three rounding steps ({limit})."),
    ),
    "G9": (
        Alarm.AMBER,
        N_("The prescribed σ_pt = {sigma} does not fit the spread of the results ({scale})."),
    ),
    "G10": (
        Alarm.AMBER,
        N_("{lost} of {n} results are void or late: check the instructions."),
    ),
    "G11": (
        Alarm.RED,
        N_("The robust estimate did not converge: choose another estimator."),
    ),
}


@dataclass(frozen=True, slots=True)
class Guard:
    """Hold a guard that spoke and the numbers its words name, as numbers."""

    code: str
    values: Mapping[str, Number | Decimal] = field(default_factory=dict)

    @property
    def level(self) -> Alarm:
        """Return how loudly it speaks."""
        return GUARDS[self.code][0]


def few(n: int, least: int) -> list[Guard]:
    """G1: too few results for a consensus."""
    return [Guard("G1", {"n": n, "min": least})] if n < least else []


def no_spread(
    values: Sequence[Decimal], niqr: Number, scale: Number, sigma: Number, step: Fraction
) -> list[Guard]:
    """G2: no spread to score by: none at all, mostly one value, or less than rounding makes."""
    equal = max(Counter(values).values())
    flat = niqr == 0 or scale == 0 or sigma < UNROBUST * step or 2 * equal > len(values)
    return [Guard("G2", {"equal": equal, "n": len(values)})] if flat else []


def uncertain(u: Number, sigma: Number) -> list[Guard]:
    """G3: the uncertainty of the assigned value is not negligible beside ``sigma``."""
    limit = NEGLIGIBLE * sigma
    return [Guard("G3", {"u": u, "limit": limit})] if u >= limit else []


def coarse(sigma: Number, step: Fraction) -> list[Guard]:
    """G8: ``sigma`` is less than three rounding steps."""
    limit = 3 * step
    return [Guard("G8", {"sigma": sigma, "limit": limit})] if sigma < limit else []


def implausible(prescribed: Decimal, scale: float) -> list[Guard]:
    """G9: a prescribed deviation far from the spread of the results, more than twice or half."""
    fits = scale <= 2 * float(prescribed) and float(prescribed) <= 2 * scale
    return [] if fits else [Guard("G9", {"sigma": prescribed, "scale": scale})]


def lost(lost_results: int, n: int) -> list[Guard]:
    """G10: more than a tenth of the results that arrived are void or late."""
    return [Guard("G10", {"lost": lost_results, "n": n})] if lost_results > LOST_SHARE * n else []
