"""The results of a round by code, as a table for spreadsheet programs."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from core import sheets
from core.clock import now
from core.i18n import full
from scoring.presentation import numbers, words
from scoring.presentation.judge.evaluation import Evaluation, Json

if TYPE_CHECKING:
    import pandas as pd


def columns() -> list[sheets.Column]:
    """Return the columns of the table with their headings."""
    return [
        sheets.Column("code", _("Code of the laboratory")),
        sheets.Column("parameter", _("Parameter"), width=24),
        sheets.Column("item", _("Item"), width=8),
        sheets.Column("unit", _("Unit"), width=10),
        sheets.Column("value", _("Result"), "decimal", 12),
        sheets.Column("reported", _("Own result"), "text", 12),
        sheets.Column("z", _("Score"), "decimal", 12),
        sheets.Column("kind", _("Kind of score"), width=12),
        sheets.Column("verdict", _("Class"), width=12),
        sheets.Column("status", _("State"), width=24),
        sheets.Column("zb", "ZB", "decimal", 12),
        sheets.Column("zw", "ZW", "decimal", 12),
        sheets.Column("findings", _("Findings"), width=18),
    ]


@dataclass(frozen=True)
class Table:
    """The results of an evaluation, read and ready to be written to a file."""

    frame: "pd.DataFrame"
    title: str
    #: Which evaluation it is, who exported it, and when.
    note: str

    def xlsx(self) -> bytes:
        """Return the workbook."""
        return sheets.xlsx(
            self.frame, columns(), title=self.title, note=self.note, sheet_name=_("Results by code")
        )

    def csv(self) -> bytes:
        """Return the table as CSV: rows alone, for programs; the file name says what it is."""
        return sheets.csv_bytes(self.frame, columns())


def table(evaluation: Evaluation, title: str, name: str) -> Table:
    """Return one row for each laboratory, parameter and item; ``name`` is who exports them."""
    import pandas as pd

    rows = [_row(evaluation, row, summary) for row, summary in evaluation.everything()]
    keys = [column.key for column in columns()]
    note = _(
        "Evaluation %(no)s (check code %(seal)s), by code, not final. "
        "Exported by %(name)s, %(time)s.",
        no=evaluation.no, seal=evaluation.check_code, name=name, time=full(now()),
    )  # fmt: skip
    return Table(pd.DataFrame(rows, columns=keys, dtype=object), title, note)


def _row(evaluation: Evaluation, row: Json, summary: Json) -> dict[str, Any]:
    pair = evaluation.pair(row["code"], row["parameter"]) or {"zb": None, "zw": None}
    verdict = words.verdict(row["verdict"], summary["label_set"])
    return {
        "code": row["code"],
        "parameter": words.parameter(row["parameter"]),
        "item": row["item"],
        "unit": summary["unit"],
        "value": numbers.exact(row["value"], numbers.places(summary["step"])),
        "reported": _("Void") if row["reported"] == "void" else row["reported"],
        "z": numbers.exact(row["z"]),
        "kind": words.scoring(summary["score"]),
        "verdict": verdict.text if verdict else "",
        "status": ", ".join(word.text for word in words.statuses(row["policy"])),
        "zb": numbers.exact(pair["zb"]),
        "zw": numbers.exact(pair["zw"]),
        "findings": " ".join(row["findings"]),
    }
