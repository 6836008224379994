import math
import re
from typing import Any
from xml.etree import ElementTree as ET

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import charts


def draw(labels: list[str], values: list[float], **words: Any) -> ET.Element:
    said: dict[str, Any] = {"title": "各时段签到人数", "description": "每十分钟一柱"} | words
    return ET.fromstring(charts.columns(labels, values, **said))


def words(root: ET.Element) -> list[str]:
    return [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]


def bars(root: ET.Element) -> list[ET.Element]:
    return list(root.iter("{http://www.w3.org/2000/svg}rect"))


@pytest.mark.parametrize(
    ("highest", "top", "step"),
    [(1, 1, 1), (4, 4, 1), (7, 8, 2), (9, 10, 2), (160, 200, 50), (900, 1000, 200), (5, 5, 1)],
)
def test_the_axis_goes_in_steps_of_1_2_or_5(highest: float, top: float, step: float) -> None:
    assert charts.nice_scale(highest) == charts.Scale(top, step)


@pytest.mark.parametrize("highest", [0, -3, math.nan, math.inf])
def test_an_axis_without_values_goes_from_0_to_1(highest: float) -> None:
    assert charts.nice_scale(highest).ticks() == [0, 1]


def test_an_axis_of_fractions_has_fractions() -> None:
    assert charts.nice_scale(0.9, whole=False).ticks() == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])


@given(st.floats(1e-6, 1e9), st.booleans())
def test_the_axis_covers_the_highest_value_with_few_lines(highest: float, whole: bool) -> None:
    scale = charts.nice_scale(highest, whole=whole)
    assert scale.top >= highest * (1 - 1e-6)
    assert 2 <= len(scale.ticks()) <= 7


def test_columns_stand_in_proportion_to_their_values() -> None:
    heights = [float(bar.get("height", 0)) for bar in bars(draw(["a", "b"], [50, 100]))]
    assert heights[1] == pytest.approx(2 * heights[0])


def test_every_column_says_its_figure_and_its_label() -> None:
    shown = words(draw(["08:00", "08:10"], [3, 1200], unit="人"))
    assert {"08:00", "08:10", "3", "1,200", "人"} <= set(shown)


@pytest.mark.parametrize("values", [[], [0, 0, 0], [math.nan, -1, math.inf]])
def test_nothing_to_show_is_an_empty_chart_with_an_axis(values: list[float]) -> None:
    root = draw(["x"] * len(values), values)
    assert bars(root) == []
    assert {"0", "1"} <= set(words(root))


def test_labels_thin_out_before_they_touch() -> None:
    labels = [f"{n // 6:02d}:{n % 6}0" for n in range(100)]
    shown = [word for word in words(draw(labels, [1] * 100)) if ":" in word]
    assert shown[0] == "00:00"
    assert 3 <= len(shown) <= 640 / 35


def test_fractions_keep_their_decimals() -> None:
    assert "2.31" in words(draw(["x"], [2.31]))


def test_one_value_per_label_is_needed() -> None:
    with pytest.raises(ValueError, match="one value per label"):
        draw(["x"], [])


HOSTILE = "</title><script>alert(1)</script>\"'&\x00\x1b\ud800"


def test_hostile_text_stays_text() -> None:
    root = draw([HOSTILE], [1], title=HOSTILE, description=HOSTILE, unit=HOSTILE)
    harmless = "</title><script>alert(1)</script>\"'&"
    assert root.findtext("{*}title") == root.findtext("{*}desc") == harmless
    assert {element.tag.rpartition("}")[2] for element in root.iter()} == {
        "svg", "title", "desc", "path", "text", "rect",
    }  # fmt: skip


def test_a_chart_uses_presentation_attributes_only() -> None:
    drawn = charts.columns(["a"], [1], title="t", description="d", unit="u")
    assert not re.search(r"style|class|<script|\son\w+=|href|url\(", drawn)


def test_a_template_shows_a_chart_without_a_filter() -> None:
    page = jinja2.Environment(autoescape=True).from_string("{{ chart }}")
    chart = charts.columns(["a"], [1], title="<b>", description="d")
    assert page.render(chart=chart) == str(chart)
    assert "<title>&lt;b&gt;</title>" in chart
