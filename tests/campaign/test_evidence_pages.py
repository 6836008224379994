"""The gallery on both sides: filing, looking, the ZIP, and who may not."""

import io
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from campaign import attachments, filings
from campaign.attachments import PLACE, Said
from campaign.models import FilingFile, Item, Media
from core import files
from core.db import db, read_only_done
from tests import factories, sent_files
from tests.campaign import worlds
from tests.campaign.attached import PHOTO, gallery, get, office_gallery, rows, send
from tests.campaign.worlds import Month
from tests.clients import Client


def test_evidence_is_filed_and_accepted_evidence_is_only_looked_at(
    officer: Client, office: Client, month: Month
) -> None:
    send(officer, month, PHOTO)
    answer = officer.post(gallery(month), data={"act": "file", "note": "见照片"})
    assert answer.status_code == 302
    newest = filings.last_version(month.body, Item.EVIDENCE)
    assert newest
    assert (newest.document["note"], len(newest.document["files"])) == ("见照片", 1)
    with factories.writing():
        filings.accept(month.body, Item.EVIDENCE, factories.ACTOR, version=1)
    page = get(officer, gallery(month)).text
    assert "<form" not in page.split('id="files"')[1].split("</main>")[0]
    assert "/thumbnail" in page


def test_nothing_is_no_evidence(officer: Client, month: Month) -> None:
    answer = officer.post(gallery(month), data={"act": "file", "note": ""})
    assert (answer.status_code, 'href="#files-evidence"' in answer.text) == (422, True)
    assert officer.post(gallery(month), data={"act": "save", "note": ""}).status_code == 302
    assert officer.post(gallery(month), data={"act": "file", "note": "无"}).status_code == 302


def test_a_stale_page_files_nothing(officer: Client, month: Month) -> None:
    officer.post(gallery(month), data={"act": "save", "note": "neu"})
    stale = {"act": "file", "note": "alt", "edit": "0", "version": "0"}
    answer = officer.post(gallery(month), data=stale)
    assert answer.status_code == 409
    assert "neu" in answer.text


def test_the_office_looks_at_what_was_filed_by_version_task_and_kind(
    officer: Client, office: Client, month: Month
) -> None:
    assert get(office, office_gallery(month)).status_code == 200
    send(officer, month, PHOTO, task="2")
    officer.post(gallery(month), data={"act": "file", "note": ""})
    send(officer, month, (sent_files.film(), "v.mp4"))
    photo, film = (file.public_id for file in rows())
    seen = {
        query: [
            one for one in (photo, film) if one in get(office, office_gallery(month, query)).text
        ]
        for query in (
            "",
            "?version=now",
            "?version=now&media=video",
            "?task=3",
            "?version=1&task=2",
        )
    }
    assert seen == {"": [photo], "?version=now": [photo, film], "?version=now&media=video": [film],
                    "?task=3": [], "?version=1&task=2": [photo]}  # fmt: skip
    assert get(office, office_gallery(month, "?version=2")).status_code == 404
    assert get(office, office_gallery(month, "?item=slip")).status_code == 200
    for path in (f"/office/month/files/{film}", f"/office/month/files/{photo}/thumbnail"):
        assert get(office, path).status_code == 200


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_all_files_come_as_one_zip_each_name_once_in_folders_by_task(
    officer: Client, office: Client, month: Month
) -> None:
    for seed in range(2):
        send(officer, month, (sent_files.photo(seed=seed), "A.jpg"), task="1")
    send(officer, month, (sent_files.pdf(), "a.pdf"))
    send(officer, month, url="https://v.example.cn/1", caption="视频")
    officer.post(gallery(month), data={"act": "file", "note": ""})
    own = get(officer, f"/body/{month.body.public_id}/files.zip")
    found = unpacked(own.data)
    assert own.headers["Content-Length"] == str(len(own.data))
    names = sorted(name.split("/")[-1] for name in found)
    assert [name for name in names if name[-3:] != "txt"] == ["A (2).jpg", "A.jpg", "a.pdf"]
    assert len({name.split("/")[0] for name in found}) == 3
    assert any("https://v.example.cn/1" in content.decode("latin1") for content in found.values())
    theirs = get(office, office_gallery(month).replace("/files", "/files.zip"))
    assert unpacked(theirs.data) == found


