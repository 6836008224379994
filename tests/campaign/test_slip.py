"""The rows of the 联络员回执: its columns, landlines with several numbers, every real name."""

import pytest

from campaign import slip
from core.errors import InvalidInput

ROW = {
    "name": "张示例",
    "gender": "女",
    "employer": "【示例】市质量安全监督站（虚构）",
    "post": "副主任（主持工作）",
    "landline": "020-12345678",
    "mobile": "130 0000-0001",
}


def codes(*rows):
    _persons, wrong = slip.check(rows)
    return {place: error.code for place, error in wrong.items()}


def only(row):
    (person,), wrong = slip.check([row])
    assert wrong == {}
    return person


def test_the_columns_are_those_of_the_annex_in_its_order():
    assert slip.COLUMNS == ("name", "gender", "employer", "post", "landline", "mobile")


def test_a_row_becomes_a_clean_person():
    person = only(ROW)
    assert (person.gender, person.mobile) == ("female", "13000000001")
    assert (person.employer, person.post) == (ROW["employer"], "副主任（主持工作）")


def test_the_employer_of_a_person_is_a_field_of_its_own_and_must_be_given():
    """Mistake 4: one 单位 for 填报单位 and 工作单位."""
    assert codes(ROW | {"employer": " "}) == {(0, "employer"): "text_missing"}


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("", ""),
        ("  ", ""),
        ("020-12345678", "020-12345678"),
        ("０２０－１２３４５６７８", "020-12345678"),
        ("（020）12345678", "020-12345678"),
        ("02012345678", "020-12345678"),
        ("075512345678", "0755-12345678"),
        ("0311 1234567", "0311-1234567"),
        ("010—12345678", "010-12345678"),
        ("020-12345678转801", "020-12345678转801"),
        ("020-12345678-801", "020-12345678转801"),
        ("020-12345678 ext. 801", "020-12345678转801"),
        ("020-12345678、12345679", "020-12345678、12345679"),
        ("020-12345678，0755-1234567；12345", None),
        ("020-12345678, 0755-12345678", "020-12345678、0755-12345678"),
        ("020-12345678/12345679\n12345670", "020-12345678、12345679、12345670"),
        ("020-12345678  12345679", "020-12345678、12345679"),
        ("12345678", None),
        ("12345678、020-12345679", None),
        ("13000000001", None),
        ("020-02345678", None),
        ("020-123456", None),
        ("、", None),
        ("看名片", None),
        ("020-12345678、" * 9, None),
    ],
)
def test_a_landline_has_area_code_and_perhaps_more_numbers_and_extensions(typed, printed):
    """Mistake 5: the mobile's expression for landlines; numbers of one area split wrongly."""
    if printed is None:
        with pytest.raises(InvalidInput, match="landline_invalid"):
            slip.parse_landline(typed)
    else:
        assert slip.parse_landline(typed) == printed


def test_a_printed_landline_is_read_again_as_itself():
    cell = "020-12345678转801、12345679、0755-1234567"
    assert slip.parse_landline(cell) == cell


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉．买买提", "阿卜杜拉·买买提"),
        ("张𬭎", "张𬭎"),
        ("张", "张"),
        ("张　三", "张　三"),
        ("示" * 50, "示" * 50),
        ("Anna O'Neill", "Anna O'Neill"),
    ],
)
def test_names_with_dots_rare_characters_or_any_length_are_real(typed, kept):
    """Mistake 6: rejecting names with the dot, four-plus characters or surrogate pairs."""
    assert only(ROW | {"name": typed}).name == kept


def test_a_name_of_51_characters_is_too_long():
    assert codes(ROW | {"name": "示" * 51}) == {(0, "name"): "name_too_long"}


@pytest.mark.parametrize(
    ("typed", "kept"), [("男", "male"), (" 女 ", "female"), ("male", "male"), ("female", "female")]
)
def test_gender_is_chosen_of_two_as_the_slip_asks(typed, kept):
    assert only(ROW | {"gender": typed}).gender == kept


def test_every_cell_is_complained_of_in_its_place():
    bad = {
        "name": "", "gender": "?", "employer": "x" * 101, "post": "a\x00b",
        "landline": "1", "mobile": "12000000001",
    }  # fmt: skip
    assert codes({}, ROW, bad) == {
        (2, "name"): "name_empty",
        (2, "gender"): "gender_missing",
        (2, "employer"): "text_too_long",
        (2, "post"): "text_unreadable",
        (2, "landline"): "landline_invalid",
        (2, "mobile"): "mobile_invalid",
    }


def test_one_person_in_two_spellings_of_the_mobile_is_found():
    """Mistake 23: two rows for one person with two phone formats."""
    assert codes(ROW, ROW | {"mobile": "+86 130-0000-0001"}) == {(1, "mobile"): "mobile_twice"}


def test_empty_rows_are_passed_over_and_somebody_must_be_named():
    empty = dict.fromkeys(slip.COLUMNS, " ")
    persons, wrong = slip.check([empty, ROW, {}])
    assert (len(persons), wrong) == (1, {})
    assert codes(empty, {}) == {(0, "name"): "nobody"}


def test_a_slip_names_at_most_twenty_people():
    rows = [ROW | {"mobile": f"130000000{n:02d}"} for n in range(21)]
    assert codes(*rows[:20]) == {}
    assert codes(*rows) == {(20, "name"): "too_many_people"}
