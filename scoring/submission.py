"""PURE: the document of a version: what was entered, verbatim, and nothing that was computed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.findings import Finding
from scoring.cement import catalogue
from scoring.cement.head import NAMES
from scoring.cement.reduction import Reading
from scoring.cement.validation import Group
from scoring.intake import CONDITIONS, Intake

#: Who signed the form; kept apart so that no page by code comes near it.
SIGNATORIES = NAMES


@dataclass(frozen=True)
class Heading:
    """What identifies a version: all of it is sealed with the values."""

    round: str
    stage: str
    participation: str
    no: int
    #: Seal of the version before, None for the first.
    based_on: str | None
    #: 128 random bits, so that nobody guesses values from a published seal.
    nonce: str
    source: str
    arrived_at: datetime


@dataclass(frozen=True)
class Given:
    """What a version is made of: the fields as typed, how they were read, and own results."""

    fields: Mapping[str, str]
    intake: Intake
    #: The laboratory's own result of a group, (status, text as typed), by parameter and pack.
    reported: Mapping[tuple[str, int], tuple[str, str]] = field(default_factory=dict)


def document(heading: Heading, samples: Mapping[int, str], given: Given) -> dict[str, Any]:
    """Return the version as plain JSON values; ``samples`` are the sample numbers by pack."""
    fields = given.fields
    return {
        **vars(heading),
        "samples": [
            {"pack": pack, "sample_no": no, "condition": fields.get(f"sample.{pack}.condition", "")}
            for pack, no in sorted(samples.items())
        ],
        "conditions": {
            name: fields.get(name, "") for name in CONDITIONS if name not in SIGNATORIES
        },
        "signatories": {name: fields.get(name, "") for name in SIGNATORIES},
        "reason": fields.get("reason", ""),
        "results": [
            _result(group, samples[group.pack], given.reported.get((group.parameter, group.pack)))
            for group in given.intake.groups
        ],
        "findings": _findings(given.intake.findings),
    }


def _result(group: Group, sample_no: str, reported: tuple[str, str] | None) -> dict[str, Any]:
    own = {"status": reported[0], "text": reported[1]} if reported else None
    return {
        "parameter": group.parameter,
        "pack": group.pack,
        "sample_no": sample_no,
        "status": group.status,
        "reason": group.reason,
        "readings": [_reading(group.parameter, reading) for reading in group.readings],
        "reported": own,
    }


def _reading(parameter: str, reading: Reading) -> dict[str, Any]:
    return {
        "attempt": reading.attempt,
        "quantity": reading.quantity,
        "idx": reading.idx,
        "unit": catalogue.unit_of(parameter, reading.quantity),
        "text": reading.text,
        "value": str(reading.value),
    }


def _findings(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [
        {
            "code": found.code,
            "level": found.level,
            "address": found.address,
            "values": {name: str(value) for name, value in found.values.items()},
        }
        for found in findings
    ]


def groups(document: Mapping[str, Any]) -> list[Group]:
    """Return the groups of a document again, for what a later stage is compared with."""
    return [
        Group(
            parameter=result["parameter"],
            pack=result["pack"],
            status=result["status"],
            reason=result["reason"],
            readings=tuple(
                Reading(r["quantity"], r["idx"], r["attempt"], Decimal(r["value"]), r["text"])
                for r in result["readings"]
            ),
        )
        for result in document["results"]
    ]


def count(document: Mapping[str, Any]) -> int:
    """Return how many readings a version holds, as its receipt says."""
    return sum(len(result["readings"]) for result in document["results"])


def fields_of(document: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields a version was made of, to start a new draft from."""
    fields = {**document["conditions"], **document["signatories"], "reason": document["reason"]}
    for sample in document["samples"]:
        fields[f"sample.{sample['pack']}.condition"] = sample["condition"]
    for result in document["results"]:
        prefix = f"{result['parameter']}.{result['pack']}"
        fields |= {f"{prefix}.status": result["status"], f"{prefix}.reason": result["reason"]}
        for r in result["readings"]:
            fields[f"{prefix}.{r['attempt']}.{r['quantity']}.{r['idx']}"] = r["text"]
    return fields
