"""Demo data of the contest: a round in evaluation, one open today, and whom to sign in as."""

import pytest
import sqlalchemy as sa

from core.clock import now
from core.db import db, read_only_done
from scoring import demo, rounds, runs
from scoring.models import Participation, Round
from scoring.phase import Phase, Window, window
from tests import databases, factories


@pytest.fixture(scope="module")
def filled_once(sqlite, tmp_path_factory):
    """Return the file of a database filled in as at the first start."""
    path = tmp_path_factory.mktemp("filled") / "demo.db"
    with sqlite.copy(noisy=False) as url:
        app = databases.build(url, path.parent)
        with app.app_context(), factories.writing():
            demo.fill()
        databases.dispose(app)
        databases.keep(url, path)
    return path


@pytest.fixture
def database_url(filled_once, tmp_path):
    return databases.copied(filled_once, tmp_path)


@pytest.fixture
def filled(app):
    """Read the demo as the first start makes it."""


def test_the_demo_has_a_round_in_evaluation_and_one_open_today(filled):
    past, open_ = rounds.find(demo.PAST), rounds.find(demo.OPEN)
    assert rounds.phase_of(past) is Phase.EVALUATION
    assert runs.current(past) is not None
    assert rounds.phase_of(open_) is Phase.RUNNING
    assert window(rounds.times(open_.stages[0]), now()) is Window.OPEN


def test_filling_twice_adds_nothing(filled):
    with factories.writing():
        assert not demo.fill()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Round)) == 2


def test_the_links_of_the_start_lead_to_tasks_and_rounds(filled, app, client):
    read_only_done()
    with app.test_request_context(), factories.writing():
        lines = demo._links()
    assert len(lines) == 2
    for line, page in zip(lines, ("/lab/", "/judge/"), strict=True):
        assert client.post(line[line.index("/sign-in/") :]).status_code == 302
        assert client.get("/home").location == page
        assert "【示例】" in client.get(page).text


def test_no_laboratory_of_the_demo_is_real(filled):
    for member in db.session.scalars(sa.select(Participation)):
        assert member.contact_mobile.startswith("120")  # not a range of mobiles


def test_packs_hold_the_items_in_either_order(filled):
    orders = {
        tuple(sample.item.value for sample in member.samples)
        for member in db.session.scalars(sa.select(Participation))
    }
    assert orders == {("A", "B"), ("B", "A")}
