"""PURE: figures of an evaluation as people read them; the stored text stays what it is."""

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from scoring.evaluation.grading import word

#: What stands where there is no number.
NOTHING = "–"
#: Decimals of a score, unless they would contradict its class.
SCORE = 2
#: Decimals an evaluation keeps.
KEPT = 9


def places(step: str | None) -> int:
    """Return the decimals of a rounding step; 0 where nothing is rounded."""
    return _decimals(Decimal(step)) if step else 0


def fixed(text: str | None, decimals: int) -> str:
    """Return a figure with so many decimals, ties to even, with a real minus sign."""
    if text is None:
        return NOTHING
    return _signed(_rounded(Decimal(text), decimals))


def result(text: str | None, step: str | None) -> str:
    """Return a result with the decimals of its step, and more where it was given with more."""
    if text is None:
        return NOTHING
    return fixed(text, max(places(step), _decimals(Decimal(text))))


def score(text: str | None, verdict: str | None) -> str:
    """Return a score with two decimals that never contradict its class.

    Where they would, it has as many as it takes: 2.003 is beyond 2, 2.00 is not. A score that
    nine decimals do not tell from the limit says so with a sign: 2.00⁺ is a little larger.
    """
    if text is None:
        return NOTHING
    exact = Decimal(text)
    for decimals in range(SCORE, KEPT + 1):
        rounded = _rounded(exact, decimals)
        if verdict is None or word(Fraction(rounded)) == verdict:
            return _signed(rounded)
    short = _rounded(exact, SCORE)
    return _signed(short) + ("⁻" if word(Fraction(short)) == "UNSATISFACTORY" else "⁺")


def exact(text: str | None, decimals: int = 0) -> Decimal | None:
    """Return a figure as a number for a spreadsheet, with at least so many decimals."""
    if text is None:
        return None
    value = Decimal(text)
    return _rounded(value, max(decimals, _decimals(value)))


def check_code(seal: str) -> str:
    """Return the part of a seal that people compare: ``a91c 4e07``."""
    return f"{seal[:4]} {seal[4:8]}"


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)


def _signed(value: Decimal) -> str:
    return f"{value:f}".replace("-", "−") if value else f"{abs(value):f}"
