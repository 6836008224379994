"""Files on disk: kept or gone with the transaction; and sent to be saved."""

import hashlib
import io
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from core import files, sending, uploads
from core.db import TransactionError, db, read_only_done, transaction
from core.errors import InvalidInput, Unavailable
from core.file_kinds import Kind
from tests import factories, sent_files

PLACE = "testing"


def lying() -> list[str]:
    return sorted(path.name for path in files.directory(PLACE).glob("*"))


def keep(content: Any = b"content") -> files.Kept:
    with factories.writing():
        return files.keep(PLACE, content)


def test_a_file_lies_under_a_random_name_for_the_server_only(app: Flask) -> None:
    kept = keep([b"con", b"tent"])
    path = files.directory(PLACE) / kept.name
    assert path.read_bytes() == b"content"
    assert (kept.size, kept.sha256) == (7, hashlib.sha256(b"content").hexdigest())
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_rollback_removes_what_was_written(each_app: Flask) -> None:
    stays = keep()
    with pytest.raises(ZeroDivisionError), transaction():
        files.keep(PLACE, b"gone")
        raise ZeroDivisionError
    assert lying() == [stays.name]


def test_what_was_kept_before_the_transaction_goes_with_its_rollback(app: Flask) -> None:
    files.keep(PLACE, b"gone")
    with pytest.raises(ZeroDivisionError), transaction():
        raise ZeroDivisionError
    assert lying() == []


def test_what_was_kept_before_the_transaction_stays_with_its_commit(app: Flask) -> None:
    kept = files.keep(PLACE, b"stays")
    with transaction():
        pass
    read_only_done()
    assert lying() == [kept.name]


def test_a_request_that_commits_nothing_leaves_nothing(app: Flask) -> None:
    with app.app_context():
        files.keep(PLACE, b"gone")
        assert len(lying()) == 1
    assert lying() == []


def test_a_file_kept_between_reads_would_be_lost_and_is_refused(app: Flask) -> None:
    db.session.execute(db.text("SELECT 1"))
    with pytest.raises(TransactionError):
        files.keep(PLACE, b"x")


def test_a_sender_that_breaks_off_leaves_nothing(app: Flask) -> None:
    def broken() -> Any:
        yield b"half"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), transaction():
        files.keep(PLACE, broken())
    assert lying() == []


def test_a_full_disk_is_said(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(Unavailable) as refused, transaction():
        files.keep(PLACE, b"x")
    assert (refused.value.code, lying()) == ("not_stored", [])


def test_a_deleted_file_goes_with_the_commit_and_not_before(app: Flask) -> None:
    kept = keep()
    with pytest.raises(ZeroDivisionError), transaction():
        files.delete(PLACE, kept.name)
        raise ZeroDivisionError
    assert lying() == [kept.name]
    with transaction():
        files.delete(PLACE, kept.name)
        assert lying() == [kept.name]
    assert lying() == []


def test_a_discarded_file_goes_at_once(app: Flask) -> None:
    kept = files.keep(PLACE, b"x")
    files.discard(PLACE, kept.name, "never there")
    assert lying() == []


def test_a_large_film_takes_little_memory(app: Flask, tmp_path: Path) -> None:
    large = tmp_path / "film"
    head = sent_files.film(size=0)
    with large.open("wb") as file:
        file.write(head[:-8] + bytes(4) + b"mdat")  # a box up to the end
        file.truncate(200 * 2**20)
    with large.open("rb") as stream:
        tracemalloc.start()
        uploads.take(stream, "a.mp4", PLACE, [Kind.MP4], video=2**30)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 8 * 2**20


@pytest.mark.parametrize(
    ("kind", "size"),
    [(Kind.PDF, uploads.DOCUMENT), (Kind.JPEG, 50 * 2**20), (Kind.MP4, 9 * 2**20)],
)
def test_a_file_that_is_too_large_is_refused_by_its_kind(app: Flask, kind: Kind, size: int) -> None:
    good = {Kind.PDF: sent_files.pdf(), Kind.JPEG: sent_files.photo(64, 48)}
    data = good.get(kind, sent_files.film())[:-8] + bytes(size) + b"%%EOF"
    with pytest.raises(InvalidInput) as refused:
        uploads.take(io.BytesIO(data), "a", PLACE, [kind], video=9 * 2**20)
    assert (refused.value.code, refused.value.params["max"]) == ("file_too_large", size // 2**20)
    assert lying() == []


def answer(app: Flask, path: Path, headers: dict[str, str] | None = None, **how: Any) -> Any:
    with app.test_request_context("/", headers=headers):
        how = {"name": "佐证 1.pdf", "media_type": "application/pdf", "etag": "x"} | how
        response = sending.send(path, **how)
        response.direct_passthrough = False
        response.get_data()
        response.close()
        return app.process_response(response)


def test_a_file_is_sent_to_be_saved_and_never_runs(app: Flask) -> None:
    path = files.directory(PLACE) / keep().name
    sent = answer(app, path)
    assert sent.headers["Content-Disposition"] == (
        "attachment; filename=\" 1.pdf\"; filename*=UTF-8''%E4%BD%90%E8%AF%81%201.pdf"
    )
    assert sent.headers["Content-Security-Policy"].endswith("sandbox")
    assert sent.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("data-map.csv", "filename=data-map.csv"),
        ("名单 1.xlsx", "filename=file.xlsx; filename*=UTF-8''%E5%90%8D%E5%8D%95%201.xlsx"),
        ('a"b\r\n.pdf', "filename=file.pdf; filename*=UTF-8''a%22b%0D%0A.pdf"),
    ],
)
def test_a_made_file_is_saved_under_its_name_by_every_browser(
    app: Flask, name: str, header: str
) -> None:
    with app.test_request_context():
        sent = sending.send_made(sending.File(b"1", "text/csv", name))
    assert sent.headers["Content-Disposition"] == f"attachment; {header}"
    assert (sent.data, sent.mimetype) == (b"1", "text/csv")


def test_a_film_goes_on_where_it_broke_off(app: Flask) -> None:
    path = files.directory(PLACE) / keep(b"0123456789").name
    sent = answer(app, path, {"Range": "bytes=4-6"}, media_type="video/mp4")
    assert (sent.status_code, sent.data) == (206, b"456")


def test_a_missing_file_is_said(app: Flask) -> None:
    with pytest.raises(Unavailable) as refused:
        answer(app, files.directory(PLACE) / "gone")
    assert refused.value.code == "file_missing"
