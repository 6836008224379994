"""Names and mobiles: every real name passes, spellings meet, masks hide."""

import subprocess
import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core import personal
from core.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  张三\r\n", "张三"),
        ("张　三", "张　三"),
        ("张 　 三", "张　三"),
        ("Li   Ming", "Li Ming"),
        ("欧阳•买买提", "欧阳·买买提"),
        ("欧阳・买买提", "欧阳·买买提"),
        ("欧阳.买买提", "欧阳·买买提"),
        ("欧阳．买买提", "欧阳·买买提"),
        ("欧阳 · 买买提", "欧阳·买买提"),
        ("𬭎.𬭎", "𬭎·𬭎"),
        ("J. Smith", "J. Smith"),
        ("José", "José"),
        ("\u202d张\u200b三\ufeff", "张三"),
    ],
)
def test_a_name_is_stored_as_it_is_printed(text: str, name: str) -> None:
    assert personal.clean_name(text) == name


@given(st.text(max_size=60))
@example("A\u200b\u0301")
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = personal.clean_name(text)
    assert personal.clean_name(once) == once
    assert unicodedata.is_normalized("NFC", once)


@pytest.mark.parametrize(
    "name",
    [
        "张",
        "张三",
        "欧阳娜娜娜娜",
        "阿卜杜拉·买买提·艾力",
        "𬭎",
        "Li Ming",
        "O'Neil",
        "张" * 50,
        "𬭎" * 50,
    ],
)
def test_real_names_pass(name: str) -> None:
    assert personal.check_name(name) == name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "name_empty"),
        (" \u3000\u200b", "name_empty"),
        ("··", "name_empty"),
        ("张" * 51, "name_too_long"),
        ("张\0三", "name_control"),
        ("张\x7f三", "name_control"),
        ("张\ud800三", "name_control"),
    ],
)
def test_what_is_no_name_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(personal.InvalidName) as refusal:
        personal.check_name(text)
    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("张　三", "张三"),
        ("张 三", "张三"),
        ("欧阳·买买提", "欧阳.买买提"),
        ("欧阳・买买提", "欧阳买买提"),
        ("ＬＩ Ming", "li ming"),
        ("José", "JOSE\u0301"),
        ("张﹒三", "张·三"),
    ],
)
def test_spellings_of_one_name_meet(one: str, other: str) -> None:
    assert personal.name_key(one) == personal.name_key(other)


def test_different_names_stay_apart() -> None:
    names = ["张三", "张叁", "章三", "张三丰", "Li Ming", "Li Min"]
    assert len({personal.name_key(name) for name in names}) == len(names)


@given(st.text(alphabet="张三𬭎 　·•・.aÉß", max_size=20))
def test_a_key_is_its_own_key(name: str) -> None:
    key = personal.name_key(name)
    assert personal.name_key(key) == key
    assert not set(key) & set(" \u3000·•・")


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("张示例", "zsl"),
        ("张　示 例", "zsl"),
        ("单雄", "sx"),
        ("曾国", "zg"),
        ("仇英", "qy"),
        ("解珍", "xz"),
        ("区伯", "ob"),
        ("覃明", "qm"),
        ("翟明", "zm"),
        ("王单", "wd"),
        ("尉迟恭", "ycg"),
        ("长孙明", "zsm"),
        ("欧阳·买买提", "oymmt"),
        ("𬭎", "h"),
        ("𠮷田", "t"),
        ("Li Ming", "liming"),
        ("José", "jose"),
        ("ＡＢ张", "abz"),
        ("张3", "z"),
        ("", ""),
    ],
)
def test_initials_find_a_name(name: str, initials: str) -> None:
    assert personal.initials(name) == initials


@given(st.text(max_size=20) | st.text(st.characters(min_codepoint=0x10000), max_size=20))
def test_initials_are_plain_small_letters(name: str) -> None:
    assert set(personal.initials(name)) <= set("abcdefghijklmnopqrstuvwxyz")


def test_the_reading_tables_are_loaded_late() -> None:
    script = "import sys, core.personal; print('pypinyin' in sys.modules, 'flask' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert done.stdout.split() == [b"False", b"False"]


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张　三", "张*"),
        ("欧阳娜", "欧阳*"),
        ("欧阳·买买提", "欧阳*"),
        ("欧阳", "欧*"),
        ("買買提·艾力", "買*"),
        ("Smith", "S*"),
        ("𬭎三", "𬭎*"),
        ("张", "*"),
        ("", "*"),
    ],
)
def test_a_masked_name_shows_the_surname(name: str, masked: str) -> None:
    assert personal.mask_name(name) == masked


