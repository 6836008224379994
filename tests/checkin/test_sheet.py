"""The attendance list as a file: safe to open, masked by default, and verified when printed."""

import csv
import io
import zipfile

import pytest
import sqlalchemy as sa

from checkin import sheet
from core import documents, qr
from core.access import Actor
from core.audit import AuditEntry
from core.db import db
from tests import factories

ACTOR = Actor("account", 7, "王示例")
#: What a spreadsheet program would run if it were a formula.
HOSTILE = '=HYPERLINK("https://example.com","张示例")'


@pytest.fixture
def guest(occasion):
    return factories.registration(occasion, name="张示例", employer="示例公司")


def export(occasion, wish, *, full=False):
    with factories.writing():
        make = sheet.export(occasion, wish, ACTOR, full_mobiles=full)
    return make()


def lines(file):
    return list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))


def unzipped(file):
    with zipfile.ZipFile(io.BytesIO(file.content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


def test_a_csv_has_one_line_per_person_and_masks_the_mobile(app, occasion, guest):
    made = export(occasion, "csv")
    head, line = lines(made)
    assert len(head) == len(line) == 9
    assert "张示例" in line
    assert guest.mobile not in made.content.decode()
    assert made.media_type == "text/csv"


@pytest.mark.parametrize("wish", ["csv", "xlsx"])
def test_full_mobiles_come_only_when_asked_for_and_are_on_record(app, occasion, guest, wish):
    for full in (False, True):
        made = export(occasion, wish, full=full)
        text = unzipped(made) if wish == "xlsx" else made.content.decode()
        assert (guest.mobile in text) is full
    entries = db.session.scalars(
        sa.select(AuditEntry).filter_by(action="export").order_by(AuditEntry.id)
    ).all()
    assert [entry.details["mobiles"] for entry in entries] == ["masked", "full"]
    assert {entry.details["format"] for entry in entries} == {wish}
    assert entries[0].object_id == occasion.public_id


@pytest.mark.parametrize("start", ["=1+1", "+1", "-2+3", "@SUM(A1)", "＝1", HOSTILE])
def test_a_name_like_a_formula_is_text_in_a_csv(app, occasion, start):
    factories.registration(occasion, name=start, employer=start, post=start)
    line = lines(export(occasion, "csv"))[1]
    cells = [cell for cell in line if start in cell]
    assert len(cells) == 3
    assert all(cell.startswith("'") for cell in cells)


def test_a_name_like_a_formula_is_text_in_a_workbook(app, occasion):
    factories.registration(occasion, name=HOSTILE, employer="=1+1")
    with zipfile.ZipFile(io.BytesIO(export(occasion, "xlsx").content)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
        assert b"HYPERLINK" in book.read("xl/sharedStrings.xml")


def test_a_file_is_named_after_the_occasion_and_its_day(app, occasion):
    made = export(occasion, "xlsx")
    assert occasion.title in made.name
    assert made.name.endswith(".xlsx")


@pytest.fixture
def printed(monkeypatch):
    """Return the contents given to the printer, which prints a word instead of pages."""
    found = {}

    def render(template, data, fmt="pdf"):
        found.update(data, template=template)
        return b"%PDF example"

    monkeypatch.setattr(documents, "render", render)
    return found


def test_a_pdf_is_numbered_and_leads_to_its_verification(app, occasion, guest, printed, client):
    made = export(occasion, "pdf")
    document = db.session.scalars(sa.select(documents.Document)).one()
    assert printed["template"] == "attendance"
    assert printed["number"] == document.number
    assert document.number.startswith("QD-")
    assert printed["link"].endswith(f"/v/{document.token}")
    assert printed["qr"] == qr.svg(printed["link"])
    assert made.content == documents.read(document) == b"%PDF example"
    assert document.subject == occasion.public_id
    page = client.get(f"/v/{document.token}")
    assert page.status_code == 200
    assert document.number in page.text


def test_a_pdf_never_carries_a_full_mobile(app, occasion, guest, printed):
    export(occasion, "pdf", full=True)
    assert guest.mobile not in str(printed)
    assert "****" in str(printed)
    entry = db.session.scalars(sa.select(AuditEntry).filter_by(action="export")).one()
    assert entry.details["mobiles"] == "masked"


def test_a_pdf_groups_by_city_and_says_who_came(app, occasion, gate, guest, printed):
    gate.scan(code=factories.ticket(guest, occasion))
    gate.scan(walk_in={"name": "赵补登", "unit": "示例公司"})
    export(occasion, "pdf")
    (group,) = printed["groups"]
    assert group["place"] == "其他"
    assert {row["name"] for row in group["rows"]} == {"张示例", "赵补登"}
    assert all(row["time"] for row in group["rows"])
    assert [c["value"] for c in printed["counts"]] == ["1", "1", "1", "0"]


def test_a_second_print_is_a_document_of_its_own(app, occasion, printed):
    numbers = []
    for _ in range(2):
        export(occasion, "pdf")
        numbers.append(printed["number"])
    assert numbers[0][:-1] == numbers[1][:-1]
    assert int(numbers[1][-6:]) == int(numbers[0][-6:]) + 1


def test_a_real_pdf_is_printed(app, occasion, guest, gate):
    gate.scan(code=factories.ticket(guest, occasion))
    assert export(occasion, "pdf").content.startswith(b"%PDF-")
