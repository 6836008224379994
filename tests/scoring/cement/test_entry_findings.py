"""What is said about a whole stage: ages, press, names, and groups beside each other."""

from datetime import date, datetime, timedelta

import pytest

from core.findings import Level
from scoring.cement.reduction import Options
from scoring.cement.validation import (
    Conditions,
    Group,
    age_out_of_window,
    check,
)
from tests.scoring.cement.readings import loads, row

ON = date(2024, 10, 8)
CAST = datetime(2024, 9, 10, 9, 48)
RC28 = "76.4 77.2 78.8 75.6 77.9 76.9"  # 48.2 MPa
RC3 = "42.1 41.8 42.6 41.9 42.3 42.2"  # 26.3 MPa


def strength(parameter, text, pack=1, **more):
    return Group(parameter, pack, readings=loads(text), **more)


def said(groups=(), earlier=(), **conditions):
    return check(
        groups,
        Conditions(**conditions),
        on=ON,
        options=Options(),
        earlier=earlier,
    )


def codes(*groups, **more):
    return [f"{found.code} {found.address}" for found in said(groups, **more)]


MINUTE = timedelta(minutes=1)
WINDOWS = [(1, 15), (2, 30), (3, 45), (7, 120), (28, 480)]


@pytest.mark.parametrize(("days", "minutes"), WINDOWS)
def test_the_age_is_counted_from_the_water_and_the_limit_is_inside(days, minutes):
    for side in (1, -1):
        limit = CAST + timedelta(days=days) + side * timedelta(minutes=minutes)
        assert not age_out_of_window(CAST, limit, days)
        assert age_out_of_window(CAST, limit + side * MINUTE, days)


@pytest.mark.parametrize(
    ("code", "late", "text"),
    [
        ("rc28", timedelta(days=29, hours=7), "Actual age is 29 d 7 h, outside 28 d ±8 h."),
        ("rf3", timedelta(days=3, minutes=46), "Actual age is 3 d 46 min, outside 3 d ±45 min."),
        ("rc3", timedelta(0), "Actual age is 0 min, outside 3 d ±45 min."),
    ],
)
def test_an_age_outside_its_window_asks_for_a_reason(code, late, text):
    group = Group(code, 1, "not_tested", "-"), strength(code, RC28, 2)
    (found,) = [
        one for one in said(group, cast_at=CAST, broken_at=CAST + late) if one.code == "E07"
    ]
    assert (found.level, found.address) == (Level.WARN, "broken_at")
    assert found.text().startswith(text)


def test_an_age_matters_only_where_a_strength_was_tested():
    late = {"cast_at": CAST, "broken_at": CAST + timedelta(days=40)}
    assert codes(Group("rc28", 1, "not_tested", "试件破损"), **late) == []
    assert codes(Group("flow", 1, readings=row("diameter", "212 209")), **late) == []
    assert codes(strength("rc28", RC28), cast_at=CAST) == []
    assert codes(strength("rc28", RC28), cast_at=CAST, broken_at=CAST + timedelta(days=28)) == []


def test_a_test_before_casting_blocks_and_has_no_age():
    before = {"cast_at": CAST, "broken_at": CAST - MINUTE}
    assert codes(strength("rc28", RC28), **before) == ["E06 broken_at"]
    assert codes(cast_at=CAST, broken_at=CAST) == []


@pytest.mark.parametrize(
    ("valid_to", "broken_at", "fired"),
    [
        (date(2024, 10, 8), None, False),
        (date(2024, 10, 7), None, True),
        (date(2024, 10, 8), datetime(2024, 10, 8, 23, 59), False),
        (date(2024, 10, 8), datetime(2024, 10, 9, 0, 0), True),
    ],
)
def test_a_calibration_holds_through_its_last_day(valid_to, broken_at, fired):
    found = codes(press_calibrated_to=valid_to, broken_at=broken_at)
    assert found == (["E22 press_calibrated_to"] if fired else [])


def test_one_person_for_test_and_approval_is_asked_about():
    (found,) = said(tested_by="钱 某", approved_by=" 钱某")
    assert (found.code, found.level, found.address) == ("E28", Level.WARN, "approved_by")
    assert said(tested_by="钱某", approved_by="吴某", checked_by="钱某") == []
    assert said(tested_by=" ", approved_by="") == []


def minutes(parameter, text, pack=1):
    return Group(parameter, pack, readings=row("elapsed", text))


@pytest.mark.parametrize(
    ("initial", "final", "fired"),
    [("206", "206", True), ("206", "205", True), ("206", "207", False)],
)
def test_final_set_is_later_than_initial_set(initial, final, fired):
    found = codes(minutes("init", initial), minutes("final", final))
    assert found == (["E13 final.1.1.elapsed.1"] if fired else [])


