"""What pages say in situations that are easy to word wrongly."""

import re

import pytest

from checkin import devices, registrations
from checkin import undo as undoing
from checkin.models import Scan
from core.db import db
from tests import factories


@pytest.fixture
def quiet():
    """Return a session that names no telephone."""
    return factories.occasion(contact_name="", contact_phone="", capacity=1)


def office_page(occasion, registration=None):
    path = f"/office/occasions/{occasion.public_id}"
    return f"{path}/people/{registration.public_id}" if registration else path


def check_in(gate, person):
    sent = {"registration": person.public_id, "nonce": factories.nonce(), "source": "search"}
    return gate.client.post("/door/check-in", data=sent).location


def test_success_is_a_verdict_and_checked_in_is_a_state(gate, client, office, occasion):
    person = factories.registration(occasion)
    assert "签到成功" in gate.client.get(check_in(gate, person)).text
    for page in (
        client.get(f"/my/{factories.holder(person, occasion)}"),
        client.get(f"/T/{factories.ticket(person, occasion)}"),
        gate.client.get("/door/search", query_string={"q": person.name}),
        office.get(office_page(occasion)),
    ):
        assert "已签到" in page.text
        assert "签到成功" not in page.text


def test_a_verdict_undone_later_is_shown_as_undone(gate, occasion):
    verdict = check_in(gate, factories.registration(occasion))
    with factories.writing():
        scan = db.session.query(Scan).one()
        undoing.undo(scan, device_id=gate.device.id)
    page = gate.client.get(verdict).text
    assert "已撤销" in page
    assert "签到成功" not in page
    assert "/door/undo" not in page


def test_a_spent_pairing_code_says_so_and_asks_for_no_pin(client, browser, occasion):
    device = factories.device(occasion, paired=False)
    path = f"/door/pair/{devices.pair_token(device, occasion)}"
    client.submit(path, pin=devices.pin(device, occasion))
    page = browser().get(path).text
    assert "此码已配对过手机" in page
    assert 'name="pin"' not in page


def test_a_pin_may_be_pasted_with_spaces_into_its_field(client, occasion):
    device = factories.device(occasion, paired=False)
    page = client.get(f"/door/pair/{devices.pair_token(device, occasion)}").text
    field = re.search(r"<input[^>]*name=\"pin\"[^>]*>", page).group()
    assert 'inputmode="numeric"' in field
    assert "maxlength" not in field


def test_a_ticket_of_another_session_warns_and_can_be_recorded(gate, app):
    other = factories.occasion()
    path = f"/T/{factories.ticket(factories.registration(other), other)}"
    assert "这是其他场次的票" in gate.client.get(path).text
    answer = gate.client.submit(path)
    assert 'data-tone="refused"' in gate.client.get(answer.location).text


def test_the_counter_of_the_door_says_that_walk_ins_are_in_it(gate, occasion):
    factories.registration(occasion)
    answer = gate.client.submit("/door/walk-in", name="钱补登", unit="示例劳务公司")
    assert "在场 1（含补登）/ 应到 1" in gate.client.get(answer.location).text
    assert "在场（含补登）/ 应到" in gate.client.get("/door/").text


def test_the_office_sees_the_overrun_and_who_allowed_it(office, supervisor, occasion):
    with factories.writing():
        occasion.capacity = 1
    assert "超出容量补登" not in office.get(office_page(occasion)).text
    factories.registration(occasion)
    typed = {"name": "钱补登", "unit": "示例劳务公司", "reason": "陪同专家", "supervisor": "王负责"}
    supervisor.client.submit("/door/walk-in", **typed)
    assert "超出容量补登" in office.get(office_page(occasion)).text
    walk_in = db.session.query(registrations.Registration).filter_by(walk_in=True).one()
    page = office.get(office_page(occasion, walk_in)).text
    assert "陪同专家；王负责" in page


def test_the_office_reads_when_and_why_a_scan_was_refused(office, gate, occasion):
    person = factories.registration(occasion)
    with factories.writing():
        registrations.set_blocked(person, True, factories.ACTOR)
    check_in(gate, person)
    page = office.get(office_page(occasion, person)).text
    assert re.search(r"<time>\d{4}年\d+月\d+日 星期.<br>\d\d:\d\d</time>", page)
    assert re.search(r"不能入场.*<small[^>]*>此票已停用", page)


def test_the_chart_has_its_figures_beside_it(office, gate, occasion):
    page = office_page(occasion)
    assert "<details" not in office.get(page).text
    check_in(gate, factories.registration(occasion))
    assert re.search(r"<details.*<td class=\"num\">1</td>.*</details>", office.get(page).text, re.S)


@pytest.mark.parametrize("state", ["full", "early", "late"])
def test_nobody_is_sent_to_a_contact_that_is_not_named(client, quiet, clock, state):
    if state == "full":
        factories.registration(quiet)
    else:
        clock.forward(days={"early": -20, "late": 1}[state])
    page = client.get(f"/o/{quiet.public_id}").text
    assert "联系人" not in page
    assert {"full": "咨询台", "early": "稍后再打开", "late": "咨询台"}[state] in page


def test_a_cancelled_ticket_names_whom_to_ask_when_there_is_no_contact(client, quiet, occasion):
    for session, words in ((occasion, "致电下方联系人"), (quiet, "到现场咨询台询问")):
        person = factories.registration(session)
        path = f"/my/{factories.holder(person, session)}"
        with factories.writing():
            registrations.withdraw(person)
        assert words in client.get(path).text


def test_the_same_sentence_is_said_once_in_the_summary_and_once_at_the_field(office):
    page = office.submit("/office/occasions/new", map_url="nonsense").text
    assert page.count("请粘贴完整链接") == 2
