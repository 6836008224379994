"""The board as the office opens it: its rows, numbers that are links, exports, speed."""

import csv
import io
import re
import subprocess
import zipfile
from contextlib import contextmanager
from contextvars import Context
from datetime import timedelta
from html import unescape
from shutil import which

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from campaign import bodies, campaigns, overview
from campaign.models import Item
from core.audit import AuditEntry
from core.clock import local, now
from core.db import db
from tests import factories
from tests.campaign import boards
from tests.campaign.test_bodies import ORDER


def address(query: str = "") -> str:
    return f"/office/month/{campaigns.current().year}/{query}"


def rows(page) -> list[str]:
    """Return the public ids of the bodies whose rows a page shows."""
    return re.findall(r'scope="row"[^>]*><a href="[^"]*/bodies/([\w-]+)"', page.text)


def counts(page) -> list[tuple[int, str]]:
    """Return every number of a board with the address behind it."""
    found = re.findall(r'data-count="(\d+)" href="([^"]+)"', page.text)
    return [(int(number), unescape(url)) for number, url in found]


def quick(client, url: str):
    """Open a page without checking its HTML, which a walk over a hundred links cannot afford."""
    return Context().run(FlaskClient.open, client, url)


def export(client, wish: str, **asked: str):
    answer = client.post(address("export"), data={"format": wish, **asked})
    assert answer.status_code == 200
    return answer


@contextmanager
def statements():
    """Count the statements sent to the database."""
    seen: list[str] = []

    def note(_c, _cursor, text, *_more):
        seen.append(text)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    sa.event.remove(db.engine, "before_cursor_execute", note)


def test_2_the_board_has_forty_rows_in_the_order_of_the_notice(each_app, office):
    expected = [body.public_id for body in boards.listed()]
    assert len(expected) == 40
    assert rows(office.get(address())) == expected


def test_1_cities_stand_in_official_order_and_not_in_pinyin_or_code_order(app, office):
    page = office.get(address("?group=city"))
    headings = re.findall(r'scope="rowgroup"[^>]*>\s*(\w+)', page.text)
    assert headings == ORDER
    assert len(rows(page)) == 40


def test_3_hengqin_is_a_city_group_and_a_region_of_its_own(app, office):
    hengqin = boards.listed()[-1].public_id
    assert rows(office.get(address("?place=22"))) == [hengqin]
    assert rows(office.get(address("?region=zone"))) == [hengqin]
    assert hengqin not in rows(office.get(address("?place=3&group=city")))
    assert hengqin not in rows(office.get(address("?region=delta")))


@pytest.mark.parametrize("query", ["?group=region", "?kind=water&group=city"])
def test_every_number_on_the_board_opens_as_many_rows(app, office, query):
    boards.mixed()
    found = set(counts(office.get(address(query))))
    assert len(found) > 20
    wrong = [url for number, url in found if len(rows(quick(office, url))) != number]
    assert wrong == []


def test_the_header_says_how_many_filed_are_overdue_and_were_returned(app, office):
    boards.mixed()
    whole = overview.lines(campaigns.current())
    page = office.get(address())
    numbers = {url.partition("?")[2]: number for number, url in counts(page)}
    assert numbers["item=plan&state=reported"] == 5
    assert numbers["item=plan&state=returned"] == 1
    assert numbers["item=plan&state=filed_late"] == 6
    assert numbers["item=slip&state=overdue"] == 40
    assert page.text.count("/40<") >= 4
    assert len(whole) == 40


def test_15_every_state_is_said_in_words_beside_its_colour(app, office):
    boards.mixed()
    text = office.get(address()).text
    marks = re.findall(r'<span class="mark tone-\w+"><svg.*?</svg>([^<]*)</span>', text, re.DOTALL)
    assert len(marks) >= 160
    assert all(word.strip() for word in marks)
    assert {"已收", "已报", "退回", "草稿", "未报", "逾期", "逾期补报"} <= set(marks)


def test_21_an_extension_takes_overdue_back_everywhere_at_once(app, office):
    boards.mixed()
    body = boards.listed()[10]
    late = address("?item=slip&state=overdue")
    assert body.public_id in rows(office.get(late))
    with factories.writing():
        more = now() + timedelta(days=3)
        campaigns.set_deadline(campaigns.current(), [Item.SLIP], more, factories.ACTOR, body=body,
                               reason="台风影响")  # fmt: skip
    assert body.public_id not in rows(office.get(late))


