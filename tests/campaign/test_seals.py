"""The seals of filings are recomputed, on both databases, and a change below them is found."""

import sqlalchemy as sa

from campaign import seals
from campaign.models import Item
from core import files
from core.db import db
from tests.campaign import worlds
from tests.campaign.acts import attach, file
from tests.factories import writing


def verify(app):
    return app.test_cli_runner().invoke(args=["campaign", "verify"])


def test_what_was_filed_gives_its_seal_again(each_app, month):
    document = {"note": "𬭎·“示例”\n二", "figures": {"tours.sessions": None, "service.days": 0}}
    file(month.body, worlds.actor(month.officer), Item.SUMMARY, document)
    found = seals.check()
    assert (found.versions, found.changed) == (2, ())
    assert verify(each_app).exit_code == 0


def test_a_version_that_was_changed_past_the_triggers_is_named(app, month):
    with writing():
        db.session.execute(sa.text("DROP TRIGGER filing_no_update"))
        db.session.execute(sa.text('UPDATE filing SET document = \'{"note": "x"}\''))
    done = verify(app)
    assert done.exit_code == 1
    assert month.filing.public_id in done.output


def test_a_file_that_is_missing_or_another_one_is_named(app, month):
    missing = attach(month.body, "a.pdf")
    other = attach(month.body, "b.pdf", sha="b" * 64)
    folder = files.directory("filings")
    folder.mkdir(parents=True)
    (folder / other.file).write_bytes(b"other")
    assert set(seals.check().damaged) == {missing.public_id, other.public_id}
    assert verify(app).exit_code == 1
