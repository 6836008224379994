"""The ticket as one picture for the phone's photo album."""

from flask_babel import gettext as _

from checkin import tickets
from checkin.forms import KINDS
from checkin.models import Occasion, Registration
from core import documents, i18n, qr


def picture(registration: Registration, occasion: Occasion) -> bytes:
    """Return a PNG, 1080 pixels wide, with all that the door and its holder need."""
    return documents.render(
        "ticket",
        {
            "eyebrow": str(KINDS[occasion.kind]),
            "title": occasion.title,
            "time": i18n.span(occasion.starts_at, occasion.ends_at),
            "place": occasion.venue,
            "address": occasion.address,
            "name": registration.name,
            "unit": registration.employer,
            "post": registration.post,
            "short_code": registration.short_code,
            "labels": {"time": _("Time"), "place": _("Place")},
            "hint": _("Show this code at the door."),
            "qr": qr.svg(tickets.link_of(registration, occasion)),
        },
        fmt="png",
    )
