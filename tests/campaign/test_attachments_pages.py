"""The evidence gallery on both sides: sending, describing, filing, looking, and who may not."""

import io
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from campaign import attachments, filings
from campaign.attachments import Said
from campaign.models import FilingFile, Item, Media
from campaign.views import attachments as views
from core import web
from core.db import db, read_only_done
from tests import factories, sent_files
from tests.campaign import worlds
from tests.campaign.worlds import Month
from tests.clients import Client


def send(client: Client, month: Month, *files: tuple[bytes, str], **fields: Any) -> Any:
    item = fields.pop("item", "evidence")
    headers = fields.pop("headers", None)
    data = fields | {"files": [(io.BytesIO(content), name) for content, name in files]}
    path = f"/body/{month.body.public_id}/{item}/files"
    return client.post(path, data=data, headers=headers, content_type="multipart/form-data")


def rows() -> list[FilingFile]:
    return list(db.session.scalars(sa.select(FilingFile).order_by(FilingFile.id)))


def gallery(month: Month, query: str = "") -> str:
    return f"/body/{month.body.public_id}/evidence{query}"


def office_gallery(month: Month, query: str = "") -> str:
    return f"/office/month/{month.campaign.year}/bodies/{month.body.public_id}/files{query}"


def get(client: Client, path: str, **more: Any) -> Any:
    """Return an answer whose file is closed."""
    return client.get(path, buffered=True, **more)


PHOTO = (sent_files.photo(), "开工.jpg")


def test_a_photo_is_sent_and_seen(officer: Client, month: Month) -> None:
    answer = send(officer, month, PHOTO, caption="启动", task="1")
    assert (answer.status_code, answer.location) == (302, gallery(month))
    (file,) = rows()
    page = get(officer, gallery(month)).text
    assert f"/files/{file.public_id}/thumbnail" in page
    assert all(text in page for text in ("启动", "开工.jpg", 'value="2024-09-12"'))


def test_a_batch_says_what_was_stored_and_why_the_rest_was_not(
    officer: Client, month: Month
) -> None:
    many = [(sent_files.photo(80, 60, seed=n), f"{n}.jpg") for n in range(18)]
    answer = send(
        officer, month, *many, (b"<html>", "p.jpg"), (many[0][0], "again.jpg"), (b"", "e")
    )
    assert answer.status_code == 200
    assert len(rows()) == 18
    assert all(text in answer.text for text in ("p.jpg", "again.jpg", "PDF, DOCX"))


def test_a_batch_of_nothing_but_bad_files_is_refused(officer: Client, month: Month) -> None:
    assert send(officer, month, (b"GIF89a", "a.gif")).status_code == 422
    assert rows() == []


@pytest.mark.parametrize("fields", [{}, {"item": "plan", "url": "https://a.cn/b"}])
def test_a_form_without_a_file_says_so(
    officer: Client, month: Month, fields: dict[str, str]
) -> None:
    answer = send(officer, month, **fields)
    assert (answer.status_code, "no_file" in answer.text) == (422, True)


def test_a_script_that_sends_one_by_one_is_answered_in_its_language(
    officer: Client, month: Month
) -> None:
    asked = {"Accept": "application/json"}
    assert send(officer, month, PHOTO, headers=asked).json == {
        "stored": 1, "there": [], "refused": [],
    }  # fmt: skip
    again = send(officer, month, PHOTO, (b"MZ", "a.exe"), headers=asked).json
    assert (again["stored"], again["there"], again["refused"][0][0]) == (0, ["开工.jpg"], "a.exe")


def test_the_sender_comes_back_to_the_page_the_files_belong_to(
    officer: Client, month: Month
) -> None:
    sent = send(officer, month, (sent_files.pdf(), "方案.pdf"), item="plan", next="//evil.cn/")
    assert sent.location == f"/body/{month.body.public_id}/plan"
    sent = send(officer, month, PHOTO, next=gallery(month, "?task=2&removed=x"))
    assert sent.location == gallery(month, "?task=2")


def test_a_link_is_added_and_says_that_it_leaves_the_site(officer: Client, month: Month) -> None:
    assert send(officer, month, url="https://v.example.cn/1", caption="视频").status_code == 302
    assert 'href="https://v.example.cn/1"' in get(officer, gallery(month)).text
    (link,) = rows()
    path = f"/body/{month.body.public_id}/files/{link.public_id}"
    assert link.media is Media.LINK
    assert get(officer, path).status_code == 404


