"""The 联络员回执 on screen: its exact columns, nothing typed is lost, nobody sees too much."""

import re

import pytest

from campaign import campaigns, filings, words
from campaign.models import Body, Item
from core.db import db
from tests.campaign.liaison_browser import (
    OFFICE,
    PERSON,
    empty_body,
    join,
    newest,
    path,
    rows,
    send,
    value,
)
from tests.clients import forms
from tests.factories import writing


@pytest.fixture
def body(month):
    return empty_body(month)


# The reply slip


def test_a_slip_is_filed_in_three_screens_from_home(officer, body):
    home = officer.get("/body/").text  # 1: home
    assert path(body) in home
    overview = officer.get(path(body)).text
    assert f'href="{path(body, "slip")}"' in overview
    page = officer.get(path(body, "slip")).text  # 2: the form
    assert page.count("data-row") >= 2
    answer = send(officer, body, "slip", "file", follow=True, **rows(PERSON, informed="y"))
    assert newest(body, Item.SLIP).seal in answer.text  # 3: the receipt


def test_the_form_has_the_columns_of_the_annex_and_the_body_is_fixed(officer, month, body):
    page = officer.get(path(body, "slip")).text
    order = [page.index(f'id="{name}-0"') for name in PERSON]
    assert order == sorted(order)
    assert body.name in page
    (form,) = [f for f in forms(page) if "landline" in f.names]
    assert "body" not in form.names


def test_body_and_employer_are_two_things_and_both_are_kept(officer, body):
    """Mistake 4: one 单位 for 填报单位 and 工作单位."""
    send(officer, body, "slip", "file", **rows(PERSON, informed="y"))
    (person,) = filings.persons(newest(body, Item.SLIP))
    assert person.employer == PERSON["employer"] != body.name
    page = officer.get(path(body, f"filings/{newest(body, Item.SLIP).public_id}")).text
    assert person.employer in page
    assert body.name in page


def test_landlines_and_mobile_are_judged_apart(officer, body):
    """Mistake 5: validating landlines with the mobile's expression."""
    swapped = PERSON | {"landline": "13000000001", "mobile": "020-12345678"}
    page = send(officer, body, "slip", "file", **rows(swapped, informed="y"))
    assert page.status_code == 422
    assert 'id="landline-0-error"' in page.text
    assert 'id="mobile-0-error"' in page.text
    send(officer, body, "slip", "file", **rows(PERSON, informed="y"))
    (person,) = filings.persons(newest(body, Item.SLIP))
    assert person.landline == "020-12345678、12345679"


@pytest.mark.parametrize("name", ["阿卜杜拉·买买提", "张𬭎", "示" * 50])
def test_every_real_name_is_taken(officer, body, name):
    """Mistake 6: rejecting names with the dot, four-plus characters or surrogate pairs."""
    send(officer, body, "slip", "file", **rows(PERSON | {"name": name}, informed="y"))
    assert [p.name for p in filings.persons(newest(body, Item.SLIP))] == [name]


def test_gender_is_asked_on_the_slip_and_an_id_number_nowhere(officer, body):
    """Mistake 22: gender or ID number on the ticket form."""
    assert 'name="gender"' in officer.get(path(body, "slip")).text
    for page in ("plan", "summary"):
        assert 'name="gender"' not in officer.get(path(body, page)).text
    # The notice says that none is collected; nothing asks for one.
    assert not re.search(
        r"<(label|legend|th)[^>]*>[^<]*身份证", officer.get(path(body, "slip")).text
    )


def test_what_is_wrong_is_said_in_its_cell_and_what_was_typed_stays(officer, body):
    second = PERSON | {"name": "李示例", "mobile": "1300000"}
    page = send(officer, body, "slip", "file", **rows(PERSON, second, informed="y"))
    assert page.status_code == 422
    assert 'href="#mobile-1"' in page.text
    assert value(page.text, "mobile-1") == "1300000"
    assert value(page.text, "name-0") == "张示例"
    assert filings.draft(body, Item.SLIP).document["rows"][1]["mobile"] == "1300000"
    assert newest(body, Item.SLIP) is None


