"""Tables of spreadsheet programs: exports that open safely, uploads that are read safely.

:mod:`core.sheets.writing` makes XLSX and CSV; :mod:`core.sheets.reading` reads them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.sheets.cells import ENTRY, ROSTER, XLSX, Cell, CellKind, FileRefused, Limits, Sheet
    from core.sheets.reading import read
    from core.sheets.writing import (
        FORMULA_STARTS,
        Column,
        Table,
        csv_bytes,
        defused,
        workbook,
        xlsx,
    )

__all__ = [
    "ENTRY",
    "FORMULA_STARTS",
    "ROSTER",
    "XLSX",
    "Cell",
    "CellKind",
    "Column",
    "FileRefused",
    "Limits",
    "Sheet",
    "Table",
    "csv_bytes",
    "defused",
    "read",
    "workbook",
    "xlsx",
]
_WRITING = {"FORMULA_STARTS", "Column", "Table", "csv_bytes", "defused", "workbook", "xlsx"}


def __getattr__(name: str) -> Any:
    """Import a public name when it is used: the child starts for each upload, and needs few."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "writing" if name in _WRITING else "reading" if name == "read" else "cells"
    return getattr(import_module(f"{__name__}.{home}"), name)
