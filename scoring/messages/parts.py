"""PURE: other wordings of the messages, and the sentences that are put into them."""

from core.errors import N_

#: Other wordings of a code, where the usual one would not be true.
WORDINGS: dict[tuple[str, str], str] = {
    ("E04", "again"): N_(
        "Values {list} of the repeat are missing. Enter the whole repeat, or none of it."
    ),
    ("E05", "no_unit"): N_(
        "{v} {u} is outside the possible range ({lo}–{hi}). Check the decimal point."
    ),
    ("E05", "no_dimension"): N_(
        "{v} is outside the possible range ({lo}–{hi}). Check the decimal point."
    ),
    ("E05", "negative"): N_("{v} is below zero, which is not possible. Check the sign."),
    ("E26", "void"): N_(
        "Your result {r} {u} was reported for a set that is void when recomputed from the raw "
        "readings; recorded as a reporting error. Check the dropping rule."
    ),
    ("E26", "not_void"): N_(
        "You reported the set as void, but {c} {u} was recomputed from the raw readings; recorded "
        "as a reporting error. Check the dropping rule."
    ),
}

#: ``{rule}`` of E25.
RULES = {
    "remaining": N_("By the standard the one remaining value {m} MPa is the result."),
    "judge": N_("The standard does not cover this; a judge decides."),
}

#: ``{problem}`` and ``{fix}`` of E20; ``outside`` needs ``alt``, the unit that may have been meant.
PROBLEMS: dict[str, tuple[str, str]] = {
    "not_a_number": (N_("not a number"), N_("enter digits only")),
    "not_a_date": (
        N_("not a date and time"),
        N_("write it like 2024-09-10 09:48"),
    ),
    "date": (N_("a date"), N_("enter it again as text")),
    "with_unit": (N_("with a unit"), N_("enter the number only; the unit is in the column head")),
    "formula": (N_("a formula without a result"), N_("paste it as a value")),
    "merged": (N_("a merged cell"), N_("unmerge it")),
    "outside": (
        N_("outside the possible range"),
        N_("check the decimal point or the unit {alt}"),
    ),
    "outside_any": (N_("outside the possible range"), N_("check the decimal point")),
    "negative": (N_("below zero"), N_("check the sign")),
    "required": (N_("an empty cell"), N_("fill it in")),
    "blank": (N_("an empty cell"), N_('fill it in, or say "Could not test"')),
    "decimals": (N_("too many decimals"), N_("enter the raw reading")),
    "sample": (N_("another sample number"), N_("check the bag of the sample")),
    "choice": (N_("not one of the choices"), N_("choose from the list of the cell")),
    "unknown_row": (
        N_("not a row of this form"),
        N_("download the template again and copy your values"),
    ),
    "duplicate": (N_("a repeated row"), N_("delete the row that is too many")),
}
