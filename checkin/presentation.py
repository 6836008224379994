"""What pages show of an occasion, a ticket and an answer of the door."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for

from campaign.bodies import place_names
from checkin import occasions, tickets
from checkin.admission import Word, sentences
from checkin.forms import KINDS
from checkin.models import Attendance, Occasion, Registration
from checkin.scans import Answer
from core.i18n import clock, is_chinese
from core.personal import mask_mobile, mask_name


class OccasionCard:
    """An occasion as people read it: its own columns, and what follows from them."""

    def __init__(self, occasion: Occasion) -> None:
        self._occasion = occasion
        self.kind_label = str(KINDS[occasion.kind])
        self.city = _place_names().get(occasion.place_id or 0, "")
        self.registration_state = occasions.registration_state(occasion)
        self.places_left = None if occasion.capacity is None else occasion.capacity - occasion.taken

    def __getattr__(self, name: str) -> object:
        """Return a column of the occasion."""
        return getattr(self._occasion, name)


def _place_names() -> dict[int, str]:
    """Return the names of places in the reader's language, read once in a request."""
    if "place_names" not in g:
        g.place_names = place_names(english=not is_chinese())
    names: dict[int, str] = g.place_names
    return names


@dataclass(frozen=True)
class TicketCard:
    """A ticket on its holder's page."""

    name: str
    name_masked: str
    employer: str
    post: str
    mobile_masked: str
    state: str
    short_code: str
    checked_in_at: datetime | None
    gate: str | None
    qr_url: str
    image_url: str = ""
    calendar_url: str = ""
    withdraw_url: str = ""


def ticket_card(
    registration: Registration,
    attendance: Attendance | None,
    qr_url: str,
    token: str = "",
    *,
    named: bool = False,
) -> TicketCard:
    """Return the ticket: all of it for the holder's ``token``, the name alone for a gate."""
    own = bool(token)
    return TicketCard(
        name=registration.name if own or named else "",
        name_masked=mask_name(registration.name),
        employer=registration.employer,
        post=registration.post if own else "",
        mobile_masked=mask_mobile(registration.mobile or "") if own else "",
        state="blocked" if registration.blocked else registration.state.value,
        short_code=registration.short_code,
        checked_in_at=attendance.first_in if attendance else None,
        gate=attendance.gate if attendance else None,
        qr_url=qr_url,
        **(
            {
                "image_url": url_for("attendee.image", token=token),
                "calendar_url": url_for("attendee.calendar", token=token),
                "withdraw_url": url_for("attendee.withdraw", token=token),
            }
            if own
            else {}
        ),
    )


@dataclass(frozen=True)
class Counts:
    """The two numbers under every verdict."""

    expected: int
    present: int


@dataclass(frozen=True)
class VerdictCard:
    """An answer of the door, full screen."""

    word: str
    reason: str
    zh: str
    en: str
    sentence: str
    name: str
    unit: str
    since: datetime | None
    gate: str | None
    counts: Counts
    undo_scan: str | None
    undone: bool


def verdict_card(answer: Answer, *, undone: bool = False) -> VerdictCard:
    """Return what the verdict page shows of ``answer``."""
    verdict = answer.verdict
    said = sentences(verdict, clock)
    return VerdictCard(
        word=verdict.word.value,
        reason=verdict.reason.value,
        zh=said["zh"],
        en=said["en"],
        sentence=said["zh" if is_chinese() else "en"],
        name=answer.attendee.name if answer.attendee else "",
        unit=answer.attendee.unit if answer.attendee else "",
        since=verdict.since,
        gate=verdict.gate,
        counts=Counts(answer.expected, answer.present),
        undo_scan=answer.scan if verdict.word is Word.ADMITTED and not undone else None,
        undone=undone,
    )


def qr_address(registration: Registration, occasion: Occasion) -> str:
    """Return the address of the ticket's QR picture."""
    return url_for("attendee.qr", text=tickets.code_of(registration, occasion))
