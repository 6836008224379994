"""Attached files, for tests that need one."""

import io
import secrets
from typing import Any

from campaign import attachments
from campaign.models import FilingFile, Item
from tests import factories, sent_files
from tests.campaign.worlds import Month


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
