"""Typed reasons as judges read them: the laboratory is hidden in every form."""

import pytest

from scoring.redaction import HIDDEN, redact

WORDS = ["【示例】东莞第04检测机构（虚构）", "东莞", "Y1412", "钱某072", "12042749082", "", "甲"]


@pytest.mark.parametrize(
    "text",
    [
        "【示例】东莞第04检测机构（虚构）停电",
        "我司东莞第04检测机构停电",
        "东莞第04停电",
        "东莞市停电",
        "样品Y1412 破损",
        "样品 y1412 破损",
        "联系钱某072",
        "联系 12042749082",
        "钱某 072 操作",
        "Ｙ１４１２ 破损",
        "Y-1412 破损",
        "东 莞停电",
    ],
)
def test_names_numbers_and_places_are_hidden_in_every_form(text):
    told = redact(text, WORDS)
    assert HIDDEN in told
    assert not any(word in told for word in ("东莞", "Y1412", "y1412", "钱某", "12042749082"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("广东（深圳）检测有限公司", "广东(深圳)检测停电"),
        ("广东（深圳）检测有限公司", "广东（深圳）停电"),
        ("深圳市", "深圳停电"),
        ("示例建材检测中心有限公司", "示例建材的养护箱"),
    ],
)
def test_a_name_is_hidden_in_its_short_forms_too(name, text):
    told = redact(text, [name])
    assert told.startswith(HIDDEN)


def test_what_is_hidden_does_not_depend_on_the_order_of_the_words():
    told = {redact("甲乙丙丁戊", words) for words in (["甲乙丙", "丙丁戊"], ["丙丁戊", "甲乙丙"])}
    assert len(told) == 1


@pytest.mark.parametrize(
    "text",
    [
        *("电话 13912345678", "0769-12345678", "a.b@example.cn", "138 0013 8000", "138-0013-8000"),
        *("１３８００１３８０００", "020 8765 4321", "020－87654321"),
    ],
)
def test_numbers_to_call_and_addresses_are_hidden_whoever_they_belong_to(text):
    assert redact(text, []).endswith(HIDDEN)


@pytest.mark.parametrize(
    "text",
    [
        "养护箱故障，第 3 号试件破损",
        "甲试件",
        "28 d 龄期超出 31 h",
        "荷载 48.6 47.2 48.1 49.0 kN",
        "2024-09-10 09:48 成型",
    ],
)
def test_the_rest_of_a_reason_is_read_as_it_was_typed(text):
    assert redact(text, WORDS) == text
