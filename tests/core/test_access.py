"""Access is declared by every endpoint; an application that forgets one does not start."""

import pytest
from sqlalchemy.exc import IntegrityError

from core import access, accounts
from core.access import ANONYMOUS, Actor, Held, Role, Rule, Scope
from core.factory import build
from tests import factories


def feature(view):
    class Feature:
        @staticmethod
        def init_app(app):
            app.add_url_rule("/crash", "crash", view)

    return Feature


def test_an_application_with_an_undeclared_endpoint_does_not_start(tmp_path):
    with pytest.raises(RuntimeError, match="no declared access: crash"):
        build(
            feature(lambda: ""), data_dir=str(tmp_path), database_url=f"sqlite:///{tmp_path}/a.db"
        )


def test_no_endpoint_of_the_product_is_undeclared(app):
    assert access.undeclared(app) == []


def test_what_is_undeclared_at_run_time_is_refused(app, client):
    app.view_functions["site.healthz"].__dict__.pop("access_rule")
    try:
        assert client.get("/healthz").status_code == 403
    finally:
        access.public(app.view_functions["site.healthz"])


@pytest.mark.parametrize(
    ("mark", "rule"),
    [
        (access.public, Rule("public")),
        (access.link, Rule("link")),
        (access.signed_in, Rule("account")),
        (access.roles(Role.ADMIN), Rule("account", (Role.ADMIN,))),
        (access.actor("door"), Rule("door")),
    ],
)
def test_a_declaration_is_kept_on_the_view(mark, rule):
    def view():
        return ""

    assert mark(view).access_rule == rule


def test_a_role_for_one_occasion_is_none_for_another():
    actor = Actor(grants=frozenset({Held(Role.ORGANISER, Scope.OCCASION, 7)}))
    assert actor.has(Role.ORGANISER, Role.ADMIN)
    assert not actor.has(Role.OFFICE)
    assert actor.may(Role.ORGANISER, Scope.OCCASION, 7)
    assert not actor.may(Role.ORGANISER, Scope.OCCASION, 8)
    assert not actor.may(Role.OFFICE, Scope.OCCASION, 7)


def test_a_role_for_the_whole_system_is_none_in_a_single_scope():
    actor = Actor(grants=frozenset({Held(Role.ORGANISER, Scope.SYSTEM, 0)}))
    assert not actor.may(Role.ORGANISER, Scope.OCCASION, 7)


def test_a_laboratory_speaks_for_one_party_of_its_round_only():
    actor = Actor(grants=frozenset({Held(Role.LAB, Scope.ROUND, 7, party_id=3)}))
    assert actor.may(Role.LAB, Scope.ROUND, 7)
    assert not actor.may(Role.LAB, Scope.ROUND, 8)
    assert not actor.may(Role.JUDGE, Scope.ROUND, 7)


@pytest.mark.parametrize(
    ("role", "party"), [(Role.JUDGE, 0), (Role.LAB, 9)], ids=["judge", "another laboratory"]
)
def test_nobody_has_two_roles_in_one_round(each_app, role, party):
    user = factories.user()
    with factories.writing():
        accounts.grant(user, Role.LAB, Scope.ROUND, 7, party_id=3)
        accounts.grant(user, Role.JUDGE, Scope.ROUND, 8)
    with pytest.raises(IntegrityError), factories.writing():
        accounts.grant(user, role, Scope.ROUND, 7, party_id=party)


def test_a_laboratory_without_a_party_is_no_grant(each_app):
    user = factories.user()
    with pytest.raises(IntegrityError), factories.writing():
        accounts.grant(user, Role.LAB, Scope.ROUND, 7)


def test_nobody_may_nothing():
    assert not ANONYMOUS.has(*Role)
    assert not any(ANONYMOUS.may(role, Scope.SYSTEM, 0) for role in Role)


def test_a_page_is_found_again_after_signing_in(client):
    answer = client.get("/office/occasions/new?from=mail")
    assert answer.location == "/sign-in?next=/office/occasions/new?from%3Dmail"


def test_a_post_of_nobody_is_told_to_sign_in_and_not_sent_around(client):
    answer = client.post("/office/occasions/new", csrf=False)
    assert answer.status_code == 401
    assert "请先登录" in answer.text
    assert "Please sign in first, then try again." in answer.text


def test_an_account_without_the_role_is_told_whom_to_ask(browser):
    answer = browser(factories.user()).get("/office/")
    assert answer.status_code == 403
    assert "Ask the office to grant you the role." in answer.text
    assert "not_your_role" in answer.text


def test_a_grant_taken_away_ends_at_the_next_request(organiser, occasion, app):
    from core.accounts import Grant
    from core.db import db

    path = f"/office/occasions/{occasion.public_id}"
    assert organiser.get(path).status_code == 200
    with factories.writing():
        db.session.execute(Grant.__table__.delete().where(Grant.scope_id == occasion.id))
    assert organiser.get(path).status_code == 403


def test_the_actor_of_a_public_page_is_not_looked_up(app):
    with app.test_request_context("/"):
        assert access.current() is ANONYMOUS
        assert access.current("account") is ANONYMOUS
