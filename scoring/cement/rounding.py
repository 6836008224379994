"""PURE: rounding by GB/T 8170: exact, ties to even, once."""

from decimal import Decimal
from fractions import Fraction

Exact = Fraction | Decimal | int | str


def gb8170(x: Exact, step: Exact) -> Fraction:
    """Return ``x`` rounded to a multiple of ``step``; a tie goes to the even multiple.

    Works for every step (0.1, 0.5, 20). Raises ``TypeError`` for a float, which has lost the tie
    before it comes here, and ``ValueError`` for what is no number or a step that is not positive.
    """
    unit = exact(step)
    if unit <= 0:
        raise ValueError("a rounding step is positive")
    return round(exact(x) / unit) * unit


def exact(x: Exact) -> Fraction:
    """Return ``x`` as a fraction; ``TypeError`` for a float or a truth value."""
    if isinstance(x, bool) or not isinstance(x, Fraction | Decimal | int | str):
        raise TypeError(f"{type(x).__name__} is not an exact number")
    if isinstance(x, Decimal) and not x.is_finite():
        raise ValueError("an exact number is finite")
    return Fraction(x)


def decimals(value: Exact) -> int:
    """Return how many decimals a number needs: 1 for 0.1 and 0.5, 0 for 1 and 20.

    Raises ``ValueError`` for a number that no short decimal writes, such as a third.
    """
    scaled, count = exact(value), 0
    while scaled.denominator != 1:
        scaled, count = scaled * 10, count + 1
        if count > 20:
            raise ValueError("no short decimal")
    return count


def written(value: Exact, step: Exact) -> str:
    """Return a rounded value with the decimals of its step: ``48.0``, not ``48``.

    Raises ``ValueError`` when the value needs more decimals: it is not rounded yet, and writing
    it would round it a second time.
    """
    places = decimals(step)
    scaled = exact(value) * 10**places
    if scaled.denominator != 1:
        raise ValueError("round before writing")
    digits = f"{abs(scaled.numerator):0{places + 1}d}"
    whole, part = digits[: len(digits) - places], digits[len(digits) - places :]
    return ("-" if scaled < 0 else "") + whole + (f".{part}" if part else "")


def shown(value: Exact, places: int = 3) -> str:
    """Return an intermediate value for reading: at most ``places`` decimals, no trailing zeros."""
    step = Fraction(1, 10**places)
    text = written(gb8170(value, step), step)
    return text.rstrip("0").rstrip(".") if "." in text else text
