"""The whole job as people do it: one registers on a phone, one scans, one looks at the list."""

import re

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from checkin import devices, undo
from checkin.models import Attendance, Scan
from checkin.views import scanning
from core import accounts
from core.access import Role
from core.db import db, read_only_done
from tests import factories, pictures
from tests.browser.conftest import PHONE
from tests.camera import holding

NAME, UNIT, GATE = "张示例", "示例水泥有限公司", "3 号门"
#: A code leaves the view for longer than the page takes it for the same showing.
AWAY = (None,) * 4
TAPS = (
    "addEventListener('pointerdown', () => sessionStorage.taps = +(sessionStorage.taps || 0) + 1)"
)


def present(occasion):
    """Return whoever is present by the database, each as often as it counts."""
    read_only_done()
    checkpoint = occasion.checkpoints[0].id
    rows = db.session.scalars(sa.select(Attendance).filter_by(checkpoint_id=checkpoint))
    return [row.registration_id for row in rows]


def register(page, server, occasion):
    """Register from the public list as anybody would; return the pages passed on the way."""
    passed = []
    page.on("framenavigated", lambda frame: passed.append(frame.url))
    page.goto(server.url)
    page.get_by_role("link", name=occasion.title).click()
    page.get_by_role("link", name="报名", exact=True).click()
    page.get_by_label("姓名").fill(NAME)
    page.get_by_label("工作单位").fill(UNIT)
    page.get_by_label("地市").select_option(index=1)
    page.get_by_label("手机").fill(factories.mobile())
    page.get_by_label("我已阅读").check()
    page.get_by_role("button", name="提交报名").click()
    expect(page.locator(".ticket")).to_contain_text(NAME)
    return passed


def picture_of_ticket(page):
    """Download the very QR image the ticket page shows, as a camera would see it."""
    address = page.locator(".ticket-code img").evaluate("image => image.src")
    answer = page.request.get(address)
    assert answer.headers["content-type"] == "image/png"
    return holding(pictures.png(answer.body()))


def pair(page, server, occasion):
    """Open the pairing link and type the PIN; the taps are counted from here on."""
    device = factories.device(occasion, name=GATE, paired=False)
    page.context.add_init_script(TAPS)
    page.goto(f"{server.url}/door/pair/{devices.pair_token(device, occasion)}")
    expect(page.get_by_role("textbox")).to_be_focused()  # without a tap
    page.keyboard.type(devices.pin(device, occasion))
    page.get_by_role("button", name="配对本机").tap()


def verdict(page, tone):
    """Wait for a verdict and return its words."""
    box = page.locator("[data-part=verdict], .verdict").first
    expect(box).to_have_attribute("data-tone", tone)
    expect(box).to_be_visible()
    return " ".join(box.inner_text().split())


def test_from_registration_to_the_organisers_list(opener, chrome, camera, desk, server, occasion):
    attendee = opener(chrome, **PHONE, java_script_enabled=False)
    passed = register(attendee, server, occasion)
    assert [re.sub(r"[^/]{12,}", "…", url.removeprefix(server.url)) for url in passed] == [
        *("/", "/o/…", "/o/…/register", "/my/…")
    ]
    phone = camera(picture_of_ticket(attendee), *AWAY)
    pair(phone, server, occasion)
    said = verdict(phone, "admitted")
    assert phone.evaluate("() => Number(sessionStorage.taps)") <= 3
    assert "签到成功" in said
    assert NAME in said
    assert UNIT in said
    again = verdict(phone, "already_in")
    assert re.search(rf"已签到.*{NAME}.*\d\d:\d\d.*{GATE}", again)
    attendee.reload()
    expect(attendee.locator(".ticket-state")).to_contain_text("已签到")
    the_list_shows_one(desk, server, occasion)
    assert len(present(occasion)) == 1


