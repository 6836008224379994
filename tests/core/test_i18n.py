"""Two languages: Chinese unless the reader chose English; dates as people write them."""

from datetime import UTC, datetime

import pytest
from flask_babel import force_locale

from core import i18n

NOON = datetime(2024, 8, 26, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "function", "text"),
    [
        ("zh_Hans_CN", i18n.day, "2024年8月26日 星期一"),
        ("en", i18n.day, "Monday, 26 August 2024"),
        ("zh_Hans_CN", i18n.full, "2024年8月26日 星期一 14:30（北京时间）"),
        ("en", i18n.full, "Monday, 26 August 2024, 14:30 (Beijing time)"),
        ("en", i18n.clock, "14:30"),
    ],
)
def test_an_instant_is_written_in_beijing_time(app, locale, function, text):
    with app.test_request_context(), force_locale(locale):
        assert function(NOON) == text


@pytest.mark.parametrize(
    ("locale", "end", "text"),
    [
        ("zh_Hans_CN", 9, "2024年8月26日 星期一 14:30–17:30（北京时间）"),
        ("en", 9, "Monday, 26 August 2024 14:30–17:30 (Beijing time)"),
        (
            "zh_Hans_CN",
            17,
            "2024年8月26日 星期一 14:30 – 2024年8月27日 星期二 01:30（北京时间）",
        ),
    ],
)
def test_a_period_says_its_day_once_unless_it_crosses_midnight_in_beijing(app, locale, end, text):
    with app.test_request_context(), force_locale(locale):
        assert i18n.span(NOON, NOON.replace(hour=end)) == text


@pytest.mark.parametrize(
    ("cookie", "locale"),
    [("", "zh_Hans_CN"), ("zh", "zh_Hans_CN"), ("en", "en"), ("xx", "zh_Hans_CN")],
)
def test_the_cookie_chooses_and_nonsense_means_chinese(app, cookie, locale):
    with app.test_request_context(headers={"Cookie": f"lang={cookie}"}):
        assert i18n.chosen() == locale
        assert i18n.is_chinese() == (locale != "en")


def test_outside_a_request_the_product_speaks_chinese(app):
    assert i18n.chosen() == "zh_Hans_CN"


def test_one_message_is_said_in_both_languages_with_its_values(app):
    message = "Too many attempts. Wait %(minutes)s minutes and try again."
    with app.test_request_context():
        said = i18n.both(message, minutes=15)
    assert said["en"] == "Too many attempts. Wait 15 minutes and try again."
    assert "15 分钟" in said["zh"]


def test_the_readers_wish_in_the_browser_settings_does_not_decide(client):
    assert 'lang="zh-CN"' in client.get("/", headers={"Accept-Language": "en"}).text
