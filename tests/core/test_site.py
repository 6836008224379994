"""Health and readiness of a server, and the check of an issued document."""

import shutil
import threading
from dataclasses import replace

import pytest
import sqlalchemy as sa

from core import documents
from core.db import db
from tests import databases, factories
from tests.clients import Client


def issue(content=b"a list"):
    with factories.writing():
        return documents.issue(
            "attendance", "签到情况表 <b>", content, "application/pdf", "", factories.ACTOR
        )


def test_a_good_server_is_healthy_and_ready(each_app, client):
    assert client.get("/healthz").json == {"status": "ok"}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "problems": []})


def test_without_migrations_it_lives_but_is_not_ready(app, client):
    with factories.writing():
        db.session.execute(sa.text("DELETE FROM alembic_version"))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["problems"] == [
        "the database is not at the newest migration: run flask db upgrade"
    ]
    assert client.get("/healthz").status_code == 200


def test_an_empty_database_is_not_ready(tmp_path):
    app = databases.build(f"sqlite:///{tmp_path}/empty.db", tmp_path)
    app.test_client_class = Client
    assert app.test_client().get("/readyz").status_code == 503
    assert app.test_client().get("/healthz").status_code == 200
    databases.dispose(app)


def test_a_database_that_takes_no_write_is_not_ready(app, client):
    @sa.event.listens_for(db.engine, "connect")
    def read_only(connection, _record):
        connection.execute("PRAGMA query_only=ON")

    db.session.remove()
    db.engine.dispose()
    with pytest.raises(sa.exc.OperationalError), factories.writing():
        factories.user()
    db.session.rollback()
    answer = client.get("/readyz")
    assert client.get("/healthz").status_code == 200
    assert answer.status_code == 503, "a server whose database takes no write says it is ready"


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"])
def test_a_postgresql_that_takes_no_write_is_not_ready(database, app, client):
    name = db.engine.url.database
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    db.session.remove()
    db.engine.dispose()
    assert client.get("/readyz").status_code == 503


def test_a_database_that_cannot_be_opened_is_not_ready(tmp_path):
    app = databases.build(f"sqlite:///{tmp_path}/a.db", tmp_path)
    app.test_client_class = Client
    with app.app_context():
        db.engine.dispose()
    shutil.rmtree(tmp_path)
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert "OperationalError" in answer.json["problems"][0]
    assert str(tmp_path) not in answer.text
    assert app.test_client().get("/healthz").status_code == 200
    databases.dispose(app)


def test_a_full_disk_is_said_before_it_fails(app, client, tmp_path, monkeypatch):
    app.extensions["qm-settings"] = replace(app.extensions["qm-settings"], data_dir=str(tmp_path))
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr("core.site.shutil.disk_usage", lambda _path: usage._replace(free=1))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["problems"]) == (503, ["the disk is nearly full"])


def test_a_genuine_document_shows_number_title_and_hash(app, client):
    document = issue()
    page = client.get(f"/v/{document.token.upper()}").text
    for text in (document.number, "签到情况表 &lt;b&gt;", document.sha256):
        assert text in page


def test_a_revoked_document_says_so(app, client):
    document = issue()
    with factories.writing():
        documents.revoke(document)
    client.set_cookie("lang", "en")
    page = client.get(f"/v/{document.token}").text
    assert "This document has been revoked" in page
    assert "This document is genuine" not in page


def test_readiness_waits_for_its_turn_to_write(app, client):
    answers = []
    asking = threading.Thread(target=lambda: answers.append(client.get("/readyz")))
    with factories.writing():
        asking.start()
        asking.join(0.5)
        assert not answers
    asking.join(10)
    assert answers[0].status_code == 200


def test_the_files_of_the_migrations_are_read_once(client, monkeypatch):
    assert client.get("/readyz").status_code == 200
    monkeypatch.setattr("core.site.ScriptDirectory", None)
    assert client.get("/readyz").status_code == 200
