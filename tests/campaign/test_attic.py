"""What attached files leave behind, and how they are looked at."""

import os
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from campaign import attachments, attic, filings, gallery
from campaign.attachments import PLACE, Said
from campaign.gallery import Wish
from campaign.models import Item, Media
from core import files, retention, uploads
from core.clock import now
from core.db import read_only_done
from core.errors import NotFound
from tests import factories, sent_files
from tests.campaign.attached import add, filed, lying, one, rows
from tests.campaign.worlds import Month


def old(*names: str) -> None:
    for name in names:
        before = (now() - timedelta(days=3)).timestamp()
        os.utime(files.directory(PLACE) / name, (before, before))


def test_files_without_a_row_are_swept_but_not_those_just_sent(app: Flask, month: Month) -> None:
    file = one(month)
    for name in ("a" * 32, "b" * 32):
        (files.directory(PLACE) / name).write_bytes(b"12345")
    old("a" * 32, file.file, uploads.small(file.file))
    assert attic.orphans() == ["a" * 32]
    read_only_done()
    with factories.writing():
        assert attic.sweep(dry_run=True) == attic.sweep() == attic.Swept(1, 0, 5)
    assert lying() == {file.file, uploads.small(file.file), "b" * 32}


def test_a_file_taken_out_long_ago_goes_unless_a_version_lists_it(
    each_app: Flask, month: Month, clock: Any
) -> None:
    listed = one(month)
    filed(month)
    loose = add(month, sent_files.photo(seed=5))[0].file
    assert loose
    with factories.writing():
        for file in (listed, loose):
            attachments.remove(month.body, file, factories.ACTOR)
    assert attic.sweep(dry_run=True).rows == 0
    clock.forward(days=31)
    rule = next(r for r in retention.rules() if r.name == "attached_files")
    read_only_done()
    with factories.writing():
        assert rule.due(now()) == 1
        assert retention.carry_out(rule) == 1
        assert loose.file in lying()
    assert [row.id for row in rows()] == [listed.id]
    assert lying() == {listed.file, uploads.small(listed.file)}


def test_before_any_upload_there_is_nothing_to_sweep(app: Flask) -> None:
    assert attic.sweep(dry_run=True) == attic.Swept(0, 0, 0)


def test_a_filed_version_keeps_its_words_when_they_change(app: Flask, month: Month) -> None:
    file = one(month, caption="alt")
    filed(month)
    with factories.writing():
        assert attachments.change(month.body, [(file, Said("neu", 3))], factories.ACTOR) == 1
        assert attachments.change(month.body, [(file, Said("neu", 3))], factories.ACTOR) == 0
    newest = filings.last_version(month.body, Item.EVIDENCE)
    assert newest
    (then,) = gallery.in_version(newest)
    (today,) = gallery.everything(month.body, Item.EVIDENCE)
    assert [(f.caption, f.task, f.file) for f in (then, today)] == [
        ("alt", 0, file.file), ("neu", 3, file.file),
    ]  # fmt: skip


def test_a_gallery_counts_everything_and_shows_what_is_wanted(app: Flask, month: Month) -> None:
    add(month, sent_files.photo(), task=2)
    add(month, sent_files.film(), sent_files.pdf())
    filed(month)
    newest = filings.last_version(month.body, Item.EVIDENCE)
    assert newest
    for look in (
        lambda wish: gallery.at_hand(month.body, Item.EVIDENCE, wish),
        lambda wish: gallery.filed(newest, wish),
    ):
        every, some = look(Wish()), look(Wish(task=0, media=Media.VIDEO, page=99))
        assert (every.tasks, every.count, every.wanted) == ({0: 2, 2: 1}, 3, 3)
        assert [file.media for file in every.files][-1] is Media.PHOTO
        assert every.media == {Media.PHOTO: 1, Media.VIDEO: 1, Media.DOCUMENT: 1}
        assert (some.wanted, some.page, some.pages) == (1, 1, 1)
        assert [file.media for file in some.files] == [Media.VIDEO]


def test_versions_are_found_by_number(app: Flask, month: Month) -> None:
    assert gallery.versions(month.body)[Item.SLIP] == [1]
    assert gallery.version(month.body, Item.SLIP, 1).id == month.filing.id
    with pytest.raises(NotFound):
        gallery.version(month.body, Item.EVIDENCE, 1)
