"""The coded messages: a level and a sentence for each, nothing left unfilled."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from core.findings import Level, Marked
from scoring.messages import (
    MESSAGES,
    PROBLEMS,
    RULES,
    WORDINGS,
    finding,
    of_cell,
    of_sheet_cell,
)

#: The codes in use, by what they do.
WARNINGS = {
    "E07", "E08", "E09", "E10", "E11", "E12", "E22", "E23", "E24", "E25", "E28", "E31", "E32",
    "E33", "E34", "E35", "E36", "J4",
}  # fmt: skip
NOTES = {"E26", "E37"}
ERRORS = {
    "E02", "E03", "E04", "E05", "E06", "E13", "E14", "E15", "E16", "E17", "E19", "E20", "E30",
    "E38", "E39", "J5",
}  # fmt: skip
LEVELS = (
    dict.fromkeys(WARNINGS, Level.WARN)
    | dict.fromkeys(NOTES, Level.INFORM)
    | dict.fromkeys(ERRORS, Level.BLOCK)
)
CODES = sorted(LEVELS)
#: Values that only the Chinese sentence names.
CHINESE_ONLY = {"E33": {"hint"}}
CATALOGUE = Path(__file__).parents[2] / "core/translations/zh_Hans_CN/LC_MESSAGES/messages.po"
TEXTS = {code: message.text for code, message in MESSAGES.items()}
SENTENCES = TEXTS | {f"{code} {name}": text for (code, name), text in WORDINGS.items()}


@pytest.fixture(scope="module")
def chinese():
    with CATALOGUE.open("rb") as handle:
        return {entry.id: entry.string for entry in read_po(handle)}


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_every_code_in_use_has_its_message():
    assert sorted(MESSAGES) == CODES


@pytest.mark.parametrize("code", CODES)
def test_each_message_has_the_level_of_the_table(code):
    assert MESSAGES[code].level is LEVELS[code]


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_a_sentence_is_filled_with_the_same_values_in_both_languages(name, chinese):
    text, code = SENTENCES[name], name.split()[0]
    if code == "E33":
        assert places(chinese[text]) <= places(text) | CHINESE_ONLY[code]
    else:
        assert places(chinese[text]) == places(text)


PARTS = sorted({*RULES.values(), *(part for pair in PROBLEMS.values() for part in pair)})


@pytest.mark.parametrize("part", PARTS)
def test_what_is_put_into_a_sentence_is_translated_too(part, chinese):
    assert chinese[part]
    assert places(chinese[part]) == places(part)


@pytest.mark.parametrize("text", sorted({*SENTENCES.values(), *PARTS}))
def test_no_percent_sign_reads_as_a_conversion(text):
    assert not Message(text).python_format


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_no_sentence_shouts(name, chinese):
    assert not {"!", "！"} & {*SENTENCES[name], *chinese[SENTENCES[name]]}


@pytest.mark.parametrize("code", CODES)
def test_a_filled_message_has_no_place_left(code):
    values = {name: f"<{name}>" for name in MESSAGES[code].places}
    text = finding(code, "", **values).text()
    assert not places(text)
    assert all(value in text for value in values.values())


def test_a_value_that_is_missing_is_an_error_of_ours():
    with pytest.raises(KeyError, match="E13 needs f, i"):
        finding("E13", "")
    with pytest.raises(KeyError):
        finding("E99", "")
    with pytest.raises(KeyError):
        finding("E13", "", wording="void", f="1", i="2")


def test_the_level_can_be_raised_for_one_finding():
    assert finding("E28", "approved_by").level is Level.WARN
    assert finding("E28", "approved_by", Level.BLOCK).level is Level.BLOCK


def test_a_wording_replaces_the_sentence_and_keeps_the_level():
    said = finding("E26", "", wording="void", r="50.3", u="MPa")
    assert said.level is Level.INFORM
    assert said.text().startswith("Your result 50.3 MPa was reported for a set that is void")


def test_the_rule_of_a_standard_is_translated_inside_its_sentence(chinese):
    said = finding("E25", "", k="2", m="8.0", rule=RULES["remaining"])
    assert isinstance(said.values["rule"], Marked)
    assert said.text(chinese.__getitem__) == (
        "有 2 个抗折强度超出平均值的 ±10%。按标准以剩余一个值 8.0 MPa 为结果。"
        "请核对原始记录并说明。"
    )


def test_a_list_has_the_comma_of_the_language(chinese):
    said = finding("E04", "", list="A1, C2")
    assert said.text().startswith("Values A1, C2 are missing.")
    assert said.text(chinese.__getitem__).startswith("还缺第 A1、C2 个数值。")
    typed = finding("E02", "", i="1", v="4, 5")
    assert "“4, 5”" in typed.text(chinese.__getitem__)


def test_a_cell_outside_its_range_names_the_unit_that_may_be_meant(chinese):
    said = of_sheet_cell("B7", "3560", "outside", "cm²/g")
    assert said.address == "B7"
    assert said.text(chinese.__getitem__) == (
        "单元格 B7：“3560” — 超出可能范围。建议：检查小数点或单位 cm²/g。"
    )


def test_a_cell_with_an_unknown_problem_holds_no_number():
    text = of_sheet_cell("B7", "∞", "not_finite").text()
    assert text == 'Cell B7: "∞" — not a number. Suggestion: enter digits only.'


@pytest.mark.parametrize(
    ("problem", "typed", "code", "text"),
    [
        ("decimal_comma", " ４８，６", "E03", "a decimal point? Please enter 48.6."),
        ("thousands", "1,234.5", "E02", 'Value 3 "1,234.5" is not a number.'),
        ("with_unit", "5.3MPa", "E02", 'Value 3 "5.3MPa" is not a number.'),
        ("not_a_date", "9/10", "E20", "write it like 2024-09-10 09:48"),
    ],
)  # fmt: skip
def test_an_unreadable_field_is_said_by_what_is_wrong_with_it(problem, typed, code, text):
    said = of_cell("rc28.1.1.load.3", typed, problem, "3")
    assert (said.code, said.level) == (code, Level.BLOCK)
    assert text in said.text()
