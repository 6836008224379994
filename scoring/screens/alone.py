"""PURE: screens over one laboratory alone: end digits, too tight sets, impossible relations."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from scoring.screens.views import COMPRESSIVE, EARLY, LATE, PER_KN, PER_N, Place, View, fired
from scoring.statistics.integrity import (
    DIGITS_LIMIT,
    LEAST_DIGITS,
    digit_chi_square,
    last_digits,
    mean,
    relative_range,
    spread,
)

TIGHT = Fraction("0.49")
TIGHT_MEAN = Fraction("0.015")
IDENTICAL = 5
RATIO = (Fraction(1, 9), Fraction(1, 4))

Rows = Iterator[dict[str, Any]]
#: The places where a relation failed, and by how much.
Failed = Iterator[tuple[tuple[Place, ...], Fraction]]


def about(view: View) -> Rows:
    """Yield S4, S5 and S8 of one laboratory, seen by item."""
    yield from _digits(view)
    yield from _tight(view)
    yield from _tight_mean(view)
    means = _means(view)
    yield from _worst(view, "not_increasing", _not_increasing(means), 1, min)
    yield from _worst(view, "ratio", _ratios(means), "1/9–1/4", _farthest)
    yield from _worst(view, "identical_loads", _identical(view), IDENTICAL, max)
    yield from _worst(view, "same_packs", _same_packs(view), 6, max)


def _digits(view: View) -> Rows:
    """Yield S4: each set at its own resolution, since two machines may have two."""
    digits = [digit for loads in view.six.values() for digit in last_digits(loads)]
    if len(digits) >= LEAST_DIGITS:
        found = digit_chi_square(digits)
        if found >= DIGITS_LIMIT:
            yield fired(("S4", "digits"), [view.code], view.six, found, DIGITS_LIMIT)


def _tight(view: View) -> Rows:
    """Yield S5 where two sets or more have next to no range; the statistic is the widest."""
    ranges = {place: spread(loads) * PER_KN for place, loads in view.six.items()}
    tight = {place: width for place, width in ranges.items() if width < TIGHT}
    if len(tight) >= 2:
        yield fired(("S5", "range"), [view.code], tight, max(tight.values()), TIGHT)


def _tight_mean(view: View) -> Rows:
    """Yield S5 where four sets together have too little range for their means."""
    four = view.four
    if four and all(sum(loads) > 0 for loads in four.values()):
        found = mean([relative_range(loads) for loads in four.values()])
        if found < TIGHT_MEAN:
            yield fired(("S5", "mean_range"), [view.code], four, found, TIGHT_MEAN)


def _worst(
    view: View,
    rule: str,
    failed: Failed,
    limit: int | str,
    worst: Callable[[list[Fraction]], Fraction],
) -> Rows:
    """Yield one row of S8 for all places where a relation failed, with the worst statistic."""
    known = list(failed)
    if known:
        where = [place for places, _statistic in known for place in places]
        statistic = worst([statistic for _places, statistic in known])
        yield fired(("S8", rule), [view.code], where, statistic, limit)


def _farthest(ratios: list[Fraction]) -> Fraction:
    """Return the ratio that is farthest outside, measured as a factor."""
    return max(ratios, key=lambda ratio: max(RATIO[0] / ratio, ratio / RATIO[1]))


def _means(view: View) -> dict[Place, Fraction]:
    """Return the strength of each set as the mean of all specimens, where it is above zero.

    Not the result: a set that the method declares void has none, and its readings still speak.
    """
    found = {
        place: mean(loads) * (PER_KN if place[0] in COMPRESSIVE else PER_N)
        for place, loads in sorted(view.sets.items())
    }
    return {place: strength for place, strength in found.items() if strength > 0}


def _beside(
    means: Mapping[Place, Fraction], one: str, other: str
) -> Iterator[tuple[tuple[Place, Place], Fraction]]:
    """Yield the places of two parameters on the same side, and their quotient."""
    for parameter, side in means:
        if parameter == one and (other, side) in means:
            yield ((one, side), (other, side)), means[one, side] / means[other, side]


def _not_increasing(means: Mapping[Place, Fraction]) -> Failed:
    for early, late in zip(EARLY, LATE, strict=True):
        for places, growth in _beside(means, late, early):
            if growth <= 1:
                yield places, growth


def _ratios(means: Mapping[Place, Fraction]) -> Failed:
    for flexural, compressive in (EARLY, LATE):
        for places, ratio in _beside(means, flexural, compressive):
            if not RATIO[0] <= ratio <= RATIO[1]:
                yield places, ratio


def _identical(view: View) -> Failed:
    for place, loads in view.six.items():
        most = max(Counter(loads).values())
        if most >= IDENTICAL:
            yield (place,), Fraction(most)


def _same_packs(view: View) -> Failed:
    for parameter in COMPRESSIVE:
        sets = {place: loads for place, loads in view.six.items() if place[0] == parameter}
        if len(sets) == 2 and len({tuple(sorted(loads)) for loads in sets.values()}) == 1:
            yield tuple(sets), Fraction(6)
