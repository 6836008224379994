"""What the office writes about a year: names, dates, texts, limits and files at the root."""

import re
from dataclasses import dataclass, fields
from datetime import date

from campaign.models import Campaign
from core import audit
from core.access import Actor
from core.db import db
from core.errors import N_, Conflict, InvalidInput
from core.sealed import seal

FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,79}\.txt")
#: Names with a meaning of their own: search engines obey the first.
RESERVED = ("robots.txt", "humans.txt", "security.txt", "favicon.txt")
#: Bytes; a verification file has a line or two.
FILE_SIZE = 4096


@dataclass(frozen=True)
class Details:
    """All a year's form holds."""

    name: str
    theme: str
    document_no: str
    starts_on: date
    ends_on: date
    host: str
    contact: str
    intro: str
    privacy: str
    footer: str
    root_files: dict[str, str]
    video_limit_mb: int
    retention_months: int


def state(campaign: Campaign) -> str:
    """Return the mark of what is stored now; another mark means that somebody has saved."""
    return seal({field.name: getattr(campaign, field.name) for field in fields(Details)})[:16]


def change(campaign: Campaign, details: Details, actor: Actor, *, seen: str) -> list[str]:
    """Store the details and return the names of those that changed.

    ``seen`` is the mark of what the form was opened with; raises :class:`Conflict` when it is
    no longer what is stored.
    """
    db.session.refresh(campaign, with_for_update=True)
    if seen != state(campaign):
        raise Conflict(
            "details_changed",
            N_(
                "Somebody else saved this page since you opened it. Compare with a newly opened "
                "page; if you save again, what you see here replaces theirs."
            ),
        )
    for name, content in details.root_files.items():
        check_file(name, content)
    changed = [
        field.name
        for field in fields(Details)
        if getattr(campaign, field.name) != getattr(details, field.name)
    ]
    for name in changed:
        setattr(campaign, name, getattr(details, name))
    if changed:
        audit.record("campaign.change", "campaign", campaign.public_id, actor=actor, fields=changed)
    db.session.flush()
    return changed


def check_file(name: str, content: str) -> None:
    """Raise :class:`InvalidInput` unless a text file may stand at the root of the site."""
    if not FILE_NAME.fullmatch(name) or name.lower() in RESERVED:
        raise InvalidInput(
            "root_file_name",
            N_(
                "Copy the name of the file as it was given, e.g. MP_verify_abc123.txt: letters, "
                "digits, dot, dash, underscore, and .txt at the end."
            ),
        )
    if not content or len(content.encode()) > FILE_SIZE:
        raise InvalidInput(
            "root_file_content",
            N_("Copy the content of the file into this field: at most 4 KB of text."),
        )
