"""PURE: what a reduction is given and what it gives back."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.cement.rounding import gb8170, written

Texts = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Reading:
    """Hold one reading as typed; ``idx`` 0 belongs to the set, attempt 2 is the repeat."""

    quantity: str
    idx: int
    attempt: int
    value: Decimal
    text: str = ""


@dataclass(frozen=True)
class Options:
    """Hold how a round reads the strength standard; printed in its instructions."""

    strength_edition: str = "2021"
    #: Each specimen is rounded before the mean.
    round_specimens: bool = True
    #: The mean is rounded before the ±10 % test.
    round_mean: bool = False

    def __post_init__(self) -> None:
        if self.strength_edition not in {"2021", "1999"}:
            raise ValueError("a strength edition is 2021 or 1999")


@dataclass(frozen=True, kw_only=True)
class Reduction:
    """Hold a result, or why there is none: ``path`` ``void_…`` is 作废, never zero or missing."""

    value: Decimal | None
    path: str
    verdict: str | None = None
    n_used: int = 0
    #: Specimen numbers the rule left out of the result.
    dropped: tuple[int, ...] = ()
    #: Specimen numbers that made the group void.
    outside: tuple[int, ...] = ()
    #: Names and texts of the values on the way, for showing.
    intermediate: Texts = ()
    #: Keys such as ``specimen_dropped``; :mod:`scoring.cement.validation` words them.
    findings: tuple[str, ...] = ()
    unrounded: Fraction | None = None

    @property
    def void(self) -> bool:
        """Say whether the method itself declares the group void."""
        return self.path.startswith("void")


#: Too few readings to say anything.
INCOMPLETE = Reduction(value=None, path="incomplete", findings=("missing_replicates",))


class Missing(Exception):
    """A reading that the rule needs is not there."""


class Readings:
    """Find readings by quantity, attempt and specimen number."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        self._values: dict[tuple[str, int, int], Fraction] = {}
        for reading in readings:
            key = (reading.quantity, reading.attempt, reading.idx)
            if key in self._values:
                raise ValueError("the same reading is there twice")
            self._values[key] = Fraction(reading.value)

    def only(self) -> str:
        """Return the one quantity that was read; :class:`Missing` where nothing was."""
        quantities = {quantity for quantity, _attempt, _idx in self._values}
        if len(quantities) > 1:
            raise ValueError("the rule knows one quantity")
        if not quantities:
            raise Missing
        return quantities.pop()

    def has(self, attempt: int) -> bool:
        """Say whether anything was read in the attempt."""
        return any(key[1] == attempt for key in self._values)

    def find(self, quantity: str, idx: int, attempt: int = 1) -> Fraction | None:
        """Return one value, or None."""
        return self._values.get((quantity, attempt, idx))

    def row(self, quantity: str, count: int, attempt: int = 1) -> tuple[Fraction, ...]:
        """Return the values of specimens 1 to ``count``; :class:`Missing` unless all are there."""
        found = [self.find(quantity, idx, attempt) for idx in range(1, count + 1)]
        return tuple(present(value) for value in found)


def present(value: Fraction | None) -> Fraction:
    """Return ``value``; :class:`Missing` for None."""
    if value is None:
        raise Missing
    return value


def mean(values: Iterable[Fraction]) -> Fraction:
    """Return the exact mean."""
    known = tuple(values)
    return sum(known, Fraction(0)) / len(known)


def rounded(value: Fraction, step: Decimal) -> Decimal:
    """Return the result: ``value`` rounded once, written with the decimals of ``step``."""
    return Decimal(written(gb8170(value, step), step))
