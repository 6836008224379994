import re
from typing import Any

import pytest
from flask import Flask

from core import qr, typesetting
from core.typesetting import RenderError, render
from tests import pictures
from tests.racing import race

LINK = "HTTPS://ZLY.EXAMPLE.GOV.CN/T/0123456789ABCDEFGHJKMNPQRS"
TICKET: dict[str, Any] = {
    "eyebrow": "现场观摩",
    "title": "2024年全省住房城乡建设系统“质量月”现场观摩交流活动",
    "time": "2024年8月26日 星期一 14:30–17:30（北京时间）",
    "place": "示例会堂",
    "address": "示例路 1 号",
    "name": "欧阳·买买提",
    "unit": "示例省建筑工程质量安全监督检测总站",
    "post": "高级工程师",
    "short_code": "ABCD-EFGH",
    "qr": qr.svg(LINK),
    "hint": "入场时出示此码",
    "foot": "联系人 王示例",
}
PERSON = {
    "name": "张𬭎",
    "employer": "示例水泥有限公司",
    "post": "检验员",
    "mobile": "138****5678",
    "time": "08:42",
    "mark": "现场",
}
SHEET: dict[str, Any] = {
    "title": "示例活动签到情况表",
    "number": "QD-2024-000123",
    "link": "https://zly.example.gov.cn/v/0123456789abcdefghjkmnpqrs",
    "qr": qr.svg("https://zly.example.gov.cn/v/0123456789abcdefghjkmnpqrs", "Q"),
    "groups": [{"place": "广州", "rows": [PERSON] * 18}, {"place": "横琴", "rows": [PERSON]}],
}


def pages(pdf: bytes) -> int:
    (count,) = re.findall(rb"/Type\s*/Pages\s*/Count (\d+)", pdf)
    return int(count)


@pytest.fixture
def coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw pictures at a quarter of their size, which is quicker to read back."""
    monkeypatch.setattr(typesetting, "RESOLUTION", 36)


def test_a_ticket_is_a_picture_1080_pixels_wide_and_taller_than_wide() -> None:
    made = render("ticket", TICKET, "png")
    width, height = (int.from_bytes(made[at : at + 4], "big") for at in (16, 20))
    assert width == 1080
    assert 1.2 < height / width < 2.2


@pytest.mark.usefixtures("coarse")
def test_the_symbol_on_a_ticket_is_read_by_a_scanner() -> None:
    assert pictures.qr(pictures.png(render("ticket", TICKET, "png"))) == LINK


@pytest.mark.usefixtures("coarse")
@pytest.mark.parametrize("missing", [None, ""])
def test_a_ticket_goes_without_what_is_not_known(missing: str | None) -> None:
    needed = {key: TICKET[key] for key in ("title", "name", "short_code", "qr")}
    blank = dict.fromkeys(set(TICKET) - set(needed), missing)
    assert render("ticket", needed, "png") == render("ticket", needed | blank, "png")


@pytest.mark.usefixtures("coarse")
def test_the_words_of_a_ticket_may_be_in_another_language() -> None:
    translated = TICKET | {"labels": {"time": "Time", "place": "Place"}}
    assert render("ticket", translated, "png") != render("ticket", TICKET, "png")


HOSTILE = '#read("/etc/passwd") #panic() *b* [x] \\ $1$ <a> "q" `c` // @x\n= h'


@pytest.mark.usefixtures("coarse")
def test_markup_in_a_name_prints_as_itself() -> None:
    assert render("ticket", TICKET | {"name": HOSTILE}, "png")
    assert render("attendance", SHEET | {"title": HOSTILE})


def test_a_long_list_goes_on_over_the_page() -> None:
    made = render("attendance", SHEET | {"groups": [{"place": "广州", "rows": [PERSON] * 60}]})
    assert pages(made) >= 3


@pytest.mark.parametrize("groups", [[], [{"place": "广州", "rows": []}]])
def test_a_list_of_nobody_is_one_page(groups: list[Any]) -> None:
    assert pages(render("attendance", SHEET | {"groups": groups})) == 1


def test_a_list_copes_with_blank_cells() -> None:
    blank = {"name": "李示例", "post": None}
    assert pages(render("attendance", SHEET | {"groups": [{"place": "", "rows": [blank]}]})) == 1


def test_threads_take_turns_at_the_compiler(app: Flask) -> None:
    made = race(app, lambda _n: render("probe", {"text": "质量月"}), 8)
    assert all(isinstance(pdf, bytes) and pdf.startswith(b"%PDF") for pdf in made)


def test_an_unknown_font_family_is_an_error_not_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typesetting, "chinese_families", lambda: ["No Such Family"])
    with pytest.raises(RenderError, match="unknown font family: no such family"):
        render("probe", {"text": "质量月"})


def test_a_missing_value_is_an_error_that_names_the_template() -> None:
    with pytest.raises(RenderError, match=r"probe: .*text"):
        render("probe", {})


def test_a_picture_of_several_pages_is_refused() -> None:
    many = SHEET | {"groups": [{"place": "广州", "rows": [PERSON] * 60}]}
    with pytest.raises(RenderError, match="a picture is one page"):
        render("attendance", many, "png")


def test_fonts_are_in_order_here() -> None:
    assert typesetting.fonts_ok() == []
    assert typesetting.chinese_families()[0] == "Noto Sans SC"


def test_a_machine_without_a_chinese_font_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(typesetting, "chinese_families", list)
    (problem,) = typesetting.fonts_ok()
    assert "justmytype-intl-cjk" in problem


def test_the_packaged_font_may_be_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr("core.typesetting.resources.files", absent)
    assert typesetting._packaged_fonts() == []
