from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from core import documents
from core.clock import local, now
from core.db import db, read_only_done, transaction
from core.documents import Document, Draft, State
from core.errors import Conflict, Unavailable
from tests import factories
from tests.racing import race


def issue(content: bytes = b"%PDF", title: str = "示例签到情况表") -> Document:
    return documents.issue(
        "attendance", title, content, "application/pdf", "occasion:abc", factories.ACTOR
    )


def issued(content: bytes = b"%PDF") -> Document:
    with factories.writing():
        return issue(content)


def files() -> list[Path]:
    return sorted(documents.directory().glob("*"))


def number(n: int) -> str:
    return f"QD-{local(now()).year}-{n:06d}"


def test_numbers_run_from_one(each_app: Flask) -> None:
    assert [issued().number, issued().number] == [number(1), number(2)]


def test_numbers_start_anew_each_year(app: Flask, clock: Any) -> None:
    issued()
    clock.forward(days=366)
    assert issued().number == number(1)


def test_the_year_is_that_of_beijing(app: Flask, clock: Any) -> None:
    year = local(now()).year
    clock.to(now().replace(year=year, month=12, day=31, hour=16, minute=30))
    assert issued().number == f"QD-{year + 1}-000001"


def test_documents_issued_at_once_have_numbers_without_gap_or_double(each_app: Flask) -> None:
    assert sorted(race(each_app, lambda _n: issued().number, 8)) == [
        number(n + 1) for n in range(8)
    ]


def test_a_document_prints_its_own_number_and_link(app: Flask) -> None:
    def compose(draft: Draft) -> bytes:
        return f"{draft.number} {draft.link}".encode()

    with transaction():
        made = documents.issue("attendance", "t", compose, "text/plain", "x", factories.ACTOR)
    link = f"{app.extensions['qm-settings'].public_url}/v/{made.token}"
    assert documents.read(made) == f"{made.number} {link}".encode()


def test_what_was_issued_is_known_by_its_token(each_app: Flask) -> None:
    made = issued()
    db.session.expunge_all()
    found = documents.verify(made.token)
    assert found is not None
    assert (found.number, found.state, found.issued_by) == (made.number, "issued", "system:0")


def test_a_token_typed_from_paper_forgives_capitals_and_lookalikes(app: Flask) -> None:
    made = issued()
    typed = made.token.upper().replace("1", "I").replace("0", "O")
    assert documents.verify(f" {typed} ") is made


@pytest.mark.parametrize("token", ["", "x", "0" * 26, "QD-2024-000001"])
def test_an_unknown_token_finds_nothing(app: Flask, token: str) -> None:
    issued()
    assert documents.verify(token) is None


def test_the_file_lies_under_a_random_name_for_the_server_only(app: Flask) -> None:
    made = issued(b"content")
    (path,) = files()
    assert path.name == made.file
    assert made.number not in path.name
    assert (path.stat().st_mode & 0o777, path.read_bytes()) == (0o600, b"content")


def test_a_file_of_a_transaction_that_failed_is_removed(each_app: Flask) -> None:
    kept = issued()
    with pytest.raises(ZeroDivisionError), transaction():
        issue()
        assert len(files()) == 2
        raise ZeroDivisionError
    assert [path.name for path in files()] == [kept.file]
    assert issued().number == number(2)


def test_a_savepoint_neither_keeps_nor_removes_a_file(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction() as session:
        issue()
        with session.begin_nested():
            pass
        session.begin_nested().rollback()
        assert len(files()) == 1
        raise ZeroDivisionError
    assert files() == []


def test_a_later_rollback_leaves_committed_files_alone(app: Flask) -> None:
    made = issued()
    db.session.scalar(sa.select(Document))
    read_only_done()
    assert documents.read(made) == b"%PDF"


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"forged")])
def test_a_file_that_is_not_what_was_issued_is_not_given_out(app: Flask, damage: Any) -> None:
    made = issued()
    damage(files()[0])
    with pytest.raises(Unavailable) as refusal:
        documents.read(made)
    assert refusal.value.code == "document_damaged"
    assert refusal.value.params == {"number": made.number}


def test_a_revoked_document_stays_on_record(each_app: Flask) -> None:
    made = issued()
    with transaction():
        documents.revoke(made)
    found = documents.verify(made.token)
    assert found is not None
    assert found.state is State.REVOKED


def test_a_document_is_revoked_once(app: Flask) -> None:
    made = issued()
    with transaction():
        documents.revoke(made)
    when = made.revoked_at
    with pytest.raises(Conflict), transaction():
        documents.revoke(made)
    db.session.refresh(made)
    assert made.revoked_at == when


def test_an_unknown_kind_is_a_programming_error(app: Flask) -> None:
    with pytest.raises(KeyError), transaction():
        documents.issue("poem", "t", b"", "text/plain", "x", factories.ACTOR)
