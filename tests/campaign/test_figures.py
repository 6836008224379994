"""Figures by task and city: what was reported and what was counted, apart, each with its rows."""

import csv
import io
import re
import zipfile
from datetime import timedelta
from html import unescape

import pytest
import sqlalchemy as sa

from campaign import bodies, campaigns, filings
from campaign.models import Item
from campaign.tasks import counters
from checkin.models.occasion import Kind
from core.audit import AuditEntry
from core.clock import now
from core.db import db
from tests import factories
from tests.campaign import boards
from tests.campaign.test_board_pages import quick
from tests.campaign.test_bodies import ORDER

pytestmark = pytest.mark.usefixtures("no_noise")


def address(query: str = "") -> str:
    return f"/office/month/{campaigns.current().year}/figures{query}"


def table(page) -> dict[str, list[str]]:
    """Return the cells of the table by the heading of their row."""
    found = {}
    for row in re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', page.text, re.DOTALL):
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row[1], re.DOTALL)
        found[row[0]] = [" ".join(re.sub(r"<[^>]+>", "", cell).split()) for cell in cells]
    return found


def tour(place: int, **changes) -> None:
    """Make a tour that has begun in a place, or in none."""
    place_id = bodies.places()[place - 1].id if place else None
    start = now() - timedelta(minutes=10)
    factories.occasion(kind=Kind.TOUR, starts_at=start, place_id=place_id, **changes)


def reported() -> None:
    """Have two of the four bodies of 广州, one of 珠海 and 横琴 report."""
    boards.summary(
        boards.by_name("广州市住房和城乡建设局"), tours__attendances=300, tours__sessions=2
    )
    boards.summary(boards.by_name("广州市水务局"), tours__attendances=None, tours__sessions=1)
    boards.summary(boards.by_name("珠海市住房和城乡建设局"), tours__attendances=0)
    boards.summary(boards.listed()[-1], tours__attendances=7)


def test_1_the_cities_stand_in_official_order(each_app, office):
    assert list(table(office.get(address("?task=3")))) == [*ORDER, "全省"]


def test_a_sum_says_how_many_of_the_bodies_of_the_city_it_rests_on(app, office):
    reported()
    found = table(office.get(address("?task=3")))
    assert found["广州"] == ["未报 0/4", "3 2/4", "300 1/4"]
    assert found["全省"][2] == "307 （40 个单位中 3 个已填）"


def test_20_what_is_missing_is_called_so_and_is_never_0(app, office):
    reported()
    found = table(office.get(address("?task=3")))
    assert found["珠海"] == ["未报 0/1", "未报 0/1", "0 1/1"]
    assert found["深圳"] == ["未报 0/3"] * 3


def test_3_hengqin_has_a_row_of_its_own(app, office):
    reported()
    found = table(office.get(address("?task=3")))
    assert (found["横琴"][2], found["珠海"][2]) == ("7 1/1", "0 1/1")


def test_19_sessions_attendances_and_people_are_columns_of_their_own(app, office):
    reported()
    tour(1)
    text = office.get(address("?task=3")).text
    heads = re.findall(r'scope="colgroup"[^>]*>(.*?) <small>(.*?)</small>', text)
    assert heads == [("观摩项目数", "个"), ("观摩场次", "场次"), ("观摩人次", "人次")]
    assert {c.unit for c in counters() if c.code == "contest.people"} == {"人"}


def test_what_the_system_counted_stands_beside_and_is_never_added(app, office):
    reported()
    tour(1)
    tour(0)
    found = table(office.get(address("?task=3")))
    assert found["广州"] == ["未报 0/4", "3 2/4", "1", "300 1/4", "0"]
    assert found["深圳"][2] == "–"
    assert found["未归属地市"][2] == "1"
    assert found["全省"][1:3] == ["3 （40 个单位中 2 个已填）", "2"]


