"""How tests fill in the pages of a body: addresses, rows of a slip, files, what was filed."""

import re

from campaign import filings
from campaign.models import FilingFile, Media
from core.access import Actor
from core.clock import now
from core.db import db, read_only_done
from tests import factories
from tests.campaign import worlds
from tests.factories import writing

OFFICE = Actor("account", 0, "王示例")
PERSON = {
    "name": "张示例", "gender": "female", "employer": "【示例】市质量安全监督站（虚构）",
    "post": "副主任（主持工作）", "landline": "020-12345678、12345679", "mobile": "13000000001",
}  # fmt: skip


def empty_body(month):
    """Return a body that has filed nothing, of which the officer is one too."""
    join(month.officer, month.elsewhere)
    return month.elsewhere


def join(user, body):
    """Have an account file for a body too."""
    with writing():
        worlds.accounts.grant(user, worlds.Role.LIAISON, worlds.Scope.BODY, body.id)


def path(body, page=""):
    return f"/body/{body.public_id}/{page}"


def rows(*persons, **more):
    """Return a slip as a browser sends it: cells of a column share their name."""
    return {name: [p[name] for p in persons] for name in PERSON} | more


def send(client, body, page, act="save", follow=False, **data):
    data = {"act": act} | data
    return client.post(path(body, page), data=data, follow_redirects=follow)


def attach(body, item):
    with writing():
        row = FilingFile(body_id=body.id, item=item, media=Media.DOCUMENT, name="方案.pdf",
                         sha256=factories.nonce(), file=factories.nonce(), size=1)  # fmt: skip
        db.session.add(row)
        db.session.flush()
        return row


def filed(body, item, document=None, **more):
    with writing():
        at = more.pop("at", now())
        return filings.file(body, item, document or {}, OFFICE, at=at, **more)


def newest(body, item):
    read_only_done()
    return filings.last_version(body, item)


def value(page, name):
    found = re.search(rf'id="{re.escape(name)}"[^>]*? value="([^"]*)"', page)
    assert found, name
    return found[1]
