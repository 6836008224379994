import csv
import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from core import sheets
from core.sheets import Column

COLUMNS = [
    Column("name", "姓名"),
    Column("mobile", "手机"),
    Column("count", "次数", "int"),
    Column("z", "z 比分数", "decimal"),
    Column("at", "签到时间", "datetime", 18),
]
AT = datetime(2024, 8, 26, 0, 42, 5, tzinfo=UTC)
ROWS: list[dict[str, Any]] = [
    {"name": "欧阳·买买提", "mobile": "013800138000", "count": 1, "z": -2.31, "at": AT},
    {"name": "=1+1", "mobile": "+8613800138000", "count": None, "z": None, "at": None},
    {"name": "张𬭎", "mobile": None, "count": 3, "z": 0.5, "at": AT},
]


def frame(rows: list[dict[str, Any]] = ROWS) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[column.key for column in COLUMNS])


class Workbook:
    """What is in an XLSX file, cell by cell, read without a spreadsheet library."""

    def __init__(self, data: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            read = {name: ET.fromstring(archive.read(name)) for name in archive.namelist()}
        self.sheet = read["xl/worksheets/sheet1.xml"]
        self.styles = read["xl/styles.xml"]
        self.names = [s.get("name") for s in read["xl/workbook.xml"].iter(_("sheet"))]
        strings = ["".join(si.itertext()) for si in read["xl/sharedStrings.xml"].iter(_("si"))]
        self.cells: dict[str, str | float] = {}
        self.style: dict[str, ET.Element] = {}
        formats = list(self.styles.find(_("cellXfs")) or ())
        for cell in self.sheet.iter(_("c")):
            at, value = cell.get("r", ""), cell.findtext(_("v"))
            self.style[at] = formats[int(cell.get("s", 0))]
            if value is not None:
                self.cells[at] = strings[int(value)] if cell.get("t") == "s" else float(value)


def _(tag: str) -> str:
    return "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}" + tag


def book(rows: list[dict[str, Any]] = ROWS, **words: str) -> Workbook:
    said = {"title": "签到情况表", "note": "由 王示例 导出"} | words
    return Workbook(sheets.xlsx(frame(rows), COLUMNS, **said))


def lines(rows: list[dict[str, Any]] = ROWS) -> list[list[str]]:
    text = sheets.csv_bytes(frame(rows), COLUMNS).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_a_workbook_says_what_it_is_who_made_it_and_names_its_columns() -> None:
    cells = book().cells
    assert [cells["A1"], cells["A2"]] == ["签到情况表", "由 王示例 导出"]
    assert [cells[f"{x}3"] for x in "ABCDE"] == [column.title for column in COLUMNS]


def test_identifiers_and_mobiles_stay_text() -> None:
    made = book()
    assert made.cells["B4"] == "013800138000"
    assert made.style["B4"].get("numFmtId") == "49"  # the built-in format "text"


def test_a_text_like_a_formula_is_text_behind_excels_own_apostrophe() -> None:
    made = book()
    assert made.cells["A5"] == "=1+1"
    assert made.style["A5"].get("quotePrefix") == "1"
    assert made.style["A4"].get("quotePrefix") is None
    assert list(made.sheet.iter(_("f"))) == []


def test_a_negative_number_stays_a_number() -> None:
    assert book().cells["D4"] == -2.31
    assert lines()[1][3] == "-2.31"


def test_a_time_is_a_real_date_in_beijing_time() -> None:
    midnight = (datetime(2024, 8, 26) - datetime(1899, 12, 30)).days
    assert book().cells["E4"] == pytest.approx(midnight + (8 * 3600 + 42 * 60 + 5) / 86400)
    assert lines()[1][4] == "2024-08-26 08:42:05"


def test_what_is_unknown_is_blank_and_its_neighbours_stay_whole_numbers() -> None:
    cells = book().cells
    assert not {"B6", "C5", "D5", "E5"} & set(cells)
    assert [cells["C4"], cells["C6"]] == [1, 3]
    assert lines()[2][2:] == ["", "", ""]
    assert lines()[3][2] == "3"


def test_the_header_is_frozen_filtered_and_repeated_in_print() -> None:
    sheet = book().sheet
    (pane,) = sheet.iter(_("pane"))
    (filter_,) = sheet.iter(_("autoFilter"))
    assert (pane.get("state"), pane.get("topLeftCell")) == ("frozen", "A4")
    assert filter_.get("ref") == "A3:E6"


def test_the_note_is_printed_on_every_page_with_its_ampersands() -> None:
    (footer,) = book(note="A & B").sheet.iter(_("oddFooter"))
    assert footer.text == "&LA && B&R&P / &N"


def test_the_sheet_bears_the_name_it_is_given() -> None:
    assert book(sheet_name="签到").names == ["签到"]


def test_an_empty_table_has_a_header() -> None:
    assert book([]).cells["A3"] == "姓名"
    assert lines([]) == [[column.title for column in COLUMNS]]


@pytest.mark.parametrize("start", sheets.FORMULA_STARTS)
def test_a_csv_defuses_every_start_of_a_formula_in_text(start: str) -> None:
    assert lines([ROWS[0] | {"name": start + "1"}])[1][0] == "'" + start + "1"


def test_a_csv_begins_with_the_mark_excel_needs() -> None:
    assert sheets.csv_bytes(frame(), COLUMNS).startswith(b"\xef\xbb\xbf")


def test_a_csv_keeps_quotes_commas_and_line_breaks_inside_a_cell() -> None:
    assert lines([ROWS[0] | {"name": '甲,"乙"\n丙'}])[1][0] == '甲,"乙"\n丙'


def test_a_decimal_keeps_its_digits_in_a_csv() -> None:
    assert lines([ROWS[0] | {"z": Decimal("-2.310")}])[1][3] == "-2.310"


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        book([ROWS[0] | {"at": datetime(2024, 8, 26)}])


def test_a_text_too_long_for_a_cell_is_refused_not_lost() -> None:
    with pytest.raises(ValueError, match="32768 characters"):
        book([ROWS[0] | {"name": "长" * 32768}])


def test_a_frame_read_from_elsewhere_works_with_its_own_time_type() -> None:
    read = frame().astype({"at": "datetime64[us, UTC]"})
    assert "2024-08-26 08:42:05" in sheets.csv_bytes(read, COLUMNS).decode()
