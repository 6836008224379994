import math
import random
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from core import charts
from core.charts.placing import Placing
from tests import drawings
from tests.drawings import SVG, marks, place, shapes, words, written

SAID = {"title": "尧敦图", "description": "样品 A 对样品 B"}
MEDIANS = (47.9, 46.6)
ELLIPSE = charts.Ellipse(MEDIANS, (4.0, 1.5), math.radians(45))
GUIDE = charts.Guide(MEDIANS, ELLIPSE)
LEFT, TOP, SIDE = 56, 28, 488


def draw(*points: tuple[str, float, float], guide: charts.Guide = GUIDE, **more: Any) -> ET.Element:
    return ET.fromstring(charts.youden([charts.Point(*p) for p in points], guide, **(SAID | more)))


def cloud(count: int) -> list[tuple[str, float, float]]:
    chance = random.Random(7)
    points = []
    for i in range(count):
        both, a, b = chance.gauss(0, 1.4), chance.gauss(0, 0.4), chance.gauss(0, 0.4)
        points.append((f"SN24-{i:03d}", MEDIANS[0] + both + a, MEDIANS[1] + both + b))
    return points


def dashed(root: ET.Element) -> list[str]:
    return [p.get("d", "") for p in root.iter(f"{SVG}path") if p.get("stroke-dasharray")]


@pytest.mark.parametrize(
    ("a", "b", "inside"),
    [
        (47.9, 46.6, True),
        (50.7, 49.4, True),
        (50.8, 49.5, False),
        (48.9, 45.6, True),
        (49.0, 45.5, False),
    ],
)
def test_an_ellipse_knows_what_it_holds(a: float, b: float, inside: bool) -> None:
    assert ELLIPSE.holds(a, b) is inside


def test_a_flat_ellipse_holds_nothing() -> None:
    assert not charts.Ellipse((0, 0), (1, 0), 0).holds(0, 0)


def test_the_outline_of_an_ellipse_goes_as_far_as_its_reach() -> None:
    ellipse = charts.Ellipse((1, 2), (5, 2), 0.7)
    outline = ellipse.outline(3600)
    assert max(x for x, _ in outline) == pytest.approx(1 + ellipse.reach()[0], abs=1e-3)
    assert max(y for _, y in outline) == pytest.approx(2 + ellipse.reach()[1], abs=1e-3)
    assert not any(ellipse.holds(1 + (x - 1) * 1.01, 2 + (y - 2) * 1.01) for x, y in outline)


def test_both_axes_have_one_scale_and_a_line_at_45_degrees() -> None:
    root = draw(("a", 48.9, 46.6), ("b", 47.9, 47.6))
    one, two = (group[1] for group in marks(root).values())
    right = float(one.get("cx", 0)) - (LEFT + SIDE / 2)
    up = TOP + SIDE / 2 - float(two.get("cy", 0))
    assert right == pytest.approx(up, abs=0.02)
    assert right > 10
    assert dashed(root) == [f"M{LEFT} {TOP + SIDE}L{LEFT + SIDE} {TOP}"]


def test_items_that_spread_differently_get_an_axis_each_and_no_such_line() -> None:
    root = draw(("a", 1.0, 20), ("b", 1.2, 25), guide=charts.Guide((1.0, 20)))
    assert {"0.8", "1.2", "16", "24"} <= set(words(root))
    assert dashed(root) == []


def test_a_mark_says_code_and_both_results() -> None:
    root = draw(("SN24-007", 47.90, 46.0), ("SN24-008", -0.25, 1234.5678))
    assert set(marks(root)) == {"SN24-007: A = 47.9, B = 46", "SN24-008: A = −0.25, B = 1,234.5678"}


def test_whoever_is_outside_the_ellipse_is_a_square_with_a_code() -> None:
    root = draw(("in", 48.5, 47.5), ("out", 45.0, 48.5))
    assert [shapes(group) for group in marks(root).values()] == [["circle"], ["path"]]
    assert "out" in words(root)
    assert "in" not in words(root)


@pytest.mark.parametrize(
    ("a", "b", "x", "y", "turn"),
    [
        (5000, 46.6, 1, 0.5, 0),
        (47.9, -5000, 0.5, 1, 90),
        (-1e6, -1e6, 0, 1, 135),
    ],
)
def test_a_point_far_off_is_an_arrow_at_the_border(
    a: float, b: float, x: float, y: float, turn: float
) -> None:
    root = draw(*cloud(50), ("far", a, b))
    (arrow,) = [g[1] for said, g in marks(root).items() if said.startswith("far")]
    at, _, turned = arrow.get("transform", "").partition(" rotate")
    where = [float(n) for n in at.removeprefix("translate(").rstrip(")").split()]
    assert where == pytest.approx([LEFT + SIDE * x, TOP + SIDE * y])
    assert float(turned.strip("()")) == pytest.approx(turn, abs=0.1)
    assert "far" in words(root)