def the_list_shows_one(desk, server, occasion):
    """Sign in by the one-time link and read the list of who came."""
    user = factories.user(Role.ORGANISER, occasion=occasion)
    with factories.writing():
        link = accounts.make_link(user)
    desk.goto(f"{server.url}/sign-in/{link}")
    desk.locator("main form [type=submit]").click()
    desk.get_by_role("link", name=occasion.title).click()
    stat = desk.locator(".stat", has_text="实到")
    expect(stat.locator("dd")).to_contain_text("1")
    rows = desk.get_by_role("region", name="表格", exact=True).locator("tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(re.compile(rf"{NAME}.*{GATE}.*已签到", re.DOTALL))


@pytest.fixture
def door(phone, server, occasion):
    """Return a paired phone at the scanner page; it has no camera."""
    device = factories.device(occasion, name=GATE)
    cookie = {"name": scanning.cookie_name(), "value": devices.cookie(device, occasion)}
    phone.context.add_cookies([cookie | {"url": server.url}])
    phone.goto(f"{server.url}/door/")
    return phone


def ready(page):
    """Wait until the script of the scanner listens."""
    expect(page.locator("#door")).to_have_attribute("data-decoder", re.compile("wasm|plain|page"))


def test_people_are_found_by_code_name_initials_and_mobile(door, server, occasion):
    known = [("欧阳示例", "13000009876"), ("上官样本", "13000009875"), ("司徒试用", "13000009874")]
    people = [factories.registration(occasion, name=n, mobile=m) for n, m in known]
    people.append(factories.registration(occasion))
    typed = ["欧阳", people[1].initials, "9874", people[3].short_code.lower()]
    for person, text in zip(people, typed, strict=True):
        door.goto(f"{server.url}/door/")
        door.get_by_role("textbox").fill(text)
        door.keyboard.press("Enter")
        door.get_by_role("button", name="签到", exact=True).tap()
        assert person.name in verdict(door, "admitted")
        door.go_back()
        expect(door.get_by_role("button", name="签到", exact=True)).to_have_count(0)
    assert sorted(present(occasion)) == [person.id for person in people]


def test_a_scan_gun_types_the_whole_code(door, server, occasion):
    person = factories.registration(occasion)
    code = factories.ticket(person, occasion)
    ready(door)
    door.keyboard.type(f"{server.url}/T/{code}".upper())
    door.keyboard.press("Enter")
    assert person.name in verdict(door, "admitted")
    expect(door.locator("[data-part=verdict]")).to_be_hidden()
    expect(door.locator("[data-part=list]")).to_contain_text(person.name)
    assert present(occasion) == [person.id]


def test_wechat_opens_the_ticket_with_a_button(door, server, occasion):
    person = factories.registration(occasion)
    link = f"{server.url}/T/{factories.ticket(person, occasion)}"
    door.goto(link)
    expect(door.locator(".person")).to_have_text(person.name)
    assert present(occasion) == []
    door.get_by_role("button", name="确认签到").tap()
    assert person.name in verdict(door, "admitted")
    door.goto(link)
    expect(door.get_by_text("已签到")).to_be_visible()
    door.get_by_role("button", name="确认签到").tap()
    assert GATE in verdict(door, "already_in")
    assert present(occasion) == [person.id]


def test_a_walk_in_is_entered_and_present(door, occasion):
    door.get_by_role("link", name="现场补登").tap()
    door.get_by_label("姓名").fill("钱补登")
    door.get_by_label("工作单位").fill("示例劳务公司")
    door.get_by_role("button", name="登记并签到").tap()
    assert "钱补登" in verdict(door, "admitted")
    assert len(present(occasion)) == 1


def test_undo_takes_back_and_the_ticket_admits_again(door, server, occasion):
    person = factories.registration(occasion)
    code = factories.ticket(person, occasion)
    for _turn in range(2):
        door.goto(f"{server.url}/door/")
        ready(door)
        door.get_by_role("textbox").fill(code)
        door.keyboard.press("Enter")
        verdict(door, "admitted")
        assert present(occasion) == [person.id]
        door.locator("[data-part=verdict]").get_by_role("button", name="撤销").tap()
        assert "撤销" in verdict(door, "left")
        assert present(occasion) == []
    door.goto(f"{server.url}/T/{code}")
    door.get_by_role("button", name="确认签到").tap()
    verdict(door, "admitted")
    door.get_by_role("button", name="撤销").tap()
    assert "撤销" in verdict(door, "left")
    assert present(occasion) == []
    read_only_done()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Scan)) == 6


def test_a_refused_undo_says_what_the_server_says(door, console, occasion):
    console.allow("status of 409")
    person = factories.registration(occasion)
    ready(door)
    door.get_by_role("textbox").fill(factories.ticket(person, occasion))
    door.keyboard.press("Enter")
    verdict(door, "admitted")
    with factories.writing():
        scan = db.session.scalars(sa.select(Scan)).one()
        undo.undo(scan, device_id=scan.device_id)
    door.get_by_role("button", name="撤销").first.tap()
    assert "已撤销过" in verdict(door, "left")
    expect(door.get_by_role("button", name="撤销")).to_have_count(0)


def admitted_by_camera(page, server, occasion):
    """Pair the phone and return what its camera is told."""
    pair(page, server, occasion)
    return verdict(page, "admitted")


def test_without_webassembly_the_plain_decoder_reads(camera, console, server, occasion):
    console.allow(r"\.wasm|[Ww]asm|WebAssembly")
    person = factories.registration(occasion)
    phone = camera(f"{server.url}/T/{factories.ticket(person, occasion)}".upper())
    phone.context.route("**/*.wasm", lambda route: route.fulfill(status=404, body=""))
    assert person.name in admitted_by_camera(phone, server, occasion)
    expect(phone.locator("#door")).to_have_attribute("data-decoder", "plain")


def test_a_refused_camera_says_what_to_do_and_typing_works(camera, server, occasion):
    person = factories.registration(occasion)
    phone = camera(None, allowed=False)
    pair(phone, server, occasion)
    expect(phone.locator("[data-part=say]")).to_contain_text("允许")
    phone.get_by_role("textbox").fill(factories.ticket(person, occasion))
    phone.keyboard.press("Enter")
    assert person.name in verdict(phone, "admitted")


def test_a_lost_answer_and_no_network_admit_once(camera, console, server, occasion):
    console.allow("Failed to load resource|ERR_FAILED|ERR_INTERNET")
    person = factories.registration(occasion)
    phone = camera(f"{server.url}/T/{factories.ticket(person, occasion)}".upper())
    nonces = []

    def lose(route):
        nonces.append(route.request.post_data_json["nonce"])
        if len(nonces) == 1:
            route.fetch()  # it arrives and counts; the answer does not come back
        route.abort()

    phone.context.route("**/api/v1/scans", lose)
    pair(phone, server, occasion)
    assert "重试" in verdict(phone, "offline")
    phone.context.unroute("**/api/v1/scans")
    phone.on("request", lambda r: "scans" in r.url and nonces.append(r.post_data_json["nonce"]))
    phone.get_by_role("button", name="重试").tap()
    assert person.name in verdict(phone, "admitted")
    assert len(nonces) == 4
    assert len(set(nonces)) == 1
    assert present(occasion) == [person.id]
