"""What bodies file: versions that never change, the draft before them, files and officers."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from campaign.models.campaign import Item
from core.append_only import append_only
from core.clock import now
from core.data_map import Purpose, personal
from core.db import Model, public_id
from core.errors import N_
from core.triggers import fixed, with_trigger

#: 联络员回执: the notice asks for it, the office works with it.
SLIP = Purpose(
    title=N_("Liaison officers on the reply slip"),
    why=N_("So that the province knows and reaches the officer of each body."),
    basis=N_("Articles 6, 13 and 34: the notice asks for it; nothing beyond its form"),
    keep=N_("The name and what stands beside it stay as the record of the filing"),
    who=N_("The body itself; office and administrators, numbers masked until unmasked"),
)
CLOCK = N_("Emptied when the retention time after the month is over, or on request")
FILING = Purpose(
    title=N_("Filings and their evidence"),
    why=N_("To report what a body did in the month."),
    basis=N_("Articles 6, 13 and 34; archive rule of the organiser"),
    keep=N_("As the organiser's archive rule says"),
    who=N_("The body itself; office and administrators"),
)


class Act(StrEnum):
    """What happened to an item; the newest act is its state."""

    FILED = "filed"
    RETURNED = "returned"
    ACCEPTED = "accepted"


#: A row follows the one before it: 已报 may be replaced, returned or accepted; what is accepted
#: goes on only through 退回; nothing but 已报 follows 退回 or begins.
_BEFORE = (
    "SELECT act FROM filing WHERE body_id = NEW.body_id AND item = NEW.item AND seq = NEW.seq - 1"
)
_VERSION = _BEFORE.replace("SELECT act", "SELECT version")
_WRONG = (
    f"(NEW.act = 'filed' AND ({_BEFORE}) IS NOT NULL AND ({_BEFORE}) = 'accepted') OR "
    f"(NEW.act = 'returned' AND coalesce(({_BEFORE}), '') NOT IN ('filed', 'accepted')) OR "
    f"(NEW.act = 'accepted' AND coalesce(({_BEFORE}), '') <> 'filed') OR "
    f"(NEW.seq > 1 AND ({_BEFORE}) IS NULL) OR "
    # A new version is the next one; a return or an acceptance speaks of the newest.
    f"NEW.version <> coalesce(({_VERSION}), 0) + (CASE NEW.act WHEN 'filed' THEN 1 ELSE 0 END)"
)
FOLLOWS = {
    "sqlite": f"BEFORE INSERT ON {{table}} WHEN {_WRONG} "
    "BEGIN SELECT RAISE(ABORT, 'this act does not follow: filing'); END",
    "postgresql": f"IF {_WRONG} THEN RAISE EXCEPTION USING "
    "MESSAGE = 'this act does not follow: filing', "
    "ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW;",
}


@with_trigger("follows", "INSERT", FOLLOWS)
@append_only
class Filing(Model):
    """One act on an item of a body: a version filed, returned or accepted."""

    __table_args__ = (
        sa.UniqueConstraint("body_id", "item", "seq"),
        sa.CheckConstraint("seq >= 1 AND version BETWEEN 1 AND seq", name="counted"),
        sa.CheckConstraint("act <> 'returned' OR length(trim(reason)) > 0", name="return_reason"),
        sa.CheckConstraint("(act = 'filed') = (length(seal) = 64)", name="versions_are_sealed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    body_id: Mapped[int] = mapped_column(sa.ForeignKey("body.id"))
    item: Mapped[Item]
    #: Running number of the acts on this item; two acts at once cannot both have it.
    seq: Mapped[int]
    act: Mapped[Act]
    #: Running number of the filed versions; a return or an acceptance speaks of it.
    version: Mapped[int]
    #: What was filed, without a person's data (see :class:`SlipPerson`); empty for other acts.
    document: Mapped[dict[str, Any]] = mapped_column(
        default=dict, info=personal(N_("Names and captions of the attached files"), FILING)
    )
    #: SHA-256 of the canonical document; empty for other acts.
    seal: Mapped[str] = mapped_column(default="")
    #: Why it was returned.
    reason: Mapped[str] = mapped_column(
        default="", info=personal(N_("Reason of a return, which may name a person"), FILING)
    )
    #: When the request arrived: it decides whether the deadline was kept.
    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))


#: What is accepted is prepared anew only after 退回. A draft from before stays where it is.
_ACCEPTED = (
    "(SELECT act FROM filing WHERE body_id = NEW.body_id AND item = NEW.item "
    "ORDER BY seq DESC LIMIT 1) = 'accepted'"
)
NOT_ACCEPTED = {
    "sqlite": f"BEFORE INSERT ON {{table}} WHEN {_ACCEPTED} "
    "BEGIN SELECT RAISE(ABORT, 'accepted already: filing_draft'); END",
    "postgresql": f"IF {_ACCEPTED} THEN RAISE EXCEPTION USING "
    "MESSAGE = 'accepted already: filing_draft', "
    "ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW;",
}


@with_trigger("open", "INSERT", NOT_ACCEPTED)
class FilingDraft(Model):
    """What a body prepares and has not filed; gone when it is."""

    body_id: Mapped[int] = mapped_column(sa.ForeignKey("body.id"), primary_key=True)
    item: Mapped[Item] = mapped_column(primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column(
        default=dict,
        info=personal(
            N_("Rows of a reply slip that is not filed yet"),
            SLIP,
            keep=N_("Until it is filed; dropped 30 days after the month"),
            who=N_("The body itself; office and administrators"),
        ),
    )
    #: Counts the savings, so that a second window cannot overwrite the first unseen.
    edit: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))


class Media(StrEnum):
    """What an attached file is."""

    DOCUMENT = "document"
    PHOTO = "photo"
    VIDEO = "video"
    #: An address on another site instead of a file.
    LINK = "link"


ATTACHED = sa.text("removed_at IS NULL AND media <> 'link'")


FIXED_FILE = fixed(
    "public_id", "body_id", "item", "media", "media_type", "name", "size", "sha256", "file", "url"
)


@with_trigger("fixed", "UPDATE", FIXED_FILE)
class FilingFile(Model):
    """A file or a link attached to an item; the bytes never change, the caption may."""

    __table_args__ = (
        sa.CheckConstraint("(media = 'link') = (length(file) = 0)", name="file_or_link"),
        sa.CheckConstraint("(media = 'link') = (length(url) > 0)", name="link_has_address"),
        sa.CheckConstraint("task BETWEEN 0 AND 8", name="task"),
        sa.Index("ix_filing_file_body_id_item", "body_id", "item"),
        # The same photo twice in one item is one photo.
        sa.Index(
            "uq_filing_file_once",
            "body_id",
            "item",
            "sha256",
            unique=True,
            sqlite_where=ATTACHED,
            postgresql_where=ATTACHED,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    body_id: Mapped[int] = mapped_column(sa.ForeignKey("body.id"))
    item: Mapped[Item]
    media: Mapped[Media]
    #: As the file was called on the sender's machine, cleaned.
    name: Mapped[str] = mapped_column(
        info=personal(N_("Name of the file, which may name a person"), FILING)
    )
    media_type: Mapped[str] = mapped_column(default="")
    #: Bytes.
    size: Mapped[int] = mapped_column(default=0)
    #: SHA-256 of what is kept, i.e. after the location was taken out; empty for a link.
    sha256: Mapped[str] = mapped_column(default="")
    #: Name in the directory of filings; empty for a link.
    file: Mapped[str] = mapped_column(
        default="", info=personal(N_("The file: photos and videos may show persons"), FILING)
    )
    url: Mapped[str] = mapped_column(
        default="", info=personal(N_("Address of a video, which may show persons"), FILING)
    )
    caption: Mapped[str] = mapped_column(
        default="", info=personal(N_("Caption, which may name a person"), FILING)
    )
    #: One of the eight tasks of the notice; 0 while not said.
    task: Mapped[int] = mapped_column(default=0)
    taken_on: Mapped[date | None]
    uploaded_at: Mapped[datetime] = mapped_column(default=now)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    #: Taken out of the draft; a filed version keeps what it holds.
    removed_at: Mapped[datetime | None]


class Gender(StrEnum):
    """性别, asked on the reply slip only."""

    MALE = "male"
    FEMALE = "female"


#: A person of a filed slip never changes; only forgetting the numbers is left.
_CHANGED = "NEW.forgotten_at IS NULL OR " + " OR ".join(
    f"NEW.{name} <> OLD.{name}"
    for name in ("public_id", "filing_id", "position", "name", "gender", "employer", "post")
)
ONLY_FORGOTTEN = {
    "sqlite": f"BEFORE UPDATE ON {{table}} WHEN {_CHANGED} "
    "BEGIN SELECT RAISE(ABORT, 'a filed person is only forgotten'); END",
    "postgresql": f"IF {_CHANGED} THEN RAISE EXCEPTION USING "
    "MESSAGE = 'a filed person is only forgotten', "
    "ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW;",
}
#: And stays in the version that names them.
NEVER_DELETED = {
    "sqlite": "BEFORE DELETE ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'a filed person is only forgotten'); END",
    "postgresql": "RAISE EXCEPTION USING MESSAGE = 'a filed person is only forgotten', "
    "ERRCODE = 'integrity_constraint_violation';",
}


@with_trigger("stays", "DELETE", NEVER_DELETED)
@with_trigger("forget", "UPDATE", ONLY_FORGOTTEN)
class SlipPerson(Model):
    """One person row of a filed 联络员回执; the first is the primary contact."""

    __table_args__ = (
        sa.UniqueConstraint("filing_id", "position"),
        sa.CheckConstraint(
            "forgotten_at IS NULL OR (mobile = '' AND landline = '')", name="forgotten_is_empty"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(unique=True, default=public_id)
    filing_id: Mapped[int] = mapped_column(sa.ForeignKey("filing.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(info=personal(N_("Name"), SLIP))
    gender: Mapped[Gender] = mapped_column(
        info=personal(N_("Gender (the form of the notice asks for it)"), SLIP)
    )
    #: 工作单位 of the person, which is not the body that files (填报单位).
    employer: Mapped[str] = mapped_column(info=personal(N_("Employer"), SLIP))
    post: Mapped[str] = mapped_column(info=personal(N_("Post"), SLIP))
    #: 固定电话 as printed: one or several numbers.
    landline: Mapped[str] = mapped_column(
        default="", info=personal(N_("Landline"), SLIP, keep=CLOCK)
    )
    #: Eleven digits.
    mobile: Mapped[str] = mapped_column(info=personal(N_("Mobile"), SLIP, keep=CLOCK))
    #: When the retention time was over, or the person asked.
    forgotten_at: Mapped[datetime | None]
