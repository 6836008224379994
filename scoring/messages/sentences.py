"""PURE: the coded messages of the contest: one level and one sentence for each code.

Codes are stable and never used again for something else. Sentences are message ids with
``{placeholders}``. The space after a ``%`` is a no-break one before letters such as ``o``: the
catalogue would take the pair for a conversion (``% o``).
"""

from dataclasses import dataclass
from string import Formatter

from core.errors import N_
from core.findings import Level

H, W, I = Level.BLOCK, Level.WARN, Level.INFORM  # noqa: E741 - the letters of the table


@dataclass(frozen=True)
class Message:
    """Hold the level of a code and its sentence."""

    level: Level
    text: str

    @property
    def places(self) -> frozenset[str]:
        """Return the names of the values that the sentence needs."""
        return frozenset(name for _text, name, _spec, _how in Formatter().parse(self.text) if name)


MESSAGES: dict[str, Message] = {
    "E02": Message(H, N_('Value {i} "{v}" is not a number. Enter digits only, e.g. 48.6.')),
    "E03": Message(H, N_('Is the comma in "{v}" a decimal point? Please enter {alt}.')),
    "E04": Message(
        H,
        N_(
            "Values {list} are missing. If a specimen was damaged, choose "
            '"Could not test" and give the reason.'
        ),
    ),
    "E05": Message(
        H,
        N_(
            "{v} {u} is outside the possible range ({lo}–{hi}). Check the decimal point, or "
            "whether the unit should be {alt}."
        ),
    ),
    "E06": Message(H, N_("Test time is earlier than casting time. Check the dates.")),
    "E07": Message(
        W, N_("Actual age is {age}, outside {window}. You may submit; please give the reason.")
    ),
    "E08": Message(
        W,
        N_(
            "Value {i} differs from the mean of six by {p}%, over ±10%. By the standard it is "
            "dropped; result = mean of the other five, {m} MPa. Check your raw record."
        ),
    ),
    "E09": Message(
        W,
        N_(
            "After dropping one, another value is still outside ±10%\u00a0of the mean of five: the "
            'set is void. Check; if correct, tick "void" and submit.'
        ),
    ),
    "E10": Message(
        W,
        N_(
            "28-day strength ({a}) is not above 3-day strength ({b}). Check sample number, age "
            "and unit."
        ),
    ),
    "E11": Message(
        W,
        N_(
            "All six loads (kN) end in 0 or 5. Enter what the machine shows, without rounding; if "
            "its step is 0.5 kN, say so."
        ),
    ),
    "E12": Message(
        W,
        N_("The six values of packs 1 and 2 are identical. Make sure they were not entered twice."),
    ),
    "E13": Message(H, N_("Final set ({f} min) must be later than initial set ({i} min).")),
    "E14": Message(
        H, N_("This sample number is not one of yours in this round. Scan the code on the bag.")
    ),
    "E15": Message(
        H,
        N_(
            "Closed at {t} (Beijing time). Your last submission before closing (receipt {r}) "
            "stands."
        ),
    ),
    "E16": Message(
        H,
        N_("Closed; no valid data were received from your laboratory. Please call the office."),
    ),
    "E17": Message(
        H,
        N_("{name} changed this page at {t}. Yours is kept as a copy; compare before saving."),
    ),
    "E19": Message(
        H,
        N_(
            'The sheet was changed (column "{c}" is missing). Download the template again and '
            "copy your values."
        ),
    ),
    "E20": Message(H, N_('Cell {cell}: "{v}" — {problem}. Suggestion: {fix}.')),
    "E22": Message(
        W,
        N_("Machine calibration was valid to {d}, before the test date. Please explain."),
    ),
    "E23": Message(
        W,
        N_(
            "{k} values ({list}) differ from the mean of six by more than ±10%: the set is void. "
            'Check; if correct, tick "void" and submit.'
        ),
    ),
    "E24": Message(
        W,
        N_(
            "Flexural value {i} differs from the mean of three by {p}%, over ±10%. It is dropped; "
            "result = mean of the other two, {m} MPa. Check your raw record."
        ),
    ),
    "E25": Message(
        W,
        N_(
            "{k} flexural values are outside ±10%\u00a0of the mean. {rule} Check your raw record "
            "and explain."
        ),
    ),
    "E26": Message(
        I,
        N_(
            "Your result {r} {u} differs from {c} {u} recomputed from the raw readings; recorded "
            "as a reporting error. Check rounding (GB/T 8170) and the dropping rule."
        ),
    ),
    "E28": Message(W, N_("Tested by and approved by are the same person. Please confirm.")),
    "E30": Message(
        H,
        N_(
            "The file is not an unencrypted .xlsx or is too large (limit {max} MB). Use the "
            "downloaded template."
        ),
    ),
    "E31": Message(
        W,
        N_(
            "Flexural/compressive ratio is {q}, outside 1/9–1/4. Check load units (flexural N, "
            "compressive kN)."
        ),
    ),
    "E32": Message(W, N_("{k} of the six loads are identical. Check that these are raw readings.")),
    "E33": Message(
        W,
        N_("{v} {u} is outside the usual range ({lo}–{hi}). Check; if correct, give the reason."),
    ),
    "E34": Message(
        W,
        N_(
            "The two runs differ by {d}, over {r}: a third run is required. Enter it, or say why "
            "it is missing."
        ),
    ),
    "E35": Message(
        W,
        N_(
            "The two results differ by {d}, over {r}: the pair must be redone. Enter the new "
            "pair, or say why not."
        ),
    ),
    "E36": Message(
        W,
        N_(
            "The mean expansion {m} mm is over 5.0 mm: repeat at once; the repeat decides. Enter "
            "it, or say why not."
        ),
    ),
    "E37": Message(I, N_('"{v}" was read as {w}. Please check.')),
    "E38": Message(
        H,
        N_(
            'By the standard this set is not void (result {m}). Choose a result, or "Could not '
            'test" with the reason.'
        ),
    ),
    "E39": Message(H, N_("This field is required. Please fill it in.")),
    "J4": Message(W, N_("Only {n} valid results (minimum {min}): listed, not scored by z.")),
    "J5": Message(
        H,
        N_(
            "More than half of the results are equal: robust SD is 0 and z cannot be computed. "
            "Use a prescribed σ_pt, or a floor from the rounding step."
        ),
    ),
}
