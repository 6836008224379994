"""A round from a folder: whole on both databases, and refused with all that is wrong with it."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from campaign.models import Organisation
from core import audit
from core.db import db
from core.errors import InvalidInput
from core.sealed import seal
from scoring import importing, intake, round_folder, runs, submission
from scoring.demo import FOLDER
from scoring.models import EntryVersion, Participation, Sample
from tests import factories
from tests.scoring import rounds_played


def imported(folder=FOLDER, code="SN24"):
    with factories.writing():
        return imported_here(folder, code)


def imported_here(folder, code="SN24"):
    return importing.import_round(importing.read_folder(folder), code, "示例", audit.SYSTEM)


def test_the_synthetic_round_is_imported_whole_on_both_databases(each_app):
    found = imported()
    assert (found.laboratories, found.with_submission) == (120, 118)
    assert (found.submissions, found.late, found.readings) == (235, 3, 11558)
    versions = db.session.scalars(sa.select(EntryVersion)).all()
    assert {version.source.value for version in versions} == {"import"}
    assert sum(submission.count(version.document) for version in versions) == 11558
    assert all(seal(version.document) == version.seal for version in versions)
    assert len({version.receipt_no for version in versions}) == 235
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Sample)) == 240


def test_raw_text_is_kept_verbatim_and_values_are_exact(each_app, small_folder):
    imported(small_folder)
    documents = [version.document for version in rounds_played.versions_by_code()["SN24-001"]]
    assert [document["stage"] for document in documents] == ["S1", "S2"]
    rows = [row for row in rounds_played.rows("readings") if row["lab_code"] == "SN24-001"]
    packs = {sample["sample_no"]: sample["pack"] for sample in documents[0]["samples"]}
    typed = {
        f"{row['parameter']}.{packs[row['sample_no']]}"
        f".{row['attempt']}.{row['quantity']}.{row['idx']}": row["value"]
        for row in rows
    }
    kept = [submission.fields_of(document) for document in documents]
    readings = [{k: v for k, v in fields.items() if intake.is_reading(k)} for fields in kept]
    assert len(readings[0]) + len(readings[1]) == len(rows) == 98
    assert readings[0] | readings[1] == typed
    results = [result for document in documents for result in document["results"]]
    values = [reading["value"] for result in results for reading in result["readings"]]
    assert all(isinstance(value, str) and Decimal(value).is_finite() for value in values)


@pytest.mark.parametrize("name", sorted(round_folder.FILES))
def test_a_folder_without_a_file_or_a_column_is_refused_by_its_name(app, small_folder, name):
    path = small_folder / f"{name}.csv"
    path.write_text("strange\n1\n", encoding="utf-8")
    with pytest.raises(InvalidInput) as refusal:
        importing.read_folder(small_folder)
    assert refusal.value.params["file"] == f"{name}.csv"
    path.unlink()
    with pytest.raises(InvalidInput):
        importing.read_folder(small_folder)


def test_a_round_without_submissions_is_imported_too(app, small_folder):
    for name in ("submissions", "readings", "reported"):
        path = small_folder / f"{name}.csv"
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    found = imported(small_folder, "EMPTY")
    assert (found.laboratories, found.submissions) == (len(rounds_played.FEW), 0)


def test_a_broken_folder_is_refused_by_everything_that_is_wrong_with_it(app, small_folder):
    path = small_folder / "readings.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Y1412", "Z1412"), "utf-8")
    (small_folder / "reported.csv").unlink()
    with pytest.raises(InvalidInput) as refusal:
        imported(small_folder)
    assert refusal.value.params["problems"].splitlines()[1:] == [
        "- readings.csv, line 2-50: sample_no “Z1412” is not in samples.csv. Correct it, "
        "or add it there.",
        "- reported.csv: The file is missing or cannot be opened. Put it into the folder.",
    ]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Participation)) == 0


def test_a_folder_in_the_encoding_of_chinese_excel_is_imported(app, small_folder):
    for path in small_folder.glob("*.csv"):
        path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    found = imported(small_folder)
    rows = [row for row in rounds_played.rows("readings") if row["lab_code"] in rounds_played.FEW]
    assert (found.laboratories, found.readings) == (len(rounds_played.FEW), len(rows))
    assert db.session.scalar(sa.select(Organisation).filter(Organisation.name.contains("东莞第04")))


@pytest.mark.parametrize("code", ["", "a/b", "第一轮", "a b", "..", "x" * 31])
def test_a_round_code_that_fits_no_address_is_refused(app, small_folder, code):
    with pytest.raises(InvalidInput) as refusal:
        imported(small_folder, code)
    assert refusal.value.code == "round_code_unusable"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Participation)) == 0


def test_a_set_reported_void_without_readings_is_void(app, small_folder):
    path = small_folder / "readings.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("SN24-044,Y1281,rf3,")]
    path.write_text("".join(kept), "utf-8")
    assert len(lines) - len(kept) == 3
    with factories.writing():
        output = runs.evaluate(imported_here(small_folder).round, audit.SYSTEM).output
    (row,) = (
        row for row in output["results"]
        if (row["code"], row["parameter"], row["item"]) == ("SN24-044", "rf3", "B")
    )  # fmt: skip
    assert (row["status"], row["policy"]) == ("void", ["P12"])
