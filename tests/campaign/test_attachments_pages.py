"""Files on their way: sent, refused by name, described, taken out, given back."""

import pytest

from campaign import filings
from campaign.models import Item, Media
from core import web
from tests import factories, sent_files
from tests.campaign.attached import PHOTO, gallery, get, rows, send
from tests.campaign.worlds import Month
from tests.clients import Client


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
