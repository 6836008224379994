"""Rounds without anything to rank: the pages of judges say why."""

from core.i18n import COOKIE
from scoring.phase import SETTLING
from tests.scoring import worlds


def test_a_round_nobody_took_part_in_says_so(app, browser, clock):
    world = worlds.make()
    clock.to(world.later.closes_at + SETTLING)
    client = browser(worlds.judge(world.round))
    client.set_cookie(COOKIE, "en")
    client.post("/judge/SN99/evaluate")
    page = client.get("/judge/SN99/ranking").text
    assert "Nobody has submitted results." in page
    assert page.count("Not reported") == len(world.labs)
