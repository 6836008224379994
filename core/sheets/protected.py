"""A workbook to be filled in: a protected sheet whose open cells keep what is typed as text.

Text, because a number loses what matters: 48.60 becomes 48.6, 1-2 a date, a long number its end.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from core.sheets.writing import new_book

Look = Literal["title", "note", "head", "fixed", "open", "shut"]
Tone = Literal["", "wrong", "asked"]

_LINE = {"border": 1, "border_color": "#8795a1", "valign": "vcenter"}
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "note": {"font_color": "#4d5a67"},
    "head": {**_LINE, "bold": True, "bg_color": "#f0e6d9", "align": "center", "text_wrap": True},
    "fixed": {**_LINE, "bg_color": "#f5f7f8"},
    # 49 is the program's own format "text", which keeps what is typed later text, too.
    "open": {**_LINE, "locked": False, "num_format": 49},
    "shut": {**_LINE, "bg_color": "#dde3e8"},
}
_TONES: dict[str, dict[str, Any]] = {
    "": {},
    "wrong": {"bg_color": "#f8cfcb", "font_color": "#a4261d", "bold": True},
    "asked": {"bg_color": "#fbe6bd", "font_color": "#7d4a00"},
}


@dataclass(frozen=True)
class Field:
    """One cell: what stands in it, whether it may be filled in, and what is wrong with it."""

    text: str = ""
    look: Look = "fixed"
    #: The only texts that may be chosen, where there are any.
    choices: tuple[str, ...] = ()
    tone: Tone = ""
    #: Shown when the cell is pointed at.
    comment: str = ""


def workbook(
    rows: Sequence[Sequence[Field | None]],
    widths: Sequence[float],
    *,
    sheet_name: str,
    repeat: int,
) -> bytes:
    """Return a workbook of one protected sheet; row ``repeat`` is printed on every page."""
    stream = io.BytesIO()
    book = new_book(stream)
    sheet = book.add_worksheet(sheet_name)
    styles = {
        (look, tone): book.add_format(values | more)
        for look, values in _LOOKS.items()
        for tone, more in _TONES.items()
    }
    for x, width in enumerate(widths):
        sheet.set_column(x, x, width)
    for y, row in enumerate(rows):
        for x, field in enumerate(row):
            if field is not None:
                _write(sheet, y, x, field, styles)
    _arrange(sheet, len(rows), len(widths), repeat)
    book.close()
    return stream.getvalue()


def _write(sheet: Any, y: int, x: int, field: Field, styles: Mapping[tuple[str, str], Any]) -> None:
    style = styles[field.look, field.tone]
    if field.text:
        sheet.write_string(y, x, field.text, style)
    else:
        sheet.write_blank(y, x, None, style)
    if field.choices:
        sheet.data_validation(
            y, x, y, x, {"validate": "list", "source": list(field.choices), "ignore_blank": True}
        )
    if field.comment:
        sheet.write_comment(y, x, field.comment, {"x_scale": 2, "font_size": 10})


def _arrange(sheet: Any, height: int, width: int, repeat: int) -> None:
    """Protect the sheet without a password, and prepare it for printing on A4."""
    sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{height}"})
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(repeat)
    sheet.print_area(0, 0, height - 1, width - 1)
    sheet.set_footer("&C&P / &N")
