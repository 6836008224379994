"""The attendance list as a file: what it holds, how mobiles are shown, and that it is on record."""

import io
import zipfile

import pytest
import sqlalchemy as sa

from core.audit import AuditEntry
from core.db import db
from tests import factories


@pytest.fixture
def people(occasion, gate):
    """Return two people: one has come, one has withdrawn."""
    from checkin import registrations

    came, gone = (factories.registration(occasion, name=name) for name in ("白已到", "邓取消"))
    gate.scan(code=factories.ticket(came, occasion))
    with factories.writing():
        registrations.withdraw(gone)
    return came, gone


def export(office, occasion, **form):
    answer = office.post(f"/office/occasions/{occasion.public_id}/export", data=form)
    assert answer.status_code == 200
    assert "attachment; filename=file." in answer.headers["Content-Disposition"]
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    return answer


def test_the_csv_holds_the_list_with_masked_mobiles(office, occasion, people):
    answer = export(office, occasion, format="csv")
    assert answer.mimetype == "text/csv"
    text = answer.data.decode("utf-8-sig")
    assert "白已到" in text
    assert "邓取消" not in text
    assert people[0].mobile not in text
    assert people[0].mobile in export(office, occasion, format="csv", mobiles="full").text


def test_an_export_is_on_record_with_how_the_mobiles_were(office, occasion, people):
    export(office, occasion, format="csv", mobiles="full")
    event = db.session.scalar(
        sa.select(AuditEntry).filter_by(action="export").order_by(AuditEntry.id.desc())
    )
    assert "full" in str(vars(event))


def test_a_formula_in_a_name_is_text_in_the_files(office, occasion):
    factories.registration(occasion, name="=1+1", employer="@SUM(1)")
    text = export(office, occasion, format="csv").data.decode("utf-8-sig")
    assert ",=1+1" not in text
    assert ",@SUM" not in text


def test_the_xlsx_opens_and_names_the_people(office, occasion, people):
    answer = export(office, occasion, format="nonsense")
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as book:
        text = "".join(book.read(name).decode() for name in book.namelist() if name.endswith("xml"))
    assert "白已到" in text
    assert people[0].mobile not in text


def test_the_pdf_is_numbered_and_verifiable(office, client, occasion, people):
    from core.documents import Document

    answer = export(office, occasion, format="pdf", mobiles="full")
    assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")
    document = db.session.scalar(sa.select(Document))
    assert document.number in client.get(f"/v/{document.token}").text
