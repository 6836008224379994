"""The contest played through: a laboratory enters and submits, the stage locks, a judge ranks."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from core import accounts
from scoring import codes
from scoring.phase import SETTLING
from tests import factories
from tests.browser.conftest import DESK, PHONE
from tests.scoring import worlds

#: From here on there is a consensus, so there is a ranking.
LABORATORIES = 14


@pytest.fixture
def world(app):
    """Return a round whose other laboratories have submitted, each with readings of its own."""
    made = worlds.make(laboratories=LABORATORIES)
    for number, lab in enumerate(made.labs[1:], -6):
        worlds.submit(made, lab, **{k.replace(".", "__"): v for k, v in shifted(made, number)})
    return made


def shifted(world, number):
    """Yield the readings of the model laboratory, moved by some steps."""
    for name, text in worlds.readings(world.stage.parameters).items():
        if ".elapsed." in name:
            yield name, str(int(text) + number)
        elif ".load." in name:
            yield name, str(Decimal(text) + Decimal(number) * Decimal("0.3"))


def sign_in(page, server, user):
    """Open a one-time link and press its button."""
    with factories.writing():
        link = accounts.make_link(user)
    page.goto(f"{server.url}/sign-in/{link}")
    page.locator("main form [type=submit]").click()


def fill(page, world):
    """Type a whole stage as a laboratory does, field by field."""
    for name, text in worlds.typed(world).items():
        field = page.locator(f'[name="{name}"]')
        tag = field.evaluate("field => field.tagName")
        field.select_option(text) if tag == "SELECT" else field.fill(text)


def submitted(page, server, world):
    """Enter and submit the open stage; return the receipt number and the pages passed."""
    passed = []
    page.on("framenavigated", lambda frame: passed.append(frame.url.removeprefix(server.url)))
    sign_in(page, server, world.lab.user)
    page.locator(f'main a[href*="/lab/entry/{world.stage.public_id}"]').first.click()
    fill(page, world)
    expect(page.locator('[data-group="rc3.1"] [data-line]')).to_contain_text("MPa")
    page.get_by_role("button", name="检查与提交").click()
    page.get_by_role("button", name=re.compile("^提交")).click()
    expect(page.locator("main")).to_contain_text("已收到贵单位 S1 数据")
    found = re.search(
        r"回执号 ([0-9A-F]{4}-[0-9A-F]{4})", page.locator("h1, main").last.inner_text()
    )
    return found[1], passed


@pytest.mark.parametrize(
    ("lab_screen", "judge_screen"), [(PHONE, DESK), (DESK, PHONE)], ids=["phone", "desk"]
)
def test_from_the_readings_to_the_ranking(
    opener, chrome, server, clock, world, lab_screen, judge_screen
):
    lab = opener(chrome, **lab_screen)
    receipt, passed = submitted(lab, server, world)
    assert len(dict.fromkeys(passed)) <= 5, passed
    by = world.later.closes_at + SETTLING - clock.forward()
    server.move_clock(by)
    clock.forward(seconds=by.total_seconds())
    sign_in(lab, server, world.lab.user)
    expect(lab.locator("main")).to_contain_text(f"已锁定（回执号 {receipt}）")
    judge = opener(chrome, **judge_screen)
    ranked(judge, server, world)
    lab.goto(f"{server.url}/lab/receipt/{world.stage.public_id}")
    expect(lab.locator("main")).to_contain_text("贵单位的数据在列表第")


def ranked(page, server, world):
    """Evaluate as a judge and read the ranking: codes, places, arithmetic, and no name."""
    sign_in(page, server, worlds.judge(world.round))
    page.get_by_role("link", name=re.compile("比对试验")).first.click()
    page.get_by_role("button", name="开始评价").click()
    expect(page.locator("main")).to_contain_text("盲评：只显示代码")
    page.get_by_role("link", name="名次").first.click()
    rows = page.locator("[aria-labelledby=places] tbody tr")
    expect(rows).to_have_count(LABORATORIES)
    mine = codes.by_participation(world.round.id)[world.lab.participation.id]
    row = rows.filter(has_text=mine)
    expect(row).to_have_count(1)
    row.get_by_role("link", name=mine, exact=True).click()
    expect(page.locator("main")).to_contain_text(re.compile(r"100 × \(1 − .* = "))
    text = page.content()
    assert not [lab.name for lab in world.labs if lab.name in text]
