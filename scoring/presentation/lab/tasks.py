"""What a laboratory has before it: the stages of its rounds, where each stands, the next act."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from core.clock import local
from core.i18n import clock, day, is_chinese
from scoring import submission
from scoring.cement import catalogue
from scoring.entries import Desk
from scoring.models import EntryVersion
from scoring.phase import Window
from scoring.presentation.lab.names import name_of


@dataclass(frozen=True)
class Task:
    """One stage as a card shows it."""

    desk: Desk
    window: Window
    parameters: tuple[str, ...]
    #: Tone, sign and word of the state.
    tone: str
    sign: str
    word: str
    #: Time left; empty unless the stage is open.
    left: str


def task(desk: Desk, at: datetime) -> Task:
    """Return the card of a stage."""
    window = desk.window(at)
    tone, sign, word = _state(desk, window)
    opened = local(desk.stage.opens_at).date()
    names = tuple(name_of(catalogue.parameter(code, opened)) for code in desk.stage.parameters)
    left = remaining(desk.stage.closes_at - at) if window is Window.OPEN else ""
    return Task(desk, window, names, tone, sign, word, left)


def _state(desk: Desk, window: Window) -> tuple[str, str, str]:
    receipt = desk.standing.receipt_no if desk.standing else ""
    if window is Window.NOT_OPEN:
        return "mute", "clock", _("Not open yet")
    if window is Window.LOCKED:
        if receipt:
            return "ok", "shield", _("Locked (receipt %(no)s)", no=receipt)
        return "bad", "stop", _("Locked, nothing received")
    if receipt and differs(desk):
        return "warn", "alert", _("Draft changed after receipt %(no)s", no=receipt)
    if receipt:
        return "ok", "check", _("Submitted (receipt %(no)s)", no=receipt)
    if desk.rev:
        return "warn", "edit", _("Draft, not submitted")
    return "info", "edit", _("To be filled in")


def differs(desk: Desk) -> bool:
    """Say whether the draft holds something else than the standing version."""
    if desk.standing is None:
        return bool(desk.rev)
    return bool(desk.rev) and _bare(desk.fields) != _bare(
        submission.fields_of(desk.standing.document)
    )


def _bare(fields: dict[str, str]) -> dict[str, str]:
    """Return the fields that say something, in the form in which they are sealed."""
    return {
        name: unicodedata.normalize("NFC", text)
        for name, text in fields.items()
        if text and not (name.endswith(".status") and text == "value")
    }


def remaining(left: timedelta) -> str:
    """Return a time to go: days and hours, or hours and minutes on the last day."""
    minutes = max(0, int(left.total_seconds() // 60))
    days, hours = divmod(minutes // 60, 24)
    if days:
        return str(_("%(days)s d %(hours)s h left", days=days, hours=hours))
    return str(_("%(hours)s h %(minutes)s min left", hours=hours, minutes=minutes % 60))


def arrived(version: EntryVersion) -> str:
    """Return when a version arrived, as its receipt says."""
    if is_chinese():
        at = local(version.arrived_at)
        return f"{at.year}年{at.month}月{at.day}日 {clock(version.arrived_at)}"
    return f"{day(version.arrived_at)}, {clock(version.arrived_at)}"


def line_in_list(desk: Desk) -> int | None:
    """Return the line of the standing version in the published list of a locked stage."""
    listed = desk.stage.digest_list or []
    if desk.standing is None or desk.standing.seal not in listed:
        return None
    return listed.index(desk.standing.seal) + 1
