"""The form as a workbook: what it holds, and that nothing of a faulty one is stored."""

import io
import re
import zipfile
from datetime import date

import pytest

from core.db import db
from core.sheets.cells import XLSX
from scoring import entries
from tests.scoring import worlds
from tests.scoring.lab_browser import page
from tests.scoring.workbooks import Formula, Merged, address, changed, sheet_of


def blank(client, world):
    answer = client.get(page(world) + "/template.xlsx")
    assert (answer.status_code, answer.mimetype) == (200, XLSX)
    return answer.data


@pytest.fixture
def good(lab, world):
    """Return the template, filled in without a fault."""
    empty = blank(lab, world)
    return changed(empty, cells(empty, worlds.typed(world)))


def cells(data, fields):
    """Return fields by the address of their cell."""
    found = {}
    for key, text in fields.items():
        if key.count(".") < 4:
            shown = {"intact": "完好"}.get(text, text).replace("T", " ")
            found[address(data, key, "样品编号")] = shown
        else:
            row, _point, idx = key.rpartition(".")
            found[address(data, row, f"数值 {max(int(idx), 1)}")] = text
    return found


def send(client, world, data, *, act="read", name="S1.xlsx", rev="0"):
    """Upload a file; the body is made by hand, for the client leaves its temporary file open."""
    edge = b"--edge"
    fields = [
        edge + f'\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n'.encode()
        for key, text in (("act", act), ("rev", rev))
    ]
    head = f'\r\nContent-Disposition: form-data; name="sheet"; filename="{name}"\r\n\r\n'.encode()
    body = b"".join([*fields, edge, head, data, b"\r\n", edge, b"--\r\n"])
    kind = "multipart/form-data; boundary=edge"
    return client.post(page(world) + "/upload", data=body, content_type=kind)


def stored(world):
    db.session.expire_all()
    return entries.desk(world.lab.actor, world.stage.public_id).fields


def lines(answer):
    """Return the table of faults: cell, typed, problem and suggestion."""
    rows = re.findall(r'<tr class="tone-\w+">(.*?)</tr>', answer.text, re.DOTALL)
    texts = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in rows]
    return [[re.sub(r"<[^>]+>|\s+", " ", cell).strip() for cell in row] for row in texts]


def test_the_template_is_protected_but_for_cells_that_keep_text(lab, world):
    with zipfile.ZipFile(io.BytesIO(blank(lab, world))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    assert '<sheetProtection sheet="1"' in sheet
    unlocked = re.findall(r'numFmtId="(\d+)"(?:(?!</xf>).)*?<protection locked="0"', styles)
    assert set(unlocked) == {"49"}
    assert "dataValidation" in sheet


def test_the_template_shows_own_sample_numbers_units_and_the_draft(lab, world):
    lab.post(page(world), data={"rc3.1.1.load.1": "42.9", "rev": "0"})
    data = blank(lab, world)
    sheet = sheet_of(data)
    assert sheet.at(address(data, "rc3.1.1.load", "样品编号")).text == world.lab.samples[1]
    assert sheet.at(address(data, "rf3.2.1.load", "单位")).text == "N"
    assert sheet.at(address(data, "rc3.1.1.load", "数值 1")).text == "42.9"
    text = " ".join(cell.text for row in sheet.rows for cell in row)
    assert world.lab.name in text
    assert not set(world.other.samples.values()) & set(text.split())


def test_a_faultless_workbook_lands_in_the_draft_and_goes_on_to_the_check(lab, world, good):
    answer = send(lab, world, good)
    assert (answer.status_code, answer.location) == (302, page(world) + "/check")
    found = {key: text for key, text in stored(world).items() if text}
    assert found == worlds.typed(world)
    assert "28" in lab.get(answer.location).text


def test_seven_planted_faults_are_all_found_in_one_pass_and_nothing_is_stored(lab, world, good):
    at = {
        "text": address(good, "init.1.1.elapsed", "数值 1"),
        "date": address(good, "final.1.1.elapsed", "数值 1"),
        "unit": address(good, "rc3.1.1.load", "数值 2"),
        "comma": address(good, "rc3.1.1.load", "数值 4"),
        "blank": address(good, "rf3.1.1.load", "数值 3"),
        "range": address(good, "r45.2.1.residue", "数值 1"),
        "sample": address(good, "rc3.2.1.load", "样品编号"),
    }
    faulty = changed(good, {
        at["text"]: "未测", at["date"]: date(2024, 9, 12), at["unit"]: "42.2 kN",
        at["comma"]: "41,5", at["blank"]: "", at["range"]: "88", at["sample"]: "Y0000",
    })  # fmt: skip
    answer = send(lab, world, faulty)
    assert answer.status_code == 422
    said = {row[0]: row for row in lines(answer)}
    assert set(at.values()) <= set(said)
    assert all(len(said[cell][2]) > 1 for cell in at.values())
    assert all(len(said[cell]) == 4 for name, cell in at.items() if name != "comma")
    assert "41.5" in said[at["comma"]][2]
    assert stored(world) == {}


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (Formula("=40+1.8"), "a formula without a result"),
        (Merged("41.8"), "a merged cell"),
        ("41.812345", "too many decimals"),
        (True, "not a number"),
    ],
)
def test_other_cells_that_hold_no_reading_are_named(lab, world, good, value, problem):
    lab.set_cookie("lang", "en")
    where = address(good, "rc3.1.1.load", "数值 2")
    rows = {row[0]: row for row in lines(send(lab, world, changed(good, {where: value})))}
    assert problem in rows[where][2]


