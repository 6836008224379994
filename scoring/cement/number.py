"""PURE: what somebody typed, read as a number or refused with a reason, never guessed.

Full-width digits are read, and it is said so. A decimal comma, a thousands comma, a unit, a
typographic minus or ``<`` are problems to be mended by the person who knows what was meant.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

_NUMBER = r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)"
_CLOCK = re.compile(r"([0-9]{1,2}):([0-5][0-9])")
#: More digits than any instrument shows.
_LONGEST = 20
#: A choice instead of a number, where the quantity is ``verdict``.
_PASS, _FAIL = Decimal(1), Decimal(0)
_VERDICTS = {"合格": _PASS, "pass": _PASS, "1": _PASS, "不合格": _FAIL, "fail": _FAIL, "0": _FAIL}

#: The first pattern that fits names the problem.
_PROBLEMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("empty", re.compile(r"")),
    ("not_finite", re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)),
    ("not_a_number", re.compile(rf"{_NUMBER}[eE].*")),
    ("thousands", re.compile(r"-?[0-9]{1,3}(,[0-9]{3}){2,}|-?[0-9]{1,3}(,[0-9]{3})+\.[0-9]+")),
    ("decimal_comma", re.compile(r"-?[0-9]+,[0-9]+")),
    ("below", re.compile(rf"[<>≤≥≦≧~≈±]\s*{_NUMBER}")),
    ("minus_sign", re.compile(r"[−–—‐‑‒]\s*[0-9.]+")),
    ("with_unit", re.compile(rf"{_NUMBER}\s*[^\W\d_].*|{_NUMBER}\s*[%‰°℃].*")),
)


@dataclass(frozen=True)
class Number:
    """Hold the text as typed and the number it stands for, or the problem it has.

    ``normalised`` is what was read where that differs from what was typed; it is shown.
    """

    value: Decimal | None
    text: str
    normalised: str | None = None
    problem: str | None = None


def parse(text: str, quantity: str = "") -> Number:
    """Return ``text`` as a number; ``2:52`` means minutes where ``quantity`` is ``elapsed``."""
    folded = _narrow(text).strip()
    if quantity == "verdict":
        choice = _VERDICTS.get(folded.lower())
        return Number(choice, text, problem=None if choice is not None else _problem(folded))
    plain = _plain(folded, quantity)
    if plain is None:
        return Number(None, text, problem=_problem(folded))
    return Number(Decimal(plain), text, normalised=None if plain == text.strip() else plain)


def _narrow(text: str) -> str:
    """Return ``text`` with the full-width forms alone made narrow: 10² must not become 102."""
    return "".join(
        unicodedata.normalize("NFKC", sign) if "\uff01" <= sign <= "\uff5e" else sign
        for sign in text
    )


def _plain(folded: str, quantity: str) -> str | None:
    """Return the digits that ``folded`` stands for, if it stands for a number."""
    if quantity == "elapsed" and (clock := _CLOCK.fullmatch(folded)):
        return str(60 * int(clock[1]) + int(clock[2]))
    fits = len(folded) <= _LONGEST and re.fullmatch(_NUMBER, folded)
    return folded if fits else None


def _problem(folded: str) -> str:
    found = (name for name, pattern in _PROBLEMS if pattern.fullmatch(folded))
    return next(found, "not_a_number")