def test_rows_come_and_go_without_javascript_and_keep_what_was_typed(officer, body):
    second = PERSON | {"name": "李示例"}
    page = officer.post(path(body, "slip"), data=rows(PERSON, second, add="1")).text
    assert page.count('id="name-') == 3
    assert (value(page, "name-1"), value(page, "name-2")) == ("李示例", "")
    page = officer.post(path(body, "slip"), data=rows(PERSON, second, remove="0")).text
    assert value(page, "name-0") == "李示例"
    assert filings.draft(body, Item.SLIP) is None


def test_enter_saves_and_neither_files_nor_removes_a_row(officer, body):
    page = officer.get(path(body, "slip")).text
    first = re.search(r'<form method="post" id="entry".*?(<button[^>]*>)', page, re.DOTALL)[1]
    assert 'name="act" value="save"' in first


def test_nobody_is_filed_who_was_not_told_and_the_box_is_never_ticked_beforehand(officer, body):
    page = send(officer, body, "slip", "file", **rows(PERSON))
    assert page.status_code == 422
    assert 'href="#informed"' in page.text
    box = re.search(r'<input[^>]*id="informed"[^>]*>', officer.get(path(body, "slip")).text)[0]
    assert "checked" not in box


def test_the_slip_shows_the_notice_the_office_sees_in_its_settings(app, officer, body):
    with app.test_request_context():
        notice = words.privacy(campaigns.current()).splitlines()
    page = officer.get(path(body, "slip")).text
    assert len(notice) == 6  # who, what, why, how long, rights, contact
    assert [line for line in notice if line not in page] == []


def test_a_saved_draft_comes_back_and_is_not_filed(officer, body):
    answer = send(officer, body, "slip", **rows(PERSON | {"mobile": "13"}))
    assert answer.location == path(body, "slip")
    page = officer.get(answer.location).text
    assert (value(page, "name-0"), value(page, "mobile-0")) == ("张示例", "13")
    assert newest(body, Item.SLIP) is None


def test_the_form_begins_with_what_was_filed_last(officer, month):
    assert value(officer.get(path(month.body, "slip")).text, "name-0") == month.person.name


def test_last_years_accepted_slip_is_a_suggestion_that_is_not_saved(officer, month):
    with writing():
        filings.accept(month.body, Item.SLIP, OFFICE, version=1)
        later = campaigns.copy(month.campaign, month.campaign.year + 1, OFFICE)
        campaigns.open_year(later, OFFICE)
        one = db.session.query(Body).filter_by(campaign_id=later.id, name=month.body.name).one()
        join(month.officer, one)
    page = officer.get(path(one, "slip")).text
    assert value(page, "name-0") == month.person.name
    assert str(month.campaign.year) in page
    assert filings.draft(one, Item.SLIP) is None


def test_filing_twice_by_two_clicks_is_one_version(officer, body):
    data = rows(PERSON, informed="y", edit="0", version="0")
    answers = [send(officer, body, "slip", "file", **data) for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert newest(body, Item.SLIP).version == 1


def test_the_slip_is_printed_from_the_draft_and_from_a_version(officer, month):
    answer = send(officer, month.body, "slip", "print", **rows(PERSON))
    assert answer.location == path(month.body, "slip.pdf")
    for address in (answer.location, path(month.body, "slip.pdf?version=1")):
        sheet = officer.get(address)
        assert (sheet.status_code, sheet.mimetype) == (200, "application/pdf")
        assert sheet.data.startswith(b"%PDF")
    assert officer.get(path(month.body, "slip.pdf?version=9")).status_code == 404


def test_the_office_sees_no_whole_number_on_the_pages_of_a_body(office, officer, month):
    receipt = path(month.body, f"filings/{month.filing.public_id}")
    mobile = month.person.mobile
    assert mobile in officer.get(receipt).text
    for page in (receipt, path(month.body, "slip"), path(month.body)):
        assert mobile not in office.get(page).text
    send(officer, month.body, "slip", **rows(PERSON | {"name": "李草稿"}))
    assert "李草稿" not in office.get(path(month.body, "slip")).text
    send(office, month.body, "slip", **rows(PERSON | {"name": "王代填"}))
    assert "王代填" in office.get(path(month.body, "slip")).text
