"""Who came: the list in official order, its filters, its three numbers, and what it exports."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from campaign.bodies import places
from checkin import registrations, reports
from checkin.admission import State
from checkin.models import Attendance, Checkpoint
from core.clock import local, now
from core.db import db
from core.exports import taken_by
from tests import factories


def enter(gate, person, occasion):
    answer = gate.scan(code=factories.ticket(person, occasion))
    assert answer.json["verdict"] == "admitted"


@pytest.fixture
def people(occasion, gate):
    """Make four people in four states: came, absent, walked in, cancelled."""
    town = places()
    made = {
        "came": factories.registration(occasion, name="张到场", place_id=town[1].id),
        "absent": factories.registration(occasion, name="李未到", place_id=town[0].id),
        "gone": factories.registration(occasion, name="王取消"),
    }
    enter(gate, made["came"], occasion)
    gate.scan(walk_in={"name": "赵补登", "unit": "示例公司"})
    with factories.writing():
        registrations.withdraw(made["gone"])
    return made


def names(occasion, **wish):
    return [row.name for row in reports.rows(occasion, **wish)]


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        ("all", {"张到场", "李未到", "赵补登"}),
        ("present", {"张到场", "赵补登"}),
        ("absent", {"李未到"}),
        ("walk_in", {"赵补登"}),
        ("cancelled", {"王取消"}),
        ("anything else", {"张到场", "李未到", "赵补登"}),
    ],
)
def test_a_filter_shows_whom_it_says(app, occasion, people, show, expected):
    assert set(names(occasion, show=show)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("到场", ["张到场"]), ("zdc", ["张到场"]), ("示例公司", ["赵补登"]), ("％", []), ("_", [])],
)
def test_a_search_in_the_list_finds_names_initials_and_employers(
    app, occasion, people, text, expected
):
    assert names(occasion, text=text) == expected


def test_a_search_in_the_list_finds_the_end_of_a_mobile(app, occasion, people):
    assert names(occasion, text=people["came"].mobile[-6:]) == ["张到场"]


def test_the_list_shows_nobody_of_another_occasion(app, occasion, people):
    assert factories.NOISE.person not in names(occasion)
    assert names(occasion, text=factories.NOISE.person) == []


def test_a_row_says_when_where_and_how_somebody_came(app, occasion, gate, people):
    row = next(row for row in reports.rows(occasion) if row.name == "张到场")
    assert (row.gate, row.city, row.state) == (gate.device.name, places()[1].name, "accepted")
    assert abs(row.first_in - now()) < timedelta(minutes=1)
    absent = next(row for row in reports.rows(occasion) if row.name == "李未到")
    assert (absent.first_in, absent.gate) == (None, "")


def test_cities_stand_in_official_order_and_unknown_ones_last(each_app, occasion):
    towns = places()
    for town in (towns[3], None, towns[0], towns[-1], towns[2]):
        factories.registration(occasion, place_id=town.id if town else None)
    listed = [row.city for row in reports.rows(occasion)]
    assert listed == [towns[0].name, towns[2].name, towns[3].name, towns[-1].name, ""]
    down = [row.city for row in reports.rows(occasion, down=True)]
    assert down == listed[::-1]


@pytest.mark.parametrize("down", [False, True])
def test_who_has_not_come_stands_last_by_time(each_app, occasion, gate, clock, down):
    late, early, _absent = (factories.registration(occasion, name=n) for n in ("丙", "甲", "乙"))
    enter(gate, early, occasion)
    clock.forward(minutes=5)
    enter(gate, late, occasion)
    order = ["丙", "甲"] if down else ["甲", "丙"]
    assert names(occasion, sort="first_in", down=down) == [*order, "乙"]


def test_names_stand_in_the_order_of_their_pinyin(app, occasion):
    for name in ("赵一", "安一", "李一"):
        factories.registration(occasion, name=name)
    assert names(occasion, sort="name") == ["安一", "李一", "赵一"]
    assert names(occasion, sort="name", down=True) == ["赵一", "李一", "安一"]


def test_the_counts_of_an_occasion(each_app, occasion, people):
    assert reports.counts(occasion) == reports.Counts(
        expected=2, present=1, walk_ins=1, absent=1, attendances=2, people=2
    )


def test_the_counts_of_an_empty_occasion_are_zero(app, occasion):
    assert reports.counts(occasion) == reports.Counts(0, 0, 0, 0, 0, 0)


def second_checkpoint(occasion, person):
    """Let a person in at a second checkpoint of the occasion."""
    with factories.writing():
        again = Checkpoint(
            occasion_id=occasion.id,
            name="下午签到",
            opens_at=occasion.sign_in_opens_at,
            closes_at=occasion.sign_in_closes_at,
        )
        db.session.add(again)
        db.session.flush()
        db.session.add(
            Attendance(checkpoint_id=again.id, registration_id=person.id, first_in=now())
        )


def test_one_person_at_two_checkpoints_is_two_attendances_and_one_of_the_people(
    each_app, occasion, people
):
    second_checkpoint(occasion, people["came"])
    counts = reports.counts(occasion)
    assert (counts.attendances, counts.people) == (3, 2)
    assert (counts.expected, counts.present, counts.absent) == (2, 1, 1)


def test_an_undone_entry_is_absent_again(app, occasion, people):
    with factories.writing():
        db.session.execute(
            sa.delete(Attendance).where(Attendance.registration_id == people["came"].id)
        )
    counts = reports.counts(occasion)
    assert (counts.present, counts.absent) == (0, 2)


def frame(occasion, *, full):
    return reports.frame(reports.rows(occasion), full_mobiles=full)


def test_exported_mobiles_are_masked_unless_asked_for_in_full(app, occasion, people):
    mobile = people["came"].mobile
    masked = frame(occasion, full=False).to_csv()
    assert mobile not in masked
    assert f"{mobile[:3]}****{mobile[-4:]}" in masked
    assert mobile in frame(occasion, full=True).to_csv()


def test_exported_rows_are_numbered_from_one_and_marked(app, occasion, people):
    with factories.writing():
        registrations.set_blocked(people["absent"], True, factories.ACTOR)
    made = frame(occasion, full=False)
    assert list(made["number"]) == [1, 2, 3]
    marks = dict(zip(made["name"], made["mark"], strict=True))
    assert marks["张到场"] == ""
    assert marks["赵补登"] != marks["李未到"] != ""


def test_an_export_of_nobody_has_the_columns(app, occasion):
    made = frame(occasion, full=False)
    assert list(made.columns) == [column.key for column in reports.columns()]
    assert len(made) == 0


def test_the_note_says_who_when_and_how_the_mobiles_are(app, clock):
    at = clock.forward(days=1)
    notes = {taken_by("王示例", full_mobiles=full) for full in (False, True)}
    assert len(notes) == 2
    for note in notes:
        assert "王示例" in note
        assert f"{local(at):%Y-%m-%d}" in note


def test_arrivals_are_columns_of_ten_minutes(app, occasion, gate, clock):
    start = local(now()).replace(minute=1, second=0, microsecond=0) + timedelta(hours=1)
    clock.to(start)
    for minutes in (0, 3, 21):
        clock.to(start + timedelta(minutes=minutes))
        enter(gate, factories.registration(occasion), occasion)
    came = reports.arrivals(occasion)
    assert [count for _label, count in came] == [2, 0, 1]
    chart = str(reports.chart(came))
    hour = f"{start:%H}"
    for label in (f"{hour}:00", f"{hour}:10", f"{hour}:20"):
        assert label in chart
    assert f"{hour}:30" not in chart
    assert re.search(r">\s*2\s*<", chart)


def test_arrivals_of_nobody_and_of_a_whole_day_are_drawn(app, occasion, people):
    assert reports.arrivals(factories.occasion()) == []
    assert str(reports.chart([])).startswith("<svg")
    came = sa.update(Attendance).where(Attendance.registration_id == people["came"].id)
    with factories.writing():
        db.session.execute(came.values(first_in=now() - timedelta(days=1)))
    spread = reports.arrivals(occasion)
    assert len(spread) <= reports.SLOTS + 1
    assert sum(count for _label, count in spread) == reports.counts(occasion).attendances


def test_the_state_of_a_row_is_a_plain_word(app, occasion, people):
    assert {row.state for row in reports.rows(occasion, show="cancelled")} == {
        State.CANCELLED.value
    }
