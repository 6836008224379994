"""Verdicts, policy rows, guards and findings in words; colour and sign only repeat them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from core.errors import N_
from core.i18n import is_chinese
from scoring.cement import catalogue
from scoring.cement.catalogue import Parameter
from scoring.evaluation import policy
from scoring.evaluation.guards import GUARDS, Alarm
from scoring.presentation import numbers

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Word:
    """A word with the tone and the sign that repeat it."""

    text: str
    #: ok, warn, bad, info or mute
    tone: str
    #: Name of the icon.
    sign: str


#: Words of the verdicts by label set; codes are stored, words are chosen by the round.
LABELS: dict[str, dict[str, str]] = {
    "cnas": {
        "SATISFACTORY": N_("Satisfactory"),
        "QUESTIONABLE": N_("Questionable"),
        "UNSATISFACTORY": N_("Unsatisfactory"),
    },
    "gbt28043": {
        "SATISFACTORY": N_("Acceptable"),
        "QUESTIONABLE": N_("Warning signal"),
        "UNSATISFACTORY": N_("Action signal"),
    },
    "traditional": {
        "SATISFACTORY": N_("Satisfactory"),
        "QUESTIONABLE": N_("Suspicious"),
        "UNSATISFACTORY": N_("Outlying"),
    },
}
VERDICTS = ("SATISFACTORY", "QUESTIONABLE", "UNSATISFACTORY")
_PASSING = {"PASS": N_("Pass"), "FAIL": N_("Fail")}
_VERDICT_LOOKS = {
    "SATISFACTORY": ("ok", "check"),
    "QUESTIONABLE": ("warn", "question"),
    "UNSATISFACTORY": ("bad", "stop"),
    "PASS": ("ok", "check"),
    "FAIL": ("bad", "cross"),
}
_POLICY_LOOKS = {
    "P02": ("warn", "clock"),
    "P04": ("mute", "offline"),
    "P10": ("mute", "question"),
    "P11": ("mute", "calendar"),
    "P12": ("bad", "cross"),
    "P13": ("warn", "question"),
    "P15": ("warn", "edit"),
    "P16": ("warn", "clock"),
    "P21": ("info", "info"),
    "P23": ("mute", "out"),
}
#: Rows that say nothing beside the class.
SILENT = {"P01", "P22"}
_SOURCES = {
    "algorithm_a": N_("Algorithm A"),
    "niqr": N_("normalised IQR"),
    "prescribed": N_("prescribed"),
    "floor": N_("floor of 2 steps"),
}
_GUARD_NAMES = {
    "G1": N_("Few results"),
    "G2": N_("No spread"),
    "G3": N_("Assigned value uncertain"),
    "G8": N_("Coarse results"),
    "G9": N_("σ_pt implausible"),
    "G10": N_("Many void or late"),
    "G11": N_("Not converged"),
}
#: What a guard says without its numbers, for several parameters at once.
_GUARD_RULES = {
    "G1": N_("Too few valid results: listed, not scored."),
    "G2": N_("Too many results are equal: no score can be computed."),
    "G3": N_("The assigned value is uncertain: z′ is used for everybody."),
    "G8": N_("The results are coarse beside σ_pt: it is below three rounding steps."),
    "G9": N_("The prescribed σ_pt does not fit the spread of the results."),
    "G10": N_("More than a tenth of the results are void or late: check the instructions."),
    "G11": N_("The robust estimate did not converge: choose another estimator."),
}
#: The message whose sentence a guard uses.
_GUARD_MESSAGES = {"G1": "J4", "G2": "J5"}
_AWARDS = {
    "first": N_("First prize"),
    "second": N_("Second prize"),
    "third": N_("Third prize"),
}
FINDINGS = {
    "E02": N_("not a number"),
    "E03": N_("comma in a number"),
    "E04": N_("values missing"),
    "E05": N_("outside the possible range"),
    "E06": N_("tested before cast"),
    "E07": N_("age outside the window"),
    "E08": N_("one value dropped"),
    "E09": N_("void after dropping one"),
    "E10": N_("28 d not above 3 d"),
    "E11": N_("loads end in 0 or 5"),
    "E12": N_("both samples identical"),
    "E13": N_("final not after initial set"),
    "E20": N_("unreadable cell"),
    "E22": N_("press calibration expired"),
    "E23": N_("several values beyond ±10 %: void"),
    "E24": N_("one flexural value dropped"),
    "E25": N_("several flexural values beyond ±10 %"),
    "E26": N_("own result differs from the readings"),
    "E28": N_("tested and approved by one person"),
    "E31": N_("flexural to compressive ratio"),
    "E32": N_("identical loads"),
    "E33": N_("outside the usual range"),
    "E34": N_("third run missing"),
    "E35": N_("redo missing"),
    "E36": N_("repeat missing"),
    "E37": N_("digits normalised"),
    "E38": N_("declared void, but it is not"),
    "E39": N_("a required field is empty"),
}


def verdict(code: str | None, labels: str) -> Word | None:
    """Return the word of a verdict in the label set of the round, None without a verdict."""
    if code is None:
        return None
    return Word(_({**LABELS[labels], **_PASSING}[code]), *_VERDICT_LOOKS[code])


def classes(labels: str) -> list[Word]:
    """Return the words of the classes of scores, the best first."""
    return [Word(_(LABELS[labels][code]), *_VERDICT_LOOKS[code]) for code in VERDICTS]


def statuses(rows: Iterable[str]) -> list[Word]:
    """Return the words of the policy rows a result falls under, but not of those that are usual."""
    known = policy.table(policy.Answers())
    return [Word(_(known[code].words), *_POLICY_LOOKS[code]) for code in rows if code not in SILENT]


def reason(code: str) -> str:
    """Return why a laboratory is not ranked or wins nothing."""
    own = {
        "P22": N_("Verdict differs from the majority"),
        "UNSATISFACTORY": N_("A score of 3 or more"),
    }
    return str(_(own.get(code) or policy.table(policy.Answers())[code].words))


def award(code: str | None) -> str:
    """Return the name of an award, empty for none."""
    return str(_(_AWARDS[code])) if code else ""


def parameter(code: str) -> str:
    """Return the name of a parameter in the reader's language."""
    return name_of(catalogue.editions(code)[-1])


