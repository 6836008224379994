"""Words of the month in the reader's language: items, states, kinds, gender."""

from datetime import date, datetime

from flask_babel import format_date, format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from campaign.attachments import TAKEN
from campaign.models import BodyKind, Campaign, DayKind, Gender, Item, Media
from campaign.progress import Lateness, Progress, State
from campaign.workdays import Calendar
from core import file_kinds
from core.clock import local
from core.i18n import is_chinese

ITEMS = {
    Item.SLIP: _l("Reply slip"),
    Item.PLAN: _l("Plan"),
    Item.SUMMARY: _l("Summary"),
    Item.EVIDENCE: _l("Evidence"),
}
STATES = {
    State.NONE: _l("Not filed"),
    State.DRAFT: _l("Draft"),
    State.FILED: _l("Filed"),
    State.RETURNED: _l("Returned"),
    State.ACCEPTED: _l("Accepted"),
}
LATENESS = {
    Lateness.OVERDUE: _l("Overdue"),
    Lateness.FILED_LATE: _l("Filed late"),
}
#: What the board counts and filters by (:data:`campaign.board.SHOWN`).
SHOWN = {
    "reported": _l("Filed or accepted"),
    "filed": _l("Filed, waits for the office"),
    "accepted": _l("Accepted"),
    "returned": _l("Returned"),
    "missing": _l("Nothing filed"),
    "draft": _l("Draft"),
    "overdue": _l("Overdue"),
    "filed_late": _l("Filed late"),
}
REGIONS = {
    "delta": _l("Pearl River Delta"),
    "east": _l("Eastern Guangdong"),
    "west": _l("Western Guangdong"),
    "north": _l("Northern Guangdong"),
    "zone": _l("Hengqin"),
}
KINDS = {
    BodyKind.HOUSING: _l("Housing and construction"),
    BodyKind.TRANSPORT: _l("Transport"),
    BodyKind.RAIL: _l("Rail transit"),
    BodyKind.WATER: _l("Water"),
    BodyKind.LANDSCAPE: _l("Forestry and gardens"),
    BodyKind.ZONE: _l("Cooperation zone"),
}
DAYS = {DayKind.OFF: _l("Day off"), DayKind.WORK: _l("Working day")}
GENDERS = {Gender.MALE: _l("Male"), Gender.FEMALE: _l("Female")}
MEDIA = {
    Media.DOCUMENT: _l("Document"),
    Media.PHOTO: _l("Photo"),
    Media.VIDEO: _l("Video"),
    Media.LINK: _l("Link"),
}
#: What is missing in a table of figures: never a nought.
MISSING = _l("Not reported")
TONES = {
    State.NONE: "mute",
    State.DRAFT: "mute",
    State.FILED: "info",
    State.RETURNED: "warn",
    State.ACCEPTED: "ok",
}


def tone(progress: Progress) -> str:
    """Return the tone of an item's badge; the word beside it says the same."""
    if progress.outstanding and progress.lateness is Lateness.OVERDUE:
        return "bad"
    return TONES[progress.state]


def uncertain(calendar: Calendar, *days: date) -> str:
    """Return why a count of working days may be wrong, or nothing when it is certain."""
    entered = {day.year for day in {*calendar.off, *calendar.work}}
    asked = {day.year for day in days}
    said = []
    if missing := sorted(asked - entered):
        said.append(
            _("The holidays of %(years)s are not entered: working days follow the week alone.",
              years=_listed(missing))
        )  # fmt: skip
    if doubtful := sorted((asked & entered) - {*calendar.verified}):
        said.append(
            _("The holidays of %(years)s are not verified: working days may be wrong.",
              years=_listed(doubtful))
        )  # fmt: skip
    return " ".join(said)


def _listed(years: list[int]) -> str:
    return str(_(", ")).join(str(year) for year in years)


def takes(item: Item) -> str:
    """Return the kinds of files an item takes, as people call them."""
    return file_kinds.names(TAKEN[item])


def accepts(item: Item) -> str:
    """Return the same for the file dialogue of a browser."""
    return ",".join(ending for kind in TAKEN[item] for ending in kind.endings)


def on(day: date) -> str:
    """Return a day as a caption says it: 2024年9月12日."""
    if is_chinese():
        return f"{day.year}年{day.month}月{day.day}日"
    return str(format_date(day, "d MMMM y"))


def privacy(campaign: Campaign) -> str:
    """Return what is done with personal data: the office's own text, else the usual one."""
    return campaign.privacy or usual_privacy(campaign)


def usual_privacy(campaign: Campaign) -> str:
    """Return the usual notice, made of the data of the campaign."""
    text = _(
        "Who: %(host)s collects and uses the data below for %(name)s.\n"
        "What: the name, gender, employer, post, landline and mobile of liaison officers, an "
        "e-mail address if they give one, and who filed what and when. No ID number, no face and "
        "no location is collected.\n"
        "Why: to reach the reporting bodies about this month, to receive their filings and to "
        "remind them. It is used for nothing else and given to nobody else.\n"
        "How long: numbers are deleted %(months)s months after the month has ended; filings are "
        "kept as the rules of the archive say.\n"
        "Your rights: you may see, copy, correct and delete your data under your name at the top "
        "of each page.\n"
        "Contact: %(contact)s",
        host=campaign.host or _("The office of the Quality Month"),
        name=campaign.name,
        months=campaign.retention_months,
        contact=campaign.contact or _("The office of the Quality Month"),
    )
    return str(text)


def moment(at: datetime) -> str:
    """Return day and time as a cell of the board has room for: 8月20日 10:03."""
    when = local(at)
    if is_chinese():
        return f"{when.month}月{when.day}日 {when:%H:%M}"
    return str(format_datetime(at, "d MMM HH:mm"))
