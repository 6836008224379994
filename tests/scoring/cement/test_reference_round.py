"""A whole round of 120 invented laboratories: recomputed, it differs only where it was told to."""

import csv
from datetime import date
from pathlib import Path

import pytest

from scoring.cement import catalogue, number
from scoring.cement.reduction import Reading, Reduction, reduce
from scoring.cement.reported import reporting_error

ROUND = Path(__file__).parents[3] / "scoring" / "data" / "demo_round"
TESTED = date(2024, 9, 13)
Place = tuple[str, str, str]

#: Laboratory → (parameter, recomputed, reported).
DIFFERENCES = {
    "SN24-003": [("rc28", "46.7", "47.6")],
    "SN24-022": [("rf3", "4.9", "5.0")],
    "SN24-032": [
        ("cl", "0.024", "0.025"), ("flow", "212", "213"), ("loi", "3.04", "3.05"),
        ("loi", "3.32", "3.33"),
    ],
    "SN24-036": [("rc28", "45.2", "44.0")],
    "SN24-050": [("rc3", "26.0", "26.1")],
    "SN24-084": [
        ("dens", "3.10", "3.11"), ("flow", "204", "205"), ("rc28", "49.9", "50.0"),
        ("sound", "0.0", "0.5"),
    ],
    "SN24-090": [
        ("rc28", "47.8", "76.5"), ("rc28", "48.6", "77.8"), ("rc3", "26.3", "42.0"),
        ("rc3", "26.3", "42.1"),
    ],
    "SN24-099": [("rc28", "46.6", "46.5")],
    "SN24-116": [
        ("dens", "3.08", "3.09"), ("r80", "1.4", "1.5"), ("r80", "1.8", "1.9"),
        ("rc28", "45.8", "45.9"), ("so3", "2.18", "2.19"), ("sound", "1.0", "1.5"),
    ],
}  # fmt: skip


def rows(name: str) -> list[dict[str, str]]:
    with (ROUND / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def place(row: dict[str, str]) -> Place:
    return row["lab_code"], row["sample_no"], row["parameter"]


@pytest.fixture(scope="module")
def reductions() -> dict[Place, Reduction]:
    groups: dict[Place, list[Reading]] = {}
    for row in rows("readings.csv"):
        value = number.parse(row["value"], row["quantity"]).value
        reading = Reading(row["quantity"], int(row["idx"]), int(row["attempt"]), value)
        groups.setdefault(place(row), []).append(reading)
    found = {}
    for at, readings in groups.items():
        parameter = catalogue.parameter(at[2], TESTED)
        found[at] = reduce(parameter.rule, readings, step=parameter.step)
    return found


@pytest.fixture(scope="module")
def reported() -> dict[Place, dict[str, str]]:
    return {place(row): row for row in rows("reported.csv")}


def test_every_group_can_be_reduced(reductions, reported):
    assert reductions.keys() == reported.keys()
    assert len(reductions) == 4244
    assert "incomplete" not in {found.path for found in reductions.values()}


def test_recomputed_values_differ_only_where_the_laboratory_erred(reductions, reported):
    found: dict[str, list[tuple[str, str, str]]] = {}
    for at, reduction in reductions.items():
        value = number.parse(reported[at]["value"]).value
        if not reduction.void and value != reduction.value:
            found.setdefault(at[0], []).append((at[2], str(reduction.value), str(value)))
    assert {code: sorted(rows) for code, rows in found.items()} == DIFFERENCES
    assert sum(map(len, DIFFERENCES.values())) == 23


def test_a_value_is_written_as_a_careful_laboratory_writes_it(reductions, reported):
    careful = [
        (str(reductions[at].value), row["value"])
        for at, row in reported.items()
        if at[0] not in DIFFERENCES and row["value"].isascii() and row["status"] == "reported"
    ]
    assert [pair for pair in careful if pair[0] != pair[1]] == [("None", "50.3")]


def test_the_void_groups_are_the_four_that_were_planted(reductions):
    items = {row["sample_no"]: row["item"] for row in rows("samples.csv")}
    void = {(at[0], items[at[1]], at[2]): r.path for at, r in reductions.items() if r.void}
    assert void == {
        ("SN24-044", "B", "rf3"): "void_ask_judge",
        ("SN24-064", "B", "rc28"): "void_stage_1",
        ("SN24-102", "A", "rc28"): "void_stage_1",
        ("SN24-082", "B", "rc3"): "void_stage_2",
    }


def test_only_one_laboratory_reports_a_number_for_a_void_group(reductions, reported):
    told = {
        at[0]: reported[at]["value"]
        for at, reduction in reductions.items()
        if reduction.void and reported[at]["status"] == "reported"
    }
    assert told == {"SN24-102": "50.3"}


def test_reporting_errors_are_these_and_no_others(reductions, reported):
    wrong = [
        at
        for at, reduction in reductions.items()
        if reporting_error("", "", reduction, number.parse(reported[at]["value"]).value)
    ]
    assert len(wrong) == 23 + 1
    assert {at[0] for at in wrong} == {*DIFFERENCES, "SN24-102"}


@pytest.mark.parametrize(
    ("code", "parameter", "path"),
    [
        ("SN24-023", "r45", "closest_two"),
        ("SN24-042", "blaine", "redo_missing"),
        ("SN24-054", "sound", "repeat"),
        ("SN24-055", "r45", "third_missing"),
        ("SN24-062", "rf28", "two_dropped"),
        ("SN24-073", "sound", "repeat_missing"),
        ("SN24-098", "blaine", "redo"),
        ("SN24-104", "rc28", "one_dropped"),
        ("SN24-113", "r45", "closest_two"),
        ("SN24-120", "sound", "repeat"),
    ],
)
def test_planted_branches_are_taken(reductions, code, parameter, path):
    taken = {r.path for at, r in reductions.items() if (at[0], at[2]) == (code, parameter)}
    assert path in taken


def test_an_expansion_written_as_five_can_fail(reductions):
    (found,) = (r for r in reductions.values() if r.path == "repeat_missing")
    assert (str(found.value), found.verdict) == ("5.0", "FAIL")