def test_a_draft_is_nobodys_report_and_the_newest_version_is(app, office):
    body = boards.by_name("汕头市住房和城乡建设局")
    draft = {"figures": {"tours.sessions": 99}}
    with factories.writing():
        filings.save_draft(body, Item.SUMMARY, draft, factories.ACTOR)
    assert table(office.get(address("?task=3")))["汕头"][1] == "未报 0/1"
    boards.summary(body, tours__sessions=5)
    boards.summary(body, tours__sessions=6)
    assert table(office.get(address("?task=3")))["汕头"][1] == "6 1/1"


def behind(page, kind: str) -> tuple[int, list[int]]:
    """Return how many rows a page of rows shows, and their values."""
    rows = re.findall(rf'<tr class="{kind}-row">(.*?)</tr>', page.text, re.DOTALL)
    values = [re.search(r'num value"[^>]*>(\d+)<', row) for row in rows]
    return len(rows), [int(value[1]) for value in values if value]


def test_every_number_opens_rows_that_add_up_to_it(app, office):
    reported()
    tour(1)
    tour(0)
    page = office.get(address("?task=3"))
    links = re.findall(r'<td class="end (\w+)"><a class="num" href="([^"]+)">(.*?)</a>', page.text)
    assert len(links) > 66
    for kind, url, inside in links:
        shown = [int(number) for number in re.findall(r"\d+", re.sub(r"<[^>]+>", " ", inside))]
        rows, values = behind(quick(office, unescape(url)), kind.replace("typed", "reported"))
        if kind == "counted":
            assert shown == [sum(values)], url
        elif len(shown) == 2:  # 未报: nobody of them gave it
            assert (values, rows) == ([], max(shown)), url
        else:
            assert (shown[0], {len(values), rows}) == (sum(values), set(shown[1:])), url


def test_the_rows_lead_to_filings_and_sessions(app, office):
    reported()
    tour(1)
    place = bodies.places()[0].id
    page = office.get(address(f"/tours.sessions?place={place}"))
    assert behind(page, "reported") == (4, [2, 1])
    assert behind(page, "counted") == (1, [1])
    assert "/filings/" in page.text
    assert "/office/occasions/" in page.text


@pytest.mark.parametrize("query", ["/nothing.here", "/tours.sessions?place=99999"])
def test_an_unknown_figure_or_place_is_not_found(app, office, query):
    assert office.get(address(query)).status_code == 404


@pytest.mark.parametrize("task", [1, 2, 4, 5, 6, 7, 8, 99])
def test_every_task_has_its_page(app, office, task):
    assert len(table(office.get(address(f"?task={task}")))) == 23


def export(client, wish: str) -> bytes:
    answer = client.post(address("/export"), data={"format": wish})
    assert answer.status_code == 200
    return answer.data


def test_the_long_form_has_a_row_for_every_figure_and_body_and_says_what_is_missing(app, office):
    reported()
    tour(1)
    data = export(office, "csv").decode("utf-8-sig")
    _head, *lines = csv.reader(io.StringIO(data))
    assert len(lines) == 27 * 40 + 2
    mine = [line for line in lines if line[1] == "观摩人次" and line[3] == "广州"]
    assert [(line[4], line[6]) for line in mine] == [
        ("填报", "300"), ("填报", "未报"), ("填报", "未报"), ("填报", "未报"), ("系统", "0"),
    ]  # fmt: skip


def test_the_workbook_has_a_wide_and_a_long_sheet_and_never_a_nought_for_what_is_missing(
    app, office
):
    reported()
    tour(1)
    with zipfile.ZipFile(io.BytesIO(export(office, "xlsx"))) as book:
        text = book.read("xl/sharedStrings.xml").decode()
        wide = book.read("xl/worksheets/sheet1.xml").decode()
        names = book.read("xl/workbook.xml").decode()
    assert re.findall(r'<sheet name="(\w+)"', names) == ["按地市", "按填报单位"]
    assert "未报" in text
    assert len(re.findall(r"<row ", wide)) == 3 + 23
    entry = db.session.scalars(sa.select(AuditEntry).filter_by(action="export")).one()
    assert entry.details == {"format": "xlsx", "what": "figures"}


def test_a_body_sees_no_figures_of_others(app, officer):
    assert officer.get(address()).status_code == 403
    assert officer.get(address("/tours.sessions")).status_code == 403
    assert officer.post(address("/export")).status_code == 403