def test_16_another_year_with_other_bodies_has_its_own_board(app, office):
    with factories.writing():
        year = campaigns.current().year + 1
        made = campaigns.copy(campaigns.current(), year, factories.ACTOR)
        db.session.delete(bodies.bodies(made)[0])
    page = office.get(f"/office/month/{year}/")
    assert len(rows(page)) == 39
    assert "/39<" in page.text
    assert f"/office/month/{year - 1}/" in page.text


def test_nobody_matching_says_so_and_leads_back(app, office):
    page = office.get(address("?q=没有这个单位"))
    assert rows(page) == []
    assert 'class="empty"' in page.text


def test_a_filed_item_leads_to_its_version_and_the_row_to_its_body(app, office):
    filing = boards.file(boards.listed()[0], Item.SLIP)
    page = office.get(address())
    assert f"/filings/{filing.public_id}" in page.text
    assert office.get(address(f"bodies/{rows(page)[0]}")).status_code == 200


def test_the_board_takes_the_same_number_of_statements_however_much_was_filed(app, office):
    office.get(address())
    with statements() as before:
        office.get(address("?group=city"))
    boards.mixed()
    for body in boards.listed()[10:30]:
        boards.file(body, Item.SLIP)
    with statements() as after:
        office.get(address("?group=city"))
    assert len(after) == len(before) < 20


def test_the_csv_has_the_rows_of_the_filter_and_begins_with_a_mark_for_excel(app, office):
    boards.mixed()
    answer = export(office, "csv", item="plan", state="returned")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    head, *lines = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert [line[2] for line in lines] == [boards.listed()[1].name]
    assert len(head) == 16
    assert "逾期补报" in lines[0][7]


def test_12_a_deadline_in_a_file_is_24_00_of_the_day_and_never_the_start_of_the_next(app, office):
    year = campaigns.current().year
    line = list(csv.reader(io.StringIO(export(office, "csv").data.decode("utf-8-sig"))))[1]
    assert line[6] == f"{year}-08-26 24:00"


def test_the_workbook_says_which_rows_were_left_out_and_keeps_its_header_in_sight(app, office):
    boards.mixed()
    data = export(office, "xlsx", item="plan", state="overdue", region="east").data
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        text = book.read("xl/sharedStrings.xml").decode()
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "活动方案" in text
    assert "逾期" in text
    assert "粤东" in text
    assert '<pane ySplit="3"' in sheet


@pytest.mark.skipif(which("pdftotext") is None, reason="poppler-utils is not installed")
def test_28_the_printed_list_holds_every_body_and_no_personal_data(app, office, month):
    data = export(office, "pdf").data
    run = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True
    )
    text = run.stdout.decode()
    squeezed = re.sub(r"\s", "", text)
    assert all(body.name in squeezed for body in boards.listed())
    assert re.search(r"第\s*1\s*页\s+共\s*2\s*页", text)
    assert text.count("填报单位") >= 2
    assert "已报1/40，逾期39，退回0" in squeezed
    day = local(now())
    assert f"{day.year}年{day.month}月{day.day}日" in squeezed
    assert not re.search(r"1\d{2}[\d*]{4}\d{4}", squeezed)
    assert not {month.person.name, "王示例"} & set(re.findall("[张王]示例", squeezed))


def test_no_export_of_the_board_holds_a_person(app, office, month):
    texts = [export(office, "csv").data.decode()]
    with zipfile.ZipFile(io.BytesIO(export(office, "xlsx").data)) as book:
        texts += [book.read(name).decode() for name in book.namelist()]
    assert not [text for text in texts if month.person.mobile in text or month.person.name in text]


def test_an_export_is_on_record(app, office):
    export(office, "csv")
    entry = db.session.scalars(sa.select(AuditEntry).filter_by(action="export")).one()
    assert entry.details == {"format": "csv", "what": "board"}


def test_a_body_sees_neither_the_board_nor_its_exports(app, officer):
    assert officer.get(address()).status_code == 403
    assert officer.post(address("export"), data={"format": "csv"}).status_code == 403


def test_an_unknown_year_has_no_board(app, office):
    assert office.get("/office/month/1999/").status_code == 404
