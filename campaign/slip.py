"""PURE: the person rows of the 联络员回执, checked as they are typed.

填报单位 (the body) and 工作单位 (a person's employer) are two things; 性别 is asked here only.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.errors import N_, AppError, InvalidInput
from core.personal import check_name, parse_mobile
from core.text import check_line

#: The columns of the annex, in its order.
COLUMNS = ("name", "gender", "employer", "post", "landline", "mobile")
GENDERS = {"男": "male", "女": "female", "male": "male", "female": "female"}
MOST = 20
TEXT_LENGTH = {"employer": 100, "post": 50}
LANDLINE_LENGTH = 100

#: Area codes have three digits (010, 02x) or four; numbers seven or eight.
_AREA = r"0(?:10|2\d|[3-9]\d{2})"
_WHOLE = re.compile(
    rf"\(?(?P<area>{_AREA})?\)?[- ]?(?P<number>[1-9]\d{{6,7}})"
    r"(?: ?(?:-|转|ext\.?) ?(?P<ext>\d{1,6}))?",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[、,，;；/]+|\s{2,}|\n+")


@dataclass(frozen=True)
class Person:
    """One row of the slip, clean."""

    name: str
    #: ``male`` or ``female``.
    gender: str
    employer: str
    post: str
    landline: str
    mobile: str


def parse_landline(text: str) -> str:
    """Return the numbers as they are printed: ``020-12345678、12345679``; empty stays empty.

    Several numbers stand between 、; a later one may omit the area code and has that of the one
    before. An extension follows with 转. Raises :class:`InvalidInput`.
    """
    typed = unicodedata.normalize("NFKC", text).strip()
    typed = re.sub("[\u2010-\u2015\u2212]", "-", typed)
    if not typed:
        return ""
    if len(typed) > LANDLINE_LENGTH:
        raise _no_landline()
    parts = [part.strip() for part in _SEPARATORS.split(typed) if part.strip()]
    numbers = [_WHOLE.fullmatch(part) for part in parts]
    first = numbers[0] if numbers else None
    if first is None or first["area"] is None or not all(numbers):
        raise _no_landline()
    return "、".join(_printed(number) for number in numbers if number)


def _printed(number: "re.Match[str]") -> str:
    area = f"{number['area']}-" if number["area"] else ""
    extension = f"转{number['ext']}" if number["ext"] else ""
    return f"{area}{number['number']}{extension}"


def _no_landline() -> InvalidInput:
    return InvalidInput(
        "landline_invalid",
        N_(
            "Enter area code and number, e.g. 020-12345678; several numbers with 、 between, "
            "an extension after 转."
        ),
    )


def is_empty(row: Mapping[str, str]) -> bool:
    """Say whether nothing was typed into a row."""
    return not any(row.get(name, "").strip() for name in COLUMNS)


def check(
    rows: Sequence[Mapping[str, str]],
) -> tuple[list[Person], dict[tuple[int, str], AppError]]:
    """Return the persons of the rows that hold something, and what is wrong by (row, field).

    Row numbers are those of ``rows``, from 0; key ``(0, "name")`` also says that nobody is named.
    """
    persons: list[Person] = []
    wrong: dict[tuple[int, str], AppError] = {}
    mobiles: dict[str, int] = {}
    for number, row in enumerate(rows):
        if is_empty(row):
            continue
        clean, problems = _check_row(row)
        wrong |= {(number, field): problem for field, problem in problems.items()}
        if clean is None:
            continue
        if clean.mobile in mobiles:
            wrong[number, "mobile"] = InvalidInput(
                "mobile_twice", N_("This mobile stands in an earlier row. Each person has one.")
            )
        mobiles.setdefault(clean.mobile, number)
        persons.append(clean)
    if not persons and not wrong:
        wrong[0, "name"] = InvalidInput("nobody", N_("Name at least one liaison officer."))
    if len(persons) > MOST:
        wrong[MOST, "name"] = InvalidInput(
            "too_many_people", N_("A slip names at most 20 people. Remove the rows beyond.")
        )
    return persons, wrong


def _check_row(row: Mapping[str, str]) -> tuple[Person | None, dict[str, AppError]]:
    rules = {
        "name": check_name,
        "gender": _gender,
        "employer": lambda text: _line("employer", text),
        "post": lambda text: _line("post", text),
        "landline": parse_landline,
        "mobile": parse_mobile,
    }
    clean, problems = {}, {}
    for field in COLUMNS:
        try:
            clean[field] = rules[field](row.get(field, ""))
        except AppError as error:
            problems[field] = error
    return (None if problems else Person(**clean)), problems


def _gender(text: str) -> str:
    try:
        return GENDERS[text.strip()]
    except KeyError:
        raise InvalidInput("gender_missing", N_("Choose 男 or 女, as the slip asks.")) from None


def _line(field: str, text: str) -> str:
    said = unicodedata.normalize("NFC", text).strip()
    if not said:
        raise InvalidInput("text_missing", N_("Fill in this field."))
    if len(said) > TEXT_LENGTH[field]:
        raise InvalidInput("text_too_long", N_("Shorten this text."))
    return check_line(said)
