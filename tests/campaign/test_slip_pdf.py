"""The printed 联络员回执: the annex of the notice, word for word, whoever stands on it."""

import re
import shutil
import subprocess

import pytest

from campaign.forms.liaison import Row
from campaign.presentation.slip_sheet import sheet
from core.typesetting import render
from tests import databases

BODY = "横琴粤澳深度合作区城市规划和建设局"
HEAD = f"附件联络员回执填报单位（公章）：{BODY}姓名性别工作单位职务固定电话手机"

pytestmark = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason=f"{databases.MISSING}Install poppler-utils."
)


def row(number: int = 1, **changes: str) -> Row:
    values = {
        "name": "张示例", "gender": "male", "employer": "【示例】市质量安全监督站（虚构）",
        "post": "科长", "landline": "020-12345678、12345679", "mobile": f"130000000{number:02d}",
    }  # fmt: skip
    return values | changes


def read(*rows: Row, masked: bool = False, layout: str = "-raw") -> str:
    pdf = render("slip", sheet(BODY, rows, masked=masked))
    done = subprocess.run(
        ["pdftotext", layout, "-", "-"], input=pdf, capture_output=True, check=True
    )
    return done.stdout.decode()


def words(*rows: Row, masked: bool = False) -> str:
    """Return the text of the sheet in its order, without white space and soft breaks."""
    return re.sub(r"[\s\u200b]", "", read(*rows, masked=masked))


def printed(row: Row) -> str:
    gender = {"male": "男", "female": "女"}[row["gender"]]
    cells = [row["name"], gender, row["employer"], row["post"], row["landline"], row["mobile"]]
    return "".join(cells).replace(" ", "")


def pages(*rows: Row) -> int:
    return read(*rows).count("\f")


def test_the_sheet_of_one_person_has_the_words_of_the_annex_and_nothing_else():
    assert words(row()) == HEAD + printed(row())


def test_two_persons_stand_in_their_order_the_primary_contact_first():
    first, second = row(1), row(2, name="李示例", gender="female", landline="")
    assert words(first, second) == HEAD + printed(first) + printed(second)


def test_twelve_persons_go_on_to_a_second_page_that_repeats_the_columns():
    rows = [row(n, name=f"示例{n:02d}") for n in range(1, 13)]
    text = words(*rows)
    assert pages(*rows) == 2
    assert text.count("姓名性别工作单位职务固定电话手机") == 2
    assert text.replace("姓名性别工作单位职务固定电话手机", "") == HEAD.replace(
        "姓名性别工作单位职务固定电话手机", ""
    ) + "".join(map(printed, rows))


@pytest.mark.parametrize(
    "name", ["示" * 50, "阿卜杜拉·买买提艾力", "张𬭎", "Anna Maria O'Neill", "W" * 50]
)
def test_every_name_is_printed_whole(name):
    assert words(row(name=name)) == HEAD + printed(row(name=name))


def test_long_cells_wrap_inside_their_column():
    long = row(name="W" * 50, employer="示" * 100, post="职" * 50)
    text = read(long, row(2), layout="-layout")
    assert max(map(len, text.splitlines())) < 120
    assert "13000000002" in text


def test_what_a_name_holds_never_becomes_markup():
    strange = row(name="#set *b* [x]", post="$a$ @b <c> `d`")
    assert words(strange) == HEAD + printed(strange)


def test_a_sheet_without_persons_is_the_empty_form():
    assert words() == words({"name": " "}) == HEAD


def test_a_few_blank_rows_follow_the_persons_however_many_they_are():
    for count in (0, 1, 12):
        rows = sheet(BODY, [row(n) for n in range(count)])["rows"]
        blank = [cells for cells in rows if not any(cells)]
        assert len(blank) >= 3
        assert rows[-len(blank) :] == blank


def test_the_copy_of_the_office_shows_no_whole_number():
    text = words(row(), masked=True)
    assert "020-****5678、****5679130****0001" in text
    assert "13000000001" not in text
    assert "张示例" in text


def test_an_unfinished_draft_is_printed_as_it_was_typed():
    assert words({"name": "张示例", "gender": "", "mobile": "130"}) == HEAD + "张示例130"
