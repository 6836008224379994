"""Every import contract goes red when the import it forbids is planted in a copy of the tree."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
NAMES = {contract["id"]: contract["name"] for contract in LINTER["contracts"]}
#: contract → (file, line planted at its end): one import each, of the kind the contract forbids
PLANTED = {
    "features": [
        ("checkin/forms.py", "import scoring"),
        ("scoring/statistics/scores.py", "import checkin"),
        ("campaign/bodies.py", "from checkin import occasions"),
        ("core/clock.py", "def late():\n    import campaign"),
    ],
    "rooms": [
        ("checkin/code.py", "from checkin import models"),
        ("checkin/models/occasion.py", "from checkin import scans"),
        ("checkin/scans.py", "from checkin import forms"),
        ("checkin/forms.py", "from checkin.views import door"),
        ("checkin/leftover.py", "import json"),
    ],
    "contest": [
        ("scoring/cement/strength.py", "from scoring import evaluation"),
        ("scoring/evaluation/plan.py", "from scoring import models"),
        ("scoring/models/run.py", "from scoring import entries"),
        ("scoring/entries.py", "from scoring.presentation.lab import tasks"),
        ("scoring/leftover.py", "import json"),
    ],
    "codes": [
        ("scoring/runs.py", "from scoring.models.lab_code import LabCode"),
        ("scoring/views/judge.py", "from scoring.models import lab_code"),
    ],
    "statistics": [
        ("scoring/statistics/scores.py", "import datetime"),
        ("scoring/statistics/scores.py", "from core import clock"),
        ("scoring/statistics/scores.py", "import pandas"),
    ],
    "http": [
        ("checkin/scans.py", "import flask"),
        ("checkin/models/occasion.py", "import wtforms"),
        ("checkin/admission.py", "from werkzeug import exceptions"),
    ],
    "rules": [
        ("checkin/admission.py", "import sqlalchemy"),
        ("core/personal.py", "from core import accounts"),
        ("scoring/evaluation/evaluate.py", "import sqlalchemy"),
    ],
    "pandas": [("checkin/scans.py", "import pandas"), ("checkin/views/door.py", "import pandas")],
}
CASES = [(contract, *plant) for contract, plants in PLANTED.items() for plant in plants]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the packages and the contracts, without what the linter does not read."""
    copy = tmp_path_factory.mktemp("tree")
    for package in LINTER["root_packages"]:
        for source in (ROOT / package).rglob("*.py"):
            target = copy / source.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    shutil.copyfile(ROOT / "pyproject.toml", copy / "pyproject.toml")
    return copy


def broken(tree: Path) -> list[str]:
    """Run the linter in ``tree`` and return the ids of the contracts it calls broken."""
    script = "import importlinter.cli as c; c.lint_imports_command(['--no-logo', '--no-cache'])"
    run = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tree,
        capture_output=True,
        text=True,
        env={"COLUMNS": "200", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(tree)},
        check=False,
    )
    red = [key for key, name in NAMES.items() if f"{name} BROKEN" in run.stdout]
    assert run.returncode == bool(red), run.stdout + run.stderr
    return red


def test_the_tree_as_it_is_keeps_every_contract(tree):
    assert broken(tree) == []


def test_every_contract_has_a_planted_violation():
    assert set(PLANTED) == set(NAMES)


@pytest.mark.parametrize(("contract", "file", "line"), CASES)
def test_a_planted_import_breaks_its_contract(tree, contract, file, line):
    path = tree / file
    before = path.read_text("utf-8") if path.exists() else None
    path.write_text(f"{before or ''}\n{line}\n", "utf-8")
    try:
        assert contract in broken(tree)
    finally:
        path.write_text(before, "utf-8") if before is not None else path.unlink()
