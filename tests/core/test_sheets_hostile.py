"""Nothing that is uploaded harms the server: each file is refused with its reason, or read."""

import random
from contextlib import suppress

import pytest

from core import sheets
from core.sheets import ENTRY, FileRefused, archive, reading
from tests.core.hostile import packages
from tests.core.hostile.corpus import CORPUS, XLSX

#: Refusals that need the confined process; all others come before it is started.
LATE = {"crash", "repeated", "text", "characters", "time"}
GOOD = packages.workbook()


def refusal(data: bytes, name: str) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        sheets.read(data, name)
    return refused.value


def well() -> bool:
    """Say whether the server still reads a good file."""
    return sheets.read(GOOD, "good.xlsx")[0].at("A1").text == "48.6"


@pytest.mark.parametrize("what", CORPUS)
def test_a_bad_file_is_refused_and_the_next_one_is_read(what):
    name, make, reason = CORPUS[what]
    assert refusal(make(), name).reason == reason  # how fast: bench/sheets.py
    assert well()


def test_a_file_that_is_refused_early_starts_no_process(monkeypatch):
    monkeypatch.setattr(reading, "CHILD", ["no such program"])
    for make, reason in XLSX.values():
        if reason not in LATE | {"cells"}:
            assert refusal(make(), "a.xlsx").reason == reason


@pytest.mark.parametrize(
    ("what", "code", "sentence"),
    [
        ("xlsx: html", "E30", "is too large (limit 5 MB)"),
        ("xlsx: password", "file_encrypted", "has a password"),
        ("xlsx: macros", "file_macros", "without macros"),
        ("xlsx: old xls", "file_old_format", "Save it as .xlsx"),
        ("xlsx: too many rows", "file_too_many_rows", "20001 rows"),
        ("xlsx: too many columns", "file_too_many_columns", "100 columns"),
        ("xlsx: NUL in a cell", "file_characters", "Cell B1"),
        ("csv: more cells than allowed", "file_too_many_cells", "1000000 cells"),
        ("csv: utf-16", "file_encoding", "CSV UTF-8"),
        ("csv: unclosed quotation", "file_csv_broken", "Line 3"),
    ],
)
def test_a_refusal_has_a_code_and_says_what_to_do(what, code, sentence):
    name, make, _ = CORPUS[what]
    refused = refusal(make(), name)
    assert refused.code == code
    assert sentence in refused.message.format(**refused.params)
    assert refused.status == 422


def test_cells_of_all_parts_are_counted_together():
    data = packages.packed(packages.parts() | {"xl/worksheets/b.xml": packages.sheet("<c/>" * 9)})
    archive.check(data, ENTRY._replace(cells=10))
    for cells in (9, 8):
        with pytest.raises(FileRefused) as refused:
            archive.check(data, ENTRY._replace(cells=cells))
        assert refused.value.reason == "cells"


def test_cells_are_counted_while_they_stream():
    data = packages.workbook("<c/>" * 30_000 + "<!DOCTYPE a>")
    with pytest.raises(FileRefused) as refused:
        archive.check(data, ENTRY._replace(cells=10_000, ratio=1_000))
    assert refused.value.reason == "cells"


def test_more_than_may_be_unpacked_is_refused_whatever_the_ratio():
    with pytest.raises(FileRefused) as refused:
        archive.check(GOOD, ENTRY._replace(unpacked=1_000))
    assert refused.value.reason == "unpacked"


def test_a_forbidden_word_is_found_wherever_the_stream_is_cut():
    for start in range(2**16 - 12, 2**16 + 2):
        padded = "<x>".ljust(start, "y") + "<!DOCTYPE a><a/>"
        data = packages.packed(packages.parts() | {"xl/x.xml": padded})
        with pytest.raises(FileRefused) as refused:
            archive.check(data, ENTRY._replace(ratio=1_000))
        assert refused.value.reason == "doctype"


def test_any_damage_of_a_workbook_is_a_refusal_and_never_an_error():
    chance = random.Random(20240910)
    for _ in range(1_000):
        data = bytearray(GOOD)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.choice((0, 255, chance.randrange(256)))
        with suppress(FileRefused):
            archive.check(bytes(data), ENTRY)
