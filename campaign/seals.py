"""Whether what was filed is still what was sealed: versions by their seal, files by their hash."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from campaign.attachments import PLACE
from campaign.models import Act, Filing, FilingFile, Media
from core import files
from core.db import db
from core.sealed import seal


@dataclass(frozen=True)
class Checked:
    """What was looked at, and public ids of what is no longer as it was filed."""

    versions: int
    files: int
    #: Versions whose document does not give their seal.
    changed: tuple[str, ...]
    #: Files that are missing or whose content is another one.
    damaged: tuple[str, ...]


def check() -> Checked:
    """Recompute the seal of every version and the hash of every attached file; reads only."""
    filed = sa.select(Filing.public_id, Filing.document, Filing.seal).filter_by(act=Act.FILED)
    versions = db.session.execute(filed.order_by(Filing.id)).all()
    changed = tuple(row.public_id for row in versions if seal(row.document) != row.seal)
    found = list(_files())
    damaged = tuple(name for name, whole in found if not whole)
    return Checked(len(versions), len(found), changed, damaged)


def _files() -> Iterator[tuple[str, bool]]:
    kept = sa.select(FilingFile.public_id, FilingFile.file, FilingFile.sha256)
    for row in db.session.execute(kept.where(FilingFile.media != Media.LINK)):
        yield row.public_id, _digest(files.directory(PLACE) / row.file) == row.sha256


def _digest(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
