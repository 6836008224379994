"""Plan and summary: a document, figures that are missing or 0, 系统 and 填报 apart."""

import re
from contextvars import Context

import pytest
from flask.testing import FlaskClient

from campaign import figures, filings
from campaign.models import Item
from tests.campaign.liaison_browser import (
    OFFICE,
    attach,
    empty_body,
    filed,
    newest,
    path,
    send,
    value,
)
from tests.factories import writing


@pytest.fixture
def body(month):
    return empty_body(month)


# Plan and summary


def test_a_plan_without_a_document_is_not_filed_and_the_note_is_kept(officer, body):
    page = send(officer, body, "plan", "file", note="四场讲堂")
    assert page.status_code == 422
    assert 'href="#documents"' in page.text
    assert "四场讲堂" in page.text
    attach(body, Item.PLAN)
    answer = send(officer, body, "plan", "file", note="四场讲堂", follow=True)
    assert "四场讲堂" in answer.text
    assert "方案.pdf" in answer.text
    assert newest(body, Item.PLAN).document["note"] == "四场讲堂"


def test_a_missing_figure_stays_missing_and_a_nought_is_a_nought(officer, body):
    """Mistake 20: missing figures shown as 0."""
    attach(body, Item.SUMMARY)
    sent = {"publicity.reports": "", "tours.sessions": "0", "tours.attendances": "１,234"}
    answer = send(officer, body, "summary", "file", follow=True, **sent)
    given = newest(body, Item.SUMMARY).document["figures"]
    assert (given["publicity.reports"], given["tours.sessions"]) == (None, 0)
    assert given["tours.attendances"] == 1234
    assert len(given) == 27
    reports = answer.text.split("报道篇数")[1][:120]
    assert re.search(r"未报|Not reported", reports)


def test_the_form_says_how_many_figures_are_given(officer, body):
    send(officer, body, "summary", **{"tours.sessions": "0", "tours.attendances": "5"})
    page = officer.get(path(body, "summary")).text
    assert re.search(r"27 项中已填 2 项|2 of 27 figures", page)
    assert (value(page, "tours.sessions"), value(page, "publicity.reports")) == ("0", "")


def test_a_wrong_figure_is_said_beside_it_and_kept_as_it_was_typed(officer, body):
    send(officer, body, "summary", **{"defects.media": "约30", "tours.sessions": "2"})
    page = officer.get(path(body, "summary")).text
    assert value(page, "defects.media") == "约30"
    assert 'id="defects.media-error"' in page
    attach(body, Item.SUMMARY)
    again = send(officer, body, "summary", "file", **{"defects.media": "约30"})
    assert again.status_code == 422
    assert newest(body, Item.SUMMARY) is None


def test_what_the_system_counted_stands_apart_and_is_never_added(officer, body, monkeypatch):
    """System and reported figures are never one sum; 场次, 人次 and 人数 never one column."""
    counted = [figures.Figure("tours.attendances", body.place_id, 321),
               figures.Figure("tours.attendances", body.place_id + 1, 99)]  # fmt: skip
    monkeypatch.setattr(figures, "_providers", {"示例": lambda _campaign: counted})
    attach(body, Item.SUMMARY)
    form = officer.get(path(body, "summary")).text
    assert 'id="tours.attendances-system"' in form
    assert "321" in form
    assert value(form, "tours.attendances") == ""
    page = send(officer, body, "summary", "file", follow=True, **{"tours.attendances": "79"}).text
    assert "79" in page
    assert "321" in page
    assert not re.search(r">\s*400\s*<", page)


def test_the_summary_need_not_wait_for_the_contest(officer, body):
    assert re.search(r"28 天|28 days", officer.get(path(body, "summary")).text)


def test_a_returned_summary_begins_with_what_was_returned(officer, body):
    filed(body, Item.SUMMARY, {"note": "原说明", "figures": {"tours.sessions": 7}})
    with writing():
        filings.give_back(body, Item.SUMMARY, "请核对场次", OFFICE)
    page = officer.get(path(body, "summary")).text
    assert value(page, "tours.sessions") == "7"
    assert "原说明" in page
    assert page.index("请核对场次") < page.index('id="tours.sessions"')


def test_a_note_beyond_measure_is_kept_and_not_filed(officer, body):
    attach(body, Item.PLAN)
    page = send(officer, body, "plan", "file", note="长" * 5001)
    assert page.status_code == 422
    assert 'href="#note"' in page.text
    assert len(filings.draft(body, Item.PLAN).document["note"]) == 5001


def test_asking_for_the_head_of_a_form_saves_nothing(officer, body):
    for page in ("plan", "summary", "slip"):
        answer = Context().run(FlaskClient.open, officer, path(body, page), method="HEAD")
        assert answer.status_code == 200
        assert filings.draft(body, Item(page)) is None
