import math
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import charts
from tests import drawings
from tests.drawings import SVG, marks, place, shapes, words, written

SAID = {"title": "z 比分数", "description": "按 z 排列"}


def draw(*scores: float, **options: Any) -> ET.Element:
    bars = [charts.Bar(f"SN24-{i:03d}", score) for i, score in enumerate(scores, 1)]
    return ET.fromstring(charts.z_bars(bars, **(SAID | options)))


def spread(n: int) -> list[float]:
    """Return scores as a round has them, spread evenly between -1.9 and 1.9."""
    return [3.8 * i / (n - 1) - 1.9 for i in range(n)]


def code_place(root: ET.Element, code: str) -> float:
    turned = written(root, code).get("transform", "")
    return float(turned.removeprefix("rotate(-90 ").split()[0])


def test_bars_stand_from_the_lowest_score_to_the_highest() -> None:
    root = draw(1.25, -3.12, 0.4)
    assert list(marks(root)) == ["SN24-002: z = −3.12", "SN24-003: z = 0.40", "SN24-001: z = 1.25"]


def test_equal_scores_stand_by_code() -> None:
    bars = [charts.Bar("B", 1.0), charts.Bar("A", 1.0)]
    root = ET.fromstring(charts.z_bars(bars, **SAID))
    assert list(marks(root)) == ["A: z = 1.00", "B: z = 1.00"]


def test_bars_are_as_high_as_their_scores() -> None:
    by_said = marks(draw(1.0, 2.0, -1.0))
    heights = [float(g[1].get("height", 0)) for g in by_said.values()]
    assert heights == pytest.approx([22, 22, 44])


def test_a_score_of_zero_is_still_seen() -> None:
    (only,) = marks(draw(-0.001)).items()
    assert only[0] == "SN24-001: z = 0.00"
    assert float(only[1][1].get("height", 0)) == 1


@pytest.mark.parametrize(
    ("score", "drawn"),
    [
        (2.0, ["rect", "rect"]),
        (2.01, ["rect", "circle", "rect"]),
        (-2.99, ["rect", "circle", "rect"]),
        (3.0, ["rect", "path", "rect"]),
        (-6.0, ["rect", "path", "rect"]),
        (6.1, ["rect", "path", "path", "rect"]),
    ],
)
def test_shapes_say_what_the_colours_say(score: float, drawn: list[str]) -> None:
    (mark,) = marks(draw(score)).values()
    assert shapes(mark) == drawn


def test_the_round_chooses_the_limits() -> None:
    root = draw(1.0, 1.7, 2.6, limits=(1.5, 2.5), symbol="ZB")
    assert [len(shapes(mark)) for mark in marks(root).values()] == [2, 3, 3]
    assert {"ZB", "1.5", "2.5", "5", "−5", "0"} <= set(words(root))
    assert "SN24-003: ZB = 2.60" in marks(root)


def test_a_wrong_unit_is_cut_at_the_end_of_the_axis_and_its_number_written() -> None:
    root = draw(0.1, 5012.3, -7.46)
    assert {"SN24-002  5,012", "SN24-003  −7.5"} <= set(words(root))
    assert "SN24-002: z = 5,012.30" in marks(root)
    long, full = (float(g[1].get("height", 0)) for g in list(marks(root).values())[::2])
    assert long == full == 132


def test_everybody_has_a_code_where_there_is_room() -> None:
    root = draw(*spread(40))
    assert {f"SN24-{i:03d}" for i in range(1, 41)} <= set(words(root))


def test_a_few_codes_lie() -> None:
    lying = draw(0.5, -0.5, 1.0)
    assert not any(element.get("transform") for element in lying.iter(f"{SVG}text"))
    upright = draw(0.5, -0.5, 1.0, width=200)
    assert [e.get("transform", "")[:10] for e in upright.iter(f"{SVG}text")].count(
        "rotate(-90"
    ) == 3


def test_in_a_full_round_only_scores_beyond_the_inner_limit_have_codes() -> None:
    root = draw(*spread(115), 2.4, -3.3, -2.5)
    codes = [word for word in words(root) if word.startswith("SN24")]
    assert sorted(codes) == ["SN24-116", "SN24-117", "SN24-118"]


@pytest.mark.parametrize("out", [-1, 1])
def test_codes_keep_their_distance_and_their_order(out: int) -> None:
    root = draw(*spread(108), *(out * (2.1 + i / 10) for i in range(8)))
    places = [code_place(root, f"SN24-{i:03d}") for i in range(109, 117)]
    gaps = [out * (b - a) for a, b in pairwise(places)]
    assert min(gaps) >= 12 - 0.02


def test_codes_that_would_stand_far_from_their_bars_are_left_to_the_table() -> None:
    root = draw(*spread(440), *(2.1 + i / 100 for i in range(60)))
    codes = [word for word in words(root) if word.startswith("SN24")]
    assert 8 <= len(codes) < 20
    assert "SN24-500" in codes


def test_whom_the_reader_asked_for_is_lit_and_named() -> None:
    root = draw(*spread(118), highlight="SN24-060")
    assert written(root, "SN24-060").get("font-weight") == "700"
    lit = [r for r in root.findall(f"{SVG}rect") if r.get("height") == "264"]
    assert len(lit) == 1
    bar = list(marks(root).values())[59][1]
    assert place(lit[0])[0] == pytest.approx(place(bar)[0], abs=2)


def test_without_a_wish_nothing_is_lit() -> None:
    assert draw(0.5).findall(f"{SVG}rect") == []


@pytest.mark.parametrize("scores", [[], [math.nan], [math.inf, -math.inf]])
def test_without_scores_the_axis_is_left(scores: list[float]) -> None:
    root = draw(*scores)
    assert marks(root) == {}
    assert words(root) == ["z", "0", "2", "3", "6", "−2", "−3", "−6"]


@given(st.lists(st.floats(-1e7, 1e7), max_size=60), st.integers(200, 1000))
def test_nothing_leaves_the_field(scores: list[float], width: int) -> None:
    root = draw(*scores, width=width)
    assert len(marks(root)) == len(scores)
    for group in marks(root).values():
        x, y = place(group[1])
        assert 36 <= x <= x + float(group[1].get("width", 0)) <= width - 10
        assert 24 <= y <= y + float(group[1].get("height", 0)) <= float(root.get("height", 0))


def test_hostile_words_stay_words() -> None:
    bars = [charts.Bar(drawings.HOSTILE, 9.0)]
    said = dict.fromkeys(("title", "description", "symbol"), drawings.HOSTILE)
    root = ET.fromstring(charts.z_bars(bars, **said))  # type: ignore[arg-type]
    assert root.findtext(f"{SVG}title") == root.findtext(f"{SVG}desc") == drawings.HARMLESS
    assert not list(root.iter(f"{SVG}script"))


def test_a_chart_uses_presentation_attributes_only() -> None:
    bars = [charts.Bar(str(i), i - 50.0) for i in range(100)]
    assert drawings.is_bare(charts.z_bars(bars, highlight="3", **SAID))