@pytest.mark.parametrize("status", ["value", "void"])
def test_a_tick_of_void_does_not_take_a_setting_time_out_of_the_comparison(status):
    initial = Group("init", 1, status, readings=row("elapsed", "240"))
    found = codes(initial, minutes("final", "210"))
    assert "E13 final.1.1.elapsed.1" in found
    assert ("E38 init.1.1.elapsed.1" in found) == (status == "void")


def test_setting_times_are_compared_within_a_pack_only():
    assert codes(minutes("init", "240"), minutes("final", "210", pack=2)) == []
    assert "E13" not in " ".join(codes(Group("init", 1), minutes("final", "210")))
    assert codes(minutes("final", "210")) == []


SAME_AS_28 = strength("rc3", RC28)


@pytest.mark.parametrize(
    ("young", "fired"),
    [
        (strength("rc3", RC3), False),
        (SAME_AS_28, True),
        (strength("rc3", RC28, pack=2), False),
        (strength("rc3", RC28, status="not_tested"), False),
        (strength("rc3", RC28, status="void"), True),
        (strength("rf3", "3500 3450 3520"), False),
    ],
)
def test_a_strength_grows_with_age_also_over_two_stages(young, fired):
    found = codes(strength("rc28", RC28), earlier=[young])
    assert ("E10 rc28.1.1.load.1" in found) == fired


def test_a_strength_that_did_not_grow_names_both_results():
    (found,) = [one for one in said([strength("rc28", RC28)], [SAME_AS_28]) if one.code == "E10"]
    assert found.text().startswith("28-day strength (48.2 MPa) is not above 3-day strength (48.2")
    assert "E10" not in " ".join(codes(strength("rc28", "65 64 64 53 66 70"), earlier=[SAME_AS_28]))


#: Six halves of 36.0 MPa: a quarter is 9.0 MPa, a ninth 4.0 MPa.
RC36 = "57.6 57.6 57.6 57.6 57.5 57.7"


@pytest.mark.parametrize(
    ("load", "fired"), [("3840", False), ("3883", True), ("1707", False), ("1664", True)]
)
def test_flexural_and_compressive_strength_are_in_proportion(load, fired):
    found = codes(strength("rf28", f"{load} {load} {load}"), strength("rc28", RC36))
    assert ("E31 rf28.1.1.load.1" in found) == fired


def test_the_proportion_is_written_out():
    groups = [strength("rf28", "3883 3883 3883"), strength("rc28", RC36)]
    (found,) = [one for one in said(groups) if one.code == "E31"]
    assert "ratio is 0.253" in found.text()


def test_the_proportion_is_checked_across_entries_but_said_in_this_one():
    rf28, rc28 = strength("rf28", "3883 3883 3883"), strength("rc28", RC36)
    assert "E31 rc28.1.1.load.1" in codes(rc28, earlier=[rf28])
    assert "E31 rf28.1.1.load.1" in codes(rf28, earlier=[rc28])
    assert "E31" not in " ".join(codes(minutes("init", "206"), earlier=[rf28, rc28]))
    assert "E31" not in " ".join(codes(strength("rf28", "2500 2540 4400"), rc28))


def test_six_equal_values_in_both_packs_are_asked_about():
    twice = [strength("rc28", RC28), strength("rc28", RC28, pack=2)]
    assert codes(*twice) == ["E12 rc28.2.1.load.1"]
    assert codes(twice[0], strength("rc28", RC28.replace("76.9", "76.8"), pack=2)) == []
    assert codes(minutes("init", "206"), minutes("init", "206", pack=2)) == []


def test_incomplete_packs_are_not_called_equal():
    part = RC28.replace("76.9", "-")
    assert "E12" not in " ".join(codes(strength("rc28", part), strength("rc28", part, pack=2)))


def test_a_parameter_without_an_edition_is_left_to_the_round():
    groups = [strength("rc28", "1"), Group("dens", 1)]
    found = check(groups, Conditions(), on=date(2010, 1, 1), options=Options())
    assert {one.address.split(".")[0] for one in found} == {"rc28"}


def test_all_findings_come_at_once_the_head_first():
    found = codes(
        strength("rc28", "65 64 64 53 66"),
        minutes("init", "3"),
        minutes("final", "2"),
        tested_by="钱某",
        approved_by="钱某",
    )
    assert found == [
        "E28 approved_by",
        "E04 rc28.1.1.load.6",
        "E05 init.1.1.elapsed.1",
        "E05 final.1.1.elapsed.1",
        "E13 final.1.1.elapsed.1",
    ]
