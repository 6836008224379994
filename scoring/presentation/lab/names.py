"""The words of the paper form: parameters, quantities, fields and choices in both languages."""

from flask_babel import gettext as _

from core.i18n import is_chinese
from scoring.cement.catalogue import Parameter


def name_of(parameter: Parameter) -> str:
    """Return the name of a parameter in the reader's language."""
    return parameter.name_zh if is_chinese() else parameter.name_en


def quantity_name(quantity: str) -> str:
    """Return what a reading is of, in the words of the paper form."""
    names: dict[str, str] = {
        "water_volume": _("Water for 500 g of cement"),
        "elapsed": _("Time from adding water"),
        "A": _("Distance A before boiling"),
        "C": _("Distance C after boiling"),
        "verdict": _("Verdict"),
        "specific_surface": _("Specific surface"),
        "residue": _("Residue"),
        "sieve_factor": _("Sieve factor C"),
        "density": _("Density"),
        "diameter": _("Diameter"),
        "mass_fraction": _("Mass fraction"),
        "na2o": "Na₂O",
        "k2o": "K₂O",
        "load": _("Breaking load"),
    }
    return names[quantity]


def field_name(key: str) -> str:
    """Return the label of a field that belongs to the whole stage."""
    names: dict[str, str] = {
        "cast_at": _("Water added at"),
        "broken_at": _("Tested at (specimens broken)"),
        "room_temp_c": _("Room temperature (℃)"),
        "room_rh_pct": _("Relative humidity (%)"),
        "press_no": _("Number of the press"),
        "press_calibrated_to": _("Press calibrated until"),
        "tested_by": _("Tested by"),
        "checked_by": _("Checked by"),
        "approved_by": _("Approved by"),
        "sample.1.condition": _("Condition of sample %(pack)s", pack=1),
        "sample.2.condition": _("Condition of sample %(pack)s", pack=2),
        "reason": _("Remarks on the whole entry"),
    }
    return names.get(key, key)


def conditions_of_samples() -> list[tuple[str, str]]:
    """Return the states a sample may have arrived in, with their words."""
    return [
        ("intact", _("Intact")),
        ("damaged", _("Damaged")),
        ("number_differs", _("Number differs")),
    ]


def statuses() -> list[tuple[str, str]]:
    """Return what may be said of a group, with its words; the first is the usual one."""
    return [("", _("Measured")), ("void", _("Set void")), ("not_tested", _("Could not test"))]


def verdicts() -> list[tuple[str, str]]:
    """Return the results of a test by eye, as they are stored and as they are shown."""
    return [("合格", _("Pass")), ("不合格", _("Fail"))]
