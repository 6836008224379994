"""What the contest counts for the month: who takes part, and nothing of what they found."""

import pytest

from campaign import bodies, campaigns
from campaign import figures as registry
from campaign.models import Organisation
from core.db import db
from scoring import codes, participation_figures
from scoring.models import Participation
from tests import factories
from tests.scoring import worlds

pytestmark = pytest.mark.usefixtures("no_noise")


def counted():
    return {f.place_id: f for f in participation_figures.counted(campaigns.current().id)}


def settle(lab, place: int) -> int:
    """Put a laboratory into a place and return its number."""
    number = bodies.places()[place - 1].id
    with factories.writing():
        found = db.session.get_one(Organisation, lab.participation.organisation_id)
        found.place_id = number
    return number


def test_laboratories_are_counted_by_their_place_before_any_result(each_app):
    world = worlds.make(laboratories=3)
    place = settle(world.labs[0], 1)
    assert settle(world.labs[1], 1) == place
    found = counted()
    assert {number: figure.value for number, figure in found.items()} == {0: 1, place: 2}
    assert {figure.code for figure in found.values()} == {"contest.organisations"}


def test_a_laboratory_in_two_rounds_is_one_organisation(app):
    worlds.make(code="SN97")
    before = sum(figure.value for figure in counted().values())
    world = worlds.make(code="SN99")
    with factories.writing():
        db.session.add(
            Participation(
                round_id=worlds.past("SN96").id,
                organisation_id=world.lab.participation.organisation_id,
            )
        )
    labelled = [row.label for figure in counted().values() for row in figure.rows]
    assert labelled.count(world.lab.name) == 1
    assert before == 2


def test_the_rows_name_laboratories_and_never_a_code_or_a_result(app):
    world = worlds.make()
    worlds.submit(world, world.lab)
    rows = [row for figure in counted().values() for row in figure.rows]
    assert [row.label for row in rows] == [lab.name for lab in world.labs]
    assert all((row.value, row.url) == (1, "") for row in rows)
    drawn = set(codes.by_participation(world.round.id).values())
    assert not [row for row in rows for code in drawn if code in row.label]


def test_another_campaign_has_other_laboratories(app):
    worlds.make()
    assert participation_figures.counted(0) == []


def test_the_application_knows_the_provider(app):
    worlds.make()
    with app.test_request_context():
        found = {figure.code for figure in registry.counted(campaigns.current().id)}
    assert "contest.organisations" in found
    assert not found & {"contest.people", "contest.sessions"}