def name_of(parameter: Parameter) -> str:
    """Return the name of a parameter in the reader's language, as a heading begins."""
    if is_chinese():
        return parameter.name_zh
    return parameter.name_en[:1].upper() + parameter.name_en[1:]


def source(code: str | None) -> str:
    """Return where the standard deviation comes from."""
    return str(_(_SOURCES[code])) if code else ""


def scoring(kind: str) -> str:
    """Return how a parameter is scored, in one word."""
    if kind in ("z", "z_prime"):
        return symbol(kind)
    return str(_("Pass or fail") if kind == "pass_fail" else _("Listed only"))


def symbol(kind: str) -> str:
    """Return the symbol of a score."""
    return "z′" if kind == "z_prime" else "z"


@dataclass(frozen=True)
class Warned:
    """A guard that spoke: its code, its name, its sentence."""

    code: str
    name: Word
    sentence: str
    #: What it says without the numbers.
    rule: str
    #: Code of the message it is, if any.
    message: str


def guard(row: Json, step: str | None) -> Warned:
    """Return a guard in words, its numbers written like the statistics of the parameter."""
    code = row["code"]
    name = _(_GUARD_NAMES[code])
    look = ("bad", "stop") if row["level"] == Alarm.RED else ("warn", "alert")
    values = {
        key: text if _whole(text) else numbers.fixed(text, numbers.places(step) + 2)
        for key, text in row["values"].items()
    }
    sentence = _(GUARDS[code][1]).format(**values)
    message = _GUARD_MESSAGES.get(code, "")
    return Warned(code, Word(name, *look), sentence, _(_GUARD_RULES[code]), message)


def _whole(text: str) -> bool:
    return "." not in text


@dataclass(frozen=True)
class Noticed:
    """A finding: its code and a short word."""

    code: str
    word: str


def findings(codes: Iterable[str]) -> list[Noticed]:
    """Return findings with their short words; the sentence is on the laboratory's page."""
    return [Noticed(code, _(FINDINGS[code]) if code in FINDINGS else "") for code in codes]