def test_numbers_calculated_formulas_and_times_of_day_are_read(lab, world, good):
    first, second = (address(good, "rc3.1.1.load", f"数值 {i}") for i in (1, 2))
    start = address(good, "cast_at", "样品编号")
    day = worlds.typed(world)["cast_at"][:10]
    values = {
        first: 41.8,
        second: Formula("=42+0.2", 42.2),
        start: day.replace("-0", "/") + " 9:48",
    }
    assert send(lab, world, changed(good, values)).status_code == 302
    assert stored(world)["rc3.1.1.load.2"] == "42.2"


def test_a_warning_does_not_keep_the_values_out_and_is_answered_before_submitting(lab, world, good):
    where = address(good, "rc3.1.1.load", "数值 3")
    answer = send(lab, world, changed(good, {where: "48.9"}))
    assert answer.status_code == 302
    assert "rc3.1.reason" in lab.get(answer.location).text


def test_a_set_that_could_not_be_tested_needs_its_reason_and_no_values(lab, world, good):
    row = "rc3.1.1.load"
    empty = {address(good, row, f"数值 {i}"): "" for i in range(1, 7)}
    state = {address(good, row, "本组状态"): "无法完成"}
    why = {address(good, row, "说明"): "试件损坏"}
    assert send(lab, world, changed(good, empty | state)).status_code == 422
    assert send(lab, world, changed(good, empty | state | why)).status_code == 302
    assert stored(world)["rc3.1.status"] == "not_tested"


def test_a_row_that_is_there_twice_is_named(lab, world, good):
    answer = send(lab, world, changed(good, {}, twice="rc3.1.1.load"))
    assert answer.status_code == 422
    assert [row[1] for row in lines(answer)] == ["rc3.1.1.load"]


def test_a_row_with_an_unknown_code_is_named_and_not_dropped(lab, world, good):
    lab.set_cookie("lang", "en")
    where = address(good, "rc3.1.1.load", "代码")
    answer = send(lab, world, changed(good, {where: "rc3.1.1.laod"}))
    assert answer.status_code == 422
    said = {row[0]: row[1:3] for row in lines(answer)}[where]
    assert (said[0], said[1][-22:]) == ("rc3.1.1.laod", "not a row of this form")


