"""What the door counts for the month: sessions and visits, by place, with the rows behind them."""

from datetime import timedelta

import pytest

from campaign import bodies, campaigns
from campaign import figures as registry
from checkin import month_figures, reports, scans, undo
from checkin.models import Scan
from checkin.models.occasion import Kind
from core.clock import now
from core.db import db
from tests import factories

pytestmark = pytest.mark.usefixtures("no_noise")


def begun(kind=Kind.TOUR, place=1, **changes):
    """Return an occasion that has begun and whose door is open."""
    start = now() - timedelta(minutes=10)
    place_id = bodies.places()[place - 1].id if place else None
    return factories.occasion(kind=kind, starts_at=start, place_id=place_id, **changes)


def come(occasion, people: int) -> list[str]:
    """Have people checked in and return their scans."""
    gate = factories.gate(factories.device(occasion), occasion)
    codes = [
        factories.ticket(factories.registration(occasion), occasion) for _number in range(people)
    ]
    with factories.writing():
        return [
            scans.record(
                scans.Request(checkpoint=gate.checkpoint, nonce=factories.nonce(), code=code), gate
            ).scan
            for code in codes
        ]


def counted():
    found = month_figures.counted(campaigns.current().id, lambda public_id: f"/o/{public_id}")
    return {(figure.code, figure.place_id): figure for figure in found}


def test_sessions_and_visits_are_two_figures_of_the_place_of_the_occasion(each_app):
    first, second = begun(), begun()
    come(first, 2)
    come(second, 1)
    place = first.place_id
    found = counted()
    assert found["tours.sessions", place].value == 2
    assert found["tours.attendances", place].value == 3
    assert set(found) == {("tours.sessions", place), ("tours.attendances", place)}


def test_the_rows_behind_a_figure_are_its_occasions_and_add_up_to_it(app):
    occasion = begun(Kind.LECTURE)
    come(occasion, 2)
    found = counted()["lectures.attendances", occasion.place_id]
    assert [(row.value, row.url) for row in found.rows] == [(2, f"/o/{occasion.public_id}")]
    assert occasion.title in found.rows[0].label
    assert found.value == reports.counts(occasion).attendances


def test_an_occasion_counts_from_its_beginning(app, clock):
    factories.occasion(kind=Kind.TOUR, place_id=None)
    assert counted() == {}
    clock.forward(hours=1, minutes=1)
    assert counted()["tours.sessions", 0].value == 1


def test_an_undone_check_in_is_no_visit(app):
    occasion = begun()
    scan = come(occasion, 2)[0]
    with factories.writing():
        found = db.session.query(Scan).filter_by(public_id=scan).one()
        undo.undo(found, device_id=None, actor_id=factories.user().id)
    assert counted()["tours.attendances", occasion.place_id].value == 1


def test_a_session_to_which_nobody_came_counts_as_a_session(app):
    occasion = begun()
    found = counted()
    assert found["tours.sessions", occasion.place_id].value == 1
    assert found["tours.attendances", occasion.place_id].value == 0


def test_other_kinds_and_other_campaigns_are_not_counted(app):
    begun(Kind.CONSULTATION)
    begun(Kind.OTHER)
    assert counted() == {}
    begun()
    assert month_figures.counted(0, str) == []


def test_3_an_occasion_in_hengqin_counts_there_and_not_in_zhuhai(app):
    begun(place=22)
    places = {place.name: place.id for place in bodies.places()}
    assert ("tours.sessions", places["横琴"]) in counted()
    assert ("tours.sessions", places["珠海"]) not in counted()


def test_the_application_knows_the_provider_and_leads_to_the_page_of_the_occasion(app):
    occasion = begun()
    with app.test_request_context():
        rows = [row for figure in registry.counted(occasion.campaign_id) for row in figure.rows]
    assert f"/office/occasions/{occasion.public_id}" in {row.url for row in rows}
