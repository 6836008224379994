"""PURE: what to say about a whole stage: groups beside each other, times, press and names."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from core.findings import Finding
from scoring.cement import catalogue
from scoring.cement.group import Reduced
from scoring.cement.rounding import shown
from scoring.messages import finding

#: Age in days → how far the test may be from it, counted from the water.
WINDOWS = {
    1: timedelta(minutes=15),
    2: timedelta(minutes=30),
    3: timedelta(minutes=45),
    7: timedelta(hours=2),
    28: timedelta(hours=8),
}


@dataclass(frozen=True)
class Conditions:
    """Hold the head of an entry; both times are local, or both aware."""

    cast_at: datetime | None = None
    broken_at: datetime | None = None
    press_calibrated_to: date | None = None
    tested_by: str = ""
    checked_by: str = ""
    approved_by: str = ""


def age_out_of_window(cast_at: datetime, broken_at: datetime, days: int) -> bool:
    """Say whether a strength was tested too early or too late; the limit itself is in time."""
    return abs(broken_at - cast_at - timedelta(days=days)) > WINDOWS[days]


def about_conditions(
    conditions: Conditions, groups: Iterable[Reduced], on: date
) -> Iterator[Finding]:
    """Yield what is to be said about the head of an entry."""
    cast_at, broken_at = conditions.cast_at, conditions.broken_at
    if cast_at and broken_at:
        tested = [of.group.parameter for of in groups if of.group.status != "not_tested"]
        yield from _ages(cast_at, broken_at, {catalogue.age(code) for code in tested} - {None})
    calibrated, tested_on = conditions.press_calibrated_to, broken_at.date() if broken_at else on
    if calibrated and calibrated < tested_on:
        yield finding("E22", "press_calibrated_to", d=calibrated.isoformat())
    tester, approver = _name(conditions.tested_by), _name(conditions.approved_by)
    if tester and tester == approver:
        yield finding("E28", "approved_by")


def _ages(cast_at: datetime, broken_at: datetime, ages: set[int | None]) -> Iterator[Finding]:
    if broken_at < cast_at:
        yield finding("E06", "broken_at")
        return
    for days in sorted(day for day in ages if day is not None):
        if age_out_of_window(cast_at, broken_at, days):
            window = f"{days} d ±{_duration(WINDOWS[days])}"
            yield finding("E07", "broken_at", age=_duration(broken_at - cast_at), window=window)


def _duration(length: timedelta) -> str:
    """Return a duration in units that both languages share: ``29 d 7 h 12 min``."""
    hours, rest = divmod(length.seconds, 3600)
    parts = ((length.days, "d"), (hours, "h"), (rest // 60, "min"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 min"


def _name(text: str) -> str:
    return "".join(text.split())


Results = dict[tuple[str, int], Reduced]


def by_place(groups: Iterable[Reduced]) -> Results:
    """Return groups by parameter and pack."""
    return {(of.group.parameter, of.group.pack): of for of in groups}


def about_groups(now: Results, earlier: Results) -> Iterator[Finding]:
    """Yield what groups say together, each at a group of this entry."""
    whole = earlier | now
    packs = sorted({pack for _code, pack in now})
    for pack in packs:
        yield from _setting_times(now, pack)
        for family in ("rf", "rc"):
            yield from _not_increasing(now, whole, family, pack)
        for days in (3, 28):
            yield from _ratio(now, whole, days, pack)
    for code in dict.fromkeys(code for code, _pack in now):
        yield from _identical(now, code)


def _setting_times(now: Results, pack: int) -> Iterator[Finding]:
    final, initial = now.get(("final", pack)), now.get(("init", pack))
    if final is None or initial is None or final.value is None or initial.value is None:
        return
    if final.value <= initial.value:
        yield finding("E13", final.first, f=str(final.value), i=str(initial.value))


def _not_increasing(now: Results, whole: Results, family: str, pack: int) -> Iterator[Finding]:
    late, early = now.get((f"{family}28", pack)), whole.get((f"{family}3", pack))
    if late is None or early is None or late.value is None or early.value is None:
        return
    if late.value <= early.value:
        yield finding("E10", late.first, a=f"{late.value} MPa", b=f"{early.value} MPa")


def _ratio(now: Results, whole: Results, days: int, pack: int) -> Iterator[Finding]:
    keys = ((f"rf{days}", pack), (f"rc{days}", pack))
    flexural, compressive = (whole.get(key) for key in keys)
    if not any(key in now for key in keys) or flexural is None or compressive is None:
        return
    if flexural.value is None or not compressive.value:
        return
    ratio = Fraction(flexural.value) / Fraction(compressive.value)
    if not Fraction(1, 9) <= ratio <= Fraction(1, 4):
        here = flexural if keys[0] in now else compressive
        yield finding("E31", here.first, q=shown(ratio))


def _identical(now: Results, code: str) -> Iterator[Finding]:
    first, second = now.get((code, 1)), now.get((code, 2))
    if first is None or second is None or first.parameter.rule != "compressive_6":
        return
    if len(first.numbers) == 6 and first.numbers == second.numbers:
        yield finding("E12", second.first)