def test_the_headline_counts_every_error_of_the_table(lab, world, good):
    lab.set_cookie("lang", "en")
    faulty = changed(good, {
        address(good, "rc3.1.1.load", "数值 2"): "",
        address(good, "rc3.2.1.load", "样品编号"): "Y0000",
        address(good, "rf3.1.1.load", "数值 1"): "-2310",
        address(good, "tested_by", "样品编号"): "",
        address(good, "room_temp_c", "样品编号"): "80",
    }, twice="init.1.1.elapsed")  # fmt: skip
    answer = send(lab, world, faulty)
    errors = answer.text.count('<tr class="tone-bad">')
    assert f"{errors} errors" in answer.text
    assert errors == 6


def test_what_must_be_filled_in_is_named_at_its_cell(lab, world, good):
    lab.set_cookie("lang", "en")
    where = {key: address(good, key, "样品编号") for key in ("checked_by", "cast_at")}
    faulty = changed(good, {where["checked_by"]: "", where["cast_at"]: "gestern"})
    rows = {row[0]: row for row in lines(send(lab, world, faulty))}
    assert rows[where["checked_by"]][2:] == ["an empty cell", "fill it in"]
    assert "not a date and time" in rows[where["cast_at"]][2]


def test_a_wrong_sample_number_stays_in_the_marked_file(lab, world, good):
    where = address(good, "rc3.2.1.load", "样品编号")
    answer = send(lab, world, changed(good, {where: "Y0000"}), act="file")
    assert sheet_of(answer.data).at(where).text == "Y0000"
    assert send(lab, world, changed(answer.data, {})).status_code == 422
    right = changed(answer.data, {where: world.lab.samples[2]})
    assert send(lab, world, right).status_code == 302


def test_a_sheet_without_a_column_is_refused_with_its_name(lab, world, good):
    answer = send(lab, world, changed(good, {}, without="F"))
    assert answer.status_code == 422
    assert "“单位”" in answer.text
    assert stored(world) == {}


def test_the_template_of_another_laboratory_or_stage_is_refused(lab, world, good, browser):
    other = browser(world.other.user)
    mine = address(good, "token", "样品编号")
    assert send(other, world, good).status_code == 422
    assert send(lab, world, changed(good, {mine: ""})).status_code == 422
    elsewhere = worlds.make(code="SN98")
    theirs = blank(browser(elsewhere.lab.user), elsewhere)
    assert send(lab, world, theirs).status_code == 422
    assert stored(world) == {}


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"", "S1.xlsx"), (b"no workbook", "S1.xlsx"), (b"a,b\n", "S1.csv"), (b"x", "S1.pdf")],
)
def test_another_file_is_refused_with_what_to_do(lab, world, data, name):
    answer = send(lab, world, data, name=name)
    assert answer.status_code == 422
    assert ".xlsx" in answer.text
    assert "{max}" not in answer.text


def test_the_marked_file_shows_each_fault_at_its_cell_and_can_be_sent_again(lab, world, good):
    where = address(good, "rc3.1.1.load", "数值 2")
    answer = send(lab, world, changed(good, {where: "42.2 kN"}), act="file")
    assert (answer.status_code, answer.mimetype) == (200, XLSX)
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        comments = archive.read("xl/comments1.xml").decode()
    assert f'ref="{where}"' in comments
    assert sheet_of(answer.data).at(where).text == "42.2 kN"
    assert stored(world) == {}
    assert send(lab, world, changed(answer.data, {where: "42.2"})).status_code == 302


def test_the_words_of_a_template_in_the_other_language_are_understood(lab, world, good):
    lab.set_cookie("lang", "en")
    assert send(lab, world, good).status_code == 302
    assert stored(world)["sample.1.condition"] == "intact"


def test_an_upload_after_the_close_stores_nothing(browser, world, good, clock):
    clock.to(world.stage.closes_at)
    assert send(browser(world.lab.user), world, good).status_code == 409
    assert stored(world) == {}


def test_an_upload_over_a_colleagues_newer_text_asks_which_shall_stand(lab, world, good, browser):
    other = browser(worlds.colleague(world.lab.participation, "李同事"))
    other.post(page(world), data={"press_no": "YL-9", "rev": "0"})
    answer = send(lab, world, good)
    assert answer.status_code == 409
    assert all(text in answer.text for text in ("李同事", "YL-9", "YL-500"))