def test_a_zip_with_a_missing_file_is_refused_before_it_begins(
    officer: Client, month: Month
) -> None:
    send(officer, month, PHOTO)
    (files.directory(PLACE) / rows()[0].file).unlink()
    assert get(officer, f"/body/{month.body.public_id}/files.zip").status_code == 503


def test_files_of_another_body_are_not_there(browser: Any, officer: Client, month: Month) -> None:
    send(officer, month, PHOTO)
    file = rows()[0].public_id
    stranger = browser(worlds.officer(month.elsewhere))
    theirs = f"/body/{month.elsewhere.public_id}/files/{file}"
    ours = f"/body/{month.body.public_id}/files"
    for path in (theirs, f"{theirs}/thumbnail", f"{ours}/{file}", f"{ours}.zip", gallery(month)):
        assert get(stranger, path).status_code == 404
    assert stranger.post(theirs, data={"act": "remove"}).status_code == 404
    assert send(stranger, month, PHOTO).status_code == 404
    assert rows()[0].removed_at is None


def test_a_city_officer_sees_no_file_of_the_citys_other_bodies(
    browser: Any, officer: Client, month: Month
) -> None:
    send(officer, month, PHOTO)
    with factories.writing():
        month.elsewhere.sees_city = True
        month.elsewhere.place_id = month.body.place_id
    seeing = browser(worlds.officer(month.elsewhere))
    assert (
        get(seeing, f"/body/{month.body.public_id}/files/{rows()[0].public_id}").status_code == 404
    )


def test_who_may_not_upload_is_refused_before_anything_is_read(
    app: Flask, client: Client, month: Month, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_args: Any, **_options: Any) -> None:
        raise AssertionError("the body was parsed")

    monkeypatch.setattr(app.request_class, "_load_form_data", never)
    assert send(client, month, PHOTO).status_code == 401


def fill(month: Month, count: int) -> None:
    """Attach files to the evidence as rows alone."""
    with factories.writing():
        for number in range(count):
            db.session.add(
                FilingFile(
                    body_id=month.body.id, item=Item.EVIDENCE, media=Media.PHOTO,
                    name=f"照片 {number}.jpg", size=1000, sha256=f"{number:064}",
                    file=f"{number:032}", task=number % 9, caption="现场" * 20,
                )
            )  # fmt: skip


def statements(client: Client, path: str) -> tuple[int, int]:
    """Return how many statements a page takes, and its bytes."""
    seen: list[str] = []

    def count(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    read_only_done()
    sa.event.listen(db.engine, "before_cursor_execute", count)
    try:
        answer = client.get(path)
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", count)
    assert answer.status_code == 200
    return len(seen), len(answer.data)


def test_two_hundred_files_stay_browsable(officer: Client, office: Client, month: Month) -> None:
    fill(month, 3)
    few = [statements(officer, gallery(month))[0], statements(office, office_gallery(month))[0]]
    with factories.writing():
        db.session.execute(sa.delete(FilingFile))
    fill(month, 200)
    own = statements(officer, gallery(month))
    theirs = statements(office, office_gallery(month))
    assert [own[0], theirs[0]] == few
    assert max(own[1], theirs[1]) < 200_000
    pages = [
        get(officer, gallery(month, f"?page={n}")).text.count("/thumbnail") for n in range(1, 6)
    ]
    assert pages == [48, 48, 48, 48, 8]
    assert get(officer, gallery(month, "?task=0")).text.count("/thumbnail") == 23


def test_a_body_page_lists_files_with_the_way_to_send_more(
    app: Flask, officer: Client, month: Month
) -> None:
    source = (
        '{% from "campaign/_files.html" import attached %}'
        "{{ attached(body, item, files) }}{{ attached(body, item, [], false) }}"
    )
    with factories.writing():
        taken = attachments.take(io.BytesIO(sent_files.pdf()), "回执.pdf", Item.SLIP, video_mb=1)
        attachments.add(month.body, Item.SLIP, [taken], factories.ACTOR, Said())
    with app.test_request_context(f"/body/{month.body.public_id}/slip?removed=x"):
        html = app.jinja_env.from_string(source).render(
            body=month.body, item=Item.SLIP, files=filings.files(month.body, Item.SLIP)
        )
    assert html.count("<form") == 3
    assert all(text in html for text in ("回执.pdf", ".pdf,.jpg", 'name="next"'))
