"""What the month says on every page: its name, its footer, and files at the root of the site."""

import pytest
import sqlalchemy as sa

from campaign import campaigns
from campaign.models import Campaign
from core import site
from core.db import db
from tests import factories


def write(**values):
    with factories.writing():
        for name, value in values.items():
            setattr(campaigns.current(), name, value)


@pytest.fixture
def selects(app):
    sent = []

    def note(_connection, _cursor, statement, *_more):
        if "campaign.footer" in statement or "root_files" in statement:
            sent.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    sa.event.remove(db.engine, "before_cursor_execute", note)


FOOT = "主办：示例省厅\n粤ICP备00000000号\n\n标识码：4400000000"


@pytest.mark.parametrize("page", ["/", "/sign-in", "/nowhere", "/T/" + "A" * 26])
def test_every_page_ends_with_the_lines_of_the_office(client, page):
    write(footer=FOOT)
    text = client.get(page).text
    for line in FOOT.split():
        assert f"<span>{line}</span>" in text


def test_the_name_of_the_month_stands_in_every_title(client):
    write(name="示例质量月")
    assert "示例质量月</title>" in client.get("/sign-in").text
    client.set_cookie("lang", "en")
    assert f"Quality Month {campaigns.current().year}</title>" in client.get("/sign-in").text


def test_what_was_typed_in_the_footer_is_text(client):
    write(footer="<b>甲</b>")
    assert "&lt;b&gt;甲&lt;/b&gt;" in client.get("/sign-in").text


def test_a_page_asks_once_and_what_shows_no_page_never(client, selects):
    client.get("/sign-in")
    assert len(selects) == 1
    client.get("/healthz")
    client.post("/language", data={"to": "en", "next": "/"})
    assert len(selects) == 1


def test_without_an_open_year_pages_have_the_plain_name(each_app, client):
    with factories.writing():
        db.session.execute(sa.update(Campaign).values(opened_at=None))
    answer = client.get("/sign-in")
    assert (answer.status_code, "质量月</title>" in answer.text) == (200, True)
    assert client.get("/MP_verify_a.txt").status_code == 404


def test_the_page_after_a_failed_transaction_has_its_footer(each_app, office):
    write(footer="示例页脚")
    year = campaigns.current().year
    address = f"/office/month/{year}/new-year"
    answer = office.post(address, data={"new_year": str(year)})
    assert answer.status_code == 409
    assert "示例页脚" in answer.text


def test_a_page_inside_a_broken_reading_is_shown_without_footer(each_app, client, monkeypatch):
    write(footer="示例页脚")

    def broken():
        db.session.execute(sa.text("SELECT nothing FROM nowhere"))

    monkeypatch.setattr("core.site.documents.verify", lambda _token: broken())
    answer = client.get("/v/" + "A" * 26)
    assert answer.status_code in (500, 503)
    assert "<h1" in answer.text


def test_a_database_that_is_down_is_not_asked_again_by_the_page_that_says_so(
    app, client, monkeypatch, selects
):
    def down(_token):
        raise sa.exc.OperationalError("SELECT", {}, Exception("down"))

    monkeypatch.setattr("core.site.documents.verify", down)
    assert client.get("/v/" + "A" * 26).status_code == 503
    assert selects == []


def test_a_failed_look_at_the_month_leaves_the_page_standing(app, client, monkeypatch):
    def down():
        raise sa.exc.DatabaseError("SELECT", {}, Exception("down"))

    monkeypatch.setattr(campaigns, "front", down)
    assert client.get("/sign-in").status_code == 200


def test_a_page_shown_inside_a_write_transaction_neither_writes_nor_breaks_it(each_app, office):
    write(footer="示例页脚")
    with factories.writing():
        campaigns.current().theme = "示例主题"
        with each_app.test_request_context():
            assert site.here().footer == ("示例页脚",)
    assert campaigns.current().theme == "示例主题"


def test_a_root_file_is_served_as_it_was_given(each_app, client):
    write(root_files={"MP_verify_a.txt": "abc123"})
    answer = client.get("/MP_verify_a.txt")
    assert (answer.status_code, answer.text) == (200, "abc123")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("name", ["mp_verify_a.txt", "b.txt", "robots.txt", "a/MP_verify_a.txt"])
def test_another_name_is_an_unknown_page(client, name):
    write(root_files={"MP_verify_a.txt": "abc123"})
    assert client.get(f"/{name}").status_code == 404
