"""What may be attached to an item, once, by whom and with which words."""

import hashlib
import io
from datetime import date
from typing import Any

import pytest
from flask import Flask

from campaign import attachments, bodies, filings
from campaign.attachments import Said
from campaign.models import Item, Media
from core import files, uploads
from core.access import Actor
from core.db import read_only_done
from core.errors import Conflict, InvalidInput, NotFound
from tests import factories, sent_files
from tests.campaign import worlds
from tests.campaign.attached import PLACE, add, filed, lying, one, rows
from tests.campaign.worlds import Month
from tests.racing import race


def test_a_photo_becomes_a_row_and_two_files(each_app: Flask, month: Month) -> None:
    file = one(month, caption=" 启动仪式 ", task=1)
    assert (file.media, file.name, file.media_type) == (Media.PHOTO, "照片.jpg", "image/jpeg")
    assert (file.caption, file.task, file.taken_on) == ("启动仪式", 1, date(2024, 9, 12))
    assert lying() == {file.file, uploads.small(file.file)}
    assert filings.draft(month.body, Item.EVIDENCE)


def test_the_sha256_is_of_what_is_kept(app: Flask, month: Month) -> None:
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
        taken = attachments.take(io.BytesIO(sent), "a.jpg", Item.EVIDENCE, video_mb=1)
        with factories.writing():
            actor = Actor("account", officer)
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
