"""What the office writes about a year, the next year made from it, and opening it."""

import io
import tokenize
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from campaign import bodies, campaigns, details, words
from campaign.models import Item
from core.audit import AuditEntry
from core.clock import local
from core.config import ROOT
from core.db import db
from core.errors import Conflict, InvalidInput
from tests import factories
from tests.campaign import worlds
from tests.factories import ACTOR
from tests.racing import race


def current():
    return campaigns.current()


def path(page="settings", year=None):
    return f"/office/month/{year or current().year}/{page}"


def save(office, **fields):
    year = fields.pop("year", None)
    return office.submit(path(year=year), form=-1, **fields)


def last(action):
    found = sa.select(AuditEntry).filter_by(action=action).order_by(AuditEntry.id.desc())
    return db.session.scalars(found).first()


def test_the_office_writes_theme_number_and_dates(office):
    answer = save(
        office, theme="加强质量支撑", document_no="示例〔1〕号", starts_on="2030-09-02",
        ends_on="2030-09-29",
    )  # fmt: skip
    found = current()
    assert answer.status_code == 303
    assert (found.theme, found.document_no) == ("加强质量支撑", "示例〔1〕号")
    assert (found.starts_on, found.ends_on) == (date(2030, 9, 2), date(2030, 9, 29))


def test_the_log_holds_the_names_of_the_fields_and_no_word_of_them(office):
    save(office, theme="示例主题", contact="赵示例 020-12345678")
    entry = last("campaign.change")
    assert entry.details == {"fields": ["theme", "contact"]}


def test_saving_what_is_there_writes_nothing(office):
    assert save(office).status_code == 303
    assert last("campaign.change") is None


@pytest.mark.parametrize(
    "fields",
    [
        {"video_limit_mb": "501"},
        {"video_limit_mb": "0"},
        {"retention_months": "5"},
        {"retention_months": "13"},
        {"name": " "},
        {"starts_on": "2030-09-30", "ends_on": "2030-09-01"},
        {"footer": "行\n" * 9},
        {"file_name_0": "robots.txt", "file_content_0": "x"},
        {"file_name_0": "../a.txt", "file_content_0": "x"},
        {"file_name_0": "a.html", "file_content_0": "x"},
        {"file_name_0": "MP_verify_a.txt", "file_content_0": ""},
        {"file_name_0": "MP_verify_a.txt", "file_content_0": "字" * 1366},
    ],
    ids=lambda fields: "-".join(fields) + str(len("".join(fields.values()))),
)
def test_what_cannot_be_stored_is_refused_beside_its_field_and_kept(office, fields):
    answer = save(office, theme="示例主题", **fields)
    assert answer.status_code == 422
    assert "is-invalid" in answer.text
    assert "示例主题" in answer.text
    assert current().theme == ""


def test_a_file_stands_once(office):
    page = {f"file_name_{n}": "a.txt" for n in (0, 1)} | {f"file_content_{n}": "x" for n in (0, 1)}
    form = {"seen": details.state(current()), "name": "示例", "starts_on": "2030-09-01"}
    rest = {"ends_on": "2030-09-30", "video_limit_mb": "200", "retention_months": "12"}
    assert office.post(path(), data=form | rest | page).status_code == 422


def test_a_second_window_does_not_overwrite_the_first_unseen(office):
    stale = details.state(current())
    save(office, theme="第一个窗口")
    with pytest.raises(Conflict, match="details_changed"), factories.writing():
        details.change(current(), None, ACTOR, seen=stale)


def test_whoever_saved_second_keeps_what_was_typed_and_may_save_again(office):
    page = office.get(path()).text
    save(office, theme="第一个窗口")
    sent = {"seen": "f" * 16, "name": "示例", "theme": "第二个窗口", "starts_on": "2030-09-01"}
    sent |= {"ends_on": "2030-09-30", "video_limit_mb": "200", "retention_months": "12"}
    answer = office.post(path(), data=sent)
    assert page
    assert (answer.status_code, current().theme) == (409, "第一个窗口")
    assert "第二个窗口" in answer.text
    sent["seen"] = details.state(current())
    assert sent["seen"] in answer.text
    assert office.post(path(), data=sent).status_code == 303


def test_two_savings_at_once_lose_neither(each_app):
    mark = details.state(current())
    whole = {f: getattr(current(), f) for f in details.Details.__dataclass_fields__}
    db.session.rollback()

    def act(number):
        with factories.writing():
            typed = details.Details(**whole | {"theme": f"主题{number}"})
            return details.change(campaigns.current(), typed, ACTOR, seen=mark)

    answers = race(each_app, act, 4)
    assert [type(a) for a in answers].count(list) == 1
    assert [type(a) for a in answers].count(Conflict) == 3


