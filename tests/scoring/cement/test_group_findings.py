"""What is said about one group: each finding fired, and not fired just inside its limit."""

from datetime import date

import pytest

from core.findings import Level
from scoring.cement.reduction import Options
from scoring.cement.validation import Conditions, Group, check
from tests.scoring.cement.readings import loads, needles, row, sieve

ON = date(2024, 9, 13)


def said(parameter, readings, **more):
    options = more.pop("options", Options())
    unread = more.pop("unread", ())
    group = Group(parameter, 1, readings=readings, **more)
    return check([group], Conditions(), on=ON, options=options, unread=unread)


def codes(parameter, readings, **more):
    return [f"{found.code} {found.address}" for found in said(parameter, readings, **more)]


def one(code, parameter, readings, **more):
    (found,) = [found for found in said(parameter, readings, **more) if found.code == code]
    return found


GOOD = "76.4 77.2 78.8 75.6 77.9 76.9"


@pytest.mark.parametrize(
    ("parameter", "readings"),
    [
        ("rc28", loads(GOOD)),
        ("rf28", loads("3500 3450 3520")),
        ("water", row("water_volume", "138.5")),
        ("sound", needles("1.0 1.5")),
        ("sound_pat", row("verdict", "1")),
        ("r45", sieve("0.86 0.90")),
        ("cl", row("mass_fraction", "0.033 0.033")),
        ("alk", row("na2o", "0.32 0.31") + row("k2o", "0.54 0.51")),
    ],
)
def test_ordinary_readings_raise_nothing(parameter, readings):
    assert codes(parameter, readings) == []


@pytest.mark.parametrize(
    ("parameter", "readings", "address", "numbers"),
    [
        ("rc28", loads("76.4 - 78.8 75.6 - 76.9"), "rc28.1.1.load.2", "2, 5"),
        ("rf3", (), "rf3.1.1.load.1", "1, 2, 3"),
        ("r45", row("residue", "0.86 0.90"), "r45.1.1.sieve_factor.0", "C"),
        ("r45", sieve("- 0.90"), "r45.1.1.residue.1", "1"),
        ("alk", row("na2o", "0.32 0.31"), "alk.1.1.k2o.1", "K₂O 1, K₂O 2"),
        ("sound", needles("1.0 1.0")[:3], "sound.1.1.C.2", "C2"),
        ("blaine", row("specific_surface", "352 360") + row("specific_surface", "- 350", 2),
         "blaine.1.2.specific_surface.1", "1"),
    ],
)  # fmt: skip
def test_missing_readings_block_and_are_named(parameter, readings, address, numbers):
    found = one("E04", parameter, readings)
    assert (found.level, found.address, found.values["list"]) == (Level.BLOCK, address, numbers)


def test_a_field_that_holds_something_unreadable_is_not_missing_as_well():
    readings = loads("76.4 - 78.8 75.6 - 76.9")
    unread = {"rc28.1.1.load.2"}
    assert one("E04", "rc28", readings, unread=unread).values["list"] == "5"
    assert "E04" not in " ".join(codes("rc28", readings, unread={*unread, "rc28.1.1.load.5"}))


def test_what_could_not_be_tested_needs_its_reason_and_nothing_else():
    assert codes("rc28", loads("1 1"), status="not_tested", reason="试件破损") == []
    assert codes("rc28", loads("1 1"), status="not_tested", reason=" ") == ["E04 rc28.1.1.load.3"]


@pytest.mark.parametrize(
    ("parameter", "readings", "alt"),
    [
        ("blaine", row("specific_surface", "3560 3560"), "cm²/g"),
        ("rc28", loads("76400 77200 78800 75600 77900 76900"), "N"),
        ("rf28", loads("3.50 3.45 3.52"), "kN"),
        ("init", row("elapsed", "3.1"), "h"),
        ("dens", row("density", "3060 3060"), "kg/m³"),
        ("cl", row("mass_fraction", "280 281"), "mg/kg"),
        ("flow", row("diameter", "21.0 21.2"), "cm"),
    ],
)
def test_a_result_beyond_the_possible_blocks_and_suggests_a_unit(parameter, readings, alt):
    found = one("E05", parameter, readings)
    assert (found.level, found.values["alt"]) == (Level.BLOCK, alt)
    assert f"whether the unit should be {alt}." in found.text()
    assert "E33" not in " ".join(codes(parameter, readings))