def test_one_wrong_unit_does_not_squeeze_the_others() -> None:
    root = draw(*cloud(50), ("far", 47900, 46600))
    places = [float(c.get("cx", 0)) for c in root.iter(f"{SVG}circle")]
    assert max(places) - min(places) > SIDE / 3


def test_without_an_ellipse_only_points_far_off_have_codes() -> None:
    root = draw(*cloud(30), ("far", 479, 466), guide=charts.Guide(MEDIANS))
    assert [word for word in words(root) if word.startswith("SN24") or word == "far"] == ["far"]


def test_whom_the_reader_asked_for_has_a_ring_and_a_code_even_in_the_crowd() -> None:
    crowd = [(f"c{i:03d}", 47 + i % 19 / 10, 45.5 + i // 19 / 10) for i in range(418)]
    root = draw(*crowd, highlight="c200")
    assert written(root, "c200").get("font-weight") == "700"
    (own,) = [group for said, group in marks(root).items() if said.startswith("c200:")]
    assert shapes(own) == ["circle", "circle"]
    assert list(marks(root).values())[-1] is own


def test_codes_stand_on_the_side_that_is_away_from_the_cloud() -> None:
    root = draw(("low", 45.5, 49.0), ("high", 50.0, 44.5))
    low, high = (place(written(root, code))[0] for code in ("low", "high"))
    marked = [float(d.split()[0][1:]) + 3.5 for d in _squares(root)]
    assert low < min(marked)
    assert high > max(marked)


def _squares(root: ET.Element) -> list[str]:
    return [g[1].get("d", "") for g in marks(root).values()]


def test_a_code_without_room_is_left_out() -> None:
    root = draw(*((f"SN24-{i:03d}", 44.0, 48.5) for i in range(80)))
    codes = [word for word in words(root) if word.startswith("SN24")]
    assert 5 <= len(codes) <= 12


def test_labels_touch_neither_marks_nor_labels() -> None:
    placing = Placing(0, 0, 100, 100, 10)
    placing.take(60, 50)
    first = placing.find(50, 50, "ab")
    assert first is not None
    assert first[0] < 50
    assert placing.find(50, 50, "ab") != first


def test_a_label_that_fits_nowhere_has_no_place() -> None:
    assert Placing(0, 0, 20, 20, 10).find(10, 10, "much too long") is None


@pytest.mark.parametrize("guide", [GUIDE, charts.Guide((0, 0)), charts.Guide(MEDIANS)])
def test_without_points_the_field_is_left(guide: charts.Guide) -> None:
    root = draw(("a", math.nan, 1), ("b", 1, math.inf), guide=guide, axes=("甲", "乙"))
    assert marks(root) == {}
    assert {"甲", "乙"} <= set(words(root))


def test_identical_results_are_drawn() -> None:
    root = draw(("a", 5, 5), ("b", 5, 5), ("c", 900, 5), guide=charts.Guide((5, 5)))
    assert [shapes(group) for group in marks(root).values()] == [["circle"], ["circle"], ["path"]]


def test_everything_stays_inside_the_field() -> None:
    root = draw(*cloud(60), ("x", 1e9, -1e9), width=358)
    side = 358 - 56 - 16
    for circle in root.iter(f"{SVG}circle"):
        assert LEFT <= float(circle.get("cx", 0)) <= LEFT + side
        assert TOP <= float(circle.get("cy", 0)) <= TOP + side


def test_hostile_words_stay_words() -> None:
    point = charts.Point(drawings.HOSTILE, 40, 50)
    axes = (drawings.HOSTILE, drawings.HOSTILE)
    drawn = charts.youden([point], GUIDE, axes=axes, highlight=drawings.HOSTILE, **SAID)  # type: ignore[arg-type]
    assert drawings.HARMLESS in words(ET.fromstring(drawn))
    assert not list(ET.fromstring(drawn).iter(f"{SVG}script"))


def test_a_chart_uses_presentation_attributes_only() -> None:
    points = [charts.Point(*p) for p in cloud(60)]
    assert drawings.is_bare(charts.youden(points, GUIDE, highlight="SN24-001", **SAID))
