"""The laboratory's pages at the deadline, after it, and before others' doors."""

import io
import re
from datetime import timedelta

import pytest

from core.clock import now
from core.db import db
from core.sealed import seal
from scoring import codes, runs
from scoring.models import EntryVersion
from tests import factories
from tests.scoring import worlds
from tests.scoring.lab_browser import draft, page, save, submit, words


class Slow(io.BytesIO):
    """A body that arrives while the clock goes on."""

    def __init__(self, body, pause):
        super().__init__(body)
        self._pause = pause

    def _wait(self):
        self._pause()
        self._pause = lambda: None

    def read(self, size=-1):
        self._wait()
        return super().read(size)

    def readinto(self, target):
        self._wait()
        return super().readinto(target)


def slow_submit(client, world, clock, seconds):
    """Submit with a request that begins so long before the close and ends after it."""
    clock.to(world.stage.closes_at - timedelta(minutes=5))
    save(client, world)
    clock.to(world.stage.closes_at - timedelta(seconds=seconds))
    body = b"rev=%d" % draft(world).rev
    return client.post(
        page(world) + "/check",
        input_stream=Slow(body, lambda: clock.forward(seconds=60)),
        content_length=len(body),
        content_type="application/x-www-form-urlencoded",
    )


@pytest.fixture
def ending(app):
    """Return a round that closes while somebody is signed in."""
    return worlds.make(closes_in=timedelta(minutes=20))


def test_a_request_that_began_a_second_before_the_close_counts(each_app, ending, browser, clock):
    lab = browser(ending.lab.user)
    assert slow_submit(lab, ending, clock, 1).location.startswith("/lab/receipt/")
    version = draft(ending).standing
    assert version.arrived_at < ending.stage.closes_at < now()


def test_a_request_that_began_a_second_after_the_close_reads_what_counts(
    each_app, ending, browser, clock
):
    lab = browser(ending.lab.user)
    answer = slow_submit(lab, ending, clock, -1)
    assert answer.status_code == 409
    assert "填报已截止" in words(answer)
    assert draft(ending).standing is None


def test_after_the_close_the_form_gives_back_what_was_typed(ending, browser, clock):
    lab = browser(ending.lab.user)
    save(lab, ending)
    submit(lab, ending)
    clock.to(ending.stage.closes_at)
    answer = save(lab, ending, press_no="YL-777")
    assert answer.status_code == 409
    assert "YL-777" in words(answer)
    assert f"（回执号 {draft(ending).standing.receipt_no}）有效" in words(answer)
    assert draft(ending).fields["press_no"] == "YL-500"
    assert "已截止" in words(lab.get(page(ending)))


def test_the_receipt_shows_its_line_in_the_published_list(ending, browser, clock):
    worlds.submit(ending, ending.other)
    mine = worlds.submit(ending, ending.lab)
    clock.to(ending.stage.closes_at + timedelta(seconds=121))
    with factories.writing():
        runs.lock(draft(ending).stage)
    answer = browser(ending.lab.user).get(f"/lab/receipt/{ending.stage.public_id}")
    listed = re.findall(r"<code>([0-9a-f]{64})</code>", answer.text)[2:]
    place = listed.index(mine.seal) + 1
    assert f"贵单位的数据在列表第 {place} 行" in words(answer)
    assert seal(listed) in answer.text
    assert "修改后重新提交" not in answer.text


def test_a_stage_that_is_not_open_shows_when_it_opens(lab, world):
    path = f"/lab/entry/{world.later.public_id}"
    assert "S2 填报将于" in words(lab.get(path))
    assert lab.get(path + "/check").status_code == 302
    assert lab.get(path + "/template.xlsx").status_code == 302
    assert lab.post(path, data={"rev": "0"}).status_code == 409


PATHS = ("entry/{}", "entry/{}/check", "receipt/{}", "entry/{}/template.xlsx")
POSTS = ("entry/{}", "entry/{}/check", "entry/{}/live", "entry/{}/upload")


def bare(answer, name):
    """Return a refusal without what differs by nature."""
    text = answer.text.replace(name, "")
    return re.sub(r'[0-9a-f]{16}|name="csrf_token" value="[^"]+"', "", text)


def test_a_stage_of_another_round_looks_like_an_unknown_one(each_app, lab, world):
    theirs = worlds.make(code="SN98").stage.public_id
    for method, paths in (("GET", PATHS), ("POST", POSTS)):
        for path in paths:
            found, unknown = (
                lab.open("/lab/" + path.format(name), method=method, data={"rev": "0"})
                for name in (theirs, "nobodys")
            )
            assert found.status_code == unknown.status_code == 404
            assert bare(found, theirs) == bare(unknown, "nobodys")


def test_no_page_shows_the_code_the_item_or_anything_of_others(lab, world):
    worlds.submit(world, world.other, press_no="YL-SECRET")
    save(lab, world)
    submit(lab, world)
    secret = {*codes.by_participation(world.round.id).values(), "YL-SECRET", world.other.name}
    secret |= {*world.other.samples.values(), draft(world, world.other).standing.seal}
    stage = world.stage.public_id
    for path in ("", *PATHS[:3]):
        text = lab.get("/lab/" + path.format(stage)).text
        assert not [name for name in secret if name in text]
        assert not re.search(r"样品\s*[AB]\b", text)


def test_somebody_without_a_laboratory_may_not_enter(world, browser, office):
    assert office.get("/lab/").status_code == 403
    assert browser(worlds.judge(world.round)).get(page(world)).status_code == 403


def test_versions_of_the_pages_are_those_of_the_form(lab, world):
    save(lab, world)
    submit(lab, world)
    (version,) = db.session.query(EntryVersion).all()
    assert (version.source, version.user_id) == ("form", world.lab.user.id)
