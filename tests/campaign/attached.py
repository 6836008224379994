"""Attached files, for tests that need some, and the pages that show them."""

import io
import secrets
from typing import Any

import sqlalchemy as sa

from campaign import attachments, filings
from campaign.attachments import PLACE, Attached, Said
from campaign.models import FilingFile, Item
from core import files
from core.clock import now
from core.db import db, read_only_done
from tests import factories, sent_files
from tests.campaign import worlds
from tests.campaign.worlds import Month
from tests.clients import Client

#: What a browser sends of a photo.
PHOTO = (sent_files.photo(), "开工.jpg")


def photo(month: Month) -> FilingFile:
    """Return a photo attached to the evidence of the month's body."""
    with factories.writing():
        stream = io.BytesIO(sent_files.photo())
        taken = attachments.take(stream, "开工.jpg", Item.EVIDENCE, video_mb=1)
        (done,) = attachments.add(month.body, Item.EVIDENCE, [taken], factories.ACTOR)
    assert done.file is not None
    return done.file


def form() -> dict[str, Any]:
    """Return what the upload form of a plan sends."""
    content = sent_files.pdf(secrets.token_hex(8))
    return {"files": (io.BytesIO(content), "方案.pdf")}


def lying() -> set[str]:
    """Return the names of the files on the disk."""
    return {path.name for path in files.directory(PLACE).glob("*")}


def add(month: Month, *sent: bytes, item: Item = Item.EVIDENCE, **words: Any) -> list[Attached]:
    actor = worlds.actor(month.officer)
    read_only_done()
    with factories.writing():
        taken = [attachments.take(io.BytesIO(one), "照片.jpg", item, video_mb=200) for one in sent]
        return attachments.add(month.body, item, taken, actor, Said(**words))


def one(month: Month, **words: Any) -> FilingFile:
    file = add(month, sent_files.photo(), **words)[0].file
    assert file is not None
    return file


def filed(month: Month) -> None:
    actor = worlds.actor(month.officer)
    with factories.writing():
        filings.file(month.body, Item.EVIDENCE, {"note": ""}, actor, at=now())


def rows() -> list[FilingFile]:
    return list(db.session.scalars(sa.select(FilingFile).order_by(FilingFile.id)))


def send(client: Client, month: Month, *files: tuple[bytes, str], **fields: Any) -> Any:
    item = fields.pop("item", "evidence")
    headers = fields.pop("headers", None)
    data = fields | {"files": [(io.BytesIO(content), name) for content, name in files]}
    path = f"/body/{month.body.public_id}/{item}/files"
    return client.post(path, data=data, headers=headers, content_type="multipart/form-data")


def gallery(month: Month, query: str = "") -> str:
    return f"/body/{month.body.public_id}/evidence{query}"


def office_gallery(month: Month, query: str = "") -> str:
    return f"/office/month/{month.campaign.year}/bodies/{month.body.public_id}/files{query}"


def get(client: Client, path: str, **more: Any) -> Any:
    """Return an answer whose file is closed."""
    return client.get(path, buffered=True, **more)
