"""An upload is read as the person sees it: texts with addresses, and nothing guessed."""

import datetime as dt
import io
from typing import Any

import pytest
import xlsxwriter

from core import sheets
from core.sheets import (
    ENTRY,
    ROSTER,
    Cell,
    FileRefused,
    Limits,
    Sheet,
    cells,
    child,
    marks,
    reading,
)
from tests.core.hostile import packages
from tests.core.hostile.packages import row, workbook


@pytest.fixture
def here(monkeypatch):
    """Run the child's work in this process: quicker, and seen by the measuring of coverage."""

    def ask(data: bytes, limits: Limits) -> bytes:
        out = io.StringIO()
        child.main(limits, data, out)
        return out.getvalue().encode()

    monkeypatch.setattr(reading, "_ask_child", ask)


def cell(inner: str, attributes: str = "", **parts: str) -> Cell:
    """Read the one cell of a workbook, written as XML."""
    rows = f'<row r="1"><c r="A1" {attributes}>{inner}</c></row>'
    return sheets.read(workbook(rows, **parts), "a.xlsx")[0].at("A1")


def written(write: Any) -> Sheet:
    """Read what XlsxWriter wrote."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    write(book, book.add_worksheet("数据"))
    book.close()
    return sheets.read(stream.getvalue(), "数据.XLSX")[0]


def texts(sheet: Sheet) -> list[list[str]]:
    return [[cell.text for cell in row] for row in sheet.rows]


def test_a_workbook_is_read_in_its_own_process():
    sheet = written(lambda book, page: page.write_row("B2", ["抗压强度", 48.6, True, "48.60"]))
    assert sheet.name == "数据"
    assert sheet.rows[0] == ()
    assert sheet.rows[1] == (
        Cell("A2", "", "text"),
        Cell("B2", "抗压强度", "text"),
        Cell("C2", "48.6", "number"),
        Cell("D2", "TRUE", "bool"),
        Cell("E2", "48.60", "text"),
    )


def test_a_cell_is_found_by_its_address(here):
    sheet = written(lambda book, page: page.write("AB3", 5))
    assert sheet.at("AB3") == Cell("AB3", "5", "number")
    assert sheet.at("A3") == sheet.at("AC3")._replace(address="A3") == Cell("A3")
    assert sheet.at("B99") == Cell("B99", "", "text")
    with pytest.raises(ValueError, match="A0"):
        sheet.at("A0")


@pytest.mark.parametrize(
    ("in_file", "text"),
    [
        ("48.6", "48.6"),
        ("48.60", "48.60"),
        ("048.6", "048.6"),
        ("5", "5"),
        ("13800138000", "13800138000"),
        ("48.599999999999994", "48.6"),
        ("0.30000000000000004", "0.3"),
        ("-2.31", "-2.31"),
        ("-2.3100000000000001", "-2.31"),
        ("0", "0"),
        ("-0", "0"),
        ("0.0", "0.0"),
        ("1E-07", "0.0000001"),
        ("1.5E+3", "1500"),
        ("1e300", "1e+300"),
        ("1e309", "1e309"),
        ("nan", "nan"),
    ],
)
def test_a_number_is_the_text_that_excel_shows(here, in_file, text):
    assert cell(f"<v>{in_file}</v>") == Cell("A1", text, "number")


@pytest.mark.parametrize("text", ["1_000", "-1_000", " 5 ", "48,6", "0x10"])
def test_what_is_no_number_in_the_file_stays_text(here, text):
    assert cell(f'<v xml:space="preserve">{text}</v>') == Cell("A1", text, "text")


@pytest.mark.parametrize(
    ("in_file", "text"),
    [("0.48", "48%"), ("0.4825", "48.25%"), ("0", "0%"), ("-0.5", "-50%"), ("12", "1200%")],
)
@pytest.mark.parametrize("style", [1, 2])
def test_a_percentage_is_not_taken_for_a_fraction(here, in_file, text, style):
    styles = packages.styles(0, 10, 170, custom="0.0%")
    found = cell(f"<v>{in_file}</v>", f's="{style}"', styles=styles)
    assert found == Cell("A1", text, "number")


def test_a_percent_sign_in_quotes_is_no_percentage(here):
    styles = packages.styles(0, 170, custom="0.0&quot;%&quot;")
    assert cell("<v>0.48</v>", 's="1"', styles=styles).text == "0.48"


@pytest.mark.parametrize(
    ("value", "pattern", "text", "kind"),
    [
        (dt.date(2024, 9, 10), "yyyy-mm-dd", "2024-09-10", "date"),
        (dt.datetime(2024, 9, 10, 9, 48), "yyyy-mm-dd hh:mm", "2024-09-10T09:48", "date"),
        (dt.datetime(2024, 9, 10, 9, 48, 7), "yyyy/m/d", "2024-09-10T09:48:07", "date"),
        (dt.time(2, 52), "h:mm", "2:52", "time"),
        (dt.time(2, 52, 30), "h:mm:ss", "2:52:30", "time"),
        (dt.timedelta(hours=36, minutes=5), "[h]:mm", "36:05", "time"),
        (45545.99999999, "yyyy-mm-dd hh:mm", "2024-09-11T00:00", "date"),
    ],
)
def test_dates_and_times_are_recognised_by_their_format(here, value, pattern, text, kind):
    def write(book, page):
        style = book.add_format({"num_format": pattern})
        page.write(0, 0, value, style)

    assert written(write).at("A1") == Cell("A1", text, kind)


def test_an_iso_date_is_a_date(here):
    assert cell("<v>2024-09-10</v>", 't="d"') == Cell("A1", "2024-09-10", "date")


def test_a_negative_number_never_becomes_a_time(here):
    found = cell("<v>-0.5</v>", 's="1"', styles=packages.styles(0, 14))
    assert found == Cell("A1", "-0.5", "number")


def test_a_half_second_is_rounded():
    at = dt.datetime(2024, 9, 10, 23, 59, 59, 600_000)
    assert child.shown(at) == ("2024-09-11T00:00", "date")
    assert child.shown(dt.time(2, 51, 59, 700_000)) == ("2:52", "time")


@pytest.mark.parametrize(
    ("inner", "type_in_file", "expected"),
    [
        ("<f>A2*2</f><v>48.6</v>", "n", ("48.6", "number")),
        ("<f>A2&amp;B2</f><v>甲</v>", "str", ("甲", "text")),
        ('<f>""</f><v></v>', "str", ("", "text")),
        ("<f>A2*2</f>", "n", ("=A2*2", "formula_without_result")),
        ("<f>A2*2</f><v></v>", "n", ("=A2*2", "formula_without_result")),
        ("<f>A2*2</f><v/>", "n", ("=A2*2", "formula_without_result")),
        ("<f>1/0</f><v>#DIV/0!</v>", "e", ("#DIV/0!", "error")),
        ("<v>#N/A</v>", "e", ("#N/A", "error")),
        ("<is><t>甲</t></is>", "inlineStr", ("甲", "text")),
        ("<v>0</v>", "s", ("文本", "text")),
        ("<v>1</v>", "b", ("TRUE", "bool")),
    ],
)
def test_a_formula_counts_by_its_result_and_says_if_it_has_none(
    here, inner, type_in_file, expected
):
    assert cell(inner, f't="{type_in_file}"')[1:] == expected


def test_cells_without_an_address_follow_each_other(here):
    rows = "<row><c><v>1.0</v></c><c><f>A1</f></c></row><row><c><f>B1</f></c></row>"
    sheet = sheets.read(workbook(rows), "a.xlsx")[0]
    assert [[*map(tuple, row)] for row in sheet.rows] == [
        [("A1", "1.0", "number"), ("B1", "=A1", "formula_without_result")],
        [("A2", "=B1", "formula_without_result")],
    ]


def test_an_address_given_twice_holds_what_comes_last(here):
    rows = '<row r="1"><c r="A1"><f>B1</f></c><c r="A1"><v>7.50</v></c><c r="a1"><v>7</v></c></row>'
    assert texts(sheets.read(workbook(rows), "a.xlsx")[0]) == [["7"]]


def test_a_merged_range_repeats_its_text_and_says_so(here):
    def write(book, page):
        page.merge_range("B2:C3", "合并")
        page.write("C3", "hidden beneath")
        page.merge_range("E5:F6", "")

    sheet = written(write)
    kinds = {cell.address: cell.kind for row in sheet.rows for cell in row if cell.text == "合并"}
    assert kinds == {"B2": "text", "C2": "merged", "B3": "merged", "C3": "merged"}
    assert len(sheet.rows) == 3


def test_a_title_merged_over_whole_rows_does_not_widen_the_sheet(here):
    data = workbook(after='<mergeCells><mergeCell ref="A1:XFD1"/></mergeCells>')
    (sheet,) = sheets.read(data, "a.xlsx")
    assert len(sheet.rows[0]) == ENTRY.columns


def test_sheets_come_in_order_and_hidden_ones_are_marked(here):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.add_worksheet("一").write("A1", "a")
    book.add_worksheet("二").hide()
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=一!$A$1:$A$2"})
    book.add_chartsheet("图").set_chart(chart)
    book.close()
    found = sheets.read(stream.getvalue(), "a.xlsx")
    assert [(sheet.name, sheet.hidden) for sheet in found] == [("一", False), ("二", True)]
    assert found[1].rows == ()


def test_a_workbook_without_styles_is_read(here):
    relations = packages.relations(("worksheet", "worksheets/sheet1.xml"))
    assert cell("<v>48.6</v>", relations=relations).text == "48.6"


def test_links_to_elsewhere_are_no_parts(here):
    own = packages.relations(("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"))
    link = '<Relationship Id="rId9" Type="x/styles" TargetMode="External" Target="http://x.test/"/>'
    relations = own.replace("</Relationships>", link + "</Relationships>")
    assert cell("<v>48.6</v>", relations=relations).text == "48.6"


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (ENTRY._replace(rows=1), "rows"),
        (ENTRY._replace(columns=1), "columns"),
        (ENTRY._replace(cells=3), "cells"),
        (ENTRY._replace(characters=3), "text"),
    ],
)
def test_the_child_checks_the_limits_again(limits, reason):
    cells = "".join(f'<row r="{i}"><c r="B{i}"><v>48.6</v></c></row>' for i in (1, 2))
    with pytest.raises(FileRefused) as refused:
        list(child.lines(workbook(cells), limits))
    assert refused.value.reason == reason


def test_a_long_text_is_counted_before_the_sheet_is_built():
    with pytest.raises(FileRefused) as refused:
        list(child.lines(workbook(row("<v>48.65</v>")), ENTRY._replace(characters=4)))
    assert refused.value.reason == "text"


def test_a_roster_may_be_longer():
    rows = "".join(f'<row r="{i}"><c r="A{i}"><v>1</v></c></row>' for i in (1, 30_000))
    with pytest.raises(FileRefused):
        sheets.read(workbook(rows), "a.xlsx")
    assert len(sheets.read(workbook(rows), "a.xlsx", ROSTER)[0].rows) == 30_000


def test_columns_are_counted_as_excel_does():
    names = {0: "A", 25: "Z", 26: "AA", 701: "ZZ", 702: "AAA", 16_383: "XFD"}
    assert {column: cells.letters(column) for column in names} == names
    assert {column: cells.number(name) for column, name in names.items()} == {c: c for c in names}


@pytest.mark.parametrize(
    ("value", "text"), [(1e20, "1e+20"), (123456789012345680.0, "123456789012346000")]
)
def test_long_numbers_keep_fifteen_digits(value, text):
    assert marks.number_text(value) == text


def test_a_name_that_does_not_exist_is_no_part_of_the_package():
    with pytest.raises(AttributeError, match="reed"):
        sheets.reed  # noqa: B018
