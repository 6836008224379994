"""A bare table for other programs: the header in the first row, every cell a text."""

import io
from collections.abc import Iterable, Sequence

from core.sheets.writing import FORMULA_STARTS, new_book


def table(
    header: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float], note: str
) -> bytes:
    """Return a workbook whose first sheet is the table alone; no text in it becomes a formula.

    ``note`` says who took it and when: in print under each page, and on a sheet of its own.
    """
    stream = io.BytesIO()
    book = new_book(stream)
    sheet = book.add_worksheet("Sheet1")
    bold = book.add_format({"num_format": "@", "bold": True})
    plain = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    # The apostrophe of Excel itself, which is not part of the text.
    quoted = book.add_format(
        {"num_format": "@", "text_wrap": True, "valign": "top", "quote_prefix": True}
    )
    for x, (title, width) in enumerate(zip(header, widths, strict=True)):
        sheet.set_column(x, x, width)
        sheet.write_string(0, x, title, bold)
    for y, row in enumerate(rows, 1):
        for x, text in enumerate(row):
            style = quoted if text.startswith(FORMULA_STARTS) else plain
            sheet.write_string(y, x, text, style)
    sheet.freeze_panes(1, 0)
    # In footers of Excel an ampersand starts a code; doubled, it is one.
    sheet.set_footer("&L" + note.replace("&", "&&")[:200])
    book.add_worksheet("说明").write_string(0, 0, note, plain)
    book.close()
    return stream.getvalue()
