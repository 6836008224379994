"""An organiser at a desk: sign in, a session on one screen, a gate, the list as a file."""

from datetime import timedelta

from playwright.sync_api import expect

from core import accounts
from core.access import Role
from core.clock import local, now
from tests import factories

TITLE = "示例观摩（虚构）"


def signed_in(desk, server):
    """Sign in by a one-time link, whose opening alone spends nothing."""
    user = factories.user(Role.OFFICE)
    with factories.writing():
        link = f"{server.url}/sign-in/{accounts.make_link(user)}"
    desk.goto(link)
    desk.goto(link)
    desk.locator("main form [type=submit]").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("活动场次")


def tab_to(desk, label):
    """Move by the Tab key alone to the field of this label."""
    for _press in range(60):
        desk.keyboard.press("Tab")
        said = "() => document.activeElement.labels?.[0]?.innerText ?? ''"
        if desk.evaluate(said).startswith(label):
            return
    raise AssertionError(f"the Tab key does not reach {label}")


def test_a_session_a_gate_and_the_list_by_mouse_and_keyboard(desk, server):
    signed_in(desk, server)
    desk.get_by_role("link", name="新建场次").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("新建场次")
    start = local(now() + timedelta(days=1)).replace(minute=0)
    tab_to(desk, "名称")
    desk.keyboard.type(TITLE)
    desk.get_by_label("开始时间").fill(f"{start:%Y-%m-%dT%H:%M}")
    desk.get_by_label("结束时间").fill(f"{start + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    tab_to(desk, "地点")
    desk.keyboard.type("示例会堂")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text(TITLE)
    desk.get_by_role("link", name="签到口").click()
    desk.get_by_label("签到口名称").fill("1 号门")
    desk.get_by_role("button", name="添加并显示配对码").click()
    expect(desk.get_by_text("PIN", exact=True)).to_be_visible()
    drawn = "image => image.decode().then(() => image.naturalWidth)"
    assert desk.locator(".center img").evaluate(drawn) > 100
    desk.get_by_role("link", name=TITLE).click()
    for format_, first in (("Excel", b"PK\x03\x04"), ("CSV", b"\xef\xbb\xbf"), ("PDF", b"%PDF")):
        desk.get_by_role("button", name=format_).focus()
        with desk.expect_download() as download:
            desk.keyboard.press("Enter")
        assert download.value.path().read_bytes().startswith(first)