def test_the_usual_notice_follows_the_data_until_the_office_writes_its_own(app, office):
    save(office, host="示例省厅", retention_months="7")
    assert current().privacy == ""
    with app.test_request_context():
        text = words.privacy(current())
    assert "示例省厅" in text
    assert "7" in text
    save(office, privacy="自己的告知")
    with app.test_request_context():
        assert words.privacy(current()) == "自己的告知"
    save(office, privacy="")
    assert current().privacy == ""


def test_the_page_shows_how_the_deadlines_read(office):
    assert f"{current().year}年8月26日" in office.get(path()).text
    assert "24:00 截止（北京时间）" in office.get(path()).text


@pytest.mark.parametrize("name", ["MP_verify_abc-1.txt", "WW_verify_x.y.txt", f"{'a' * 80}.txt"])
def test_a_verification_file_may_be_called(name):
    details.check_file(name, "x")


@pytest.mark.parametrize("name", [".txt", "a.TXT", "ROBOTS.txt", f"{'a' * 81}.txt", "张.txt", "a"])
def test_a_verification_file_may_not_be_called(name):
    with pytest.raises(InvalidInput, match="root_file_name"):
        details.check_file(name, "x")


# Years


def new_year(office, year):
    return office.post(path("new-year"), data={"new_year": str(year)})


def test_a_new_year_takes_over_bodies_texts_and_moved_dates(each_app, office):
    month = worlds.make()
    save(office, theme="旧主题", document_no="旧文号", host="示例省厅", footer="甲\n乙")
    old, year = current(), current().year + 1
    assert new_year(office, year).location.endswith(f"/{year}/settings")
    made = campaigns.of_year(year)
    assert (made.theme, made.document_no) == ("", "")
    assert (made.host, made.footer) == ("示例省厅", "甲\n乙")
    names = [b.name for b in bodies.bodies(made)]
    assert names == [b.name for b in bodies.bodies(month.campaign)]
    due = campaigns.deadlines(made)
    assert local(due[Item.SLIP]) == local(campaigns.deadlines(old)[Item.SLIP]).replace(year=year)


def test_a_year_that_is_prepared_is_not_the_current_one_until_it_is_opened(office):
    year = current().year + 1
    new_year(office, year)
    assert current().year == year - 1
    office.post(path("open", year), data={})
    assert current().year == year - 1, "opened without a confirmation"
    office.post(path("open", year), data={"sure": "y"})
    assert current().year == year
    assert last("campaign.open").object_id == f"campaign-{year}"


def test_the_confirmation_says_that_bodies_will_see_it(office):
    year = current().year + 1
    new_year(office, year)
    page = office.get(path(year=year)).text
    assert path("open", year) in page
    assert 'name="sure"' in page
    assert path("open") not in office.get(path()).text, "an open year is not opened again"


def test_every_year_is_listed_and_leads_to_its_set_up(office):
    year = current().year + 1
    new_year(office, year)
    for page in (office.get(path()).text, office.get(path("bodies")).text):
        assert f"/{year}/" in page


def test_a_year_is_made_once(office):
    year = current().year + 1
    assert new_year(office, year).status_code == 302
    assert new_year(office, year).status_code == 409
    assert new_year(office, "24").status_code == 422
    assert office.get(path(year=1999)).status_code == 404


# Nothing says which year it is


def spoken(path: Path):
    """Yield the numbers and texts of a file that are neither comment nor docstring."""
    before = tokenize.NEWLINE
    for token in tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline):
        alone = before in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT)
        if token.type == tokenize.NUMBER or (token.type == tokenize.STRING and not alone):
            yield token.string
        if token.type not in (tokenize.NL, tokenize.COMMENT):
            before = token.type


def test_no_code_and_no_template_names_a_year():
    wrong = [
        f"{path.relative_to(ROOT)}: {text}"
        for folder in ("campaign", "core", "checkin")
        for path in (ROOT / folder).rglob("*.py")
        for text in spoken(path)
        if "2024" in text
    ]
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text("utf-8")
        shown = "".join(part.split("#}")[-1] for part in text.split("{#"))
        if "2024" in shown:
            wrong.append(str(path.relative_to(ROOT)))
    assert not wrong


def test_the_search_for_years_finds_one(tmp_path):
    file = tmp_path / "a.py"
    file.write_text('"""In 2024."""\n# 2024\nx = "9月 2024"\ny = 2024\n')
    assert list(spoken(file)) == ['"9月 2024"', "2024"]
