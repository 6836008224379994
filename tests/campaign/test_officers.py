"""Liaison officers: invited without or with a number, welcomed by an accepted slip, taken back."""

import re

import pytest
import sqlalchemy as sa

from campaign import bodies, campaigns, filings, next_year, officers
from campaign.models import Item
from core import accounts, audit
from core.access import Role, Scope
from core.accounts import User
from core.clock import now
from core.db import db, read_only_done
from core.errors import Conflict, InvalidInput, NotFound
from core.notify import Channel, Message
from tests import factories
from tests.campaign import worlds
from tests.factories import ACTOR, writing
from tests.racing import race


def body_of(position=5):
    return bodies.bodies(campaigns.current())[position]


def invite(body, **said):
    with writing():
        return officers.invite(body, ACTOR, **said)


def live(user):
    return accounts.live_link(user.id)


def states(body):
    return [one.state for one in officers.of(body)]


def test_a_body_without_a_number_gets_an_account_that_waits_for_one(each_app):
    body = body_of()
    user = invite(body)
    assert (user.login, user.name) == (f"body-{body.public_id}", body.name + "联络员")
    assert [(g.role, g.scope, g.scope_id) for g in user.grants] == [
        (Role.LIAISON, Scope.BODY, body.id)
    ]
    assert states(body) == ["invited"]
    assert officers.of(body)[0].name == ""


def test_inviting_again_keeps_the_link_and_renewing_ends_it(each_app):
    body = body_of()
    user = invite(body)
    first = live(user)[0]
    assert live(invite(body))[0] == first
    assert live(invite(body, renew=True))[0] != first
    assert accounts.link_owner(first) is None


def test_of_links_made_at_once_one_opens(each_app):
    body = body_of()
    user = invite(body)
    read_only_done()

    def renew(_number):
        with writing():
            return officers.make_link(body, db.session.get_one(User, user.id), ACTOR)

    tokens = race(each_app, renew, 8)
    assert sum(accounts.link_owner(token) is not None for token in tokens) == 1


def test_23_a_known_number_is_one_account_whatever_it_is_typed_with(each_app):
    number = factories.mobile()
    typed = f"+86 {number[:3]}-{number[3:7]} {number[7:]}"
    first = invite(body_of(5), name="张示例", mobile=number)
    second = invite(body_of(6), mobile=typed)
    assert first.id == second.id
    assert len(second.grants) == 2
    assert second.name == "张示例"


def test_an_account_that_is_set_up_gets_the_role_and_no_link(app):
    user = factories.user(login=factories.mobile(), password=factories.PASSWORD)
    assert invite(body_of(), name="别人", mobile=user.login).id == user.id
    assert (live(user), user.name, states(body_of())) == (None, "王示例", ["set_up"])


def test_a_closed_account_is_not_invited(app):
    user = factories.user(login=factories.mobile())
    with writing():
        user.disabled_at = now()
    with pytest.raises(Conflict):
        invite(body_of(), mobile=user.login)
    assert states(body_of()) == []


def test_when_an_account_was_set_up_is_known_from_the_audit_log(app, client):
    body = body_of()
    path = f"/sign-in/{live(invite(body))[0]}"
    words = {"password": "a new sentence nobody guesses", "again": "a new sentence nobody guesses"}
    client.submit(path, name="张示例", mobile=factories.mobile(), **words)
    one = officers.of(body)[0]
    assert one.state == "set_up"
    assert abs((now() - one.set_up_at).total_seconds()) < 60


def correct(body, user, **said):
    with writing():
        values = {"name": "", "mobile": "", "email": ""} | said
        return officers.correct(body, user, ACTOR, **values)


def test_a_number_learnt_later_keeps_the_link_that_was_sent(app):
    body, number = body_of(), factories.mobile()
    user = invite(body)
    sent = live(user)[0]
    assert correct(body, user, name="张示例", mobile=number).id == user.id
    assert (user.login, user.name, live(user)[0]) == (number, "张示例", sent)


def test_a_number_that_was_wrong_gets_no_use_of_its_link(app):
    body, right = body_of(), factories.mobile()
    user = invite(body, mobile=factories.mobile())
    sent = live(user)[0]
    correct(body, user, mobile=right)
    assert (user.login, accounts.link_owner(sent)) == (right, None)


def test_a_number_that_has_an_account_takes_the_place_of_the_waiting_one(app):
    body = body_of()
    waiting, owner = invite(body), factories.user(login=factories.mobile())
    assert correct(body, waiting, mobile=owner.login).id == owner.id
    assert [one.user.id for one in officers.of(body)] == [owner.id]
    assert waiting.disabled_at is not None


