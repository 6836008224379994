"""How tests act on the items of a body through the service."""

import pytest

from campaign import filings
from campaign.models import FilingFile, Item, Media
from core.access import Actor
from core.clock import now
from core.db import db, read_only_done
from core.errors import Conflict
from tests import factories
from tests.factories import writing

OFFICE = Actor("account", 0, "王示例")
PLAN, SLIP = Item.PLAN, Item.SLIP


def file(body, actor, item=PLAN, document=None, **more):
    with writing():
        at = more.pop("at", now())
        return filings.file(body, item, document or {"note": "示例"}, actor, at=at, **more)


def save(body, actor, document=None, item=PLAN, **more):
    with writing():
        return filings.save_draft(body, item, document or {"note": "草稿"}, actor, **more)


def stands(body, item=PLAN):
    read_only_done()
    return filings.standing(body).items[item]


def attach(body, name, item=PLAN, sha="a" * 64):
    with writing():
        row = FilingFile(body_id=body.id, item=item, media=Media.DOCUMENT, name=name,
                         sha256=sha, file=f"{name}-{factories.nonce()}", size=1)  # fmt: skip
        db.session.add(row)
        db.session.flush()
        return row


def refusal(act, *args, **more):
    with pytest.raises(Conflict) as caught, writing():
        act(*args, **more)
    return caught.value.code
