"""Two windows, deadlines and versions: who was faster, who was late, what was filed."""

import re

import pytest

from campaign import campaigns, filings
from campaign.models import Act, Item
from core.clock import now
from core.db import db
from tests.campaign.liaison_browser import (
    OFFICE,
    PERSON,
    attach,
    empty_body,
    filed,
    newest,
    path,
    rows,
    send,
)
from tests.clients import forms
from tests.factories import writing


@pytest.fixture
def body(month):
    return empty_body(month)


# Two windows, deadlines, versions


@pytest.mark.parametrize(
    ("page", "first", "second"),
    [
        ("plan", {"note": "第一个窗口"}, {"note": "第二个窗口"}),
        ("summary", {"tours.sessions": "11", "note": "第一个窗口"},
         {"tours.sessions": "22", "note": "第二个窗口"}),
        ("slip", rows(PERSON | {"name": "第一个窗口"}), rows(PERSON | {"name": "第二个窗口"})),
    ],
)  # fmt: skip
def test_of_two_windows_the_second_is_told_and_both_texts_stand_there(
    officer, body, page, first, second
):
    opened = {"edit": "0", "version": "0"}
    assert send(officer, body, page, **first | opened).status_code == 302
    answer = send(officer, body, page, "file", **second | opened | {"informed": "y"})
    assert answer.status_code == 409
    assert "第一个窗口" in answer.text
    assert "第二个窗口" in answer.text
    assert "第一个窗口" in str(filings.draft(body, Item(page)).document)
    (form,) = [f for f in forms(answer.text) if "edit" in f.names]
    assert send(officer, body, page, **second | {"edit": form.values["edit"]}).status_code == 302
    assert "第二个窗口" in str(filings.draft(body, Item(page)).document)


def test_a_window_from_before_the_acceptance_loses_nothing_it_shows(officer, body):
    filed(body, Item.PLAN, {"note": "已收"})
    with writing():
        filings.accept(body, Item.PLAN, OFFICE, version=1)
    answer = send(officer, body, "plan", note="又改了", edit="0", version="1")
    assert answer.status_code == 409
    assert "又改了" in answer.text
    assert 'value="file"' not in answer.text


def test_an_accepted_item_leads_to_what_was_accepted(officer, body):
    filing = filed(body, Item.PLAN)
    with writing():
        filings.accept(body, Item.PLAN, OFFICE, version=1)
    receipt = path(body, f"filings/{filing.public_id}")
    assert officer.get(path(body, "plan")).location == receipt
    assert f'href="{path(body, "plan")}"' not in officer.get(path(body)).text


def test_after_the_deadline_one_files_late_and_it_says_so(officer, body, clock):
    clock.to(campaigns.deadlines(campaigns.current())[Item.PLAN])
    attach(body, Item.PLAN)
    assert re.search(r"逾期", officer.get(path(body, "plan")).text)
    page = send(officer, body, "plan", "file", follow=True).text
    assert "逾期补报" in page


def test_the_receipt_shows_version_time_and_seal_and_never_changes(officer, body):
    attach(body, Item.PLAN)
    first = send(officer, body, "plan", "file", note="一").location
    second = send(officer, body, "plan", "file", note="二", version="1").location
    old, new = officer.get(first).text, officer.get(second).text
    versions = {act.version: act for act in filings.history(body, Item.PLAN)}
    assert versions[1].seal in old
    assert versions[2].seal[:8] in new
    assert 'rel="next"' in old
    assert 'rel="prev"' in new
    assert ">一<" in old
    assert ">二<" in new


def test_an_act_of_the_office_leads_to_the_version_it_speaks_of(officer, month):
    with writing():
        act = filings.give_back(month.body, Item.SLIP, "请盖章", OFFICE)
    answer = officer.get(path(month.body, f"filings/{act.public_id}"))
    assert answer.location == path(month.body, f"filings/{month.filing.public_id}")
    page = officer.get(answer.location).text
    assert page.count("请盖章") == 2  # on top, and in the history
    assert "王示例" not in page


def test_a_person_whose_numbers_were_forgotten_is_shown_without_them(officer, month):
    with writing():
        person = db.session.get(type(month.person), month.person.id)
        person.mobile = person.landline = ""
        person.forgotten_at = now()
    page = officer.get(path(month.body, f"filings/{month.filing.public_id}")).text
    assert re.search(r"已按期限删除|Numbers deleted", page)


def test_a_draft_is_thrown_away_after_one_question(officer, month):
    send(officer, month.body, "slip", **rows(PERSON | {"name": "李草稿"}))
    asked = send(officer, month.body, "slip/discard")
    assert asked.status_code == 200
    assert filings.draft(month.body, Item.SLIP) is not None
    answer = send(officer, month.body, "slip/discard", sure="1")
    assert answer.location == path(month.body)
    assert filings.draft(month.body, Item.SLIP) is None
    assert newest(month.body, Item.SLIP).act is Act.FILED


def test_who_was_signed_out_while_typing_sees_what_was_typed(browser, body):
    headers = {"Origin": "http://localhost"}
    data = rows(PERSON | {"name": "张未存"})
    answer = browser().post(path(body, "slip"), data=data, headers=headers)
    assert answer.status_code == 401
    assert "张未存" in answer.text


def test_a_version_says_which_parts_differ_from_the_one_before(officer, body):
    attach(body, Item.SUMMARY)
    send(officer, body, "summary", "file", **{"tours.sessions": "1"})
    attach(body, Item.SUMMARY)
    page = send(
        officer, body, "summary", "file", follow=True, note="新", **{"tours.sessions": "2"}
    ).text
    said = re.search(r"(?:与第 1 版相比|Changed since version 1).*?</p>", page, re.DOTALL)[0]
    assert re.search(r"说明|the note", said)
    assert re.search(r"1 项数据|1 figures", said)
    assert re.search(r"附件|the files", said)


def test_filing_a_draft_that_says_what_was_filed_ends_it_without_a_version(officer, month):
    send(officer, month.body, "slip", **rows(PERSON))
    send(officer, month.body, "slip", "file", **rows(PERSON, informed="y"))
    send(officer, month.body, "slip", edit="0", **rows(PERSON))
    send(officer, month.body, "slip", "file", edit="1", **rows(PERSON, informed="y"))
    assert newest(month.body, Item.SLIP).version == 2
    assert filings.draft(month.body, Item.SLIP) is None


def test_an_accepted_slip_leads_to_its_receipt(officer, month):
    with writing():
        filings.accept(month.body, Item.SLIP, OFFICE, version=1)
    receipt = path(month.body, f"filings/{month.filing.public_id}")
    assert officer.get(path(month.body, "slip")).location == receipt
