import re

import sqlalchemy as sa

from core.access import Role
from core.accounts import User
from core.db import db, read_only_done
from tests import factories


def path(occasion):
    return f"/office/occasions/{occasion.public_id}/organisers"


def test_a_new_account_is_made_and_runs_this_session_alone(office, client, occasion):
    page = office.submit(path(occasion), login="builder", name="承办示例")
    link = re.search(r"/sign-in/[\w-]+", page.text)[0]
    client.submit(link)
    assert client.get(f"/office/occasions/{occasion.public_id}").status_code == 200
    other = factories.occasion()
    assert client.get(f"/office/occasions/{other.public_id}").status_code == 404


def test_an_account_that_exists_needs_no_name_and_gets_no_link(office, browser, occasion):
    user = factories.user(login="builder")
    page = office.submit(path(occasion), login="builder")
    assert "/sign-in/" not in page.text
    assert browser(user).get(f"/office/occasions/{occasion.public_id}").status_code == 200


def test_an_unknown_account_without_a_name_is_asked_for_one(office, occasion):
    page = office.submit(path(occasion), login="nobody-yet")
    assert page.status_code == 422
    read_only_done()
    assert db.session.scalar(sa.select(User.id).filter_by(login="nobody-yet")) is None


def test_taking_the_grant_back_closes_the_session_to_them(office, browser, occasion):
    user = factories.user(Role.ORGANISER, occasion=occasion)
    office.post(f"{path(occasion)}/{user.public_id}/remove")
    assert browser(user).get(f"/office/occasions/{occasion.public_id}").status_code in (403, 404)
