"""Every column says whether it holds data of persons, and the map shows what is marked."""

import csv
import io

import pytest
import sqlalchemy as sa
from flask_babel import force_locale

from core import data_map, privacy
from core.db import JSONDocument, Model

#: Columns of text that hold no person's data. Whoever adds a column marks it with
#: ``info=personal(…)`` or lists it here, with the reason in mind.
NOT_PERSONAL = {
    "audit_entry": "actor_kind request_id action object_kind object_id result details",
    "audit_seal": "source previous seal",
    "body": "public_id name",
    "campaign": "public_id name theme document_no host intro privacy footer root_files",
    "checkpoint": "public_id name",
    "deadline": "reason",
    "device": "public_id name pair_hash cookie_hash secret_hash",
    "document": "public_id kind number title sha256 token media_type subject",
    "document_series": "kind",
    "filing": "public_id seal",
    "filing_file": "public_id media_type sha256",
    "holiday": "name",
    "job": "kind subject key payload result error lease_token",
    "lab_code": "code",
    # Random, and worth nothing without the server's key.
    "login_link": "token_hash seed",
    "message": "public_id kind subject link_hash error",
    "occasion": "public_id title series host venue address map_url wear safety traffic",
    "organisation": "public_id name qualification_no",
    "participation": "public_id",
    "place": "name name_en code region",
    "plan": "document seal reason",
    "registration": "public_id holder_hash short_code",
    "round": "code title",
    # By participant code: no name, no number.
    "run": "engine_version snapshot input_seal output output_seal",
    "sample": "sample_no",
    "scan": "public_id clock nonce facts",
    "slip_person": "public_id",
    "stage": "public_id code parameters digest digest_list",
    "entry_version": "seal receipt_no",
    "user": "public_id",
    # The name of a gate; when it was passed is marked.
    "attendance": "gate",
}


def texts():
    for table in Model.registry.metadata.sorted_tables:
        for column in table.columns:
            text = isinstance(column.type, sa.Text | JSONDocument)
            if text and not isinstance(column.type, sa.Enum):
                yield column


def test_every_text_is_marked_as_personal_or_known_not_to_be(app):
    unknown = [
        str(column)
        for column in texts()
        if data_map.MARK not in column.info
        and column.name not in NOT_PERSONAL.get(column.table.name, "").split()
    ]
    assert unknown == []


def test_no_column_is_both_marked_and_listed_as_harmless(app):
    both = [
        str(column)
        for column in texts()
        if data_map.MARK in column.info
        and column.name in NOT_PERSONAL.get(column.table.name, "").split()
    ]
    assert both == []


def test_the_list_of_harmless_columns_names_only_columns_that_exist(app):
    known = {f"{column.table.name}.{column.name}" for column in texts()}
    listed = {f"{table}.{name}" for table, names in NOT_PERSONAL.items() for name in names.split()}
    assert listed <= known


def test_the_map_holds_what_the_law_makes_us_name(app):
    marked = {f"{p.table}.{p.column}" for p in data_map.places(Model.registry.metadata)}
    assert {
        "user.login", "user.email", "message.to_address", "audit_entry.address",
        "slip_person.gender", "slip_person.mobile", "slip_person.landline",
        "filing_draft.document", "filing_file.name", "registration.mobile",
        "participation.contact_mobile", "login_session.token_hash",
    } <= marked  # fmt: skip


def test_every_purpose_says_why_by_which_law_how_long_and_who(app):
    purposes = privacy.everything()
    assert len(purposes) >= 8
    for purpose in purposes:
        assert all(vars(purpose)[name] for name in ("title", "why", "basis", "keep", "who"))


def test_the_page_marks_an_unverified_article_as_to_be_checked(office):
    page = office.get("/office/data-map/")
    assert page.status_code == 200
    assert page.text.count("待核") == len(privacy.everything())
    assert "slip_person.mobile" in page.text


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
def test_the_file_holds_a_row_for_every_marked_column(office, locale):
    with force_locale(locale):
        answer = office.get("/office/data-map/map.csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(rows) == 1 + len(list(data_map.places(Model.registry.metadata)))
    assert any("registration.mobile" in row for row in rows)


def test_the_file_opens_as_a_workbook(office):
    answer = office.get("/office/data-map/map.xlsx")
    assert answer.data[:2] == b"PK"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_organisers_and_officers_do_not_see_the_map(organiser, officer):
    assert organiser.get("/office/data-map/").status_code == 403
    assert officer.get("/office/data-map/").status_code == 403
