"""What may be attached to an item, once, and what becomes of it when nobody wants it."""

import io
import os
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from campaign import attachments, attic, filings, gallery
from campaign.attachments import PLACE, Attached, Said
from campaign.gallery import Wish
from campaign.models import FilingFile, Item, Media
from core import files, retention, uploads
from core.clock import now
from core.db import db, read_only_done
from core.errors import Conflict, InvalidInput, NotFound
from tests import factories, sent_files
from tests.campaign import worlds
from tests.campaign.worlds import Month
from tests.racing import race


def lying() -> set[str]:
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


def test_a_photo_becomes_a_row_and_two_files(each_app: Flask, month: Month) -> None:
    file = one(month, caption=" 启动仪式 ", task=1)
    assert (file.media, file.name, file.media_type) == (Media.PHOTO, "照片.jpg", "image/jpeg")
    assert (file.caption, file.task, file.taken_on) == ("启动仪式", 1, date(2024, 9, 12))
    assert lying() == {file.file, uploads.small(file.file)}
    assert filings.draft(month.body, Item.EVIDENCE)


def test_the_sha256_is_of_what_is_kept(app: Flask, month: Month) -> None:
    import hashlib

    file = one(month)
    kept = (files.directory(PLACE) / file.file).read_bytes()
    assert (hashlib.sha256(kept).hexdigest(), len(kept)) == (file.sha256, file.size)
    assert sent_files.PLACE not in kept


def test_the_same_photo_twice_is_one_and_no_error(each_app: Flask, month: Month) -> None:
    first, again, other = add(month, *[sent_files.photo()] * 2, sent_files.photo(seed=1))
    assert [first.new, again.new, other.new] == [True, False, True]
    assert again.file is first.file
    assert add(month, sent_files.photo())[0].new is False
    assert len(lying()) == 4


def test_the_same_photo_may_prove_another_item(app: Flask, month: Month) -> None:
    one(month)
    assert add(month, sent_files.photo(), item=Item.PLAN)[0].new


def test_the_same_photo_sent_by_many_at_once_is_one(each_app: Flask, month: Month) -> None:
    body, officer = month.body.public_id, month.officer.id
    sent = sent_files.photo()

    def send(_n: int) -> bool:
        from campaign import bodies

        taken = attachments.take(io.BytesIO(sent), "a.jpg", Item.EVIDENCE, video_mb=1)
        with factories.writing():
            actor = attachments.Actor("account", officer)
            return attachments.add(bodies.find(body), Item.EVIDENCE, [taken], actor)[0].new

    assert sorted(race(each_app, send, 6)) == [False] * 5 + [True]
    assert len(lying()) == 2


@pytest.mark.parametrize(
    ("item", "sent", "taken"),
    [
        (Item.SLIP, sent_files.pdf(), True),
        (Item.SLIP, sent_files.photo(64, 48), True),
        (Item.SLIP, sent_files.docx(), False),
        (Item.SLIP, sent_files.film(), False),
        (Item.PLAN, sent_files.docx(), True),
        (Item.SUMMARY, sent_files.screenshot(), True),
        (Item.SUMMARY, sent_files.film(), False),
        (Item.EVIDENCE, sent_files.film(), True),
        (Item.EVIDENCE, sent_files.docx(), True),
        (Item.EVIDENCE, b"<html>", False),
    ],
)
def test_each_item_takes_its_own_kinds(
    app: Flask, month: Month, item: Item, sent: bytes, taken: bool
) -> None:
    if taken:
        assert add(month, sent, item=item)[0].new
        return
    with pytest.raises(InvalidInput):
        add(month, sent, item=item)
    assert (rows(), lying()) == ([], set())


def test_a_film_is_as_large_as_the_campaign_allows(app: Flask, month: Month) -> None:
    film = io.BytesIO(sent_files.film(size=2 * 2**20))
    read_only_done()
    with pytest.raises(InvalidInput) as refused:
        attachments.take(film, "a.mp4", Item.EVIDENCE, video_mb=1)
    assert refused.value.code == "file_too_large"


def test_what_an_item_has_no_room_for_is_refused_alone(
    app: Flask, month: Month, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "FILES", 1)
    done = add(month, sent_files.photo(), sent_files.photo(seed=1), sent_files.photo())
    assert [(d.new, d.refusal.code if d.refusal else "") for d in done] == [
        (True, ""), (False, "too_many_files"), (False, ""),
    ]  # fmt: skip
    assert len(lying()) == 2


