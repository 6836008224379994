"""Tables of the month for spreadsheets: the board, and the figures in long and wide form."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from campaign import tally
from campaign.board import ITEMS
from campaign.figures import Figure
from campaign.tally import Report
from campaign.tasks import Counter, counters
from core import sheets
from core.i18n import is_chinese

if TYPE_CHECKING:
    import pandas as pd


def board_columns(items: Mapping[str, str]) -> list[sheets.Column]:
    """Return the columns of the board; ``items`` are the headings of the four items."""
    columns = [
        sheets.Column("number", _("No."), "int", 6),
        sheets.Column("place", _("City"), "text", 8),
        sheets.Column("name", _("Reporting body"), "text", 34),
        sheets.Column("kind", _("Kind"), "text", 14),
    ]
    for item in ITEMS:
        heading = {"item": items[item]}
        columns += [
            sheets.Column(item, items[item], "text", 16),
            sheets.Column(f"{item}_at", _("%(item)s: time", **heading), "datetime", 18),
            sheets.Column(f"{item}_due", _("%(item)s: due", **heading), "text", 18),
        ]
    return columns


def board_frame(rows: Iterable[Mapping[str, Any]], columns: Sequence[sheets.Column]) -> Any:
    """Return the rows of the board as a table."""
    import pandas as pd

    keys = [column.key for column in columns]
    # As objects: an instant that is missing shall not turn the column into something else.
    return pd.DataFrame([[row[key] for key in keys] for row in rows], columns=keys, dtype=object)


def name(counter: Counter) -> str:
    """Return the name of a figure in the reader's language."""
    return counter.name if is_chinese() else counter.name_en


def unit(counter: Counter) -> str:
    """Return what a figure counts in; 场次, 人次 and 人数 are three."""
    return counter.unit if is_chinese() else counter.unit_en


def long_columns() -> list[sheets.Column]:
    """Return the columns of the long form: one row for each figure and body."""
    return [
        sheets.Column("task", _("Task"), "int", 6),
        sheets.Column("figure", _("Figure"), "text", 22),
        sheets.Column("unit", _("Unit of measure"), "text", 8),
        sheets.Column("place", _("City"), "text", 8),
        sheets.Column("source", _("Source"), "text", 8),
        sheets.Column("detail", _("Reporting body or session"), "text", 40),
        sheets.Column("value", _("Value"), "figure", 12),
    ]


def long_frame(
    reports: Sequence[Report], figures: Sequence[Figure], places: Mapping[int, str]
) -> "pd.DataFrame":
    """Return every figure of every body, and every row the system counted, one below the other."""
    import pandas as pd

    rows: list[list[Any]] = []
    for counter in counters():
        head = [counter.task, name(counter), unit(counter)]
        rows += [
            [*head, one.place, _("Reported"), one.name, said(one.figures.get(counter.code))]
            for one in reports
        ]
        rows += [
            [*head, places.get(figure.place_id, ""), _("Counted"), row.label, row.value]
            for figure in figures
            if figure.code == counter.code
            for row in figure.rows
        ]
    keys = [column.key for column in long_columns()]
    return pd.DataFrame(rows, columns=keys, dtype=object)


def said(value: int | None) -> int | str:
    """Return a figure, or the word for a missing one: never a nought."""
    return _("Not reported") if value is None else value


def wide_columns(codes: Iterable[str]) -> list[sheets.Column]:
    """Return the columns of the wide form: one for each figure, two where the system counted."""
    counted = set(codes)
    columns = [
        sheets.Column("place", _("City"), "text", 10),
        sheets.Column("bodies", _("Reporting bodies"), "int", 10),
        sheets.Column("filed", _("Summaries filed"), "int", 10),
    ]
    for counter in counters():
        heading = {"name": name(counter), "unit": unit(counter)}
        reported = _("%(name)s (%(unit)s), reported", **heading)
        columns.append(sheets.Column(counter.code, reported, "figure", 14))
        if counter.code in counted:
            system = _("%(name)s (%(unit)s), counted", **heading)
            columns.append(sheets.Column(f"{counter.code}:system", system, "figure", 14))
    return columns


def wide_frame(
    reports: Sequence[Report], figures: Sequence[Figure], places: Mapping[int, str]
) -> "pd.DataFrame":
    """Return one row for each place in official order, and one of the province."""
    import pandas as pd

    columns = wide_columns(tally.counted_codes(figures))
    rows = [
        _wide(label, reports, figures, place)
        for place, label in [*places.items(), (None, _("Province"))]
    ]
    keys = [column.key for column in columns]
    return pd.DataFrame(
        [[row.get(key) for key in keys] for row in rows], columns=keys, dtype=object
    )


def _wide(
    label: str, reports: Sequence[Report], figures: Sequence[Figure], place: int | None
) -> dict[str, Any]:
    own = [report for report in reports if place in (None, report.place_id)]
    row: dict[str, Any] = {
        "place": label,
        "bodies": len(own),
        "filed": sum(1 for report in own if report.filing_id),
    }
    for counter in counters():
        row[counter.code] = said(tally.typed(reports, counter.code, place).total)
        row[f"{counter.code}:system"] = tally.counted(figures, counter.code, place).total
    return row
