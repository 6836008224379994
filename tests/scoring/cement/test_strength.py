"""GB/T 17671: which specimens count, which are dropped, and when a group is void."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.cement.reduction import Options, Reading, reduce
from tests.scoring.cement.readings import loads

STEP = Decimal("0.1")
IN_2021 = Options()
IN_1999 = Options(strength_edition="1999")


def compressive(text: str, options: Options = IN_2021):
    return reduce("compressive_6", loads(text), options, STEP)


def flexural(text: str, options: Options = IN_2021):
    return reduce("flexural_3", loads(text), options, STEP)


def specimens(found) -> str:
    return " ".join(text for name, text in found.intermediate if name.startswith("specimen."))


@pytest.mark.parametrize(
    ("text", "strengths", "path", "value", "dropped"),
    [
        ("76.4 77.2 78.8 75.6 77.9 76.9", "47.8 48.2 49.2 47.2 48.7 48.1", "all", "48.2", ()),
        (
            "77.1 76.4 78.0 75.2 77.6 66.0",
            "48.2 47.8 48.8 47.0 48.5 41.2", "one_dropped", "48.1", (6,),
        ),
        (
            "80.0 80.0 80.0 80.0 69.1 60.8",
            "50.0 50.0 50.0 50.0 43.2 38.0", "void_stage_2", None, (6,),
        ),
        ("81.6 81.6 81.6 81.6 81.6 72.0", "51.0 51.0 51.0 51.0 51.0 45.0", "all", "50.0", ()),
        ("65 64 64 53 66 70", "40.6 40.0 40.0 33.1 41.2 43.8", "void_stage_1", None, ()),
    ],
)  # fmt: skip
def test_worked_examples_of_six_halves(text, strengths, path, value, dropped):
    found = compressive(text)
    assert specimens(found) == strengths
    assert (found.path, found.dropped, found.void) == (path, dropped, value is None)
    assert (found.value and str(found.value)) == value


@pytest.mark.parametrize(
    ("text", "strengths", "path", "value", "used"),
    [
        ("2310 2250 2400", "5.4 5.3 5.6", "all", "5.4", 3),
        ("2770 3410 4100", "6.5 8.0 9.6", "two_dropped", "8.0", 1),
        ("2500 2540 4400", "5.9 6.0 10.3", "void_ask_judge", None, 0),
        ("2240 2240 2240", "5.2 5.2 5.2", "all", "5.2", 3),
        ("2310 2250 3000", "5.4 5.3 7.0", "two_dropped", "5.4", 1),
        ("3000 3000 2520", "7.0 7.0 5.9", "one_dropped", "7.0", 2),
    ],
)
def test_worked_examples_of_three_prisms(text, strengths, path, value, used):
    found = flexural(text)
    assert specimens(found) == strengths
    assert (found.path, found.n_used) == (path, used)
    assert (found.value and str(found.value)) == value


def test_the_values_on_the_way_are_shown():
    texts = dict(compressive("77.1 76.4 78.0 75.2 77.6 66.0").intermediate)
    assert (texts["m"], texts["low"], texts["high"]) == ("46.917", "42.225", "51.608")
    assert (texts["m5"], texts["low5"], texts["deviation"]) == ("48.06", "43.254", "12.2")


def test_a_void_group_names_what_made_it_void_and_is_neither_zero_nor_a_mean():
    at_once, later = compressive("65 64 64 53 66 70"), compressive("80 80 80 80 69.1 60.8")
    assert (at_once.outside, later.outside) == ((4, 6), (5,))
    assert (at_once.value, at_once.unrounded, at_once.n_used) == (None, None, 0)
    assert at_once.findings == later.findings == ("group_void",)


def test_three_prisms_outside_are_for_a_judge():
    assert flexural("2500 2540 4400").findings == ("group_void", "ask_judge")


def test_exactly_ten_percent_is_kept_and_a_step_more_is_not():
    assert compressive("81.6 81.6 81.6 81.6 81.6 72.0").findings == ()
    assert compressive("81.6 81.6 81.6 81.6 81.6 71.8").dropped == (6,)
    assert flexural("2990 2990 2560").findings == ()  # 7.0 7.0 6.0
    assert flexural("2990 2990 2520").dropped == (3,)


def test_there_is_no_third_stage_and_no_median():
    assert compressive("80 80 80 80 70 60").path == "void_stage_2"


def test_in_1999_two_prisms_outside_are_not_covered():
    assert flexural("2770 3410 4100", IN_1999).findings == ("group_void", "ask_judge")
    assert flexural("3000 3000 2520", IN_1999).path == "one_dropped"


def test_in_1999_two_halves_outside_do_not_make_the_group_void_at_once():
    found = compressive("65 64 64 53 66 70", IN_1999)
    assert (str(found.value), found.path, found.dropped) == ("41.1", "one_dropped", (4,))
    assert compressive("80 80 80 80 64 60", IN_1999).path == "void_stage_2"


def test_in_1999_two_equally_far_on_both_sides_leave_no_choice():
    assert compressive("80 80 80 80 60 100", IN_1999).path == "void_stage_1"


def test_in_1999_two_equal_ones_on_one_side_leave_the_second_outside():
    assert compressive("80 80 80 80 60 60", IN_1999).path == "void_stage_2"


def test_specimens_are_rounded_before_the_mean_unless_the_round_says_otherwise():
    text = "65 64 64 53 66 70"
    found = compressive(text, Options(round_specimens=False))
    assert (str(found.value), found.dropped) == ("41.1", (4,))
    assert specimens(found) == "40.625 40 40 33.125 41.25 43.75"


def test_a_rounded_mean_moves_the_limits():
    text = "80 80 80 80 80 71.1"  # 50.0 ×5, 44.4; m 49.067 and 49.1
    assert dict(compressive(text).intermediate)["high"] == "53.973"
    assert dict(compressive(text, Options(round_mean=True)).intermediate)["high"] == "54.01"


def test_a_deviation_that_is_over_ten_is_never_written_as_ten():
    for last, text in (("70.5", "10.03"), ("70.4", "10.2")):
        texts = dict(compressive(f"80.0 80.0 80.0 80.0 80.0 {last}").intermediate)
        assert texts["deviation"] == text
    close = compressive("100 100 100 100 100 88.231", Options(round_specimens=False))
    assert dict(close.intermediate)["deviation"] == "10.004"


@pytest.mark.parametrize("rule", ["flexural_3", "compressive_6"])
def test_too_few_loads_are_incomplete_not_void(rule):
    found = reduce(rule, loads("2310 -"), step=STEP)
    assert (found.path, found.void, found.findings) == (
        "incomplete", False, ("missing_replicates",),
    )  # fmt: skip


def test_another_edition_is_refused():
    with pytest.raises(ValueError, match="2021 or 1999"):
        Options(strength_edition="2030")


HALVES = st.lists(st.decimals(40, 90, places=1), min_size=6, max_size=6)
OPTIONS = st.builds(Options, st.sampled_from(["2021", "1999"]), st.booleans(), st.booleans())


@given(HALVES, OPTIONS, st.randoms())
def test_the_order_of_the_halves_decides_nothing(values, options, random):
    shuffled = random.sample(values, 6)
    one, other = (
        compressive(" ".join(str(value) for value in row), options) for row in (values, shuffled)
    )
    assert (one.value, one.path, one.n_used) == (other.value, other.path, other.n_used)


@given(st.lists(st.integers(1500, 5000), min_size=3, max_size=3), OPTIONS, st.randoms())
def test_the_order_of_the_prisms_decides_nothing(values, options, random):
    shuffled = random.sample(values, 3)
    one, other = (flexural(" ".join(map(str, row)), options) for row in (values, shuffled))
    assert (one.value, one.path, len(one.dropped)) == (other.value, other.path, len(other.dropped))


@given(HALVES, OPTIONS)
def test_a_result_lies_between_the_strengths_it_is_the_mean_of(values, options):
    found = compressive(" ".join(str(value) for value in values), options)
    kept = [value for idx, value in enumerate(values, 1) if idx not in found.dropped]
    if found.value is not None:
        low, high = (end(kept) * Decimal("0.625") for end in (min, max))
        assert low - STEP <= found.value <= high + STEP


def test_readings_may_come_in_any_order_of_the_list():
    rows = loads("77.1 76.4 78.0 75.2 77.6 66.0")
    assert reduce("compressive_6", rows[::-1], step=STEP).dropped == (6,)


def test_the_same_reading_twice_is_an_error_of_ours():
    twice = [Reading("load", 1, 1, Decimal(1)), Reading("load", 1, 1, Decimal(2))]
    with pytest.raises(ValueError, match="twice"):
        reduce("compressive_6", twice, step=STEP)


def test_a_set_of_all_but_nothing_has_no_share_of_its_mean():
    outcome = compressive("0 0 0 0 0 0.2", Options(round_mean=True))
    assert (outcome.value, outcome.dropped) == (Decimal("0.0"), (6,))
    assert "deviation" not in dict(outcome.intermediate)
