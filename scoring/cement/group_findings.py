"""PURE: what to say about one group by itself. Limits come from the method, never from peers."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from core.findings import COMMA, Finding
from scoring.cement.catalogue import Slot, slots
from scoring.cement.group import Reduced
from scoring.messages import RULES, finding

#: The unit that may have been typed instead, by the unit of the readings, and what it is worth.
TYPED_INSTEAD = {
    "min": ("h", Fraction(60)),
    "mm": ("cm", Fraction(10)),
    "m²/kg": ("cm²/g", Fraction(1, 10)),
    "g/cm³": ("kg/m³", Fraction(1, 1000)),
    "N": ("kN", Fraction(1000)),
    "kN": ("N", Fraction(1, 1000)),
    "%": ("mg/kg", Fraction(1, 10000)),
}
#: The correction factors a sieve may have; beyond them it is worn out.
_SIEVE_FACTOR = (Decimal("0.80"), Decimal("1.20"))


def findings(of: Reduced, unread: Collection[str] = ()) -> Iterator[Finding]:
    """Yield what is to be said about a group; nothing where it was not tested for a reason.

    ``unread`` are fields that are not empty, although they gave no reading.
    """
    if of.group.status == "not_tested":
        if not of.group.reason.strip():
            yield from _missing(of, unread)
        return
    yield from _missing(of, unread)
    yield from _sieve_factor(of)
    about = _BY_PATH.get(of.reduction.path)
    if about is not None:
        yield about(of)
    if of.group.status == "void" and of.reduction.value is not None:
        yield finding("E38", of.first, m=str(of.reduction.value))
    negative = list(_negative(of))
    yield from negative or _limits(of)
    if of.parameter.rule == "compressive_6":
        yield from _loads(of)


def _missing(of: Reduced, unread: Collection[str]) -> Iterator[Finding]:
    filled = {
        of.address(reading.quantity, reading.idx, reading.attempt) for reading in of.group.readings
    }.union(unread)
    cells = {
        of.address(slot.quantity, slot.idx, slot.attempt): slot for slot in slots(of.parameter)
    }
    empty = {address: slot for address, slot in cells.items() if address not in filled}
    yield from _lacking({at: slot for at, slot in empty.items() if slot.required}, "")
    if any(slot.attempt == 2 and address in filled for address, slot in cells.items()):
        again = {at: slot for at, slot in empty.items() if slot.attempt == 2}
        yield from _lacking(again, "again")


def _lacking(cells: Mapping[str, Slot], wording: str) -> Iterator[Finding]:
    """Yield one finding at the first of the ``cells``, which names them as the form does."""
    if cells:
        labels = COMMA.join(slot.label for slot in cells.values())
        yield finding("E04", next(iter(cells)), wording=wording, list=labels)


def _negative(of: Reduced) -> Iterator[Finding]:
    """Yield the readings below zero: no length, mass, time or load is."""
    for reading in of.group.readings:
        if reading.value < 0:
            address = of.address(reading.quantity, reading.idx, reading.attempt)
            yield finding("E05", address, wording="negative", v=str(reading.value))


def _sieve_factor(of: Reduced) -> Iterator[Finding]:
    low, high = _SIEVE_FACTOR
    for reading in of.group.readings:
        if reading.quantity != "sieve_factor" or reading.value < 0:
            continue
        if not low <= reading.value <= high:
            address = of.address("sieve_factor", reading.idx)
            yield finding(
                "E05",
                address,
                wording="no_dimension",
                v=str(reading.value),
                lo=str(low),
                hi=str(high),
            )


def _limits(of: Reduced) -> Iterator[Finding]:
    """Yield E05 beyond what is possible, else E33 beyond what is usual."""
    value, parameter = of.reduction.value, of.parameter
    if value is None:
        return
    code, low, high = "E05", parameter.hard_lo, parameter.hard_hi
    if not _beyond(value, low, high):
        code, low, high = "E33", parameter.plausible_lo, parameter.plausible_hi
    alt = _instead(of, value)
    if _beyond(value, low, high):
        yield finding(
            code,
            of.first,
            wording="" if alt or code != "E05" else "no_unit",
            v=str(value),
            u=parameter.unit,
            lo=str(low),
            hi=str(high),
            alt=alt,
            hint=_sentence(parameter.hint_zh),
        )


def _instead(of: Reduced, value: Decimal) -> str:
    """Return the unit in which the readings would make a possible result, empty for none.

    A result that is too small is not held against the lower limit: it may be rounded to 0.
    """
    parameter = of.parameter
    unit, factor = TYPED_INSTEAD.get(parameter.raw_unit, ("", Fraction(1)))
    meant, high = Fraction(value) * factor, parameter.hard_hi
    low = parameter.hard_lo or parameter.plausible_lo
    if parameter.hard_lo is not None and value < parameter.hard_lo:
        fits = factor > 1 and high is not None and meant <= high
    else:
        fits = factor < 1 and low is not None and meant >= low
    return unit if fits else ""


def _beyond(value: Decimal, low: Decimal | None, high: Decimal | None) -> bool:
    return (low is not None and value < low) or (high is not None and value > high)


def _sentence(hint: str) -> str:
    """Return a hint of the catalogue closed as a sentence; some of them are questions."""
    return hint if hint.endswith(("？", "。")) else f"{hint}。"


def _loads(of: Reduced) -> Iterator[Finding]:
    """Yield what six compressive loads in kN look like; machines for prisms end in 0 anyway."""
    loads = of.numbers
    if len(loads) == 6 and all(_last_digit(load, loads) in {0, 5} for load in loads):
        yield finding("E11", of.first)
    if loads and (most := max(Counter(loads).values())) >= 5:
        yield finding("E32", of.first, k=str(most))


def _last_digit(load: Decimal, loads: tuple[Decimal, ...]) -> int:
    """Return the last digit at the resolution of the set, 0.1 kN where none shows a decimal."""
    places = max(1, *(-int(other.as_tuple().exponent) for other in loads))
    return int(load.scaleb(places)) % 10


def _one_dropped(of: Reduced) -> Finding:
    (idx,) = of.reduction.dropped
    code = "E08" if of.parameter.rule == "compressive_6" else "E24"
    apart, result = _text(of, "deviation"), str(of.reduction.value)
    return finding(code, of.address("load", idx), i=str(idx), p=apart, m=result)


def _two_dropped(of: Reduced) -> Finding:
    address = of.address("load", of.reduction.dropped[0])
    return finding("E25", address, k="2", m=str(of.reduction.value), rule=RULES["remaining"])


def _ask_judge(of: Reduced) -> Finding:
    outside = of.reduction.outside
    address = of.address("load", outside[0])
    return finding("E25", address, k=str(len(outside)), rule=RULES["judge"])


def _void_at_once(of: Reduced) -> Finding:
    outside = of.reduction.outside
    numbers = COMMA.join(str(idx) for idx in outside)
    return finding("E23", of.address("load", outside[0]), k=str(len(outside)), list=numbers)


def _void_after_one(of: Reduced) -> Finding:
    return finding("E09", of.address("load", of.reduction.outside[0]))


def _third_missing(of: Reduced) -> Finding:
    apart, allowed = _apart(of)
    return finding("E34", of.address("residue", 3), d=apart, r=allowed)


def _redo_missing(of: Reduced) -> Finding:
    apart, allowed = _apart(of)
    return finding("E35", _repeat(of), d=apart, r=allowed)


def _repeat_missing(of: Reduced) -> Finding:
    return finding("E36", _repeat(of), m=_text(of, "mean"))


def _apart(of: Reduced) -> tuple[str, str]:
    """Return how far two results are apart and how far they may be, with the unit."""
    unit = of.parameter.unit
    return f"{_text(of, 'difference')} {unit}", f"{_text(of, 'limit')} {unit}"


def _repeat(of: Reduced) -> str:
    """Return the first field of the second attempt."""
    slot = next(slot for slot in slots(of.parameter) if slot.attempt == 2)
    return of.address(slot.quantity, slot.idx, attempt=2)


def _text(of: Reduced, name: str) -> str:
    return dict(of.reduction.intermediate)[name]


_BY_PATH: dict[str, Callable[[Reduced], Finding]] = {
    "one_dropped": _one_dropped,
    "two_dropped": _two_dropped,
    "void_ask_judge": _ask_judge,
    "void_stage_1": _void_at_once,
    "void_stage_2": _void_after_one,
    "third_missing": _third_missing,
    "redo_missing": _redo_missing,
    "repeat_missing": _repeat_missing,
}
