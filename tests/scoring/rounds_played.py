"""Snapshots for tests of the evaluation: the synthetic round, and small rounds made by hand."""

import csv
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.db import db
from scoring.cement import catalogue, number
from scoring.evaluation.plan import Plan, default_plan
from scoring.models import Entry, EntryVersion
from scoring.models.lab_code import LabCode

#: The round of 120 laboratories that the product ships as demo data.
FOLDER = Path(__file__).parents[2] / "scoring" / "data" / "demo_round"
#: What was planted in it; no part of the product.
FAULTS = Path(__file__).parent / "reference" / "planted_faults.csv"
CAST = date(2024, 9, 10)

Json = dict[str, Any]


@cache
def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one file of the synthetic round, every cell as text, to be read only."""
    path = FAULTS if name == FAULTS.stem else FOLDER / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


#: Among them one with a void set and one that many tests know.
FEW = ("SN24-001", "SN24-002", "SN24-003", "SN24-044", "SN24-064", "SN24-082")


def shrunk(target: Path) -> Path:
    """Write the synthetic round of the laboratories of :data:`FEW` to ``target``."""
    target.mkdir()
    for path in FOLDER.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            found = csv.DictReader(file)
            kept = [row for row in found if row.get("lab_code", FEW[0]) in FEW]
            with (target / path.name).open("w", encoding="utf-8", newline="") as out:
                writer = csv.DictWriter(out, found.fieldnames or [], lineterminator="\n")
                writer.writeheader()
                writer.writerows(kept)
    return target


def plan_of(*codes: str, **settings: Any) -> Plan:
    """Return the default plan of some parameters, or of all that the synthetic round has."""
    known = codes or [code for row in rows("stages") for code in row["parameters"].split(";")]
    return default_plan([catalogue.parameter(code, CAST) for code in known], **settings)


@cache
def synthetic() -> Json:
    """Return the snapshot of the synthetic round; nobody may change it."""
    stages = {row["stage"]: row for row in rows("stages")}
    entries: dict[str, list[Json]] = {row["lab_code"]: [] for row in rows("labs")}
    results = _results()
    for row in rows("submissions"):
        stage = stages[row["stage"]]
        entries[row["lab_code"]].append(
            {
                "stage": row["stage"],
                "late": row["submitted_at"] > stage["closes_at"],
                "source": "import",
                "cast_at": _instant(row["cast_at"]),
                "broken_at": _instant(row["broken_at"]),
                "results": [
                    result
                    for code in stage["parameters"].split(";")
                    for result in results.get((row["lab_code"], code), [])
                ],
            }
        )
    return {
        "round": "SN24",
        "stages": [
            {
                "stage": code,
                "parameters": row["parameters"].split(";"),
                "closes_at": _instant(row["closes_at"]),
            }
            for code, row in stages.items()
        ],
        "participants": [{"code": code, "entries": found} for code, found in entries.items()],
    }


def _results() -> dict[tuple[str, str], list[Json]]:
    samples = {row["sample_no"]: row for row in rows("samples")}
    readings: dict[tuple[str, str], list[Json]] = {}
    for row in rows("readings"):
        typed = number.parse(row["value"], row["quantity"])
        readings.setdefault((row["sample_no"], row["parameter"]), []).append(
            {name: row[name] for name in ("attempt", "idx", "quantity", "unit")}
            | {"text": row["value"], "value": str(typed.value)}
        )
    found: dict[tuple[str, str], list[Json]] = {}
    for row in rows("reported"):
        sample = samples[row["sample_no"]]
        own = str(number.parse(row["value"]).value) if row["value"] else None
        found.setdefault((row["lab_code"], row["parameter"]), []).append(
            {
                "parameter": row["parameter"],
                "item": sample["item"],
                "pack": int(sample["pack_label"]),
                "status": "void" if row["status"] == "void" else "value",
                "reason": "",
                "readings": readings[row["sample_no"], row["parameter"]],
                "reported": {"status": row["status"], "value": own},
            }
        )
    return found


def _instant(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(UTC).isoformat().replace("+00:00", "Z")


def versions_by_code() -> dict[str, list[EntryVersion]]:
    """Return the versions that stand in the database, by the code of their laboratory."""
    rows = db.session.execute(
        sa.select(LabCode.code, EntryVersion)
        .join(Entry, Entry.participation_id == LabCode.participation_id)
        .join(EntryVersion, EntryVersion.entry_id == Entry.id)
        .order_by(EntryVersion.id)
    )
    found: dict[str, list[EntryVersion]] = {}
    for code, version in rows:
        found.setdefault(code, []).append(version)
    return found
