"""What a new year takes over, and a year that is older than its deadlines."""

from datetime import date, datetime

from campaign import bodies, campaigns, overview
from campaign.models import Campaign, Item
from core.clock import ZONE, local, now
from core.db import db
from tests.factories import ACTOR, writing


def test_24_o_clock_of_the_last_of_february_stays_that_day_in_a_leap_year(app):
    with writing():
        campaigns.setup(2027)
        old = campaigns.of_year(2027)
        due = datetime(2027, 3, 1, tzinfo=ZONE)  # 2月28日24:00
        campaigns.set_deadline(old, [Item.SLIP], due, ACTOR)
        new = campaigns.copy(old, 2028, ACTOR)
    assert local(campaigns.deadlines(new)[Item.SLIP]) == datetime(2028, 2, 29, tzinfo=ZONE)
    assert local(campaigns.deadlines(new)[Item.SUMMARY]) == datetime(2028, 10, 12, tzinfo=ZONE)


def test_every_text_limit_file_and_body_goes_over_and_no_extension(each_app):
    with writing():
        old = campaigns.current()
        for name in ("host", "contact", "intro", "privacy", "footer"):
            setattr(old, name, f"【示例】{name}")
        old.root_files, old.video_limit_mb, old.retention_months = {"a.txt": "b"}, 77, 7
        bodies.bodies(old)[0].sees_city = True
        late = datetime(old.year, 12, 1, tzinfo=ZONE)
        campaigns.set_deadline(
            old, [Item.SLIP], late, ACTOR, body=bodies.bodies(old)[0], reason="x"
        )
        new = campaigns.copy(old, old.year + 1, ACTOR)
    same = [getattr(old, n) == getattr(new, n) for n in campaigns.TAKEN_OVER]
    facts = [[(b.position, b.name, b.kind, b.sees_city, b.place_id) for b in bodies.bodies(c)]
             for c in (old, new)]  # fmt: skip
    assert all(same)
    assert facts[0] == facts[1]
    assert len(facts[1]) == 40
    due = campaigns.deadlines_of_bodies(new)
    assert due[bodies.bodies(new)[0].id, Item.SLIP] == campaigns.deadlines(new)[Item.SLIP]


def test_a_year_from_before_there_were_deadlines_gets_the_usual_ones(each_app):
    days = {"starts_on": date(2001, 9, 1), "ends_on": date(2001, 9, 30)}
    with writing():
        db.session.add(Campaign(year=2001, name="示例", opened_at=now(), **days))
    with writing():
        campaigns.setup()
    assert set(campaigns.deadlines(campaigns.of_year(2001))) == set(Item)
    assert overview.lines(campaigns.of_year(2001)) == []