def test_an_accepted_item_takes_nothing_more(officer: Client, month: Month) -> None:
    with factories.writing():
        filings.accept(month.body, Item.SLIP, factories.ACTOR, version=1)
    answer = send(officer, month, (sent_files.pdf(), "a.pdf"), item="slip")
    assert (answer.status_code, "accepted_already" in answer.text) == (409, True)


def test_photos_are_shown_and_everything_else_is_saved(officer: Client, month: Month) -> None:
    send(officer, month, PHOTO, (sent_files.film(), "v.mp4"), (sent_files.pdf(), "a.pdf"))
    base = f"/body/{month.body.public_id}/files/"
    photo, film, pdf = rows()
    how = {
        "photo": get(officer, base + photo.public_id),
        "saved": get(officer, base + photo.public_id + "?save=1"),
        "small": get(officer, base + photo.public_id + "/thumbnail"),
        "film": get(officer, base + film.public_id),
        "pdf": get(officer, base + pdf.public_id),
    }
    said = {name: answer.headers["Content-Disposition"][:6] for name, answer in how.items()}
    assert said == {"photo": "inline", "saved": "attach", "small": "inline",
                    "film": "attach", "pdf": "attach"}  # fmt: skip
    assert {answer.headers["Content-Security-Policy"] for answer in how.values()} == {web.FILES}
    assert [a.mimetype for a in how.values()][2:] == ["image/jpeg", "video/mp4", "application/pdf"]
    assert get(officer, base + film.public_id + "/thumbnail").status_code == 404
    part = get(officer, base + film.public_id, headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.data) == (206, b"ftyp")


def test_a_page_of_files_is_described_at_once(officer: Client, month: Month) -> None:
    send(officer, month, PHOTO, (sent_files.photo(seed=1), "b.jpg"))
    one, two = (file.public_id for file in rows())
    answer = officer.submit(
        gallery(month), form=2,
        **{f"caption-{one}": "甲", f"task-{one}": "3", f"taken_on-{two}": "2024-09-01"},
    )  # fmt: skip
    assert answer.status_code == 302
    said = [(f.caption, f.task, str(f.taken_on)) for f in rows()]
    assert said == [("甲", 3, "2024-09-12"), ("", 0, "2024-09-01")]


@pytest.mark.parametrize(("name", "value"), [("taken_on", "gestern"), ("task", "9"), ("task", "x")])
def test_words_that_cannot_be_change_nothing(
    officer: Client, month: Month, name: str, value: str
) -> None:
    send(officer, month, PHOTO)
    file = rows()[0].public_id
    data = {"act": "describe", f"caption-{file}": "neu", f"{name}-{file}": value}
    assert officer.post(gallery(month), data=data).status_code == 422
    assert rows()[0].caption == ""


def test_a_file_is_taken_out_of_a_page_and_put_back(officer: Client, month: Month) -> None:
    send(officer, month, PHOTO)
    file = rows()[0].public_id
    data = {"act": "describe", f"caption-{file}": "neu", "remove": file}
    gone = officer.post(gallery(month), data=data)
    assert gone.location == gallery(month, f"?removed={file}")
    assert filings.files(month.body, Item.EVIDENCE) == []
    back = officer.submit(gone.location, form=0)
    assert back.location == gallery(month)
    assert [f.caption for f in filings.files(month.body, Item.EVIDENCE)] == ["neu"]


@pytest.mark.parametrize("act", ["remove", "restore", "save"])
def test_a_file_of_another_item_is_changed_where_it_is_listed(
    officer: Client, month: Month, act: str
) -> None:
    send(officer, month, (sent_files.pdf(), "方案.pdf"), item="plan")
    (file,) = rows()
    path = f"/body/{month.body.public_id}/files/{file.public_id}"
    answer = officer.post(path, data={"act": act, "caption": "新"})
    ending = f"/plan?removed={file.public_id}" if act == "remove" else "/plan"
    assert answer.location == f"/body/{month.body.public_id}{ending}"
    (row,) = rows()
    assert (row.removed_at is not None, row.caption) == (act == "remove", "新" * (act == "save"))


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
    (views.files.directory("filings") / rows()[0].file).unlink()
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
