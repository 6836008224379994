"""Full numbers are shown for one person at a time, for a reason, on record, and not kept."""

import pytest
import sqlalchemy as sa

from campaign.models import SlipPerson
from campaign.retention import forget_persons
from core import audit, unmasking
from core.access import Role
from core.clock import now
from core.db import db, read_only_done
from tests import factories


@pytest.fixture
def month(month):
    """The month as it was filed: what the product changes later does not reach these objects."""
    db.session.expunge(month.officer)
    db.session.expunge(month.person)
    return month


@pytest.fixture
def path(month):
    return f"/office/month/people/{month.person.public_id}/unmask"


def entries():
    read_only_done()
    found = db.session.scalars(sa.select(audit.AuditEntry).filter_by(action="unmask")).all()
    read_only_done()
    return found


def test_the_question_shows_masked_numbers_only(office, month, path):
    page = office.get(path)
    assert page.status_code == 200
    assert month.person.mobile not in page.text
    assert "12345678" not in page.text
    assert "020-****5678、****5679" in page.text
    assert entries() == []


def test_the_answer_shows_the_full_numbers_and_is_kept_by_no_browser(office, month, path):
    page = office.submit(path, reason="call")
    assert page.status_code == 200
    assert month.person.mobile in page.text
    assert month.person.landline in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_who_whom_and_why_are_on_record_without_a_number(office, month, path):
    office.submit(path, reason="remind")
    (entry,) = entries()
    assert (entry.object_kind, entry.object_id) == ("slip_person", month.person.public_id)
    assert entry.details == {"reason": "remind"}
    assert month.person.mobile not in repr(vars(entry))


@pytest.mark.parametrize("reason", ["", "because", "call'"])
def test_without_a_reason_of_the_list_nothing_is_shown(office, month, path, reason):
    page = office.post(path, data={"reason": reason})
    assert page.status_code == 422
    assert month.person.mobile not in page.text
    assert entries() == []


def test_only_the_office_may_ask(organiser, officer, browser, path):
    for client in (organiser, officer, browser(factories.user(Role.JUDGE))):
        assert client.get(path).status_code == 403
        assert client.post(path, data={"reason": "call"}).status_code == 403
    assert entries() == []


def test_an_account_looks_at_so_many_people_an_hour(browser, path, clock, monkeypatch):
    monkeypatch.setattr(unmasking, "LIMIT", "2/hour")
    user = factories.user(Role.OFFICE)
    office = browser(user)
    assert [office.post(path, data={"reason": "call"}).status_code for _ in range(3)] == [
        200, 200, 429,
    ]  # fmt: skip
    assert len(entries()) == 2
    clock.forward(hours=1)
    assert browser(user).post(path, data={"reason": "call"}).status_code == 200


def test_an_unknown_person_is_not_found(office):
    assert office.get("/office/month/people/nobody/unmask").status_code == 404
    answer = office.post("/office/month/people/nobody/unmask", data={"reason": "call"})
    assert answer.status_code == 404
    assert entries() == []


def test_numbers_that_are_forgotten_cannot_be_shown(office, month, path):
    with factories.writing():
        forget_persons(SlipPerson.id == month.person.id, now())
    page = office.get(path)
    assert page.status_code == 200
    assert 'name="reason"' not in page.text


def test_the_data_map_lists_the_newest_unmaskings(office, month, path):
    office.submit(path, reason="call")
    page = office.get("/office/data-map/")
    assert month.person.public_id in page.text
    assert month.person.mobile not in page.text


def test_the_office_unmasks_a_registered_person(office, organiser, occasion):
    guest = factories.registration(occasion)
    path = f"/office/occasions/{occasion.public_id}/people/{guest.public_id}/unmask"
    assert guest.mobile not in office.get(path).text
    assert guest.mobile in office.submit(path, reason="call").text
    assert entries()[0].object_kind == "registration"
    assert organiser.get(path).status_code == 403


def test_the_administrator_unmasks_the_mobile_of_an_account(admin, month):
    assert month.officer.login not in admin.get("/people/").text
    page = admin.submit(f"/people/{month.officer.public_id}/unmask", reason="call")
    assert month.officer.login in page.text
    assert entries()[0].object_kind == "user"
