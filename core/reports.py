"""Tables of the core for spreadsheet programs."""

from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from core import sheets

if TYPE_CHECKING:
    import pandas as pd


def data_map_columns() -> list[sheets.Column]:
    """Return the columns of the exported data map."""
    return [
        sheets.Column("purpose", _("Purpose"), width=24),
        sheets.Column("what", _("What"), width=32),
        sheets.Column("where", _("Where"), width=30),
        sheets.Column("why", _("What for"), width=40),
        sheets.Column("basis", _("Legal basis"), width=40),
        sheets.Column("checked", _("Checked"), width=10),
        sheets.Column("keep", _("How long"), width=40),
        sheets.Column("who", _("Who sees it"), width=40),
    ]


def frame(rows: list[dict[str, Any]], columns: list[sheets.Column]) -> "pd.DataFrame":
    """Return rows as a table with these columns."""
    import pandas as pd

    return pd.DataFrame(rows, columns=[column.key for column in columns])
