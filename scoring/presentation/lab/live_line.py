"""The line under a group of readings: what the method makes of them, while they are typed."""

from decimal import Decimal

from flask_babel import gettext as _

from scoring.cement.group import Reduced
from scoring.cement.rounding import gb8170, written

#: Rules of strength: they show mean, range and the ±10 % test.
STRENGTH = ("flexural_3", "compressive_6")


def line(of: Reduced) -> str:
    """Return mean, range and result of a group in one line; empty while readings are missing."""
    if _silent(of):
        return ""
    return " · ".join(filter(None, (detail(of), _("result %(result)s", result=result(of)))))


def detail(of: Reduced) -> str:
    """Return what stands in the line before the result."""
    if _silent(of):
        return ""
    return " · ".join(_strength(of) if of.parameter.rule in STRENGTH else _others(of))


def _silent(of: Reduced) -> bool:
    return of.group.status == "not_tested" or of.reduction.path == "incomplete"


def result(of: Reduced) -> str:
    """Return the result of a group with its unit, or why there is none."""
    return _word(of) or " ".join(filter(None, (_value(of), _verdict(of))))


def _word(of: Reduced) -> str:
    """Return why there is no result; empty when there is one."""
    words: dict[str, str] = {
        "not_tested": _("Could not test"),
        "void": _("Set void"),
        "incomplete": "—",
        "void_ask_judge": _("decided by a judge"),
        "void_stage_1": _("void by the standard"),
        "void_stage_2": _("void by the standard"),
    }
    return words.get(of.group.status) or words.get(of.reduction.path, "")


def _value(of: Reduced) -> str:
    value = of.reduction.value
    return "" if value is None else f"{value} {of.parameter.unit}"


def _verdict(of: Reduced) -> str:
    words: dict[str, str] = {"PASS": _("Pass"), "FAIL": _("Fail")}
    return words.get(of.reduction.verdict or "", "")


def _strength(of: Reduced) -> list[str]:
    texts, step = dict(of.reduction.intermediate), of.parameter.step or Decimal(1)
    specimens = [Decimal(text) for name, text in texts.items() if name.startswith("specimen.")]
    spread = written(gb8170(max(specimens) - min(specimens), step), step)
    outside = sorted({*of.reduction.dropped, *of.reduction.outside})
    return [
        _("mean %(mean)s", mean=written(gb8170(texts["m"], step), step)),
        _("range %(range)s", range=spread),
        _("beyond ±10 %%: %(list)s", list=", ".join(map(str, outside)) or _("none")),
    ]


def _others(of: Reduced) -> list[str]:
    texts = dict(of.reduction.intermediate)
    if "difference" in texts:
        return [
            _("difference %(d)s", d=texts["difference"]),
            _("allowed %(limit)s", limit=texts["limit"]),
        ]
    if "mean" in texts:
        return [_("mean of C − A %(mean)s", mean=texts["mean"])]
    return []
