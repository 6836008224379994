"""PURE: names and phone numbers of people: cleaned, compared, searched and masked.

Liberal on purpose: names of one character or fifty, with ``·``, Latin letters or rare characters
beyond the BMP are all real names here. Length counts code points.
"""

import re
import unicodedata

from core.endpoints import is_email
from core.errors import N_, InvalidInput

#: Longest name, in code points.
NAME_LENGTH = 50

_DOT = "\u00b7"
#: Bullets, katakana dots, operators and full stops that stand for the dot in a name.
_DOTS = "\u00b7\u2022\u2027\u2219\u22c5\u30fb\uff65"
_HAN = "\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_JOINT = re.compile(rf"(?<=[{_HAN}])[\s{_DOTS}.\uff0e]+(?=[{_HAN}])")
_DASHES = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
_MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9]{9})")
_LANDLINE = re.compile(r"(?P<area>0[0-9]{2,3}-)?(?P<number>[0-9]{7,8})(?P<ext>转[0-9]+)?")
#: Longer text is no number with decoration, and is not searched.
_MOBILE_TEXT = 64

_COMPOUND = """
欧阳 歐陽 太史 端木 上官 司马 司馬 东方 東方 独孤 南宫 南宮 万俟 闻人 夏侯 诸葛
諸葛 尉迟 尉遲 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 公孫 慕容 仲孙
钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕
乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘
东门 西门 第五 纳兰 完颜 单于 叶赫
"""
_COMPOUND_SURNAMES = frozenset(_COMPOUND.split())
#: Surnames read otherwise than the same character elsewhere: initial of the reading → surnames.
_SURNAME_READINGS = {
    "b": "秘",
    "c": "种",
    "g": "句",
    "k": "阚",
    "n": "乜佴",
    "o": "区區",
    "p": "繁",
    "q": "仇覃",
    "s": "单單折召",
    "w": "隗",
    "x": "解",
    "y": "乐么",
    "z": "曾查翟祭",
}
_SURNAME_INITIALS = {
    surname: initial for initial, surnames in _SURNAME_READINGS.items() for surname in surnames
} | {"万俟": "mq", "尉迟": "yc", "尉遲": "yc", "长孙": "zs", "单于": "cy", "乐正": "yz"}


class InvalidName(InvalidInput, ValueError):
    """Refuse a text that cannot be a person's name."""


class InvalidMobile(InvalidInput, ValueError):
    """Refuse a text that is not a mobile number of the mainland."""


def clean_name(text: str) -> str:
    """Return the name as it is stored and printed.

    White space is trimmed and collapsed, but the ideographic space of 「张　三」 stays for print;
    invisible format characters go; any dot between Chinese characters becomes ``·``.
    """
    text = unicodedata.normalize("NFC", text)
    text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    text = re.sub(r"\s+", _one_space, text.strip())
    # Removing what stood between two characters may let them compose.
    return unicodedata.normalize("NFC", _JOINT.sub(_one_dot, text))


def _one_space(spaces: re.Match[str]) -> str:
    return "\u3000" if "\u3000" in spaces[0] else " "


def _one_dot(between: re.Match[str]) -> str:
    return between[0] if between[0].isspace() else _DOT


def check_name(text: str) -> str:
    """Return the cleaned name, or raise :class:`InvalidName` with the reason as its code."""
    name = clean_name(text)
    if not name_key(name):
        raise InvalidName("name_empty", N_("Enter the name."))
    if len(name) > NAME_LENGTH:
        raise InvalidName("name_too_long", N_("Shorten the name to at most 50 characters."))
    # Lone surrogates (Cs) cannot be stored as UTF-8.
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in name):
        raise InvalidName(
            "name_control", N_("Type the name again: it contains characters that cannot be shown.")
        )
    return name


def name_key(name: str) -> str:
    """Return the form in which two spellings of one name are equal."""
    name = clean_name(unicodedata.normalize("NFKC", name))
    name = "".join(char for char in name if not char.isspace() and char not in _DOTS)
    return unicodedata.normalize("NFKC", name.casefold())


def initials(name: str) -> str:
    """Return the pinyin initials in lower case; Latin letters stay as they are.

    The surname's own reading is used where it differs (单 s, 曾 z); a character without a
    known reading is left out.
    """
    name = _letters(unicodedata.normalize("NFKC", name))
    start = name[:2] if name[:2] in _SURNAME_INITIALS else name[:1]
    if start in _SURNAME_INITIALS:
        return _SURNAME_INITIALS[start] + _read(name[len(start) :])
    return _read(name)


def _read(text: str) -> str:
    """Return the first letter of each Chinese character's reading, and the Latin letters."""
    # Imported late: its tables cost memory and start-up time that few processes need.
    from pypinyin import Style, lazy_pinyin

    parts = lazy_pinyin(text, style=Style.FIRST_LETTER)
    plain = unicodedata.normalize("NFKD", "".join(parts)).lower()
    return "".join(char for char in plain if "a" <= char <= "z")


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalpha() or unicodedata.combining(char))


def mask_name(name: str) -> str:
    """Return the surname, or the first letter of a Latin name, followed by ``*``."""
    name = clean_name(name)
    if len(name) < 2:
        return "*"  # one character would be the whole name
    compound = len(name) > 2 and name[:2] in _COMPOUND_SURNAMES
    return name[: 2 if compound else 1] + "*"


def parse_mobile(text: str) -> str:
    """Return the 11 digits of a mobile number, or raise :class:`InvalidMobile`."""
    found = None
    if len(text) <= _MOBILE_TEXT:
        # Numbers copied from an address book carry invisible direction marks.
        text = "".join(char for char in text if unicodedata.category(char) != "Cf")
        found = _MOBILE.fullmatch(_DASHES.sub("", unicodedata.normalize("NFKC", text)))
    if not found:
        raise InvalidMobile(
            "mobile_invalid", N_("Enter a mobile number of 11 digits that starts with 13 to 19.")
        )
    return found[1]


def mask_mobile(mobile: str) -> str:
    """Return ``138****5678``; a text that is no mobile number is hidden whole."""
    if not mobile:
        return ""
    return f"{mobile[:3]}****{mobile[-4:]}" if len(mobile) == 11 else "****"


def mask_landline(landline: str) -> str:
    """Return ``020-****5678、****5679`` for a clean cell; area codes stay, extensions go.

    A number of seven digits shows three, so that four are hidden in any case.
    """
    return "、".join(_masked_line(part) for part in landline.split("、")) if landline else ""


def _masked_line(number: str) -> str:
    found = _LANDLINE.fullmatch(number)
    if not found:
        return "****"
    extension = "转***" if found["ext"] else ""
    return f"{found['area'] or ''}****{found['number'][4:]}{extension}"


def mask_email(address: str) -> str:
    """Return ``z***@example.cn``; a text without @ is hidden whole."""
    before, at, host = address.rpartition("@")
    if not at:
        return "****" if address else ""
    return f"{before[:1] if len(before) > 1 else ''}***@{host}"


def mask_login(login: str) -> str:
    """Return the name of an account, with the middle hidden where it is a mobile number."""
    return mask_mobile(login) if len(login) == 11 and login.isdecimal() else login


def check_email(text: str) -> str:
    """Return the address without the spaces around it; an empty one stays empty."""
    address = unicodedata.normalize("NFKC", text).strip()
    if address and not is_email(address):
        raise InvalidInput(
            "email_invalid", N_("Enter an e-mail address such as name@example.cn, or none.")
        )
    return address
