"""Files and links attached to an item: taken in, described, taken out, and cleared away.

A file is taken in (:func:`take`) before the write transaction, for drawing a photo anew takes
time; what may be attached is decided inside it. Every change is a change of the item's draft.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO
from urllib.parse import urlsplit

import sqlalchemy as sa

from campaign import filings
from campaign.models import Body, FilingFile, Item, Media
from core import audit, uploads
from core.access import Actor
from core.clock import local, now
from core.db import db
from core.errors import N_, AppError, Conflict, InvalidInput, NotFound
from core.file_kinds import Kind
from core.text import check_line, readable
from core.uploads import Taken

#: Directory of attached files.
PLACE = "filings"
_SHEET = (Kind.PDF, Kind.JPEG, Kind.PNG)
_PAPER = (Kind.PDF, Kind.DOCX, Kind.JPEG, Kind.PNG)
#: What an item takes.
TAKEN = {
    Item.SLIP: _SHEET,
    Item.PLAN: _PAPER,
    Item.SUMMARY: _PAPER,
    Item.EVIDENCE: (Kind.JPEG, Kind.PNG, Kind.MP4, Kind.MOV, Kind.PDF, Kind.DOCX),
}
#: Files of one item, and bytes of all of them.
FILES, BYTES = 2000, 2 * 2**30
CAPTION, URL = 200, 500
_EARLIEST = date(1990, 1, 1)


@dataclass(frozen=True)
class Attached:
    """What became of one file: a row, or the refusal; ``new`` is false for one that was there."""

    name: str
    file: FilingFile | None = None
    new: bool = False
    refusal: AppError | None = None


@dataclass(frozen=True)
class Said:
    """What the sender says of a file."""

    caption: str = ""
    #: One of the eight tasks; 0 while not said.
    task: int = 0
    taken_on: date | None = None

    def checked(self) -> "Said":
        """Return it cleaned, or raise :class:`InvalidInput`."""
        caption = check_line(self.caption.strip())
        if len(caption) > CAPTION:
            raise InvalidInput(
                "caption_too_long",
                N_("A caption has at most %(max)s characters. Shorten it."),
                max=CAPTION,
            )
        if not 0 <= self.task <= 8:
            raise InvalidInput("no_such_task", N_("Choose one of the eight tasks, or none."))
        if self.taken_on and not _EARLIEST <= self.taken_on <= local(now()).date():
            raise InvalidInput(
                "date_impossible", N_("The date of a file lies in the past. Check the year.")
            )
        return Said(caption, self.task, self.taken_on)


def take(stream: BinaryIO, name: str, item: Item, *, video_mb: int) -> Taken:
    """Check and keep an uploaded file for ``item``, or raise :class:`InvalidInput`."""
    return uploads.take(stream, name, PLACE, TAKEN[item], video=video_mb * 2**20)


def check_open(body: Body, item: Item) -> None:
    """Raise :class:`Conflict` when the item was accepted: nothing more is attached to it."""
    if not filings.standing(body).items[item].may_file:
        raise Conflict(
            "accepted_already",
            N_("This item has been accepted. Ask the office to return it before you change it."),
        )


def add(
    body: Body, item: Item, taken: Sequence[Taken], actor: Actor, said: Said | None = None
) -> list[Attached]:
    """Attach files that lie on the disk; the same file twice is one, and is no error.

    What an item has no room for is refused alone. Raises :class:`Conflict` when it was accepted.
    """
    said = (said or Said()).checked()
    filings.touch_draft(body, item, actor)  # first: it decides, and makes others wait
    count, size = db.session.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(FilingFile.size), 0)).where(
            *_attached(body, item)
        )
    ).one()
    done = []
    for file in taken:
        attached = _known(body, item, file, actor)
        if attached is None and (refusal := _no_room(count, size + file.kept.size)):
            file.discard()
            attached = Attached(file.name, refusal=refusal)
        if attached is None:
            attached = Attached(file.name, _row(body, item, file, said, actor), new=True)
        if attached.new:
            count, size = count + 1, size + file.kept.size
        done.append(attached)
    return done


def _attached(body: Body, item: Item) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        FilingFile.body_id == body.id,
        FilingFile.item == item,
        FilingFile.removed_at.is_(None),
    )


def _known(body: Body, item: Item, file: Taken, actor: Actor) -> Attached | None:
    """Return the row of the same bytes; one that was taken out comes back."""
    row = db.session.scalar(
        sa.select(FilingFile)
        .filter_by(body_id=body.id, item=item, sha256=file.kept.sha256)
        .order_by(FilingFile.removed_at.is_not(None), FilingFile.id.desc())
        .limit(1)
    )
    if row is None:
        return None
    file.discard()
    again = row.removed_at is not None
    if again:
        row.removed_at = None
        _record("file.restore", row, body, actor)
    return Attached(file.name, row, new=again)


def _no_room(count: int, size: int) -> AppError | None:
    if count >= FILES:
        return Conflict(
            "too_many_files",
            N_("There are %(max)s files here already. Take some out, or send a link."),
            max=FILES,
        )
    if size > BYTES:
        return Conflict(
            "files_too_large",
            N_("All files together are larger than %(max)s MB. Take some out, or send a link."),
            max=BYTES // 2**20,
        )
    return None


def _row(body: Body, item: Item, file: Taken, said: Said, actor: Actor) -> FilingFile:
    media = Media.DOCUMENT
    if file.kind in uploads.PICTURES:
        media = Media.PHOTO
    elif file.kind in uploads.VIDEOS:
        media = Media.VIDEO
    return _added(
        body,
        FilingFile(
            body_id=body.id,
            item=item,
            media=media,
            name=file.name,
            media_type=file.kind.media_type,
            size=file.kept.size,
            sha256=file.kept.sha256,
            file=file.kept.name,
            caption=said.caption,
            task=said.task,
            taken_on=said.taken_on or file.taken_on,
            user_id=actor.id or None,
        ),
        actor,
    )


def add_link(body: Body, url: str, actor: Actor, said: Said | None = None) -> Attached:
    """Attach a link to another site (https) to the evidence, e.g. to a film."""
    said, url = (said or Said()).checked(), check_link(url)
    filings.touch_draft(body, Item.EVIDENCE, actor)
    where = _attached(body, Item.EVIDENCE)
    name = urlsplit(url).hostname or ""
    known = db.session.scalar(sa.select(FilingFile).where(*where, FilingFile.url == url))
    if known is not None:
        return Attached(name, known)
    count = db.session.scalar(sa.select(sa.func.count()).where(*where)) or 0
    if refusal := _no_room(count, 0):
        raise refusal
    row = FilingFile(
        body_id=body.id,
        item=Item.EVIDENCE,
        media=Media.LINK,
        name=name,
        url=url,
        user_id=actor.id or None,
        **vars(said),
    )
    return Attached(name, _added(body, row, actor), new=True)


def check_link(url: str) -> str:
    """Return an address of another site that may be shown, or raise :class:`InvalidInput`."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        good = parts.scheme == "https" and "." in (parts.hostname or "") and "@" not in parts.netloc
    except ValueError:
        good = False
    if not good or len(url) > URL or not readable(url) or set(url) & set(' "<>\\'):
        raise InvalidInput("link_invalid", N_("Paste the whole address, beginning with https://."))
    return url


