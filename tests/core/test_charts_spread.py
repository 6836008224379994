import math
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import charts
from core.charts import scale
from tests import drawings
from tests.drawings import SVG, marks, place, words, written

SAID = {"title": "结果分布", "description": "各机构结果"}
RESULTS = [47.9 + (i % 17 - 8) / 5 + (i % 5 - 2) / 10 for i in range(85)]


def draw(values: list[float], *lines: charts.Line, **more: Any) -> ET.Element:
    return ET.fromstring(charts.histogram(values, lines, **(SAID | more)))


def counted(root: ET.Element) -> int:
    return sum(int(said.rpartition(": ")[2]) for said in marks(root))


def test_every_result_is_counted_once() -> None:
    assert counted(draw(RESULTS, step=0.1)) == 85


def test_a_column_is_as_high_as_its_count_and_says_what_it_holds() -> None:
    root = draw([1.0] * 2 + [2.0] * 4, step=1)
    assert list(marks(root)) == ["1: 2", "2: 4"]
    low, high = (float(g[1].get("height", 0)) for g in marks(root).values())
    assert high == pytest.approx(2 * low)


def test_a_column_holds_whole_steps_so_rounding_makes_no_gaps() -> None:
    root = draw([float(v) for v in range(100, 160)], step=1)
    counts = {int(said.rpartition(": ")[2]) for said in list(marks(root))[1:-1]}
    assert len(counts) == 1
    assert all("–" in said for said in marks(root))


def test_results_without_a_step_get_round_columns() -> None:
    assert all("–" in said for said in marks(draw(RESULTS)))
    assert counted(draw(RESULTS)) == 85


def test_wrong_units_are_counted_at_the_border() -> None:
    root = draw([*RESULTS, 479.0, 48000.0, 0.5], step=0.1)
    beyond = [said for said in marks(root) if said[0] in "<>"]
    assert [said.rpartition(": ")[2] for said in beyond] == ["1", "2"]
    assert counted(root) == 88
    assert sum(1 for said in marks(root)) > 5


def test_results_that_are_all_alike_make_one_column() -> None:
    assert list(marks(draw([5.0] * 9, step=0.1))) == ["5.0: 9"]
    assert len(marks(draw([5.0]))) == 1


@pytest.mark.parametrize("values", [[], [math.nan, math.inf]])
def test_without_results_the_axis_is_left(values: list[float]) -> None:
    root = draw(values)
    assert marks(root) == {}
    assert words(root) == ["0", "1"]


def test_the_assigned_value_is_a_line_and_ones_own_a_broken_one() -> None:
    root = draw(RESULTS, charts.Line(47.9, "指定值 47.9"), charts.Line(49.0, "本机构 49.0"))
    strong = [p for p in root.iter(f"{SVG}path") if p.get("stroke-width") == "2"]
    assert [p.get("stroke-dasharray") for p in strong] == [None, "4 3"]
    first, second = (written(root, said) for said in ("指定值 47.9", "本机构 49.0"))
    assert (first.get("text-anchor"), second.get("text-anchor")) == ("end", "start")
    assert place(first)[0] < place(second)[0]


def test_words_of_lines_give_way_to_each_other() -> None:
    root = draw(RESULTS, charts.Line(47.9, "x"), charts.Line(47.0, "own"))
    assert written(root, "own").get("text-anchor") == "end"
    assert written(root, "x").get("text-anchor") == "start"


@pytest.mark.parametrize(("own", "anchor"), [(-900.0, "start"), (900.0, "end")])
def test_words_of_a_line_at_the_border_stay_in_the_picture(own: float, anchor: str) -> None:
    said = "本机构的结果在很远的地方"
    root = draw(RESULTS, charts.Line(47.9, "x"), charts.Line(own, said))
    assert written(root, said).get("text-anchor") == anchor


def test_the_axis_is_named_and_marked() -> None:
    root = draw(RESULTS, step=0.1, axis="MPa")
    assert {"MPa", "46", "48", "50"} <= set(words(root))


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=80), st.sampled_from([0.0, 0.1, 5]))
def test_any_results_give_few_columns_and_all_are_counted(values: list[float], step: float) -> None:
    root = draw(values, step=step)
    assert counted(root) == len(values)
    assert len(marks(root)) <= len(values) + 2
    assert all(-1 <= number <= 641 for number in _columns(root))


def _columns(root: ET.Element) -> list[float]:
    rects = list(root.iter(f"{SVG}rect"))
    return [place(r)[0] for r in rects] + [place(r)[0] + float(r.get("width", 0)) for r in rects]


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-1, 1, ["−1.0", "−0.5", "0.0", "0.5", "1.0"]),
        (355, 395, ["360", "370", "380", "390"]),
        (0.011, 0.019, ["0.012", "0.014", "0.016", "0.018"]),
    ],
)
def test_an_axis_is_marked_with_round_numbers(low: float, high: float, said: list[str]) -> None:
    marked = scale.ticks(low, high)
    assert [word for _value, word in marked] == said
    assert all(low <= value <= high for value, _word in marked)


@pytest.mark.parametrize(
    ("value", "places", "said"),
    [(-3.125, 1, "−3.1"), (-0.001, 2, "0.00"), (5120, 0, "5,120"), (0, 0, "0")],
)
def test_figures_have_a_real_minus_and_no_minus_zero(value: float, places: int, said: str) -> None:
    assert scale.written(value, places) == said


def test_hostile_words_stay_words() -> None:
    root = draw(RESULTS, charts.Line(48, drawings.HOSTILE), axis=drawings.HOSTILE)
    assert words(root).count(drawings.HARMLESS) == 2
    assert not list(root.iter(f"{SVG}script"))


def test_a_chart_uses_presentation_attributes_only() -> None:
    lines = [charts.Line(48, "x"), charts.Line(900, "y")]
    assert drawings.is_bare(charts.histogram([*RESULTS, 900], lines, axis="MPa", **SAID))
