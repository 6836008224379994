"""PURE: axes of round numbers, and figures as they are written in a chart."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """A vertical axis from 0 to ``top`` with a line every ``step``."""

    top: float
    step: float

    def ticks(self) -> list[float]:
        """Return the marked values, 0 and ``top`` included."""
        return [self.step * i for i in range(round(self.top / self.step) + 1)]


def nice_step(span: float, lines: int = 5) -> float:
    """Return the round step (1, 2, 5 × 10ⁿ) that divides ``span`` into at most ``lines``."""
    raw = span / lines
    power = 10.0 ** math.floor(math.log10(raw))
    return next(f * power for f in (1, 2, 5, 10) if f * power >= raw * (1 - 1e-9))


def nice_scale(highest: float, *, whole: bool = True, lines: int = 5) -> Scale:
    """Return the axis of round numbers that covers ``highest``."""
    if not math.isfinite(highest) or highest <= 0:
        return Scale(1, 1)
    step = nice_step(highest, lines)
    if whole:
        step = max(1, round(step))
    return Scale(step * math.ceil(highest / step - 1e-9), step)


def ticks(low: float, high: float, lines: int = 5) -> list[tuple[float, str]]:
    """Return the round numbers from ``low`` to ``high``, each as value and as it is written."""
    step = nice_step(high - low, lines)
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [(step * i, written(step * i, places)) for i in range(first, last + 1)]


def written(value: float, places: int) -> str:
    """Return ``value`` with a real minus sign and no sign before zero."""
    short = f"{value:,.{places}f}"
    return short.replace("-", "−") if float(short.replace(",", "")) else f"{0:.{places}f}"


def figure(value: float) -> str:
    """Return a count, or a value with the decimals it has."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.6g}"
