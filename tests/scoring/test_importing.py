"""A round from a folder: counts and faults of the synthetic round, to the last one."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from campaign.models import Organisation
from core import audit
from core.db import db
from core.errors import Conflict, InvalidInput
from core.sealed import seal
from scoring import importing, intake, round_folder, rounds, runs, submission
from scoring.demo import FOLDER
from scoring.models import Entry, EntryVersion, Participation, Sample
from scoring.models.lab_code import LabCode
from scoring.models.participation import Paperwork
from tests import factories
from tests.scoring import rounds_played


def imported(folder=FOLDER, code="SN24"):
    with factories.writing():
        return imported_here(folder, code)


def imported_here(folder, code="SN24"):
    return importing.import_round(importing.read_folder(folder), code, "示例", audit.SYSTEM)


def faults(name):
    """Return the laboratories in which a fault was planted."""
    rows = rounds_played.rows("planted_faults")
    return {row["lab_code"] for row in rows if row["fault"] == name}


@pytest.fixture
def folder(tmp_path):
    """Return a copy of the folder that a test may damage."""
    return Path(shutil.copytree(FOLDER, tmp_path / "round"))


def versions_by_code():
    rows = db.session.execute(
        sa.select(LabCode.code, EntryVersion)
        .join(Entry, Entry.participation_id == LabCode.participation_id)
        .join(EntryVersion, EntryVersion.entry_id == Entry.id)
        .order_by(EntryVersion.id)
    )
    found = {}
    for code, version in rows:
        found.setdefault(code, []).append(version)
    return found


def laboratories_with(found, code):
    return {
        lab
        for lab, versions in found.items()
        if any(f["code"] == code for v in versions for f in v.document["findings"])
    }


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


def test_every_fault_seen_at_entry_is_found_with_its_code(app):
    imported()
    found = versions_by_code()
    hard = {
        *faults("load_in_newton"),
        *faults("flexural_load_in_kN"),
        *faults("blaine_cm2_per_g"),
        *faults("density_kg_per_m3"),
        *faults("hours_not_minutes"),
    }
    assert laboratories_with(found, "E05") == hard
    exactly = {
        "E07": "age_out_of_window",
        "E13": "final_before_initial",
        "E34": "sieve_third_run_missing",
        "E36": "soundness_repeat_missing",
        "E37": "fullwidth_digits",
        "E12": "identical_A_B",
        "E09": "void_second_stage_declared",
        "E22": "calibration_expired",
    }
    for code, fault in exactly.items():
        assert laboratories_with(found, code) == faults(fault), code
    assert faults("digit_preference_0_5") <= laboratories_with(found, "E11")
    assert faults("swap_3d_28d") <= laboratories_with(found, "E10")
    assert faults("blaine_redo_missing") <= laboratories_with(found, "E35")
    assert faults("void_group_reported_anyway") <= laboratories_with(found, "E23")
    assert faults("flexural_three_out") <= laboratories_with(found, "E25")


def test_a_form_without_a_seal_is_returned_and_nothing_else(app):
    imported()
    returned = db.session.scalars(
        sa.select(LabCode.code)
        .join(Participation, Participation.id == LabCode.participation_id)
        .where(Participation.paperwork == Paperwork.RETURNED)
    )
    assert set(returned) == faults("unsealed_form")


def test_raw_text_is_kept_verbatim_and_values_are_exact(each_app):
    imported()
    documents = [version.document for version in versions_by_code()["SN24-001"]]
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


def test_what_came_late_keeps_its_time(app):
    imported()
    found = versions_by_code()
    late = {
        code
        for code, versions in found.items()
        for version in versions
        if version.arrived_at >= version.entry.stage.closes_at
    }
    assert late == faults("late_submission")


def test_a_known_code_imports_nothing(app):
    imported()
    with pytest.raises(Conflict) as refusal:
        imported()
    assert refusal.value.code == "round_exists"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Participation)) == 120


def test_two_rounds_share_their_laboratories(app):
    imported()
    known = db.session.scalar(sa.select(sa.func.count()).select_from(Organisation))
    imported(code="AGAIN")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Organisation)) == known
    assert len(rounds.find("AGAIN").stages) == 2


@pytest.mark.parametrize("name", sorted(round_folder.FILES))
def test_a_folder_without_a_file_or_a_column_is_refused_by_its_name(app, folder, name):
    path = folder / f"{name}.csv"
    path.write_text("strange\n1\n", encoding="utf-8")
    with pytest.raises(InvalidInput) as refusal:
        importing.read_folder(folder)
    assert refusal.value.params["file"] == f"{name}.csv"
    path.unlink()
    with pytest.raises(InvalidInput):
        importing.read_folder(folder)


def test_a_round_without_submissions_is_imported_too(app, folder):
    for name in ("submissions", "readings", "reported"):
        path = folder / f"{name}.csv"
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    found = imported(folder, "EMPTY")
    assert (found.laboratories, found.submissions) == (120, 0)


def test_a_broken_folder_is_refused_by_everything_that_is_wrong_with_it(app, folder):
    path = folder / "readings.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Y1412", "Z1412"), "utf-8")
    (folder / "reported.csv").unlink()
    with pytest.raises(InvalidInput) as refusal:
        imported(folder)
    assert refusal.value.params["problems"].splitlines()[1:] == [
        "- readings.csv, line 2-50: sample_no “Z1412” is not in samples.csv. Correct it, "
        "or add it there.",
        "- reported.csv: The file is missing or cannot be opened. Put it into the folder.",
    ]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Participation)) == 0


def test_a_folder_in_the_encoding_of_chinese_excel_is_imported(app, folder):
    for path in folder.glob("*.csv"):
        path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    found = imported(folder)
    assert (found.laboratories, found.readings) == (120, 11558)
    assert db.session.scalar(sa.select(Organisation).filter(Organisation.name.contains("东莞第04")))


@pytest.mark.parametrize("code", ["", "a/b", "第一轮", "a b", "..", "x" * 31])
def test_a_round_code_that_fits_no_address_is_refused(app, code):
    with pytest.raises(InvalidInput) as refusal:
        imported(code=code)
    assert refusal.value.code == "round_code_unusable"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Participation)) == 0


def test_a_set_reported_void_without_readings_is_void(app, folder):
    path = folder / "readings.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("SN24-044,Y1281,rf3,")]
    path.write_text("".join(kept), "utf-8")
    assert len(lines) - len(kept) == 3
    with factories.writing():
        output = runs.evaluate(imported_here(folder).round, audit.SYSTEM).output
    (row,) = (
        row for row in output["results"]
        if (row["code"], row["parameter"], row["item"]) == ("SN24-044", "rf3", "B")
    )  # fmt: skip
    assert (row["status"], row["policy"]) == ("void", ["P12"])
