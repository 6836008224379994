"""PURE: the numbers of an evaluation as text: at most nine decimals, one spelling each."""

from decimal import Decimal
from fractions import Fraction

Exact = int | Decimal | Fraction
_DECIMALS = 9
_UNIT = 10**_DECIMALS


def figure(value: Exact | float) -> str:
    """Return ``value`` with at most nine decimals, without trailing zeros and without ``-0``."""
    if isinstance(value, float | Decimal):
        return _stripped(f"{value:.{_DECIMALS}f}")
    scaled = round(Fraction(value) * _UNIT)
    sign, digits = "-" if scaled < 0 else "", str(abs(scaled)).rjust(_DECIMALS + 1, "0")
    return _stripped(f"{sign}{digits[:-_DECIMALS]}.{digits[-_DECIMALS:]}")


def figure_or_none(value: Exact | float | None) -> str | None:
    """Return the text of ``value``, None for None."""
    return None if value is None else figure(value)


def _stripped(text: str) -> str:
    short = text.rstrip("0").rstrip(".")
    return "0" if short == "-0" else short
