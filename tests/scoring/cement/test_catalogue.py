"""The catalogue: editions by the day of the test, and the cells of each method."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from scoring.cement import catalogue

IN_2024 = date(2024, 9, 13)
ORDER = (
    "water init final sound sound_pat blaine r45 r80 dens flow rf3 rf28 rc3 rc28 "
    "loi so3 mgo cl alk ins"
)


def test_codes_come_in_the_order_of_the_catalogue():
    assert " ".join(catalogue.codes()) == ORDER


@pytest.mark.parametrize(
    ("code", "on", "standard"),
    [
        ("water", date(2025, 6, 30), "GB/T 1346-2011"),
        ("water", date(2025, 7, 1), "GB/T 1346-2024"),
        ("rc28", date(2022, 6, 30), "GB/T 17671-1999"),
        ("rc28", date(2022, 7, 1), "GB/T 17671-2021"),
        ("loi", date(2018, 11, 1), "GB/T 176-2017"),
        ("loi", date(2060, 1, 1), "GB/T 176-2017"),
    ],
)
def test_the_edition_in_force_on_the_day_of_the_test_applies(code, on, standard):
    assert catalogue.parameter(code, on).standard == standard


def test_a_day_before_every_edition_has_none():
    day = catalogue.editions("dens")[0].valid_from - timedelta(days=1)
    with pytest.raises(catalogue.EditionMissing, match="dens has no edition") as caught:
        catalogue.parameter("dens", day)
    assert (caught.value.code, caught.value.on) == ("dens", day)


def test_an_unknown_code_is_no_missing_edition():
    with pytest.raises(KeyError):
        catalogue.parameter("rc90", IN_2024)


def test_editions_of_one_parameter_never_overlap_nor_leave_a_gap():
    for code in catalogue.codes():
        known = catalogue.editions(code)
        for earlier, later in pairwise(known):
            assert earlier.valid_to == later.valid_from - timedelta(days=1)


def test_steps_and_limits_are_exact_and_in_order():
    rc28 = catalogue.parameter("rc28", IN_2024)
    exact = tuple(Decimal(text) for text in ("0.1", "5", "58.0"))
    assert (rc28.step, rc28.hard_lo, rc28.plausible_hi) == exact
    for code in catalogue.codes():
        one = catalogue.parameter(code, IN_2024)
        limits = (one.hard_lo, one.plausible_lo, one.plausible_hi, one.hard_hi)
        assert one.code == "sound_pat" or list(limits) == sorted(limits)


def test_no_row_claims_to_be_verified_against_the_printed_standard():
    assert not any(catalogue.parameter(code, IN_2024).verified for code in catalogue.codes())


def test_a_pass_or_fail_has_neither_step_nor_limits():
    pat = catalogue.parameter("sound_pat", IN_2024)
    assert (pat.kind, pat.step, pat.hard_lo, pat.plausible_hi) == ("passfail", None, None, None)


@pytest.mark.parametrize(
    ("code", "cells"),
    [
        ("water", "1.water_volume.1 mL"),
        ("init", "1.elapsed.1 min"),
        ("sound", "1.A.1 mm,1.C.1 mm,1.A.2 mm,1.C.2 mm,2.A.1 mm?,2.C.1 mm?,2.A.2 mm?,2.C.2 mm?"),
        ("sound_pat", "1.verdict.1 "),
        ("blaine", "1.specific_surface.1 m²/kg,1.specific_surface.2 m²/kg,"
         "2.specific_surface.1 m²/kg?,2.specific_surface.2 m²/kg?"),
        ("r45", "1.sieve_factor.0 1,1.residue.1 g,1.residue.2 g,1.residue.3 g?"),
        ("dens", "1.density.1 g/cm³,1.density.2 g/cm³,2.density.1 g/cm³?,2.density.2 g/cm³?"),
        ("flow", "1.diameter.1 mm,1.diameter.2 mm"),
        ("rf3", "1.load.1 N,1.load.2 N,1.load.3 N"),
        ("rc28", ",".join(f"1.load.{idx} kN" for idx in range(1, 7))),
        ("cl", "1.mass_fraction.1 %,1.mass_fraction.2 %"),
        ("alk", "1.na2o.1 %,1.na2o.2 %,1.k2o.1 %,1.k2o.2 %"),
    ],
)  # fmt: skip
def test_the_cells_of_a_method(code, cells):
    found = catalogue.slots(catalogue.parameter(code, IN_2024))
    assert cells == ",".join(
        f"{slot.attempt}.{slot.quantity}.{slot.idx} {slot.unit}{'' if slot.required else '?'}"
        for slot in found
    )


def test_every_edition_has_cells():
    for code in catalogue.codes():
        for edition in catalogue.editions(code):
            assert catalogue.slots(edition)


def test_a_quantity_has_the_unit_of_its_cell():
    assert catalogue.unit_of("rc28", "load") == "kN"
    assert catalogue.unit_of("rf28", "load") == "N"
    assert catalogue.unit_of("r45", "sieve_factor") == "1"
    with pytest.raises(KeyError):
        catalogue.unit_of("rc28", "elapsed")


@pytest.mark.parametrize(("code", "days"), [("rf3", 3), ("rc28", 28), ("r45", None), ("so3", None)])
def test_strengths_have_an_age(code, days):
    assert catalogue.age(code) == days