@pytest.mark.parametrize(
    ("parameter", "readings"),
    [
        ("water", row("water_volume", "27.7")),
        ("r45", sieve("8.6 8.8")),
        ("init", row("elapsed", "700")),
        ("flow", row("diameter", "310 311")),
        ("mgo", row("mass_fraction", "15 15")),
        ("blaine", row("specific_surface", "20 20")),
        ("rc28", loads("1.1 1.2 1.1 1.2 1.1 1.2")),
    ],
)
def test_no_unit_is_suggested_where_none_would_make_the_result_possible(parameter, readings):
    text = one("E05", parameter, readings).text()
    assert text.endswith("Check the decimal point.")
    assert "unit" not in text


@pytest.mark.parametrize(
    ("parameter", "readings", "address"),
    [
        ("rc28", loads("76.4 -77.2 78.8 75.6 77.9 76.9"), "rc28.1.1.load.2"),
        ("r45", sieve("0.86 0.90", "-1.00"), "r45.1.1.sieve_factor.0"),
        ("sound", needles("1.0 1.5") + row("A", "-10 10", 2) + row("C", "11 11", 2),
         "sound.1.2.A.1"),
    ],
)  # fmt: skip
def test_nothing_that_is_read_is_below_zero(parameter, readings, address):
    found = one("E05", parameter, readings)
    assert (found.level, found.address) == (Level.BLOCK, address)
    assert found.text() == f"{found.values['v']} is below zero, which is not possible. " + (
        "Check the sign."
    )


def test_a_reading_of_zero_is_a_reading():
    assert "E05" not in " ".join(codes("r80", sieve("0 0")))


def test_a_set_is_not_void_because_somebody_says_so():
    found = one("E38", "rc28", loads(GOOD), status="void")
    assert (found.level, found.address) == (Level.BLOCK, "rc28.1.1.load.1")
    assert "(result 48.2)" in found.text()


@pytest.mark.parametrize(
    ("text", "status"), [("65 64 64 53 66 70", "void"), (GOOD, "value"), (GOOD, "not_tested")]
)
def test_a_void_set_may_be_called_void(text, status):
    assert "E38" not in " ".join(codes("rc28", loads(text), status=status, reason="试件破损"))


def test_a_repeat_that_was_begun_is_completed():
    readings = needles("5.0 5.5") + row("A", "10 -", 2)
    found = one("E04", "sound", readings)
    assert (found.address, found.values["list"]) == ("sound.1.2.C.1", "C1, A2, C2")
    assert found.text().startswith("Values C1, A2, C2 of the repeat are missing.")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("199", ["E05"]), ("200", ["E33"]), ("319", ["E33"]), ("320", []), ("400", []),
     ("401", ["E33"]), ("600", ["E33"]), ("601", ["E05"])],
)  # fmt: skip
def test_the_limits_themselves_are_inside(typed, expected):
    found = said("blaine", row("specific_surface", f"{typed} {typed}"))
    assert [one.code for one in found] == expected


def test_an_unusual_result_shows_the_sentence_of_its_field():
    found = one("E33", "blaine", row("specific_surface", "410 410"))
    assert found.level is Level.WARN
    assert found.text() == (
        "410 m²/kg is outside the usual range (320–400). Check; if correct, give the reason."
    )
    assert found.values["hint"].endswith("是否填成了 cm²/g？")
    water = one("E33", "water", row("water_volume", "160"))
    assert water.values["hint"].endswith("（如 138.5）。")


@pytest.mark.parametrize(
    ("factor", "fired"), [("0.79", True), ("0.80", False), ("1.20", False), ("1.21", True)]
)
def test_a_sieve_has_a_factor_within_its_limits(factor, fired):
    found = codes("r45", sieve("0.86 0.86", factor))
    assert found == (["E05 r45.1.1.sieve_factor.0"] if fired else [])


def test_a_dropped_half_is_named_with_its_deviation_and_the_result():
    found = one("E08", "rc28", loads("77.1 76.4 78.0 75.2 77.6 66.0"))
    assert (found.level, found.address) == (Level.WARN, "rc28.1.1.load.6")
    assert found.text().startswith("Value 6 differs from the mean of six by 12.2%, over ±10%.")
    assert "48.1 MPa" in found.text()


def test_exactly_ten_percent_drops_nothing():
    assert "E08" not in " ".join(codes("rc28", loads("81.6 81.6 81.6 81.6 81.6 72.0")))


