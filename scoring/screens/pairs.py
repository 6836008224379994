"""PURE: screens over pairs of laboratories: equal, near and shared values, and label order.

False alarms among honest laboratories are rare by the choice of what is compared: equal means, a
flexural set alone or one set within 0.3 MPa would ask hundreds of innocent pairs.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from scoring.screens.views import PER_KN, Place, View, fired
from scoring.statistics.integrity import Shared, equal_pairs, near_pairs, shared_values

NEAR = Fraction("0.3")
#: The share that is too much, and of how many values at least.
RESULTS = (Fraction("0.55"), 30)
READINGS = (Fraction("0.4"), 90)
#: Weaker than READINGS; by pack it must also be twice what the two share by item.
LABEL_ORDER = (Fraction("0.25"), 30)

Rows = Iterator[dict[str, Any]]


def about(by: str, views: Sequence[View], readings: Shared) -> Rows:
    """Yield S1, S2 and S3 of laboratories seen by item or by pack."""
    yield from _equal(by, views)
    yield from _near(by, views)
    results = shared_values([one.results for one in views])
    for i, j in results.pairs(*RESULTS):
        where = _alike(views[i].results, views[j].results)
        share, codes = results.share(i, j), _codes(views, i, j)
        yield fired(("S3", "results"), codes, where, share, RESULTS[0], by=by, strong=True)
    for i, j in readings.pairs(*READINGS):
        where, share = _alike_sets(views[i], views[j]), readings.share(i, j)
        codes = _codes(views, i, j)
        yield fired(("S3", "readings"), codes, where, share, READINGS[0], by=by, strong=True)


def label_order(views: Sequence[View], by_pack: Shared, by_item: Shared) -> Rows:
    """Yield S6: readings shared by what is written on the pack, not by what is in it."""
    for i, j in by_pack.pairs(*LABEL_ORDER):
        if 2 * by_item.equal[i, j] <= by_pack.equal[i, j]:
            where, share = _alike_sets(views[i], views[j]), by_pack.share(i, j)
            codes = _codes(views, i, j)
            yield fired(("S6", "label_order"), codes, where, share, LABEL_ORDER[0], by="pack")


def _equal(by: str, views: Sequence[View]) -> Rows:
    """Yield S1: the same six loads in a set; a 3 d set alone happens by chance now and then."""
    found: dict[tuple[int, int], list[Place]] = {}
    sets = [{place: tuple(sorted(loads)) for place, loads in one.six.items()} for one in views]
    for place in sorted({place for of in sets for place in of}):
        for pair in equal_pairs([of.get(place) for of in sets]):
            found.setdefault(pair, []).append(place)
    for (i, j), places in sorted(found.items()):
        strong = any(parameter == "rc28" for parameter, _side in places)
        name = ("S1", "equal_28d" if strong else "equal_3d")
        yield fired(name, _codes(views, i, j), places, len(places), 1, by=by, strong=strong)


def _near(by: str, views: Sequence[View]) -> Rows:
    """Yield S2: all four sets close, value by value after sorting."""
    four = [one.four for one in views]
    rows = [[load for loads in of.values() for load in sorted(loads)] for of in four]
    for i, j, distance in near_pairs(rows, NEAR / PER_KN):
        codes = _codes(views, i, j)
        yield fired(("S2", "near"), codes, four[i], distance * PER_KN, NEAR, by=by, strong=True)


def _alike_sets(one: View, other: View) -> list[Place]:
    """Return the places where all readings that both gave are equal."""
    common = one.readings.keys() & other.readings.keys()
    unlike = {_place(key) for key in common if one.readings[key] != other.readings[key]}
    return sorted({_place(key) for key in common} - unlike)


def _place(address: str) -> Place:
    parameter, side, _key = address.split(".", 2)
    return parameter, side


def _alike(one: dict[Place, Any], other: dict[Place, Any]) -> list[Place]:
    return sorted(place for place in one.keys() & other.keys() if one[place] == other[place])


def _codes(views: Sequence[View], i: int, j: int) -> tuple[str, str]:
    return views[i].code, views[j].code
