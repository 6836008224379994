"""PURE: GB/T 17671: loads of prisms and halves to a strength, or a void group.

Outside means strictly more than 10 % from the mean; exactly 10 % is kept. There are two stages for
six halves, no third one, and no median.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.cement.outcome import Options, Readings, Reduction, Texts, mean, rounded
from scoring.cement.rounding import gb8170, shown, written

#: 1.5·L/b³ with L = 100 mm and b = 40 mm: MPa for each N.
_FLEXURAL = Fraction("0.00234375")
#: 1/A with A = 1600 mm²: MPa for each kN.
_COMPRESSIVE = Fraction("0.625")

_Specimens = dict[int, Fraction]


@dataclass(frozen=True)
class _Test:
    """Hold one ±10 % test: the mean and the numbers of the specimens outside."""

    mean: Fraction
    outside: tuple[int, ...]
    texts: Texts


def flexural_3(readings: Readings, options: Options, step: Decimal) -> Reduction:
    """Return the flexural strength of three prisms from their loads in N."""
    specimens = _specimens(readings.row("load", 3), _FLEXURAL, options, step)
    test = _ten_percent(specimens, options, step)
    texts = _shown(specimens, options, step) + test.texts
    if not test.outside:
        return _result(specimens, (), "all", texts, step)
    if len(test.outside) == 1:
        texts += _deviation(specimens, test, test.outside[0])
        return _result(specimens, test.outside, "one_dropped", texts, step)
    # The remaining value as the result is new in 2021; before, and with none left, a judge decides.
    if len(test.outside) == 2 and options.strength_edition == "2021":
        return _result(specimens, test.outside, "two_dropped", texts, step)
    return _void("void_ask_judge", test.outside, texts, findings=("group_void", "ask_judge"))


def compressive_6(readings: Readings, options: Options, step: Decimal) -> Reduction:
    """Return the compressive strength of six halves from their loads in kN."""
    specimens = _specimens(readings.row("load", 6), _COMPRESSIVE, options, step)
    test = _ten_percent(specimens, options, step)
    texts = _shown(specimens, options, step) + test.texts
    if not test.outside:
        return _result(specimens, (), "all", texts, step)
    dropped = _first_out(specimens, test, options)
    if dropped is None:
        return _void("void_stage_1", test.outside, texts)
    texts += _deviation(specimens, test, dropped)
    five = {idx: value for idx, value in specimens.items() if idx != dropped}
    second = _ten_percent(five, options, step)
    texts += tuple((f"{name}5", text) for name, text in second.texts)
    if second.outside:
        return _void("void_stage_2", second.outside, texts, dropped=(dropped,))
    return _result(specimens, (dropped,), "one_dropped", texts, step)


def _first_out(specimens: _Specimens, test: _Test, options: Options) -> int | None:
    """Return the specimen that the first stage drops, or None where the group is void.

    The 1999 edition does not say that two outside make the group void: the farthest one goes and
    the five are tested. Two equally far on both sides leave no choice that is not arbitrary.
    """
    if len(test.outside) == 1:
        return test.outside[0]
    if options.strength_edition == "2021":
        return None
    far = max(abs(specimens[idx] - test.mean) for idx in test.outside)
    farthest = [idx for idx in test.outside if abs(specimens[idx] - test.mean) == far]
    return farthest[0] if len({specimens[idx] for idx in farthest}) == 1 else None


def _specimens(
    loads: tuple[Fraction, ...], factor: Fraction, options: Options, step: Decimal
) -> _Specimens:
    strengths = enumerate((load * factor for load in loads), 1)
    if not options.round_specimens:
        return dict(strengths)
    return {idx: gb8170(value, step) for idx, value in strengths}


def _ten_percent(specimens: _Specimens, options: Options, step: Decimal) -> _Test:
    centre = mean(specimens.values())
    if options.round_mean:
        centre = gb8170(centre, step)
    outside = tuple(idx for idx, value in specimens.items() if 10 * abs(value - centre) > centre)
    limits = (("m", centre), ("low", centre * 9 / 10), ("high", centre * 11 / 10))
    return _Test(centre, outside, tuple((name, shown(value)) for name, value in limits))


def _deviation(specimens: _Specimens, test: _Test, dropped: int) -> Texts:
    """Return how many percent a specimen is from the mean, finer where it would read 10.0."""
    if not test.mean:
        return ()  # all but nothing was measured: there is no share of it
    apart = abs(specimens[dropped] - test.mean) / test.mean * 100
    steps = [step for step in ("0.1", "0.01") if gb8170(apart, step) > 10]
    step = steps[0] if steps else "0.001"
    return (("deviation", written(gb8170(apart, step), step)),)


def _shown(specimens: _Specimens, options: Options, step: Decimal) -> Texts:
    return tuple(
        (f"specimen.{idx}", written(value, step) if options.round_specimens else shown(value, 6))
        for idx, value in specimens.items()
    )


def _result(
    specimens: _Specimens, dropped: tuple[int, ...], path: str, texts: Texts, step: Decimal
) -> Reduction:
    kept = [value for idx, value in specimens.items() if idx not in dropped]
    unrounded = mean(kept)
    return Reduction(
        value=rounded(unrounded, step),
        path=path,
        n_used=len(kept),
        dropped=dropped,
        intermediate=texts,
        findings=("specimen_dropped",) if dropped else (),
        unrounded=unrounded,
    )


def _void(
    path: str,
    outside: tuple[int, ...],
    texts: Texts,
    *,
    dropped: tuple[int, ...] = (),
    findings: tuple[str, ...] = ("group_void",),
) -> Reduction:
    return Reduction(
        value=None,
        path=path,
        dropped=dropped,
        outside=outside,
        intermediate=texts,
        findings=findings,
    )
