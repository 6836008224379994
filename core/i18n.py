"""Two languages: Chinese by default, English by choice; dates and numbers as people write them."""

from datetime import datetime, timedelta

import flask_babel
from flask import Flask, has_request_context, request
from flask_babel import Babel, force_locale, get_locale, gettext

from core.clock import local

DEFAULT = "zh_Hans_CN"
LANGUAGES = {"zh": DEFAULT, "en": "en"}
COOKIE = "lang"
WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")


def chosen() -> str:
    """Return the locale of this request: the cookie's choice, else Chinese."""
    wish = request.cookies.get(COOKIE, "") if has_request_context() else ""
    return LANGUAGES.get(wish, DEFAULT)


def is_chinese() -> bool:
    """Say whether the present reader reads Chinese."""
    return str(get_locale()).startswith("zh")


def both(message: str, **params: object) -> dict[str, str]:
    """Return one message in Chinese and in English."""
    sentences = {}
    for short, locale in LANGUAGES.items():
        with force_locale(locale):
            sentences[short] = gettext(message, **params)
    return sentences


def day(instant: datetime) -> str:
    """Return the date: 2024年8月26日 星期一 / Monday, 26 August 2024."""
    at = local(instant)
    if is_chinese():
        return f"{at.year}年{at.month}月{at.day}日 星期{WEEKDAYS[at.weekday()]}"
    return str(flask_babel.format_date(at.date(), "EEEE, d MMMM y"))


def clock(instant: datetime) -> str:
    """Return the time of day: 14:30."""
    return f"{local(instant):%H:%M}"


def full(instant: datetime) -> str:
    """Return date and time with the zone said: 2024年8月26日 星期一 14:30（北京时间）."""
    if is_chinese():
        return f"{day(instant)} {clock(instant)}（北京时间）"
    return f"{day(instant)}, {clock(instant)} (Beijing time)"


def due(instant: datetime) -> str:
    """Return a deadline: 8月26日（星期一）24:00 截止（北京时间）.

    Midnight is the end of the day that is over, as official notices say it.
    """
    at, hour = local(instant), clock(instant)
    if hour == "00:00":
        at, hour = at - timedelta(days=1), "24:00"
    if is_chinese():
        weekday = WEEKDAYS[at.weekday()]
        return f"{at.year}年{at.month}月{at.day}日（星期{weekday}）{hour} 截止（北京时间）"
    said = flask_babel.format_date(at.date(), "EEEE, d MMMM y")
    return f"until {hour} on {said} (Beijing time)"


def span(start: datetime, end: datetime) -> str:
    """Return a period, the date once when both ends share it."""
    if local(start).date() == local(end).date():
        text = f"{day(start)} {clock(start)}–{clock(end)}"
    else:
        text = f"{day(start)} {clock(start)} – {day(end)} {clock(end)}"
    return text + ("（北京时间）" if is_chinese() else " (Beijing time)")


def init_app(app: Flask) -> None:
    """Set up Babel, the filters and the names that every template may use."""
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Shanghai"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = f"{app.root_path}/core/translations"
    Babel(app, locale_selector=chosen)
    app.jinja_env.filters.update(day=day, clock=clock, datetime=full, due=due)
    app.jinja_env.globals.update(span=span)

    @app.context_processor
    def language() -> dict[str, object]:
        return {"locale": str(get_locale())}
