"""PURE: the other methods: one determination, a pair, a pair with a third run or a repeat.

A repeat counts where the method demands it, and nowhere else: nobody chooses the better pair.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from scoring.cement.outcome import (
    Options,
    Readings,
    Reduction,
    Texts,
    mean,
    present,
    rounded,
)
from scoring.cement.rounding import decimals, gb8170, shown, written

Rule = Callable[[Readings, Options, Decimal], Reduction]

#: Mean expansion in mm up to which the soundness is a pass.
SOUND = Fraction(5)


def water_500g(readings: Readings, _options: Options, step: Decimal) -> Reduction:
    """Return the water for standard consistency in percent from mL for 500 g of cement."""
    (volume,) = readings.row("water_volume", 1)
    return _mean((volume / 5,), step, "single")


def single_reading(readings: Readings, _options: Options, step: Decimal) -> Reduction:
    """Return the one reading as it was typed: hours typed for minutes stay what they are."""
    (typed,) = readings.row(readings.only(), 1)
    finest = Decimal(1).scaleb(-max(decimals(typed), decimals(step)))
    return _mean((typed,), finest, "single")


def mean2(readings: Readings, _options: Options, step: Decimal) -> Reduction:
    """Return the mean of two determinations, rounded once."""
    return _mean(readings.row(readings.only(), 2), step, "mean2")


def alkali_sum(readings: Readings, _options: Options, step: Decimal) -> Reduction:
    """Return Na₂O + 0.658·K₂O from the means of two determinations of each, rounded once."""
    sodium, potassium = mean(readings.row("na2o", 2)), mean(readings.row("k2o", 2))
    texts = (("na2o", shown(sodium, 6)), ("k2o", shown(potassium, 6)))
    total = sodium + Fraction("0.658") * potassium
    return replace(_mean((total,), step, "sum", texts), n_used=4)


def visual(readings: Readings, _options: Options, _step: Decimal) -> Reduction:
    """Return the verdict that was chosen: reading 1 is a pass, 0 a failure."""
    (choice,) = readings.row("verdict", 1)
    if choice not in (0, 1):
        raise ValueError("a verdict is 1 or 0")
    return Reduction(value=None, path="visual", verdict="PASS" if choice else "FAIL", n_used=1)


def redo(limit: Callable[[Fraction], Fraction]) -> Rule:
    """Return the rule of a pair that is redone when it differs by more than ``limit`` of its mean.

    Without the redo the first pair stands, with a finding.
    """

    def reduce(readings: Readings, _options: Options, step: Decimal) -> Reduction:
        quantity = readings.only()
        first = readings.row(quantity, 2)
        apart, allowed = abs(first[0] - first[1]), limit(mean(first))
        texts = (("difference", shown(apart)), ("limit", shown(allowed)))
        if apart <= allowed:
            return _mean(first, step, "mean2", texts)
        if not readings.has(attempt=2):
            return _mean(first, step, "redo_missing", texts, ("redo_required",))
        return _mean(readings.row(quantity, 2, attempt=2), step, "redo", texts)

    return reduce


def third_run(portion: int) -> Rule:
    """Return the rule of a sieve residue in percent of ``portion`` grams, two runs or three."""

    def reduce(readings: Readings, _options: Options, step: Decimal) -> Reduction:
        factor = present(readings.find("sieve_factor", 0))
        weighed = readings.row("residue", 2)
        extra = readings.find("residue", 3)
        runs = {
            idx: gb8170(residue * 100 * factor / portion, step)
            for idx, residue in enumerate((*weighed, extra), 1)
            if residue is not None
        }
        return _sieve(runs, step)

    return reduce


def _sieve(runs: dict[int, Fraction], step: Decimal) -> Reduction:
    first, average = (runs[1], runs[2]), mean((runs[1], runs[2]))
    apart = abs(first[0] - first[1])
    allowed = Fraction(1) if average > 5 else Fraction(1, 2)
    texts = tuple((f"run.{idx}", written(run, step)) for idx, run in runs.items())
    texts += (("difference", written(apart, step)), ("limit", written(allowed, Decimal("0.1"))))
    if apart <= allowed:
        return _mean(first, step, "mean2", texts)
    if len(runs) == 2:
        return _mean(first, step, "third_missing", texts, ("third_run_required",))
    return _closest(runs, step, texts)


def _closest(runs: dict[int, Fraction], step: Decimal, texts: Texts) -> Reduction:
    """Return the mean of the two closest of three runs, or the middle one of equal distances."""
    low, middle, high = sorted(runs, key=runs.__getitem__)
    below, above = runs[middle] - runs[low], runs[high] - runs[middle]
    if below == above:
        alone = _mean((runs[middle],), step, "middle_of_three", texts)
        return replace(alone, dropped=tuple(sorted((low, high))))
    far, near = (high, low) if below < above else (low, high)
    return replace(_mean((runs[near], runs[middle]), step, "closest_two", texts), dropped=(far,))


def le_chatelier_repeat(readings: Readings, _options: Options, step: Decimal) -> Reduction:
    """Return expansion and verdict: above 5.0 mm the repeat with the same sample decides.

    The unrounded mean is compared: 5.25 mm is written 5.0 and fails.
    """
    first = _expansions(readings, 1)
    average = mean(first)
    texts = (("mean", shown(average)),)
    if average <= SOUND:
        return _graded(first, step, "first", texts)
    if not readings.has(attempt=2):
        return _graded(first, step, "repeat_missing", texts, ("repeat_required",))
    second = _expansions(readings, 2)
    return _graded(second, step, "repeat", (*texts, ("repeat", shown(mean(second)))))


def _expansions(readings: Readings, attempt: int) -> tuple[Fraction, ...]:
    before, after = readings.row("A", 2, attempt), readings.row("C", 2, attempt)
    return tuple(end - start for start, end in zip(before, after, strict=True))


def _graded(
    values: tuple[Fraction, ...],
    step: Decimal,
    path: str,
    texts: Texts,
    findings: tuple[str, ...] = (),
) -> Reduction:
    verdict = "PASS" if mean(values) <= SOUND else "FAIL"
    return replace(_mean(values, step, path, texts, findings), verdict=verdict)


def _mean(
    values: tuple[Fraction, ...],
    step: Decimal,
    path: str,
    texts: Texts = (),
    findings: tuple[str, ...] = (),
) -> Reduction:
    average = mean(values)
    return Reduction(
        value=rounded(average, step),
        path=path,
        n_used=len(values),
        intermediate=texts,
        findings=findings,
        unrounded=average,
    )