def test_an_officer_of_two_bodies_keeps_the_other_when_one_is_corrected(app):
    number = factories.mobile()
    user = invite(body_of(5), mobile=number)
    invite(body_of(6), mobile=number)
    other = correct(body_of(5), user, mobile=factories.mobile())
    assert other.id != user.id
    assert [one.user.id for one in officers.of(body_of(6))] == [user.id]
    assert [one.user.id for one in officers.of(body_of(5))] == [other.id]


def test_what_a_person_has_set_up_is_corrected_by_nobody_else(app):
    user = factories.user(login=factories.mobile(), password=factories.PASSWORD)
    invite(body_of(), mobile=user.login)
    with pytest.raises(Conflict):
        correct(body_of(), user, name="别人")
    with pytest.raises(InvalidInput):
        correct(body_of(6), invite(body_of(6), mobile=factories.mobile()), name="李示例")


def welcome(body, *people):
    with writing():
        user = worlds.officer(body)
        filing = filings.file(
            body, Item.SLIP, {}, worlds.actor(user), at=now(),
            persons=[worlds.person(**person) for person in people],
        )  # fmt: skip
        return officers.welcome(body, filing, ACTOR)


def test_the_persons_of_an_accepted_slip_become_users_with_a_link_to_copy(each_app):
    body, known = body_of(), factories.user(login=factories.mobile(), password="x" * 12 + "q7z")
    people = [{"name": "张示例"}, {"name": "李示例"}, {"mobile": known.login}]
    users = welcome(body, *people)
    assert [bool(live(user)) for user in users] == [True, True, False]
    assert {user.id for user in users} <= {one.user.id for one in officers.of(body)}
    noted = db.session.scalars(sa.select(Message).filter_by(kind="accepted")).all()
    assert [m.user_id for m in noted] == [users[0].id, users[1].id]
    assert all(m.channel is Channel.COPY and "{link}" in m.text for m in noted)
    assert noted[0].subject == f"body:{body.public_id}"


def test_23_a_person_on_two_slips_is_one_user(each_app):
    number = factories.mobile()
    first = welcome(body_of(5), {"mobile": number})
    second = welcome(body_of(6), {"mobile": number})
    assert [user.id for user in first] == [user.id for user in second]


def test_accepting_on_the_page_welcomes_too(app, office, month):
    path = f"/office/month/{month.campaign.year}/filings/{month.filing.public_id}/accept"
    form = {"seen": "1", "seen_no": "1", "version": "1"}
    office.post(path, data=form)
    found = db.session.scalar(sa.select(User).filter_by(login=month.person.mobile))
    assert found is not None


def test_taking_the_role_back_counts_from_the_next_page(app, browser, month):
    client = browser(month.officer)
    page = f"/body/{month.body.public_id}/"
    assert client.get(page).status_code == 200
    with writing():
        officers.remove(month.body, month.officer, ACTOR)
    assert client.get(page).status_code == 403
    assert client.get("/account/password").status_code == 200
    with pytest.raises(NotFound), writing():
        officers.remove(month.body, month.officer, ACTOR)


def test_a_removed_invitation_opens_nothing(app):
    body = body_of()
    user = invite(body)
    token = live(user)[0]
    with writing():
        officers.remove(body, user, ACTOR)
    assert accounts.link_owner(token) is None


def test_officers_are_told_by_a_text_to_copy_and_so_is_a_body_without_any(app, month):
    with writing():
        told = officers.tell(month.body, "returned", "请修改后重新报送：{link}", ACTOR)
        told += officers.tell(body_of(9), "returned", "请修改后重新报送：{link}", ACTOR)
    assert [m.user_id for m in told] == [month.officer.id, None]
    assert {m.channel for m in told} == {Channel.COPY}
    assert all(m.text.endswith("http://localhost/sign-in") for m in told)


def test_last_years_officers_file_for_the_same_bodies_of_the_new_year(each_app):
    old = campaigns.current()
    known = invite(body_of(5), name="张示例", mobile=factories.mobile())
    invite(body_of(6))  # waits for its owner's number, so it stays behind
    with writing():
        new = campaigns.copy(old, old.year + 1, ACTOR)
        assert next_year.carry_over(old, new, ACTOR) == 1
    listed = bodies.bodies(new)
    assert [one.user.id for one in officers.of(listed[5])] == [known.id]
    assert officers.of(listed[6]) == []


def test_every_act_on_an_officer_is_on_record_without_a_persons_data(app):
    body = body_of()
    user = invite(body, name="张示例", mobile=factories.mobile())
    with writing():
        officers.remove(body, user, ACTOR)
    entries = db.session.scalars(
        sa.select(audit.AuditEntry).filter_by(object_id=body.public_id)
    ).all()
    assert [entry.action for entry in entries] == ["officer.add", "officer.link", "officer.remove"]
    assert not re.search(r"张|1300", "".join(str(entry.details) for entry in entries))
