from datetime import timedelta

from checkin import registrations, retention
from checkin.models import Registration
from core import jobs
from core.clock import moved
from core.db import db
from core.personal import mask_mobile
from tests import factories


def mobile_of(registration):
    db.session.expire_all()
    return db.session.get_one(Registration, registration.id).mobile


def test_mobiles_stay_for_a_year_and_are_then_forgotten(each_app, occasion):
    guest = factories.registration(occasion)
    with moved(timedelta(days=300)), factories.writing():
        retention.forget_mobiles()
    assert mobile_of(guest) == guest.mobile
    number = guest.mobile
    with moved(timedelta(days=370)), factories.writing():
        retention.forget_mobiles()
        assert retention.forget_mobiles() == 0
    assert number not in mobile_of(guest)
    assert mask_mobile(mobile_of(guest)) == "****"


def test_two_walk_ins_of_one_name_and_unit_are_still_two(each_app, occasion):
    with factories.writing():
        for last in "12":
            person = registrations.Person(
                name="张示例", employer="示例公司", mobile=f"1300000000{last}"
            )
            registrations.walk_in(occasion.id, person, reason="", beyond=False)
    with moved(timedelta(days=370)), factories.writing():
        assert retention.forget_mobiles() >= 2


def test_the_worker_does_it_daily(app, occasion):
    guest = factories.registration(occasion)
    with moved(timedelta(days=370)):
        jobs.run_once(50)
    assert mobile_of(guest).startswith("-")