def test_all_files_together_have_a_limit(
    app: Flask, month: Month, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "BYTES", 9)
    (refused,) = add(month, sent_files.photo())
    assert refused.refusal
    assert refused.refusal.code == "files_too_large"
    assert lying() == set()


@pytest.mark.parametrize("act", ["add", "change", "remove", "restore", "link"])
def test_nothing_changes_once_the_item_is_accepted(app: Flask, month: Month, act: str) -> None:
    file = one(month)
    filed(month)
    actor = worlds.actor(month.officer)
    with factories.writing():
        filings.accept(month.body, Item.EVIDENCE, actor, version=1)
    acts = {
        "add": lambda: add(month, sent_files.photo(seed=2)),
        "change": lambda: attachments.change(month.body, [(file, Said("neu"))], actor),
        "remove": lambda: attachments.remove(month.body, file, actor),
        "restore": lambda: attachments.restore(month.body, file, actor),
        "link": lambda: attachments.add_link(month.body, "https://example.cn/a", actor),
    }
    with pytest.raises(Conflict) as refused:
        if act == "add":
            acts[act]()
        with factories.writing():
            acts[act]()
    assert refused.value.code == "accepted_already"
    assert len(lying()) == 2
    read_only_done()
    with pytest.raises(Conflict):
        attachments.check_open(month.body, Item.EVIDENCE)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"caption": "字" * 201}, "caption_too_long"),
        ({"caption": "a\nb"}, "text_unreadable"),
        ({"task": 9}, "no_such_task"),
        ({"task": -1}, "no_such_task"),
        ({"taken_on": date(1980, 1, 1)}, "date_impossible"),
        ({"taken_on": date.max}, "date_impossible"),
    ],
)
def test_words_that_cannot_be_are_refused(
    app: Flask, month: Month, words: dict[str, Any], code: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        one(month, **words)
    assert (refused.value.code, lying()) == (code, set())


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


def test_a_file_taken_out_comes_back_by_undo_or_by_sending_it_again(
    each_app: Flask, month: Month
) -> None:
    file = one(month)
    for _again in range(2):
        with factories.writing():
            attachments.remove(month.body, file, factories.ACTOR)
            attachments.remove(month.body, file, factories.ACTOR)
        assert filings.files(month.body, Item.EVIDENCE) == []
        if not _again:
            with factories.writing():
                attachments.restore(month.body, file, factories.ACTOR)
                attachments.restore(month.body, file, factories.ACTOR)
        else:
            assert add(month, sent_files.photo())[0].new
        assert [f.id for f in filings.files(month.body, Item.EVIDENCE)] == [file.id]
    assert len(lying()) == 2


@pytest.mark.parametrize(
    "url",
    ["http://example.cn/a", "https://", "https://localhost/", "javascript:alert(1)", "//a.cn",
     "https://user:pw@example.cn/", "https://a.cn/ b", 'https://a.cn/"', "https://[::1",
     "https://a.cn/" + "x" * 500, ""],
)  # fmt: skip
def test_a_link_is_the_whole_https_address(url: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        attachments.check_link(url)
    assert refused.value.code == "link_invalid"


def test_a_link_is_attached_once(app: Flask, month: Month, monkeypatch: pytest.MonkeyPatch) -> None:
    url = " https://v.example.cn/play?id=1 "
    with factories.writing():
        first = attachments.add_link(month.body, url, factories.ACTOR, Said("视频", 1))
        again = attachments.add_link(month.body, url, factories.ACTOR)
        monkeypatch.setattr(attachments, "FILES", 1)
        with pytest.raises(Conflict):
            attachments.add_link(month.body, "https://b.cn", factories.ACTOR)
    assert first.file
    assert (first.new, again.new, again.file) == (True, False, first.file)
    assert (first.file.media, first.file.name) == (Media.LINK, "v.example.cn")


def test_a_file_of_another_body_is_unknown(app: Flask, month: Month) -> None:
    file = one(month)
    assert attachments.find(file.public_id, month.body) is file
    for public_id, body in ((file.public_id, month.elsewhere), ("unknown", None)):
        with pytest.raises(NotFound):
            attachments.find(public_id, body)


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
