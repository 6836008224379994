"""PURE: integrity screens over a snapshot: questions for the judges, never verdicts.

No screen changes a score, and nothing here says who copied: a pair is listed once, by code. Pairs
are compared by item and by pack, because a copy between opposite pack orders shows by pack alone.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from scoring.screens import alone, pairs
from scoring.screens.views import views
from scoring.screens.words import RULES, SCREENS, Screen
from scoring.statistics.integrity import shared_values

__all__ = ["RULES", "SCREENS", "Screen", "screens"]

Json = Mapping[str, Any]


def screens(snapshot: Json, results: Iterable[Json] = ()) -> list[dict[str, Any]]:
    """Return what fired, in a fixed order, as JSON's own types, every number as text.

    ``results`` are rows with ``code``, ``parameter``, ``item`` and ``value``, as the output of an
    evaluation holds them; without any, the laboratories' own results are compared. A row holds
    ``screen``, ``rule``, ``strong``, ``code``, ``other`` and ``by`` (None where one laboratory
    stands alone), ``where`` (``rc28.A`` by item, ``rc28.1`` by pack), ``statistic`` and ``limit``.
    """
    given = {
        (row["code"], row["parameter"], row["item"]): Decimal(row["value"])
        for row in results
        if row["value"] is not None
    }
    labs = sorted(snapshot["participants"], key=lambda lab: str(lab["code"]))
    seen = [views(lab, given) for lab in labs]
    by_item, by_pack = [one for one, _ in seen], [one for _, one in seen]
    items, packs = (shared_values([one.readings for one in of]) for of in (by_item, by_pack))
    found = [row for one in by_item for row in alone.about(one)]
    found += pairs.about("item", by_item, items)
    found += pairs.about("pack", by_pack, packs)
    found += pairs.label_order(by_pack, packs, items)
    return sorted(found, key=_order)


def _order(row: Json) -> tuple[str, ...]:
    return tuple(row[name] or "" for name in ("screen", "code", "other", "rule", "by"))
