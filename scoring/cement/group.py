"""PURE: one group, the readings of one parameter and one pack, beside its result."""

from dataclasses import dataclass
from decimal import Decimal

from scoring.cement.catalogue import Parameter, slots
from scoring.cement.outcome import Options, Reading, Reduction
from scoring.cement.reduction import reduce


@dataclass(frozen=True)
class Group:
    """Hold what a laboratory entered for one parameter of one pack.

    ``status`` is ``""`` (not chosen), ``value``, ``void`` or ``not_tested``.
    """

    parameter: str
    pack: int
    status: str = ""
    reason: str = ""
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True)
class Reduced:
    """Hold a group beside its edition of the method and its result."""

    group: Group
    parameter: Parameter
    reduction: Reduction

    @property
    def value(self) -> Decimal | None:
        """Return the result that other groups are compared with; the readings decide it."""
        return None if self.group.status == "not_tested" else self.reduction.value

    @property
    def numbers(self) -> tuple[Decimal, ...]:
        """Return the values in the order of their specimens."""
        in_order = sorted(self.group.readings, key=lambda reading: (reading.attempt, reading.idx))
        return tuple(reading.value for reading in in_order)

    def address(self, quantity: str, idx: int, attempt: int = 1) -> str:
        """Return the field of one reading."""
        return field(self.group.parameter, self.group.pack, attempt, quantity, idx)

    @property
    def first(self) -> str:
        """Return the field of the first specimen, where the whole group is meant."""
        slot = next(slot for slot in slots(self.parameter) if slot.idx)
        return self.address(slot.quantity, slot.idx, slot.attempt)


def field(parameter: str, pack: int, attempt: int, quantity: str, idx: int) -> str:
    """Return the key that form, sheet and draft share for one reading."""
    return f"{parameter}.{pack}.{attempt}.{quantity}.{idx}"


def reduced(group: Group, parameter: Parameter, options: Options) -> Reduced:
    """Return the group with its result."""
    reduction = reduce(parameter.rule, group.readings, options, parameter.step)
    return Reduced(group, parameter, reduction)
