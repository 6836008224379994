"""Attached files as they are looked at: by task and kind, a page at a time, or as one filed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from campaign.models import Act, Body, Filing, FilingFile, Item, Media
from core.db import db
from core.errors import N_, NotFound

#: Files on one page.
PAGE = 48


@dataclass(frozen=True)
class Shown:
    """A file as a page shows it: as it is now, or in the words of the version that was filed."""

    id: str
    name: str
    media: Media
    media_type: str
    size: int
    url: str
    caption: str
    task: int
    taken_on: date | None
    #: Name on the disk, and SHA-256; both empty for a link.
    file: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class Wish:
    """What somebody wants to see; None is everything."""

    task: int | None = None
    media: Media | None = None
    page: int = 1

    def wants(self, file: Shown) -> bool:
        """Say whether a file is wanted."""
        return self.task in (None, file.task) and self.media in (None, file.media)


@dataclass(frozen=True)
class Gallery:
    """One page of files, and how many there are in all."""

    files: Sequence[Shown]
    #: Files by task, whatever is wanted; 0 is "not said".
    tasks: Mapping[int, int]
    media: Mapping[Media, int]
    #: Files and bytes of everything.
    count: int
    size: int
    #: Files that are wanted, the page of them and the last page.
    wanted: int
    page: int
    pages: int


def at_hand(body: Body, item: Item, wish: Wish) -> Gallery:
    """Return a page of the files that are attached now; three statements for any number."""
    where = sa.and_(
        FilingFile.body_id == body.id, FilingFile.item == item, FilingFile.removed_at.is_(None)
    )
    counted = db.session.execute(
        sa.select(FilingFile.task, FilingFile.media, sa.func.count(), sa.func.sum(FilingFile.size))
        .where(where)
        .group_by(FilingFile.task, FilingFile.media)
    ).all()
    tasks, media = Counter[int](), Counter[Media]()
    wanted = size = 0
    for task, kind, number, total in counted:
        tasks[task] += number
        media[kind] += number
        size += total
        if wish.task in (None, task) and wish.media in (None, kind):
            wanted += number
    page, pages = _page(wish, wanted)
    chosen = sa.select(FilingFile).where(where).order_by(FilingFile.task, FilingFile.id)
    if wish.task is not None:
        chosen = chosen.where(FilingFile.task == wish.task)
    if wish.media is not None:
        chosen = chosen.where(FilingFile.media == wish.media)
    rows = db.session.scalars(chosen.limit(PAGE).offset((page - 1) * PAGE))
    files = [_shown(row) for row in rows]
    return Gallery(files, tasks, media, sum(tasks.values()), size, wanted, page, pages)


def filed(filing: Filing, wish: Wish) -> Gallery:
    """Return a page of the files of a filed version, in the words of that version."""
    files = in_version(filing)
    tasks, media = Counter(file.task for file in files), Counter(file.media for file in files)
    wanted = [file for file in files if wish.wants(file)]
    page, pages = _page(wish, len(wanted))
    shown = wanted[(page - 1) * PAGE : page * PAGE]
    size = sum(file.size for file in files)
    return Gallery(shown, tasks, media, len(files), size, len(wanted), page, pages)


def everything(body: Body, item: Item) -> list[Shown]:
    """Return all files that are attached now, by task."""
    rows = db.session.scalars(
        sa.select(FilingFile)
        .filter_by(body_id=body.id, item=item, removed_at=None)
        .order_by(FilingFile.task, FilingFile.id)
    )
    return [_shown(row) for row in rows]


def in_version(filing: Filing) -> list[Shown]:
    """Return all files of a filed version, by task."""
    entries = filing.document.get("files", [])
    where = sa.and_(FilingFile.body_id == filing.body_id, FilingFile.item == filing.item)
    rows = db.session.execute(sa.select(FilingFile.public_id, FilingFile.file).where(where))
    names = {row.public_id: row.file for row in rows}
    return sorted((_from(entry, names) for entry in entries), key=lambda file: file.task)


def version(body: Body, item: Item, number: int) -> Filing:
    """Return a filed version by its number, or raise :class:`NotFound`."""
    found = db.session.scalar(
        sa.select(Filing).filter_by(body_id=body.id, item=item, act=Act.FILED, version=number)
    )
    if found is None:
        raise NotFound("unknown_filing", N_("There is no such filing. Go back to the list."))
    return found


def versions(body: Body) -> dict[Item, list[int]]:
    """Return the numbers of the filed versions of each item, the newest first."""
    rows = db.session.execute(
        sa.select(Filing.item, Filing.version)
        .filter_by(body_id=body.id, act=Act.FILED)
        .order_by(Filing.version.desc())
    )
    found: dict[Item, list[int]] = {item: [] for item in Item}
    for item, number in rows:
        found[item].append(number)
    return found


def _page(wish: Wish, wanted: int) -> tuple[int, int]:
    pages = max(1, -(-wanted // PAGE))
    return min(max(wish.page, 1), pages), pages


def _shown(row: FilingFile) -> Shown:
    names = set(Shown.__dataclass_fields__) - {"id"}
    return Shown(row.public_id, **{name: getattr(row, name) for name in names})


def _from(entry: Mapping[str, Any], names: Mapping[str, str]) -> Shown:
    values = {name: entry[name] for name in Shown.__dataclass_fields__ if name in entry}
    taken = entry["taken_on"]
    return Shown(
        **values
        | {
            "media": Media(entry["media"]),
            "taken_on": date.fromisoformat(taken) if taken else None,
            "file": names.get(entry["id"], ""),
        }
    )
