"""PURE: the texts that go to reporting bodies, in formal Chinese, whoever reads the pages.

A template holds placeholders such as ``{body}``; ``{link}`` stays until the text is read or sent.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from core.clock import local
from core.errors import N_, InvalidInput

#: What a template may hold, by what it is for.
INVITATION = ("body", "name", "theme", "year", "deadline", "link")
REMINDER = ("body", "name", "item", "state", "left", "theme", "year", "deadline", "link")
#: Longer texts cost a bulk-SMS platform many messages.
LENGTH = 600
ITEMS = {"slip": "联络员回执", "plan": "活动方案", "summary": "总结材料", "evidence": "佐证材料"}
_STATES = {
    "none": "目前尚未收到贵单位的{item}",
    "draft": "贵单位的{item}仍为草稿，尚未报送",
    "returned": "贵单位的{item}已退回，请修改后重新报送",
}
_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_WEEKDAYS = "一二三四五六日"


def invitation(*, themed: bool, contact: str) -> str:
    """Return the usual text of an invitation, to be edited."""
    theme = "（主题：{theme}）" if themed else ""
    ask = f"如有疑问，请联系{contact}。" if contact else ""
    return (
        f"{{body}}联络员{{name}}：您好！{{year}}年“质量月”活动{theme}已部署，"
        "请于{deadline}前报送联络员回执和活动方案。请打开链接填写姓名、手机号并设置密码："
        "{link} 链接14日内有效，设置密码前可在手机和电脑上多次打开；此后请用手机号和密码登录。"
        f"请勿将链接转发他人。{ask}"
    )


def reminder(*, contact: str) -> str:
    """Return the usual text of a reminder, to be edited."""
    ask = f"如有疑问，请联系{contact}。" if contact else ""
    return (
        "{body}：{year}年“质量月”{item}应于{deadline}前报送，{left}。{state}，"
        f"请尽快登录系统办理：{{link}} 如已报送，请忽略本信息。{ask}"
    )


def accepted(body: str, name: str) -> str:
    """Return what a person of an accepted slip is told, with the link to set a password."""
    return (
        f"{body}联络员{name}：您好！贵单位的联络员回执已收，您已登记为联络员。"
        "请打开链接设置密码：{link} 链接14日内有效；此后请用手机号和密码登录。请勿转发他人。"
    )


def decided(body: str, item: str, act: str, reason: str = "") -> str:
    """Return what the officers of a body are told when the office has decided about an item."""
    if act == "return":
        why = reason.strip().rstrip("。")
        return (
            f"{body}联络员：您好！贵单位报送的{ITEMS[item]}已退回。原因：{why}。"
            "请修改后重新报送：{link}"
        )
    return f"{body}联络员：您好！贵单位报送的{ITEMS[item]}已收。"


def state_words(state: str, item: str) -> str:
    """Return how an outstanding item stands, as a part of a sentence."""
    return fill(_STATES[state], {"item": ITEMS[item]})


def due_words(due_at: datetime) -> str:
    """Return a deadline: 8月26日（星期一）24:00; midnight is the end of the day that is over."""
    at, hour = local(due_at), f"{local(due_at):%H:%M}"
    if hour == "00:00":
        at, hour = at - timedelta(days=1), "24:00"
    return f"{at.month}月{at.day}日（星期{_WEEKDAYS[at.weekday()]}）{hour}"


def left_words(days: int, working_days: int, *, over: bool) -> str:
    """Return how long there is until a deadline, or since when it is over."""
    if over:
        return f"现已逾期{max(days, 1)}天"
    if days == 0:
        return "今日截止"
    return f"距截止还有{days}天（{working_days}个工作日）"


def group(item: str, year: int, due_at: datetime, now: datetime, bodies: Sequence[str]) -> str:
    """Return one text for the group of all officers that names who is still missing."""
    listed = "\n".join(f"{number}. {body}" for number, body in enumerate(bodies, 1))
    at = local(now)
    return (
        f"各单位联络员：{year}年“质量月”{ITEMS[item]}应于{due_words(due_at)}前报送。"
        f"截至{at.month}月{at.day}日{at:%H:%M}，以下{len(bodies)}个单位尚未报送：\n{listed}\n"
        "请尽快登录系统办理，谢谢。"
    )


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return the text with the placeholders of ``values`` replaced; any other stays."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), template)


def check(template: str, known: Sequence[str]) -> str:
    """Return the template, or raise :class:`InvalidInput` when it cannot be sent."""
    text = template.replace("\r\n", "\n").strip()
    if not text:
        raise InvalidInput("text_missing", N_("Fill in this field."))
    if len(text) > LENGTH:
        raise InvalidInput(
            "text_long", N_("Shorten the text to at most %(most)s characters."), most=LENGTH
        )
    if strange := [name for name in _PLACEHOLDER.findall(text) if name not in known]:
        raise InvalidInput(
            "unknown_placeholder",
            N_("Nothing is filled in for %(name)s. Use only the placeholders listed."),
            name="{" + strange[0] + "}",
        )
    if "{link}" not in text:
        raise InvalidInput(
            "link_missing", N_("Keep {link} in the text: there the sign-in link is put in.")
        )
    return text
