"""What a laboratory's browser does in tests: the pages of the open stage, and what they say."""

import re

from core.db import db
from scoring import entries
from tests.scoring import worlds


def page(world):
    return f"/lab/entry/{world.stage.public_id}"


def words(answer):
    main = answer.text[answer.text.index("<main") :]
    main = re.sub(r'<span class="nowrap">(.*?)</span>', r"\1", main)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def draft(world, lab=None):
    db.session.expire_all()
    return entries.desk((lab or world.lab).actor, world.stage.public_id)


def save(client, world, **fields):
    """Send the form as the page would, with the fields of a faultless entry."""
    data = worlds.typed(world, **fields) | {"rev": str(draft(world).rev), "act": "check"}
    return client.post(page(world), data=data)


def submit(client, world):
    return client.submit(page(world) + "/check")
