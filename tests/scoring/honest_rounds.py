"""Rounds of honest laboratories made from a seed: everybody measures, nobody looks elsewhere.

Spreads are of the size of the synthetic round: laboratories differ by 3.5 %, the specimens of one
of them by 1.5 to 4 %, machines show 0.1 or 0.01 kN, and the order of the packs is random.
"""

from typing import Any

import numpy as np

from scoring.cement import catalogue
from tests.scoring.rounds_played import CAST

Json = dict[str, Any]

#: Middle of items A and B in the unit of the readings, and the decimals of those.
COMPRESSIVE = {"rc3": (42.9, 41.0, "1"), "rc28": (76.6, 74.6, "1")}
OTHERS = {
    "water": (138.0, 136.0, "1"),
    "init": (178.0, 186.0, "0"),
    "final": (238.0, 246.0, "0"),
    "sound": (11.0, 11.0, "1"),
    "blaine": (356.0, 349.0, "0"),
    "r45": (0.95, 1.05, "2"),
    "r80": (0.27, 0.31, "2"),
    "dens": (3.06, 3.08, "2"),
    "flow": (210.0, 206.0, "0"),
    "loi": (3.4, 3.1, "2"),
    "so3": (2.4, 2.3, "2"),
    "mgo": (1.7, 1.9, "2"),
    "cl": (0.033, 0.027, "3"),
    "alk": (0.6, 0.63, "2"),
    "rf3": (2260.0, 2200.0, "0"),
    "rf28": (3560.0, 3470.0, "0"),
}


def honest(seed: int, count: int = 350, *, whole: bool = False) -> Json:
    """Return the snapshot of a round: compressive sets alone, or all parameters of a ``whole``."""
    rng = np.random.default_rng(seed)
    middles = OTHERS | COMPRESSIVE if whole else COMPRESSIVE
    form = {code: _form(code) for code in middles}
    labs = [_lab(rng, f"H{number:03}", middles, form) for number in range(1, count + 1)]
    return {"round": "T", "stages": [], "participants": labs}


def _form(parameter: str) -> list[Json]:
    """Return the readings of one sample without their values."""
    return [
        {
            "attempt": str(slot.attempt),
            "idx": str(slot.idx),
            "quantity": slot.quantity,
            "unit": slot.unit,
        }
        for slot in catalogue.slots(catalogue.parameter(parameter, CAST))
        if slot.required and slot.idx
    ]


def _lab(
    rng: np.random.Generator,
    code: str,
    middles: dict[str, tuple[float, float, str]],
    form: dict[str, list[Json]],
) -> Json:
    packs = {"A": 1, "B": 2} if rng.random() < 0.5 else {"A": 2, "B": 1}
    fine, noise = rng.random() < 0.5, rng.uniform(0.015, 0.04)
    results: dict[str, list[Json]] = {"S1": [], "S2": []}
    for parameter, (*both, places) in middles.items():
        bias = 1 + rng.normal() * 0.035
        digits = "2" if fine and parameter in COMPRESSIVE else places
        for item, middle in zip("AB", both, strict=True):
            values = rng.normal(middle * bias, middle * noise, len(form[parameter]))
            readings = [
                cell | {"text": f"{value:.{digits}f}", "value": f"{value:.{digits}f}"}
                for cell, value in zip(form[parameter], values.tolist(), strict=True)
            ]
            own = {"status": "reported", "value": f"{values.mean():.{places}f}"}
            row = {"parameter": parameter, "item": item, "pack": packs[item], "status": "value"}
            results["S2" if parameter.endswith("28") else "S1"].append(
                row | {"reason": "", "readings": readings, "reported": own}
            )
    entries = [{"stage": stage, "late": False, "results": of} for stage, of in results.items()]
    return {"code": code, "entries": entries}
