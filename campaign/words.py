"""Words of the month in the reader's language: items, states, kinds, gender."""

from flask_babel import lazy_gettext as _l

from campaign.models import BodyKind, Gender, Item, Media
from campaign.progress import Lateness, Progress, State

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
KINDS = {
    BodyKind.HOUSING: _l("Housing and construction"),
    BodyKind.TRANSPORT: _l("Transport"),
    BodyKind.RAIL: _l("Rail transit"),
    BodyKind.WATER: _l("Water"),
    BodyKind.LANDSCAPE: _l("Forestry and gardens"),
    BodyKind.ZONE: _l("Cooperation zone"),
}
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
