"""What an attendee does, without JavaScript: find a session, register, keep the ticket."""

from datetime import timedelta
from urllib.parse import quote

import icalendar
import pytest
import zxingcpp

from core.clock import now
from tests import factories, pictures
from tests.clients import forms

PERSON = {
    "name": "张示例",
    "employer": "示例水泥有限公司",
    "post": "检验员",
    "place": "1",
    "mobile": "13000000001",
    "acknowledged": "y",
}


@pytest.fixture
def occasion(app):
    return factories.occasion(
        title="示例讲座：水泥检验", capacity=30, map_url="https://map.example.cn/?q=a&b=c",
        address="示例路 1 号", contact_phone="0531 0000 0000", wear="平底鞋", safety="听从安排",
        traffic="地铁一号线",
    )  # fmt: skip


def register(client, occasion, **changes):
    return client.submit(f"/o/{occasion.public_id}/register", **PERSON | changes)


def ticket_path(client, occasion, **changes):
    answer = register(client, occasion, **changes)
    assert answer.status_code == 302, answer.text
    return answer.location


def test_the_list_leads_to_the_session_the_form_and_the_ticket(client, occasion):
    assert f'href="/o/{occasion.public_id}"' in client.get("/").text
    page = client.get(f"/o/{occasion.public_id}").text
    for text in (occasion.title, "示例会堂", "听从安排", "平底鞋", "地铁一号线", "北京时间"):
        assert text in page
    assert 'href="tel:053100000000"' in page
    assert 'href="https://map.example.cn/?q=a&amp;b=c"' in page
    assert f'href="/o/{occasion.public_id}/register"' in page
    page = client.get(ticket_path(client, occasion)).text
    for text in ("张示例", "检验员", "130****0001", 'href="tel:053100000000"', "听从安排"):
        assert text in page
    assert "13000000001" not in page


def test_the_qr_is_the_link_in_capitals_in_a_small_symbol(client, occasion):
    page = client.get(ticket_path(client, occasion)).text
    address = page.split('<img src="')[1].split('"')[0]
    (found,) = zxingcpp.read_barcodes(pictures.png(client.get(address).data))
    assert found.text.startswith("HTTP://LOCALHOST/T/")
    assert found.text == found.text.upper()
    assert len(found.text.rpartition("/")[2]) == 26
    side = pictures.png(client.get(address).data).shape[0] // 10 - 8
    assert (side - 17) // 4 <= 3
    assert client.get(found.text.removeprefix("HTTP://LOCALHOST")).status_code == 200


