"""One's own data: seen whole, taken along, corrected, deleted; nobody reaches another's."""

import json
import re
import threading

import pytest
import sqlalchemy as sa

from campaign import filings
from campaign.models import FilingDraft, Item, SlipPerson
from core import accounts, audit, notify, own_data
from core.access import Role
from core.accounts import Grant, User
from core.clock import now
from core.db import db, read_only_done, transaction
from core.notify import Channel, Message
from scoring.models import Participation
from tests import factories
from tests.campaign import worlds as months
from tests.checkin.controls import unguarded, went_wrong
from tests.factories import PASSWORD
from tests.racing import race
from tests.scoring import worlds as contests


@pytest.fixture
def month(month):
    """The month as it was filed: what the product changes later does not reach these objects."""
    db.session.expunge(month.officer)
    db.session.expunge(month.person)
    return month


@pytest.fixture
def filed(month):
    """The officer stands on the slip they filed, with the mobile they sign in with."""
    with factories.writing():
        person = months.person(mobile=month.officer.login)
        actor = months.actor(month.officer)
        filing = filings.file(month.body, Item.SLIP, {}, actor, at=now(), persons=[person])
        row = db.session.scalars(sa.select(SlipPerson).filter_by(filing_id=filing.id)).one()
    db.session.expunge(row)
    return row


def fresh(model, key):
    read_only_done()
    db.session.expire_all()
    found = db.session.get_one(model, key)
    read_only_done()
    return found


def copied(client):
    answer = client.get("/account/data.json")
    assert "attachment" in answer.headers["Content-Disposition"]
    return json.loads(answer.data)


def send(user):
    with factories.writing():
        recipient = notify.Recipient(user.id, user.name, mobile=user.login)
        actor = months.actor(user)
        return notify.note("invitation", "body:x", recipient, "", "您好", Channel.COPY, actor)


def test_the_page_shows_account_roles_slip_rows_and_messages(officer, month, filed):
    send(month.officer)
    page = officer.get("/account/data").text
    for text in (month.officer.login, month.body.name, filed.landline, "您好"):
        assert text in page


def test_the_copy_holds_the_same_as_plain_values(officer, month, filed):
    send(month.officer)
    kept = copied(officer)
    assert kept["account"]["login"] == month.officer.login
    assert kept["roles"][0]["role"] == "liaison"
    assert kept["reply_slips"][0]["mobile"] == month.officer.login
    assert kept["reply_slips"][0]["gender"] == "female"
    assert kept["messages"][0]["text"] == "您好"
    assert len(kept["browsers"]) == 1
    assert "password_hash" not in kept["account"]


def test_nothing_of_another_person_is_in_the_copy(officer, month, filed):
    assert month.person.mobile not in json.dumps(copied(officer))


def test_a_number_one_gave_oneself_opens_no_row_of_a_stranger(browser, month, filed):
    impostor = months.officer(month.elsewhere)
    client = browser(impostor)
    with factories.writing():
        user = db.session.get_one(User, month.officer.id)
        user.login = "body-renamed"
        db.session.flush()
        db.session.get_one(User, impostor.id).login = filed.mobile
    assert copied(client)["reply_slips"] == []
    client.submit("/account/data", form=1, typed=impostor.name)
    assert fresh(SlipPerson, filed.id).forgotten_at is None


def test_the_contact_of_a_laboratory_sees_where_they_are_named(browser, app):
    contest = contests.make()
    user = contests.colleague(contest.lab.participation)
    with factories.writing():
        row = db.session.get_one(Participation, contest.lab.participation.id)
        row.contact_name, row.contact_mobile = "张示例", user.login
    client = browser(user)
    assert copied(client)["contest_contacts"][0]["contact_mobile"] == user.login
    client.submit("/account/data", form=1, typed=user.name)
    assert fresh(Participation, row.id).contact_mobile == ""


def test_name_and_mail_are_corrected_without_a_password(officer, month):
    answer = officer.submit("/account/data", name="李示例", email="li@example.cn")
    assert answer.status_code == 302
    user = fresh(User, month.officer.id)
    assert (user.name, user.email) == ("李示例", "li@example.cn")
    entry = db.session.scalars(
        sa.select(audit.AuditEntry).filter_by(action="correct", object_kind="user")
    ).one()
    assert entry.details == {"fields": ["name", "email"]}


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("email", "no address"), ("login", "has space")]
)
def test_what_cannot_be_is_said_at_its_field(officer, month, field, value):
    page = officer.submit("/account/data", **{field: value})
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text
    assert fresh(User, month.officer.id).name == month.officer.name


def with_password(*roles):
    made = factories.user(*roles, password=PASSWORD, login=factories.mobile())
    db.session.expunge(made)
    return made


def test_a_new_login_needs_the_password_and_then_signs_in(browser, client):
    user, new = with_password(Role.OFFICE), factories.mobile()
    own = browser(user)
    assert own.submit("/account/data", login=new, password="wrong").status_code == 422
    assert fresh(User, user.id).login == user.login
    assert own.submit("/account/data", login=new, password=PASSWORD).status_code == 302
    assert client.submit("/sign-in", login=new, password=PASSWORD).status_code == 302


def test_an_account_without_password_sets_one_before_it_changes_its_login(officer, month):
    page = officer.submit("/account/data", login=factories.mobile(), password="")
    assert page.status_code == 422
    assert fresh(User, month.officer.id).login == month.officer.login


def test_a_login_that_is_taken_is_refused(each_app, browser):
    user, other = with_password(Role.OFFICE), with_password(Role.OFFICE)
    page = browser(user).submit("/account/data", login=other.login, password=PASSWORD)
    assert page.status_code == 422
    assert fresh(User, user.id).login == user.login