def change(body: Body, said: Iterable[tuple[FilingFile, Said]], actor: Actor) -> int:
    """Describe files anew and return how many changed; a filed version keeps its own words."""
    changed = 0
    for file, words in said:
        new = words.checked()
        if (file.caption, file.task, file.taken_on) != (new.caption, new.task, new.taken_on):
            if not changed:
                filings.touch_draft(body, file.item, actor)
            file.caption, file.task, file.taken_on = new.caption, new.task, new.taken_on
            changed += 1
    db.session.flush()
    return changed


def remove(body: Body, file: FilingFile, actor: Actor) -> None:
    """Take a file out of the draft; a filed version that lists it keeps it."""
    filings.touch_draft(body, file.item, actor)
    if file.removed_at is None:
        file.removed_at = now()
        _record("file.remove", file, body, actor)


def restore(body: Body, file: FilingFile, actor: Actor) -> None:
    """Put a file back that was taken out."""
    filings.touch_draft(body, file.item, actor)
    if file.removed_at is None:
        return
    same = (FilingFile.sha256 == file.sha256) & (FilingFile.url == file.url)
    if db.session.scalar(sa.select(FilingFile.id).where(*_attached(body, file.item), same)) is None:
        file.removed_at = None
        _record("file.restore", file, body, actor)


def find(public_id: str, body: Body | None = None) -> FilingFile:
    """Return a file by its public id, of ``body`` alone if given, or raise :class:`NotFound`."""
    file = db.session.scalar(sa.select(FilingFile).filter_by(public_id=public_id))
    if file is None or (body is not None and file.body_id != body.id):
        raise NotFound("unknown_file", N_("There is no such file. Go back to the list."))
    return file


def _added(body: Body, row: FilingFile, actor: Actor) -> FilingFile:
    db.session.add(row)
    db.session.flush()
    _record("file.attach", row, body, actor)
    return row


def _record(act: str, file: FilingFile, body: Body, actor: Actor) -> None:
    db.session.flush()
    audit.record(act, "file", file.public_id, actor=actor, body=body.public_id, item=file.item)