@pytest.mark.parametrize("public_url", ["https://zly.example.gov.cn"])
def test_the_link_has_the_public_host_whatever_the_request_says(public_url, client, occasion):
    made = factories.registration(occasion)
    address = f"/q/{factories.ticket(made, occasion)}.png"
    data = client.get(address, base_url="https://evil.example").data
    assert pictures.qr(pictures.png(data)).startswith("HTTPS://ZLY.EXAMPLE.GOV.CN/T/")
    assert (pictures.png(data).shape[0] // 10 - 8 - 17) // 4 <= 3


def test_the_short_code_stands_under_the_qr(client, occasion):
    made = factories.registration(occasion)
    page = client.get(f"/my/{factories.holder(made, occasion)}").text
    assert f"{made.short_code[:4]} {made.short_code[4:]}" in page
    assert not set(made.short_code) & set("01OI")


def test_the_picture_to_keep_holds_the_same_code(client, occasion):
    made = factories.registration(occasion)
    answer = client.get(f"/my/{factories.holder(made, occasion)}/ticket.png")
    assert answer.mimetype == "image/png"
    assert pictures.qr(pictures.png(answer.data)).endswith(factories.ticket(made, occasion))


def test_the_calendar_file_says_when_and_where(client, occasion):
    answer = client.get(ticket_path(client, occasion) + "/calendar.ics")
    assert answer.mimetype == "text/calendar"
    (event,) = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    assert event["SUMMARY"] == occasion.title
    assert event.start == occasion.starts_at.replace(microsecond=0)
    assert event.end == occasion.ends_at.replace(microsecond=0)
    assert "示例会堂" in event["LOCATION"]
    assert "示例路 1 号" in event["LOCATION"]
    assert "http://localhost/my/" in event["DESCRIPTION"]


def test_withdrawing_asks_once_and_frees_the_place(client, occasion):
    path = ticket_path(client, occasion)
    assert occasion.taken == 1
    page = client.get(path + "/withdraw").text
    assert "张示例" in page
    assert occasion.taken == 1
    answer = client.submit(path + "/withdraw")
    assert answer.location == path
    page = client.get(path).text
    assert "报名已取消" in page
    assert "/q/" not in page
    assert occasion.taken == 0


def test_a_withdrawal_sent_twice_frees_one_place(client, occasion):
    factories.registration(occasion)
    path = ticket_path(client, occasion)
    client.submit(path + "/withdraw")
    client.post(path + "/withdraw")
    assert occasion.taken == 1


def test_whoever_has_come_is_told_so_and_does_not_withdraw(client, gate, occasion):
    made = factories.registration(occasion)
    gate.scan(code=factories.ticket(made, occasion))
    path = f"/my/{factories.holder(made, occasion)}"
    page = client.get(path).text
    assert "已签到" in page
    assert gate.device.name in page
    assert "/withdraw" not in page
    client.post(path + "/withdraw")
    assert made.state.value == "accepted"


def test_the_same_form_sent_twice_is_one_ticket(client, occasion):
    first, second = ticket_path(client, occasion), ticket_path(client, occasion)
    assert first == second
    assert occasion.taken == 1


MISTAKES = [
    ("mobile", "letters", "11 位", "Enter a mobile number of 11 digits"),
    ("mobile", "1234", "11 位", "Enter a mobile number of 11 digits"),
    ("name", "", "", "This field is required."),
    ("name", "　", "", "Enter the name."),
    ("name", "张" * 51, "50", "Shorten the name to at most 50 characters."),
    ("employer", "", "", "This field is required."),
    ("employer", "单" * 101, "100", "100"),
    ("place", "", "", ""),
    ("acknowledged", None, "", "Please read both and tick the box, then send again."),
]


@pytest.mark.parametrize(("field", "typed", "zh", "en"), MISTAKES)
def test_a_mistake_keeps_what_was_typed_and_is_tied_to_its_field(
    client, occasion, field, typed, zh, en
):
    path = f"/o/{occasion.public_id}/register"
    sent = {name: value for name, value in PERSON.items() if name != field}
    sent |= {field: typed} if typed is not None else {}
    chinese = client.post(path, data=sent)
    client.set_cookie("lang", "en")
    english = client.post(path, data=sent)
    assert chinese.status_code == english.status_code == 422
    assert zh in chinese.text
    assert en in english.text
    assert f'id="{field}-error"' in chinese.text
    assert f'href="#{field}"' in chinese.text
    assert 'aria-invalid="true"' in chinese.text
    assert f'aria-describedby="{field}-error"' in chinese.text
    (form,) = [f for f in forms(chinese.text) if "employer" in f.names]
    for name, value in sent.items():
        assert form.values.get(name) == value, name
    assert occasion.taken == 0


@pytest.mark.parametrize(
    ("hours", "zh", "en"),
    [
        ((-3, -2), "报名已截止", "Registration is closed."),
        ((2, 3), "报名尚未开始", "Registration is not open yet."),
    ],
)
def test_outside_the_registration_hours_the_page_and_the_form_say_so(client, hours, zh, en):
    opens, closes = (now() + timedelta(hours=hour) for hour in hours)
    made = factories.occasion(registration_opens_at=opens, registration_closes_at=closes)
    page = client.get(f"/o/{made.public_id}").text
    assert f"/o/{made.public_id}/register" not in page
    chinese = register(client, made)
    client.set_cookie("lang", "en")
    english = register(client, made)
    assert chinese.status_code == english.status_code == 422
    assert zh in chinese.text
    assert en in english.text
    assert 'value="13000000001"' in chinese.text
    assert made.taken == 0


def test_a_full_session_says_so_before_and_after_the_form(client):
    full = factories.occasion(capacity=1)
    factories.registration(full)
    assert "名额已满" in client.get(f"/o/{full.public_id}").text
    chinese = register(client, full)
    client.set_cookie("lang", "en")
    assert "All places are taken." in register(client, full).text
    assert "名额已满" in chinese.text or "已满" in chinese.text
    assert chinese.status_code == 422
    assert full.taken == 1


def test_the_privacy_notice_says_who_what_for_how_long_and_the_rights(client, occasion):
    client.set_cookie("lang", "en")
    page = client.get(f"/o/{occasion.public_id}/register").text
    for words in ("The host of this session", "check you in", "12 months", "delete your data"):
        assert words in page


@pytest.mark.parametrize("spell", [str.upper, str.lower])
@pytest.mark.parametrize("prefix", ["/T/", "/t/"])
def test_a_stranger_sees_the_masked_ticket(client, occasion, prefix, spell):
    made = factories.registration(occasion)
    page = client.get(prefix + spell(factories.ticket(made, occasion))).text
    assert "张*" in page
    assert made.name not in page
    assert made.mobile not in page
    assert made.mobile[-4:] not in page
    assert "/my/" not in page
    assert "检验员" not in page
    assert "door/check-in" not in page


@pytest.mark.parametrize("spell", [str.upper, str.lower])
def test_a_phone_of_the_door_gets_the_check_in_page_and_only_its_button_checks_in(
    gate, occasion, spell
):
    made = factories.registration(occasion)
    path = "/T/" + spell(factories.ticket(made, occasion))
    for _ in range(2):
        page = gate.client.get(path).text
        assert made.name in page
        assert "未签到" in page
    answer = gate.client.submit(path)
    assert "签到成功" in gate.client.get(answer.location).text
    assert "已签到过" in gate.client.get(path).text


def test_a_phone_of_another_door_sees_no_full_name(gate, app):
    other = factories.occasion()
    made = factories.registration(other)
    page = gate.client.get(f"/T/{factories.ticket(made, other)}").text
    assert made.name not in page
    answer = gate.client.submit(f"/T/{factories.ticket(made, other)}")
    verdict = gate.client.get(answer.location).text
    assert "不是本场次的票" in verdict
    assert made.name not in verdict


@pytest.mark.parametrize("code", ["A" * 26, "short", "x" * 600, "张" * 26, "A" * 25, "U" * 26])
def test_an_unknown_or_malformed_code_is_a_page_with_the_next_step(client, code):
    answer = client.get(f"/T/{quote(code)}")
    assert answer.status_code == 404
    assert "Open the ticket again from its own link" in answer.text
    assert "/q/" not in answer.text
    assert client.get(f"/q/{quote(code)}.png").status_code == 404


def test_a_replaced_issue_opens_nothing_any_more(client, occasion, office):
    made = factories.registration(occasion)
    old = factories.ticket(made, occasion), factories.holder(made, occasion)
    office.post(f"/office/occasions/{occasion.public_id}/people/{made.public_id}/reissue")
    assert client.get(f"/T/{old[0]}").status_code == 404
    assert client.get(f"/my/{old[1]}").status_code == 404
    assert client.get(f"/my/{factories.holder(made, occasion)}").status_code == 200


def test_a_blocked_ticket_shows_no_qr(client, occasion):
    from checkin import registrations

    made = factories.registration(occasion)
    with factories.writing():
        registrations.set_blocked(made, True, factories.ACTOR)
    page = client.get(f"/my/{factories.holder(made, occasion)}").text
    assert "/q/" not in page
