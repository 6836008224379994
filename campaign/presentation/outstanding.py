"""The list of who has not filed an item, as a file for the telephone."""

from collections.abc import Sequence

from flask_babel import gettext as _

from campaign import reports, words
from campaign.models import Item
from campaign.reminders import Waiting
from core import sheets
from core.exports import taken_by
from core.outbox import CHANNELS
from core.personal import mask_mobile


def _columns() -> list[sheets.Column]:
    return [
        sheets.Column("number", _("No."), "int", 6),
        sheets.Column("body", _("Reporting body"), "text", 34),
        sheets.Column("state", _("State"), "text", 10),
        sheets.Column("due", _("Due"), "datetime", 18),
        sheets.Column("days", _("Days left"), "int", 10),
        sheets.Column("working_days", _("Working days left"), "int", 12),
        sheets.Column("names", _("Liaison officers"), "text", 20),
        sheets.Column("mobiles", _("Mobile"), "text", 24),
        sheets.Column("last", _("Last reminded"), "datetime", 18),
        sheets.Column("channel", _("By which way"), "text", 14),
    ]


def workbook(item: Item, rows: Sequence[Waiting], who: str, *, full_mobiles: bool) -> bytes:
    """Return the list as XLSX with who made it and when; overdue days stand below nought."""
    columns = _columns()
    lines = [_line(row, full_mobiles=full_mobiles) for row in rows]
    frame = reports.board_frame(lines, columns)
    title = _("Not filed: %(item)s", item=words.ITEMS[item])
    return sheets.xlsx(frame, columns, title=title, note=taken_by(who, full_mobiles=full_mobiles))


def _line(row: Waiting, *, full_mobiles: bool) -> dict[str, object]:
    people = [one for one in row.officers if one.state != "closed"]
    last = row.last
    return {
        "number": row.body.position,
        "body": row.body.name,
        "state": str(words.STATES[row.progress.state]),
        "due": row.progress.due_at,
        "days": -row.days if row.over else row.days,
        "working_days": row.working_days,
        "names": "、".join(one.name for one in people if one.name),
        "mobiles": "、".join(
            one.mobile if full_mobiles else mask_mobile(one.mobile) for one in people if one.mobile
        ),
        "last": last.at if last else None,
        "channel": str(CHANNELS[last.channel]) if last else "",
    }
