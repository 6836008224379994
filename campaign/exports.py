"""The board and the figures as files: XLSX, CSV, and the board as a printable list."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from campaign import board, reports, tally, words
from campaign.board import ITEMS, Line, Wish
from campaign.figures import Figure
from campaign.models import Campaign
from campaign.progress import Progress
from campaign.tally import Report
from core import documents, sheets
from core.clock import local, now
from core.exports import taken_by
from core.i18n import DEFAULT
from core.sending import File

#: Words of items and kinds by what stands in a line of the board.
ITEM_WORDS = {item.value: said for item, said in words.ITEMS.items()}
KIND_WORDS = {kind.value: said for kind, said in words.KINDS.items()}


def described(asked: Wish, places: dict[int, str]) -> str:
    """Return in words which rows were asked for; empty for all of them."""
    state = str(words.SHOWN.get(asked.state, ""))
    item = str(ITEM_WORDS.get(asked.item, _("any item"))) if state else ""
    parts = [
        _("%(item)s: %(state)s", item=item, state=state) if state else "",
        str(KIND_WORDS.get(asked.kind, "")),
        str(words.REGIONS.get(asked.region, "")),
        places.get(asked.place, ""),
        _("text “%(text)s”", text=asked.text) if asked.text else "",
    ]
    return str(_("; ")).join(part for part in parts if part)


def word(progress: Progress) -> str:
    """Return the state of an item in words, overdue or late said too."""
    late = words.LATENESS.get(progress.lateness)
    state = str(words.STATES[progress.state])
    return f"{state} {late}" if late else state


def board_file(
    wish: str, campaign: Campaign, lines: Sequence[Line], asked: Wish, places: dict[int, str],
    who: str,
) -> File:  # fmt: skip
    """Return the rows ``asked`` for as ``xlsx``, ``csv`` or ``pdf``; it says what was left out."""
    if wish == "pdf":
        with force_locale(DEFAULT):
            made = _pdf(campaign, lines, asked, places)
            return File(made, "application/pdf", _name(campaign, _("Progress"), asked, "pdf"))
    items = {item: str(ITEM_WORDS[item]) for item in ITEMS}
    columns = reports.board_columns(items)
    chosen = board.chosen(lines, asked)
    frame = reports.board_frame(map(_row, chosen), columns)
    name = _name(campaign, _("Progress"), asked, wish)
    if wish == "csv":
        return File(sheets.csv_bytes(frame, columns), "text/csv", name)
    title = f"{campaign.name} · {_name_of_list()}"
    line = f"{taken_by(who)} {rows_said(chosen, lines, asked, places)}"
    content = sheets.xlsx(frame, columns, title=title, note=line, sheet_name=_("Progress"))
    return File(content, sheets.XLSX, name)


def _name_of_list() -> str:
    return str(_("Progress of the filings"))


def _name(campaign: Campaign, what: str, asked: Wish | None, ending: str) -> str:
    part = "-" + str(_("filtered")) if asked and asked.narrow else ""
    return f"{campaign.name}-{what}{part}-{local(now()):%Y%m%d}.{ending}"


def rows_said(
    chosen: Sequence[Line], lines: Sequence[Line], asked: Wish, places: dict[int, str]
) -> str:
    """Return the sentence that says whether rows were left out."""
    if not asked.narrow:
        return str(_("All %(all)s reporting bodies.", all=len(lines)))
    said: str = _(
        "Filtered, %(rows)s of %(all)s reporting bodies: %(filter)s.",
        rows=len(chosen), all=len(lines), filter=described(asked, places),
    )  # fmt: skip
    return said


def _row(line: Line) -> dict[str, Any]:
    row: dict[str, Any] = {
        "number": line.number,
        "place": line.place,
        "name": line.name,
        "kind": str(KIND_WORDS[line.kind]),
    }
    for item, progress in line.items.items():
        row[item], row[f"{item}_at"] = word(progress), progress.at
        row[f"{item}_due"] = due_cell(progress.due_at)
    return row


def due_cell(instant: datetime) -> str:
    """Return a deadline as 2024-08-26 24:00: midnight is the end of the day that is over."""
    at = local(instant)
    if (at.hour, at.minute) == (0, 0):
        return f"{at - timedelta(days=1):%Y-%m-%d} 24:00"
    return f"{at:%Y-%m-%d %H:%M}"


def _pdf(campaign: Campaign, lines: Sequence[Line], asked: Wish, places: dict[int, str]) -> bytes:
    """Return the list to print; it may hang on a wall, so it names nobody, not even its maker."""
    chosen = board.chosen(lines, asked)
    counts = board.totals(board.scope(lines, asked))
    whole = len(board.scope(lines, asked))
    day = local(now())
    return documents.render(
        "board",
        {
            "title": f"{campaign.name}报送情况一览表",
            "day": f"{day.year}年{day.month}月{day.day}日 {day:%H:%M}",
            "rows_said": rows_said(chosen, lines, asked, places),
            "totals": [
                {"item": str(ITEM_WORDS[item]), "text": total_words(counts[item], whole)}
                for item in ITEMS
            ],
            "groups": [
                {"name": heading(group, asked.group), "rows": list(map(_printed, group.lines))}
                for group in board.groups(chosen, asked.group)
            ],
        },
    )


def total_words(counts: dict[str, int], whole: int) -> str:
    """Return the header of an item: 已报 31/40，逾期 3，退回 1."""
    said: str = _(
        "filed %(reported)s/%(all)s, overdue %(overdue)s, returned %(returned)s",
        reported=counts["reported"], all=whole, overdue=counts["overdue"],
        returned=counts["returned"],
    )  # fmt: skip
    return said


def heading(group: board.Group, by: str) -> str:
    """Return the name of a group: a city, a region, or nothing for all rows."""
    if by == "city":
        return group.lines[0].place
    return str(words.REGIONS.get(group.key, ""))


def _printed(line: Line) -> dict[str, Any]:
    cells = [
        {"state": word(p), "time": words.moment(p.at) if p.at else ""}
        for p in (line.items[item] for item in ITEMS)
    ]
    return {"number": str(line.number), "place": line.place, "name": line.name, "cells": cells}


def figures_file(
    wish: str, campaign: Campaign, reported: Sequence[Report], figures: Sequence[Figure],
    places: dict[int, str], who: str,
) -> File:  # fmt: skip
    """Return all figures: long and wide form as ``xlsx``, the long form as ``csv``."""
    what = _("Figures")
    name = _name(campaign, what, None, wish)
    long = reports.long_frame(reported, figures, places)
    if wish == "csv":
        return File(sheets.csv_bytes(long, reports.long_columns()), "text/csv", name)
    line = "{} {}".format(
        taken_by(who),
        _("Sums rest on the bodies that gave the figure; reported and counted are never added."),
    )
    tables = [
        sheets.Table(
            _("By city"), reports.wide_frame(reported, figures, places),
            reports.wide_columns(tally.counted_codes(figures)),
        ),
        sheets.Table(_("By reporting body"), long, reports.long_columns()),
    ]  # fmt: skip
    title = f"{campaign.name} · {what}"
    return File(sheets.workbook(tables, title=title, note=line), sheets.XLSX, name)
