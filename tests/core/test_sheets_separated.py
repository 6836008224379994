"""A CSV file is read as Excel would show it, in the encodings that Excel writes."""

import pytest

from core import sheets
from core.sheets import Cell, Sheet

CSV = '编号,结果\r\nSN24-001,48.60\r\n"甲,乙","一\n二"\r\n'
READ = [["编号", "结果"], ["SN24-001", "48.60"], ["甲,乙", "一\n二"]]


def texts(sheet: Sheet) -> list[list[str]]:
    return [[cell.text for cell in row] for row in sheet.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_the_encodings_of_excel(encoding):
    (sheet,) = sheets.read(CSV.encode(encoding), "读数.csv")
    assert sheet.name == "读数"
    assert texts(sheet) == READ
    assert {cell.kind for row in sheet.rows for cell in row} == {"text"}
    assert sheet.at("B2") == Cell("B2", "48.60", "text")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_with_the_delimiters_of_excel(delimiter):
    data = f"a{delimiter}b\n1{delimiter}2".encode()
    assert texts(sheets.read(data, "a.csv")[0]) == [["a", "b"], ["1", "2"]]


def test_rare_characters_survive_gb18030():
    assert texts(sheets.read("张𬭎,㐂".encode("gb18030"), "a.csv")[0]) == [["张𬭎", "㐂"]]


def test_empty_ends_of_a_csv_are_cut_off():
    assert texts(sheets.read(b"a,,\n,,\nb,c,,\n,,\n\n", "a.csv")[0]) == [["a"], [], ["b", "c"]]
