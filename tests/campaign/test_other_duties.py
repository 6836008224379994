"""An officer who is administrator, judge or laboratory too: their links never reach the office."""

import pytest

from campaign import bodies, campaigns, officers, telling
from core import accounts, notify
from core.access import Role, Scope
from core.db import db
from core.errors import Conflict
from core.notify import Channel
from tests import factories
from tests.campaign import worlds
from tests.campaign.acts import SLIP, file
from tests.factories import ACTOR, writing

OTHERS = [(Role.ADMIN, Scope.SYSTEM, 0, 0), (Role.OFFICE, Scope.SYSTEM, 0, 0),
          (Role.JUDGE, Scope.ROUND, 1, 0), (Role.LAB, Scope.ROUND, 1, 9)]  # fmt: skip


@pytest.fixture
def body():
    return bodies.bodies(campaigns.current())[5]


def staff(*held):
    with writing():
        user = accounts.create(factories.mobile(), "李示例")
        accounts.grant(user, *held)
        return user, accounts.make_link(user)


def shown(office):
    return office.get(f"/office/month/{campaigns.current().year}/invitations").text


@pytest.mark.parametrize("held", OTHERS)
def test_the_link_the_administrator_made_is_not_shown_to_the_office(app, office, body, held):
    user, token = staff(*held)
    with writing():
        officers.add(body, ACTOR, name="别名", mobile=user.login, email="a@example.com")
    assert token not in shown(office)
    one = officers.of(body)[0]
    assert (one.state, one.token, one.user.name, one.user.email) == ("set_up", "", "李示例", "")
    assert accounts.link_owner(token) == "李示例"


def test_the_office_makes_no_link_for_an_administrator(app, office, body):
    user, token = staff(*OTHERS[0])
    with writing():
        officers.invite(body, ACTOR, mobile=user.login, renew=False)
    address = f"/office/month/{campaigns.current().year}/bodies/{body.public_id}"
    answer = office.post(f"{address}/officers/{user.public_id}/renew")
    assert answer.status_code == 409
    assert accounts.link_owner(token) == "李示例"
    with pytest.raises(Conflict), writing():
        officers.correct(body, user, ACTOR, name="别名", mobile=user.login, email="a@example.com")


def test_an_accepted_slip_that_names_a_judge_hands_out_no_link(app, office, month, body):
    user, token = staff(*OTHERS[2])
    filed = file(body, worlds.actor(month.officer), SLIP,
                 persons=[worlds.person(mobile=user.login)])  # fmt: skip
    with writing():
        officers.welcome(body, filed, ACTOR)
    assert telling.sent("accepted", [body]) == []
    assert accounts.link_owner(token) == "李示例"


def test_a_message_shows_no_link_once_its_owner_has_another_duty(app, body):
    number = factories.mobile()
    with writing():
        user = officers.invite(body, ACTOR, mobile=number)
        to = officers.of(body)[0].recipient
        sent = telling.deliver("invitation", body, to, "{link}", Channel.COPY, ACTOR)
    assert notify.link(sent) is not None
    with writing():
        accounts.grant(db.session.get_one(accounts.User, user.id), Role.ADMIN)
    assert notify.link(sent) is None
