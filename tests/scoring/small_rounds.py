"""Small rounds made by hand: laboratories L01, L02, … with a few results each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from scoring.cement import catalogue
from scoring.evaluation.evaluate import evaluate
from scoring.evaluation.plan import Plan
from tests.scoring.rounds_played import CAST, plan_of

Json = dict[str, Any]

#: Twenty setting times with an ordinary spread: median 180, nothing special about anybody.
ORDINARY = tuple(
    str(minutes) for minutes in (171, *range(173, 180), 179, 180, 180, 181, *range(181, 188), 189)
)


def result(parameter: str, item: str, typed: str, **more: Any) -> Json:
    """Return a result with its readings in the order of the form; ``-`` leaves one out."""
    slots = catalogue.slots(catalogue.parameter(parameter, CAST))
    readings = [
        {
            "attempt": str(slot.attempt),
            "idx": str(slot.idx),
            "quantity": slot.quantity,
            "unit": slot.unit,
            "text": text,
            "value": text,
        }
        for slot, text in zip(slots, typed.split(), strict=False)
        if text != "-"
    ]
    given = {"parameter": parameter, "item": item, "pack": {"A": 1, "B": 2}[item]}
    own = {"status": "value", "reason": "", "readings": readings, "reported": None}
    return given | own | more


def entry(*results: Json, stage: str = "S1", late: bool = False, **more: Any) -> Json:
    """Return the entry of one stage."""
    return {"stage": stage, "late": late, "source": "form", "results": list(results)} | more


def lab(code: str, *entries: Json, **more: Any) -> Json:
    """Return a laboratory with its entries."""
    return {"code": code, "entries": list(entries)} | more


def snapshot(labs: Iterable[Json], **stages: Sequence[str]) -> Json:
    """Return a snapshot; ``stages`` are parameters by stage, everything in S1 without them."""
    labs = list(labs)
    given = [result["parameter"] for lab in labs for e in lab["entries"] for result in e["results"]]
    known = stages or {"S1": sorted(set(given))}
    rows = [{"stage": code, "parameters": list(of)} for code, of in known.items()]
    return {"round": "T", "stages": rows, "participants": labs}


def labs(items: Mapping[str, Sequence[str]], parameter: str = "init") -> list[Json]:
    """Return laboratories L01, L02, … with one value for each item."""
    return [
        lab(
            f"L{number:02}",
            entry(
                *(result(parameter, item, text) for item, text in zip(items, texts, strict=True))
            ),
        )
        for number, texts in enumerate(zip(*items.values(), strict=True), 1)
    ]


def one_item(parameter: str = "init", *, step: str = "1", **changes: Any) -> Plan:
    """Return a plan of one weighted parameter and item A, its step and choices as given."""
    plan = plan_of(parameter, items=("A",))
    (only,) = plan.parameters
    changed = replace(only, step=Decimal(step), hard_lo=None, hard_hi=None, **changes)
    return replace(plan, parameters=(changed,))


def play(values: Sequence[str], plan: Plan | None = None) -> Json:
    """Return the output for values of ``init`` in item A."""
    return evaluate(plan or one_item(), snapshot(labs({"A": values})))


def verdicts(output: Json) -> list[str | None]:
    """Return the verdicts of a round of one parameter and item, laboratory by laboratory."""
    return [row["verdict"] for row in output["results"]]


def guards(output: Json) -> list[str]:
    """Return the codes of the guards that spoke."""
    return [guard["code"] for guard in output["guards"]]
