"""What stands in the database after the synthetic round was imported, fault by fault."""

import pytest
import sqlalchemy as sa

from campaign.models import Organisation
from core import audit
from core.db import db
from core.errors import Conflict
from scoring import importing, rounds
from scoring.demo import FOLDER
from scoring.models import Participation
from scoring.models.lab_code import LabCode
from scoring.models.participation import Paperwork
from tests import databases, factories
from tests.scoring import rounds_played


@pytest.fixture
def database_url(imported_round, tmp_path):
    path, _said = imported_round
    return databases.copied(path, tmp_path)


def faults(name):
    """Return the laboratories in which a fault was planted."""
    rows = rounds_played.rows("planted_faults")
    return {row["lab_code"] for row in rows if row["fault"] == name}


def laboratories_with(found, code):
    return {
        lab
        for lab, versions in found.items()
        if any(f["code"] == code for v in versions for f in v.document["findings"])
    }


def test_every_fault_seen_at_entry_is_found_with_its_code(app):
    found = rounds_played.versions_by_code()
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
    returned = db.session.scalars(
        sa.select(LabCode.code)
        .join(Participation, Participation.id == LabCode.participation_id)
        .where(Participation.paperwork == Paperwork.RETURNED)
    )
    assert set(returned) == faults("unsealed_form")


def test_what_came_late_keeps_its_time(app):
    found = rounds_played.versions_by_code()
    late = {
        code
        for code, versions in found.items()
        for version in versions
        if version.arrived_at >= version.entry.stage.closes_at
    }
    assert late == faults("late_submission")


def test_a_known_code_imports_nothing(app):
    with pytest.raises(Conflict) as refusal, factories.writing():
        importing.import_round(importing.read_folder(FOLDER), "SN24", "示例", audit.SYSTEM)
    assert refusal.value.code == "round_exists"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Participation)) == 120


def test_two_rounds_share_their_laboratories(app, small_folder):
    known = db.session.scalar(sa.select(sa.func.count()).select_from(Organisation))
    with factories.writing():
        importing.import_round(importing.read_folder(small_folder), "AGAIN", "示例", audit.SYSTEM)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Organisation)) == known
    assert len(rounds.find("AGAIN").stages) == 2
