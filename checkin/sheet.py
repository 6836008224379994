"""The attendance list as a file: XLSX, CSV, or a numbered PDF that anyone can verify."""

from collections.abc import Callable
from itertools import groupby

from flask_babel import gettext as _

from checkin import reports
from checkin.models import Occasion
from core import audit, documents, i18n, qr, sheets
from core.access import Actor
from core.clock import local
from core.exports import taken_by
from core.i18n import full
from core.personal import mask_mobile
from core.sending import File


def export(
    occasion: Occasion, wish: str, actor: Actor, *, full_mobiles: bool
) -> Callable[[], File]:
    """Read the list and log the export; the file is made by what is returned, after the commit.

    Only the numbered PDF is made inside the transaction, since it is kept with its number; it
    never carries full mobiles. Warm the typesetter before (:func:`core.documents.fonts_ok`).
    """
    full_mobiles = full_mobiles and wish != "pdf"
    audit.record(
        "export",
        "occasion",
        occasion.public_id,
        actor=actor,
        format=wish,
        mobiles="full" if full_mobiles else "masked",
    )
    listed = reports.rows(occasion)
    attendance = _("Attendance")
    name = f"{attendance}-{occasion.title}-{local(occasion.starts_at):%Y%m%d}.{wish}"
    if wish == "pdf":
        kept = File(_pdf(occasion, listed, actor), "application/pdf", name)
        return lambda: kept
    title = f"{occasion.title}  {full(occasion.starts_at)}"
    line = taken_by(actor.name, full_mobiles=full_mobiles)

    def make() -> File:
        frame = reports.frame(listed, full_mobiles=full_mobiles)
        if wish == "csv":
            return File(sheets.csv_bytes(frame, reports.columns()), "text/csv", name)
        content = sheets.xlsx(
            frame, reports.columns(), title=title, note=line, sheet_name=_("Attendance")
        )
        return File(content, sheets.XLSX, name)

    return make


def _pdf(occasion: Occasion, listed: list[reports.Row], actor: Actor) -> bytes:
    title = f"{occasion.title}签到情况表"

    def compose(draft: documents.Draft) -> bytes:
        numbers = reports.counts(occasion)
        return documents.render(
            "attendance",
            {
                "title": title,
                "number": draft.number,
                "link": draft.link,
                "qr": qr.svg(draft.link),
                "time": i18n.span(occasion.starts_at, occasion.ends_at),
                "place": occasion.venue,
                "host": occasion.host,
                "groups": [
                    {"place": place or "其他", "rows": [_line(row) for row in rows]}
                    for place, rows in groupby(listed, key=lambda row: row.city)
                ],
                "counts": [
                    {"label": "应到", "value": str(numbers.expected)},
                    {"label": "实到", "value": str(numbers.present)},
                    {"label": "现场补登", "value": str(numbers.walk_ins)},
                    {"label": "未到", "value": str(numbers.absent)},
                ],
                "made": taken_by(actor.name, full_mobiles=False),
            },
        )

    document = documents.issue(
        "attendance",
        title,
        compose,
        media_type="application/pdf",
        subject=occasion.public_id,
        actor=actor,
    )
    return documents.read(document)


def _line(row: reports.Row) -> dict[str, str]:
    came = row.first_in
    return {
        "name": row.name,
        "employer": row.employer,
        "post": row.post,
        "mobile": mask_mobile(row.mobile),
        "time": f"{local(came):%H:%M}" if came else "",
        "mark": reports.marks(row),
    }