def test_a_mobile_is_replaced_by_a_mobile_only(browser):
    user = with_password(Role.OFFICE)
    page = browser(user).submit("/account/data", login="a-name", password=PASSWORD)
    assert page.status_code == 422


def test_nobody_tries_passwords_through_an_open_session(browser):
    own = browser(with_password(Role.OFFICE))
    tries = [own.submit("/account/data", login=factories.mobile(), password="x") for _ in range(9)]
    assert [answer.status_code for answer in tries] == [422] * 8 + [429]


def test_a_new_login_ends_the_links_that_lie_in_older_messages(browser, client):
    user = with_password(Role.OFFICE)
    with factories.writing():
        token = accounts.make_link(db.session.get_one(User, user.id))
    browser(user).submit("/account/data", login=factories.mobile(), password=PASSWORD)
    assert client.get(f"/sign-in/{token}").status_code == 404


def test_deleting_forgets_the_person_and_keeps_what_was_filed(each_app, officer, month, filed):
    sent = send(month.officer)
    answer = officer.submit("/account/data", form=1, typed=month.officer.name)
    assert answer.location == "/sign-in"
    user = fresh(User, month.officer.id)
    assert (user.login, user.name) == (f"deleted-{user.public_id}", "")
    assert user.disabled_at is not None
    assert officer.get("/account/data").status_code == 302
    row = fresh(SlipPerson, filed.id)
    assert (row.mobile, row.landline, row.name) == ("", "", filed.name)
    assert fresh(SlipPerson, month.person.id).mobile == month.person.mobile
    assert fresh(Message, sent.id).to_address == ""
    assert db.session.scalar(sa.select(Grant.id).filter_by(user_id=user.id)) is None


def test_deleting_takes_ones_row_out_of_a_draft_and_leaves_the_others(officer, month):
    rows = [{"name": "张示例", "mobile": month.officer.login}, {"name": "李示例", "mobile": ""}]
    with factories.writing():
        filings.save_draft(month.body, Item.SLIP, {"rows": rows}, months.actor(month.officer))
    assert copied(officer)["reply_slips"][0]["name"] == "张示例"
    officer.submit("/account/data", form=1, typed=month.officer.name)
    draft = fresh(FilingDraft, (month.body.id, Item.SLIP))
    assert draft.document == {"rows": [rows[1]]}
    assert draft.edit == 2


def test_another_name_deletes_nothing(officer, month):
    page = officer.submit("/account/data", form=1, typed="李示例")
    assert page.status_code == 422
    assert fresh(User, month.officer.id).disabled_at is None


def lonely_administrator():
    """Return the one administrator there is."""
    with factories.writing():
        db.session.execute(sa.delete(Grant).filter_by(role=Role.ADMIN))
    return factories.user(Role.ADMIN)


def test_the_last_administrator_stays(browser):
    last = lonely_administrator()
    page = browser(last).submit("/account/data", form=1, typed=last.name)
    assert page.status_code == 422
    assert fresh(User, last.id).disabled_at is None
    factories.user(Role.ADMIN)
    assert browser(last).submit("/account/data", form=1, typed=last.name).status_code == 302


def leaving(both):
    def leave(number):
        user = db.session.get_one(User, both[number].id)
        own_data.delete(user, user.name)
        return True

    return leave


def two_administrators():
    both = [lonely_administrator(), factories.user(Role.ADMIN)]
    read_only_done()
    return both


def test_of_two_administrators_who_leave_at_once_one_stays(each_app):
    leave = leaving(two_administrators())

    def act(number):
        with transaction():
            return leave(number)

    results = race(each_app, act, runners=2)
    assert sorted(str(getattr(result, "code", result)) for result in results) == [
        "True", "last_administrator",
    ]  # fmt: skip


def test_without_lock_and_turns_both_would_leave_or_the_database_refuses(each_app, monkeypatch):
    """The control: the race above can be lost."""
    both, looked = two_administrators(), threading.Barrier(2)

    def unlocked(user):
        wanted = sa.select(Grant.user_id).where(Grant.role == Role.ADMIN)
        assert len(db.session.scalars(wanted).all()) == 2
        looked.wait(20)

    monkeypatch.setattr(own_data, "_keep_an_administrator", unlocked)
    assert went_wrong(unguarded(each_app, leaving(both)))


def test_a_deleted_account_is_listed_as_such_and_stays_closed(admin, officer, month):
    officer.submit("/account/data", form=1, typed=month.officer.name)
    assert month.officer.public_id not in admin.get("/people/").text
    answer = admin.post(f"/people/{month.officer.public_id}/enable")
    assert answer.status_code == 409


def test_a_visit_changes_no_row_and_shows_no_form_of_another(officer, office):
    assert officer.get("/account/data").status_code == 200
    assert office.get("/account/data").status_code == 200
    assert re.search(r'action="/account/data/delete"', office.get("/account/data").text)


def test_a_part_that_a_feature_registers_is_shown_and_forgotten(officer, month, monkeypatch):
    seen = []
    section = own_data.Section("example", "Name", {"a": "Name"}, [{"a": "甲", "b": "乙"}])
    part = own_data.Part(lambda _user: [section], lambda user: seen.append(user.id) or 3)
    monkeypatch.setitem(own_data._parts, "example", part)
    assert copied(officer)["example"] == [{"a": "甲", "b": "乙"}]
    assert "甲" in officer.get("/account/data").text
    officer.submit("/account/data", form=1, typed=month.officer.name)
    assert seen == [month.officer.id]
    entry = db.session.scalars(
        sa.select(audit.AuditEntry).filter_by(action="delete", object_kind="user")
    ).one()
    assert entry.details["example"] == 3
