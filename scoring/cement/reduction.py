"""PURE: raw readings to the reported result, by the rule the catalogue names."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from scoring.cement import replicates, strength
from scoring.cement.outcome import (
    INCOMPLETE,
    Missing,
    Options,
    Reading,
    Readings,
    Reduction,
)

__all__ = ["Options", "Reading", "Reduction", "reduce"]

_RULES: dict[str, replicates.Rule] = {
    "flexural_3": strength.flexural_3,
    "compressive_6": strength.compressive_6,
    "sieve_10g_third_run": replicates.third_run(10),
    "sieve_25g_third_run": replicates.third_run(25),
    "mean2_redo_2pct": replicates.redo(lambda average: abs(average) / 50),
    "mean2_redo_abs_0.02": replicates.redo(lambda _average: Fraction("0.02")),
    "le_chatelier_repeat": replicates.le_chatelier_repeat,
    "water_500g": replicates.water_500g,
    "single_reading": replicates.single_reading,
    "mean2": replicates.mean2,
    "alkali_sum": replicates.alkali_sum,
    "visual": replicates.visual,
}
_DEFAULT = Options()
_ONE = Decimal(1)


def reduce(
    rule: str,
    readings: Iterable[Reading],
    options: Options = _DEFAULT,
    step: Decimal | None = None,
) -> Reduction:
    """Return the result of one group of readings, rounded to ``step``.

    Too few readings give ``value`` None with the path ``incomplete``; a group that the method
    declares void gives None with a path ``void_…``. Raises ``KeyError`` for an unknown rule and
    ``ValueError`` for a reading that is there twice or a number without a step.
    """
    apply = _RULES[rule]
    if step is None and rule != "visual":
        raise ValueError("a numerical result has a rounding step")
    try:
        return apply(Readings(readings), options, step or _ONE)
    except Missing:
        return INCOMPLETE