@given(st.text(min_size=1, max_size=20))
def test_a_mask_never_shows_the_whole_name(name: str) -> None:
    masked = personal.mask_name(name)
    assert masked.endswith("*")
    assert len(masked) <= 3
    assert len(masked) - 1 < max(len(personal.clean_name(name)), 1)


digits = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
WIDE = str.maketrans("0123456789+-", "０１２３４５６７８９＋－")


@given(digits, st.sampled_from(["", "86", "+86", "+86 ", "0086-", "\u202d"]), st.booleans())
def test_a_mobile_is_read_as_people_write_it(mobile: str, prefix: str, wide: bool) -> None:
    text = f" {prefix}{mobile[:3]} {mobile[3:7]}-{mobile[7:]}\u3000"
    assert personal.parse_mobile(text.translate(WIDE) if wide else text) == mobile


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1380013800",
        "138001380000",
        "12800138000",
        "020-12345678",
        "+85261234567",
        "+8613800138000 13900139000",
        "١٣٨٠٠١٣٨٠٠٠",
        "13800138000a",
        "13800138000" + " " * 60,
    ],
)
def test_anything_else_is_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(personal.InvalidMobile) as refusal:
        personal.parse_mobile(text)
    assert refusal.value.code == "mobile_invalid"
    assert "11 digits" in refusal.value.message


@pytest.mark.parametrize("kind", [personal.InvalidMobile, personal.InvalidName])
def test_a_refusal_is_both_a_value_error_and_an_input_error(kind: type[Exception]) -> None:
    assert issubclass(kind, ValueError)
    assert issubclass(kind, InvalidInput)


@given(digits)
def test_a_masked_mobile_shows_seven_digits(mobile: str) -> None:
    assert personal.mask_mobile(mobile) == mobile[:3] + "****" + mobile[7:]


@pytest.mark.parametrize(("text", "masked"), [("", ""), ("020-12345678", "****"), ("1", "****")])
def test_what_is_no_mobile_is_hidden_whole(text: str, masked: str) -> None:
    assert personal.mask_mobile(text) == masked


@pytest.mark.parametrize(
    ("landline", "masked"),
    [
        ("", ""),
        ("020-12345678", "020-****5678"),
        ("020-12345678、12345679", "020-****5678、****5679"),
        ("0755-1234567", "0755-****567"),
        ("020-12345678转801", "020-****5678转***"),
        ("12345678", "****5678"),
        ("not a number", "****"),
        ("020-12345678、anything 12345678", "020-****5678、****"),
    ],
)
def test_a_masked_landline_shows_area_code_and_end(landline: str, masked: str) -> None:
    assert personal.mask_landline(landline) == masked


lines = st.tuples(
    st.sampled_from(["", "010-", "020-", "0755-"]),
    st.from_regex(r"[1-9][0-9]{6,7}", fullmatch=True),
    st.sampled_from(["", "转801", "转123456"]),
)


@given(st.lists(lines, min_size=1, max_size=4))
def test_no_full_number_and_no_extension_survives_the_mask(parts: list[tuple[str, ...]]) -> None:
    masked = personal.mask_landline("、".join("".join(part) for part in parts))
    assert masked.count("、") == len(parts) - 1
    for shown, (area, number, extension) in zip(masked.split("、"), parts, strict=True):
        assert shown.startswith(f"{area}****")
        assert number not in shown
        assert sum(char.isdigit() for char in shown) <= len(area) + len(number) - 4
        assert not extension or extension not in shown


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("", ""),
        ("zhang@example.cn", "z***@example.cn"),
        ("z@example.cn", "***@example.cn"),
        ("no address", "****"),
    ],
)
def test_a_masked_address_shows_its_first_letter_and_the_host(address: str, masked: str) -> None:
    assert personal.mask_email(address) == masked


@pytest.mark.parametrize(
    ("login", "shown"),
    [
        ("13000000001", "130****0001"),
        ("zhang.example", "zhang.example"),
        ("a1300000000", "a1300000000"),
        ("", ""),
    ],
)
def test_a_login_is_masked_only_where_it_is_a_number(login: str, shown: str) -> None:
    assert personal.mask_login(login) == shown
