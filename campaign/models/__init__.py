"""Tables of the month, in the order a year meets them."""

from campaign.models.campaign import Body, BodyKind, Campaign, Deadline, Item, Organisation, Place
from campaign.models.filing import Act, Filing, FilingDraft, FilingFile, Gender, Media, SlipPerson
from campaign.models.holiday import DayKind, Holiday

__all__ = [
    "Act",
    "Body",
    "BodyKind",
    "Campaign",
    "DayKind",
    "Deadline",
    "Filing",
    "FilingDraft",
    "FilingFile",
    "Gender",
    "Holiday",
    "Item",
    "Media",
    "Organisation",
    "Place",
    "SlipPerson",
]