def test_a_dropped_prism_is_named():
    found = one("E24", "rf28", loads("3000 3000 2520"))
    assert (found.address, found.values["m"]) == ("rf28.1.1.load.3", "7.0")
    assert "Flexural value 3 differs from the mean of three by 11.1%" in found.text()


@pytest.mark.parametrize(
    ("parameter", "text", "expected", "part"),
    [
        ("rc28", "65 64 64 53 66 70", "E23 rc28.1.1.load.4", "2 values (4, 6) differ"),
        ("rc28", "80.1 80.1 80.1 80.1 69.1 60.8", "E09 rc28.1.1.load.5", "After dropping one"),
        ("rf28", "2770 3410 4100", "E25 rf28.1.1.load.1", "one remaining value 8.0 MPa is"),
        ("rf28", "2500 2540 4400", "E25 rf28.1.1.load.1", "3 flexural values are outside"),
    ],
)
def test_void_groups_and_two_prisms_outside_are_said(parameter, text, expected, part):
    assert expected in codes(parameter, loads(text))
    assert part in one(expected[:3], parameter, loads(text)).text()


def test_three_prisms_outside_are_left_to_a_judge():
    assert "a judge decides" in one("E25", "rf28", loads("2500 2540 4400")).text()
    old = one("E25", "rf28", loads("2770 3410 4100"), options=Options(strength_edition="1999"))
    assert "2 flexural values are outside ±10%\u00a0of the mean. The standard" in old.text()


@pytest.mark.parametrize(
    ("parameter", "inside", "beyond", "code", "address", "part"),
    [
        ("r45", sieve("0.86 0.96"), sieve("0.86 0.97"), "E34", "r45.1.1.residue.3",
         "differ by 1.1 %, over 1.0 %"),
        ("r80", sieve("0.50 0.62"), sieve("0.50 0.65"), "E34", "r80.1.1.residue.3",
         "differ by 0.6 %, over 0.5 %"),
        ("blaine", row("specific_surface", "352 359"), row("specific_surface", "352 360"),
         "E35", "blaine.1.2.specific_surface.1", "differ by 8 m²/kg, over 7.12 m²/kg"),
        ("dens", row("density", "3.04 3.06"), row("density", "3.04 3.07"), "E35",
         "dens.1.2.density.1", "differ by 0.03 g/cm³, over 0.02 g/cm³"),
        ("sound", needles("5.0 5.0"), needles("5.0 5.5"), "E36", "sound.1.2.A.1",
         "mean expansion 5.25 mm"),
    ],
)  # fmt: skip
def test_a_third_run_or_a_repeat_is_asked_for(parameter, inside, beyond, code, address, part):
    assert code not in " ".join(codes(parameter, inside))
    found = one(code, parameter, beyond)
    assert (found.level, found.address) == (Level.WARN, address)
    assert part in found.text()


def test_what_was_repeated_is_not_asked_for_again():
    repeated = needles("5.0 5.5") + needles("1.0 1.0", attempt=2)
    assert codes("sound", repeated) == []
    assert codes("r45", sieve("0.86 0.98 0.89")) == []


@pytest.mark.parametrize(
    ("text", "fired"),
    [
        ("76.5 77.0 78.5 75.5 78.0 76.0", True),
        ("76.5 77 78.5 75.5 78 76", True),
        ("76 77 78 75 79 74", True),
        ("76.50 77.05 78.15 75.50 77.90 76.00", True),
        ("76.5 77.0 78.5 75.5 78.0 76.1", False),
        ("76.50 77.05 78.15 75.50 77.90 76.01", False),
        ("76.5 77.0 78.5 75.5 78.0 -", False),
    ],
)
def test_six_loads_that_end_in_0_or_5_are_asked_about(text, fired):
    assert ("E11 rc28.1.1.load.1" in codes("rc28", loads(text))) == fired


def test_prisms_may_end_in_0():
    assert codes("rf28", loads("3500 3450 3520")) == []


@pytest.mark.parametrize(
    ("text", "times"),
    [("76.4 76.4 76.4 76.4 76.4 77.1", "5"), ("76.4 76.4 76.4 76.4 76.4 76.4", "6")],
)
def test_five_equal_loads_are_asked_about(text, times):
    assert one("E32", "rc28", loads(text)).values["k"] == times


def test_four_equal_loads_are_not():
    assert codes("rc28", loads("76.4 76.4 76.4 76.4 76.2 77.1")) == []
